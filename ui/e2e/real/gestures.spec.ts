/** What is done to documents by the keyboard, and undone. */
import type { Page } from "@playwright/test";
import { until } from "./premises";
import { documentRow, expect, fr, openFolder, test } from "./story";

const PLACE = "02 Dossier annuel/2026/Achats/2026-03";

async function rename(page: Page, from: string, to: string): Promise<void> {
  await documentRow(page, from).click();
  await page.keyboard.press("F2");
  await page.getByLabel(fr.documents.rename.field(from)).fill(to);
  await page.keyboard.press("Enter");
}

test("renamed, moved, put in the trash: each is undone and done again by the keyboard, here and on the server", async ({ premises, open }) => {
  const claire = await premises.workstationOf(premises.accounts.claire);
  const folder = await claire.folderAt("Alter Ce", PLACE);
  await claire.deposit(folder.id, { "Loyer.txt": "Loyer de mars", "Assurance.txt": "Prime de mars" });
  const thomas = await premises.workstationOf(premises.accounts.thomas);
  const page = await open(claire);
  await openFolder(page, claire, "Alter Ce", PLACE);
  const said = (text: string) => expect(page.getByText(text).last()).toBeVisible();

  await rename(page, "Loyer.txt", "Loyer de mars.txt");
  await expect(documentRow(page, "Loyer de mars.txt")).toBeVisible();
  await page.keyboard.press("Control+z");
  await said(fr.undo.undone(fr.actions.rename.noun));
  await expect(documentRow(page, "Loyer.txt")).toBeVisible();
  await page.keyboard.press("Control+Shift+Z");
  await expect(documentRow(page, "Loyer de mars.txt")).toBeVisible();

  await documentRow(page, "Loyer de mars.txt").click();
  await page.keyboard.press("Control+Shift+M");
  await page.getByRole("dialog").getByLabel(fr.documents.moveTo.search).fill("banque avril 2026");
  await page.keyboard.press("Enter");
  await expect(documentRow(page, "Loyer de mars.txt")).toHaveCount(0);
  await page.keyboard.press("Control+z");
  await said(fr.undo.undone(fr.actions.move.noun));
  await expect(documentRow(page, "Loyer de mars.txt")).toBeVisible();
  await page.keyboard.press("Control+y");
  await expect(documentRow(page, "Loyer de mars.txt")).toHaveCount(0);

  await documentRow(page, "Assurance.txt").click();
  await page.keyboard.press("Delete");
  await expect(documentRow(page, "Assurance.txt")).toHaveCount(0);
  await page.keyboard.press("Control+z");
  await expect(documentRow(page, "Assurance.txt")).toBeVisible();
  await page.keyboard.press("Control+Shift+Z");
  await expect(documentRow(page, "Assurance.txt")).toHaveCount(0);

  await claire.isSent();
  await until("the folder is empty for Thomas too", async () => ((await thomas.documents(folder.id)).length === 0 ? true : undefined));
  const april = await thomas.folderAt("Alter Ce", "02 Dossier annuel/2026/Banque/2026-04");
  expect((await thomas.documents(april.id)).map((row) => row.name)).toContain("Loyer de mars.txt");
  expect((await claire.status()).to_check).toBe(0);
});

test("a name that is taken is answered with one that is free, accepted by one key", async ({ premises, open }) => {
  const claire = await premises.workstationOf(premises.accounts.claire);
  const folder = await claire.folderAt("Alter Ce", PLACE);
  await claire.deposit(folder.id, { "Loyer.txt": "Loyer de mars", "Assurance.txt": "Prime de mars" });
  const page = await open(claire);
  await openFolder(page, claire, "Alter Ce", PLACE);
  await rename(page, "Assurance.txt", "loyer.txt");
  await expect(page.getByText(/^Ce nom est déjà pris à cet endroit/)).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(documentRow(page, "loyer (2).txt")).toBeVisible();
  await expect(documentRow(page, "Loyer.txt")).toBeVisible();
});

test("a remark deleted is given back, here and on the server", async ({ premises, open }) => {
  const claire = await premises.workstationOf(premises.accounts.claire);
  const thomas = await premises.workstationOf(premises.accounts.thomas);
  const folder = await claire.folderAt("Alter Ce", PLACE);
  await claire.deposit(folder.id, { "Loyer.txt": "Loyer de mars" });
  const page = await open(claire);
  await openFolder(page, claire, "Alter Ce", PLACE);
  await documentRow(page, "Loyer.txt").click();
  await page.getByRole("tab", { name: /^Commentaires/ }).click();
  await page.getByLabel(fr.documents.detail.comment.field, { exact: true }).fill("À payer en avril.");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("button", { name: fr.documents.detail.comment.remove }).click();
  await expect(page.getByText("À payer en avril.")).toHaveCount(0);
  await page.getByRole("button", { name: fr.common.undo }).click();
  await expect(page.getByText("À payer en avril.")).toBeVisible();
  await claire.isSent();
  const document = (await claire.documents(folder.id)).find((row) => row.name === "Loyer.txt");
  await until("Thomas reads the remark", async () => {
    const view = await thomas.call("get_document", { document: document?.id ?? "" }).catch(() => undefined);
    return view?.comments.map(({ text }) => text).join() === "À payer en avril." ? true : undefined;
  });
});

test("an earlier version is looked at, then restored as a new one", async ({ premises, open }) => {
  const claire = await premises.workstationOf(premises.accounts.claire);
  const thomas = await premises.workstationOf(premises.accounts.thomas);
  const page = await open(claire);
  const folder = await openFolder(page, claire, "Alter Ce", "02 Dossier annuel/2026/Fiscal/TVA/2026-09");
  const before = (await claire.documents(folder)).find((row) => row.versions === 3);
  if (!before) throw new Error("the demonstration firm has a VAT reconciliation of three versions");
  const { versions } = await claire.call("get_document", { document: before.id });
  await documentRow(page, before.name).click();
  await expect(page.getByText(fr.documents.detail.version.older, { exact: true })).toHaveCount(2);
  await page.getByRole("button", { name: fr.documents.detail.version.show, exact: true }).last().click();
  await expect(page.getByRole("button", { name: fr.documents.detail.version.showHead })).toBeVisible();
  await page.getByRole("button", { name: fr.documents.detail.version.restore, exact: true }).last().click();
  await expect(page.getByText(fr.documents.detail.version.older, { exact: true })).toHaveCount(3);
  await expect(page.getByText(fr.documents.detail.version.restored)).toBeVisible();
  await claire.isSent();
  const after = await until("Thomas has the version restored", async () => {
    const view = await thomas.call("get_document", { document: before.id });
    return view.versions.length === 4 ? view : undefined;
  });
  expect(after.row.content, "its content is the oldest one's").toBe(versions.at(-1)?.content);
});
