/**
 * Every screen in a real browser, under the product's own content security policy, over the firm in memory: nothing in
 * the console, no fault for axe in light or dark, no sideways scroll in a window of 900 pixels.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test, type Page } from "@playwright/test";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Place {
  name: string;
  query?: string;
  path: string;
  /** What to do once it shows. */
  act?: (page: Page) => Promise<void>;
}

const openFirst = (tab?: string) => async (page: Page) => {
  await page.getByRole("row", { name: "Alter Ce" }).dblclick();
  await page.getByRole("heading", { name: "Alter Ce" }).waitFor();
  if (tab) await page.getByRole("link", { name: tab, exact: true }).click();
};

const places: Place[] = [
  { name: "sign-in", query: "?signed-out", path: "/clients" },
  { name: "clients", path: "/clients" },
  { name: "no client yet", query: "?empty", path: "/clients" },
  { name: "offline", query: "?offline", path: "/clients" },
  { name: "session expired", query: "?expired", path: "/clients" },
  { name: "update needed", query: "?update", path: "/clients" },
  { name: "add a client", path: "/clients", act: (page) => page.getByRole("button", { name: "Ajouter un client" }).click() },
  { name: "sync panel", path: "/clients", act: (page) => page.getByRole("button", { name: /^Synchronisation/ }).click() },
  { name: "palette", path: "/clients", act: (page) => page.keyboard.press("Control+k") },
  { name: "to check", path: "/a-verifier" },
  {
    name: "a refused change dismissed",
    path: "/a-verifier",
    act: (page) => page.getByRole("button", { name: "J’ai vu, retirer de la liste" }).click(),
  },
  { name: "trash", path: "/corbeille" },
  { name: "a toast", path: "/corbeille", act: (page) => page.getByRole("button", { name: /^Restaurer ./ }).first().click() },
  { name: "settings", path: "/parametres" },
  { name: "add a colleague", path: "/parametres", act: (page) => page.getByRole("button", { name: "Ajouter un collaborateur" }).click() },
  {
    name: "shutting a colleague out",
    path: "/parametres",
    act: async (page) => {
      await page.getByRole("button", { name: "Plus d’actions : Inès Lacroix" }).click();
      await page.getByRole("menuitem", { name: "Suspendre l’accès" }).click();
    },
  },
  {
    name: "a colleague shut out",
    path: "/parametres",
    act: async (page) => {
      await page.getByRole("button", { name: "Plus d’actions : Inès Lacroix" }).click();
      await page.getByRole("menuitem", { name: "Suspendre l’accès" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Suspendre l’accès" }).click();
    },
  },
  {
    name: "opening what is not on this disk",
    path: "/clients",
    act: async (page) => {
      await page.getByRole("row", { name: "Pharmacie Saint-Roch" }).dblclick();
      await page.getByRole("treeitem", { name: /^Emprunts/ }).click();
      await page.getByRole("row", { name: /^Balance\.xlsx/ }).dblclick();
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "two versions of a document",
    path: "/a-verifier",
    act: async (page) => {
      await page.getByRole("button", { name: "Voir les versions" }).click();
      await page.getByRole("button", { name: "Garder les deux" }).waitFor();
    },
  },
  { name: "a menu", path: "/clients", act: (page) => page.getByRole("row", { name: "Alter Ce" }).click({ button: "right" }) },
  { name: "documents", path: "/clients", act: openFirst() },
  { name: "details of a client", path: "/clients", act: openFirst("Informations") },
  { name: "fiscal years", path: "/clients", act: openFirst("Exercices") },
  { name: "team", path: "/clients", act: openFirst("Équipe") },
];

async function open(page: Page, place: Place): Promise<string[]> {
  const said: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") said.push(message.text());
  });
  page.on("pageerror", (error) => said.push(error.message));
  // As the desktop's window does, so that no script of a dependency changes what all objects share.
  await page.addInitScript(() => Object.freeze(Object.prototype));
  await page.goto(`/${place.query ?? ""}#${place.path}`);
  await page.locator("main").waitFor();
  await place.act?.(page);
  await settled(page);
  return said;
}

/** Waits until the animations of what opens or changes are over. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => document.getAnimations().every((animation) => animation.playState !== "running"));
}

/** Faults that axe finds, in words. */
async function faults(page: Page): Promise<string[]> {
  // Evaluated by the driver, outside the page's policy.
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: (options: object) => Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }> } };
    const { violations } = await axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ""}`));
  });
}

/** Controls that are partly outside the window. */
async function cutControls(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll("button, a, input")]
      .filter((element) => {
        const { left, right, width } = element.getBoundingClientRect();
        return width > 1 && (left < -1 || right > window.innerWidth + 1);
      })
      .map((element) => element.outerHTML.slice(0, 160)),
  );
}

for (const place of places) {
  test(`${place.name} has no fault, and fits in a narrow window`, async ({ page }) => {
    const said = await open(page, place);
    expect(await faults(page), "in light").toEqual([]);
    await page.evaluate(() => {
      document.documentElement.dataset.theme = "dark";
    });
    await settled(page);
    expect(await faults(page), "in dark").toEqual([]);
    await page.setViewportSize({ width: 900, height: 700 });
    await settled(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(900);
    expect(await page.evaluate(() => document.documentElement.scrollHeight), "the frame does not scroll").toBeLessThanOrEqual(700);
    expect(await cutControls(page), "every control is within reach").toEqual([]);
    expect(await faults(page), "when narrow").toEqual([]);
    expect(said).toEqual([]);
  });
}
