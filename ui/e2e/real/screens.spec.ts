/** The main screens over real data: no fault for axe in light or dark, nothing cut in a narrow window. */
import type { Page } from "@playwright/test";
import { documentRow, expect, faults, fr, openClient, openFolder, test } from "./story";
import type { Workstation } from "./premises";

const places: [string, (page: Page, workstation: Workstation) => Promise<void>][] = [
  ["clients", (page) => expect(page.getByRole("row", { name: "Alter Ce" })).toBeVisible()],
  [
    "a PDF",
    async (page, workstation) => {
      await openFolder(page, workstation, "Alter Ce", "02 Dossier annuel/2026/Achats/2026-10");
      await documentRow(page, "Orange Business").click();
      await expect(page.locator("canvas").first()).toBeVisible();
    },
  ],
  [
    "a table",
    async (page, workstation) => {
      await openFolder(page, workstation, "Alter Ce", "02 Dossier annuel/2026/Banque/2026-10");
      await documentRow(page, "Export des opérations.csv").click();
      await expect(page.getByRole("table")).toBeVisible();
    },
  ],
  [
    "a mail",
    async (page, workstation) => {
      await openFolder(page, workstation, "Alter Ce", "04 À classer");
      await documentRow(page, ".eml").click();
      await expect(page.getByText(fr.documents.preview.mail.from, { exact: true })).toBeVisible();
    },
  ],
  [
    "a scan",
    async (page, workstation) => {
      await openFolder(page, workstation, "Alter Ce", "02 Dossier annuel/2026/Notes de frais/2026-10");
      await documentRow(page, "Parking Gare Sud").click();
      await expect(page.locator("img")).toBeVisible();
    },
  ],
  ["informations", (page) => tab(page, fr.client.tabs.informations)],
  ["fiscal years", (page) => tab(page, fr.client.tabs.years)],
  ["team", (page) => tab(page, fr.client.tabs.team)],
  ["settings", (page) => page.getByRole("link", { name: fr.shell.settings }).click()],
  ["trash", (page) => page.getByRole("link", { name: fr.shell.trash }).click()],
  ["to check", (page) => page.getByRole("link", { name: fr.shell.toCheck }).click()],
];

async function tab(page: Page, name: string): Promise<void> {
  await openClient(page, "Alter Ce");
  await page.getByRole("link", { name, exact: true }).click();
}

test("every main screen over the demonstration firm is without fault, in light, in dark and narrow", async ({ premises, open }, info) => {
  const claire = await premises.workstationOf(premises.accounts.claire);
  for (const [name, go] of places) {
    const page = await open(claire);
    await go(page, claire);
    expect.soft(await faults(page), `${name}, in light`).toEqual([]);
    await info.attach(`${name}, light`, { body: await page.screenshot(), contentType: "image/png" });
    await page.evaluate(() => (document.documentElement.dataset.theme = "dark"));
    await page.setViewportSize({ width: 900, height: 700 });
    expect.soft(await faults(page), `${name}, in dark and narrow`).toEqual([]);
    await info.attach(`${name}, dark`, { body: await page.screenshot(), contentType: "image/png" });
    expect.soft(await page.evaluate(() => document.documentElement.scrollWidth), `${name} does not scroll sideways`).toBeLessThanOrEqual(900);
    await page.close();
  }
});
