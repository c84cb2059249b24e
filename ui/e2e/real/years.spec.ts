/** Fiscal years in the «Exercices» tab, and the month folders that follow from them. */
import type { FolderView } from "../../protocol/protocol";
import type { Workstation } from "./premises";
import { expect, fr, openClient, test, typeDate } from "./story";

/** Directories of the default tree that take a folder a month. */
const MONTHLY = ["Achats", "Ventes", "Banque", "Notes de frais", "Caisse", "TVA", "Bulletins", "DSN"];

async function foldersOf(workstation: Workstation, client: string): Promise<FolderView[]> {
  const { id } = await workstation.clientFile(client);
  return (await workstation.call("get_tree", { client_file: id })).folders;
}

/** Months of each directory of a fiscal year that has some. */
async function months(workstation: Workstation, client: string, year: string): Promise<Record<string, string[]>> {
  const folders = await foldersOf(workstation, client);
  const byId = new Map(folders.map((folder) => [folder.id, folder]));
  const found: Record<string, string[]> = {};
  for (const folder of folders) {
    const directory = byId.get(folder.parent);
    if (folder.month === null || !directory) continue;
    const yearFolder = folders.find((each) => each.fiscal_year === folder.fiscal_year && byId.get(each.parent)?.name === "02 Dossier annuel");
    if (yearFolder?.name === year) (found[directory.name] ??= []).push(folder.name);
  }
  return found;
}

function monthsFrom(year: number, month: number): string[] {
  return Array.from({ length: 12 }, (_, at) => new Date(Date.UTC(year, month - 1 + at, 1)).toISOString().slice(0, 7));
}

test("[DOS-9] [DOS-10] a fiscal year makes its months; the next one adds its own; an overlap is refused, a gap is confirmed", async ({ premises, open }) => {
  const claire = await premises.workstationOf(premises.accounts.claire);
  const page = await open(claire);
  await page.getByRole("button", { name: fr.clients.add }).click();
  const form = page.getByRole("dialog", { name: fr.clients.form.title });
  await form.getByLabel(fr.clients.form.name).fill("Scierie du Vallon");
  await typeDate(form.getByRole("group", { name: fr.clients.form.start, exact: true }), "01", "10", "2025");
  await typeDate(form.getByRole("group", { name: fr.clients.form.end, exact: true }), "30", "09", "2026");
  await form.getByRole("button", { name: fr.clients.form.submit, exact: true }).click();
  await expect(page.getByRole("heading", { name: "Scierie du Vallon" })).toBeVisible();

  const first = await months(claire, "Scierie du Vallon", "2026");
  expect(Object.keys(first).toSorted(), "directories that are not monthly have no month").toEqual(MONTHLY.toSorted());
  for (const directory of MONTHLY) expect(first[directory], directory).toEqual(monthsFrom(2025, 10));
  const before = (await foldersOf(claire, "Scierie du Vallon")).filter((folder) => folder.fiscal_year !== null);

  await page.getByRole("link", { name: fr.client.tabs.years, exact: true }).click();
  const ask = async () => {
    await page.getByRole("button", { name: fr.client.years.add }).click();
    return page.getByRole("dialog", { name: fr.client.years.addTitle });
  };
  const add = { name: fr.common.add, exact: true };
  let dialog = await ask();
  await dialog.getByRole("button", add).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("cell", { name: /^30 septembre 2027/ })).toBeVisible();
  const second = await months(claire, "Scierie du Vallon", "2027");
  for (const directory of MONTHLY) expect(second[directory], directory).toEqual(monthsFrom(2026, 10));
  const kept = (await foldersOf(claire, "Scierie du Vallon")).filter((folder) => before.some(({ id }) => id === folder.id));
  expect(kept, "the former year is untouched").toEqual(before);

  dialog = await ask();
  await typeDate(dialog.getByRole("group", { name: fr.client.years.start, exact: true }), "01", "06", "2027");
  await typeDate(dialog.getByRole("group", { name: fr.client.years.end, exact: true }), "31", "05", "2028");
  await dialog.getByRole("button", add).click();
  await expect(dialog.getByText(fr.client.years.overlap("30 septembre 2027"))).toBeVisible();
  await typeDate(dialog.getByRole("group", { name: fr.client.years.start, exact: true }), "01", "11", "2027");
  await typeDate(dialog.getByRole("group", { name: fr.client.years.end, exact: true }), "31", "10", "2028");
  await expect(dialog.getByText(fr.client.years.gap(31))).toBeVisible();
  await expect(dialog.getByRole("button", add), "not without a word from the reader").toBeDisabled();
  await dialog.getByText(fr.client.years.confirmGap).click();
  await dialog.getByRole("button", add).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("cell", { name: /^31 octobre 2028/ })).toBeVisible();
  await claire.isSent();
  expect((await claire.status()).to_check, "the server agrees with all of it").toBe(0);

  await openClient(page, "Scierie du Vallon");
  await expect(page.getByRole("treeitem", { name: /^02 Dossier annuel/ })).toBeVisible();
});
