/** Without the server: what is on this workstation stays usable, what is done waits, and all of it arrives once. */
import type { DocumentRow } from "../../protocol/protocol";
import { type Workstation, until } from "./premises";
import { documentRow, expect, fr, mark, openClient, openFolder, reopen, test } from "./story";

const INVOICES = "02 Dossier annuel/2026/Achats/2026-10";

/** A document of Alter Ce as a workstation sees it. */
async function seen(workstation: Workstation, name: string): Promise<DocumentRow | undefined> {
  const folder = await workstation.folderAt("Alter Ce", INVOICES);
  return (await workstation.documents(folder.id)).find((row) => row.name === name);
}

async function firstPdf(workstation: Workstation): Promise<DocumentRow> {
  const folder = await workstation.folderAt("Alter Ce", INVOICES);
  const row = (await workstation.documents(folder.id)).find(({ name, reviewed_by }) => name.endsWith(".pdf") && reviewed_by === null);
  if (!row) throw new Error("the demonstration firm has a purchase invoice that nobody has reviewed");
  return row;
}

test("[SYN-1] a start with no network shows clients, trees and documents, and never says that all is up to date", async ({ premises, open }) => {
  const claire = await premises.workstationOf(premises.accounts.claire);
  const { name } = await firstPdf(claire);
  await claire.stop();
  await premises.server.stop();

  await claire.start();
  const page = await open(claire);
  await expect(page.getByText(fr.shell.offlineTitle)).toBeVisible();
  const word = mark(page);
  await expect(word).toHaveAccessibleName(`Synchronisation : ${fr.sync.offline}`);
  await expect(page.getByRole("row")).toHaveCount(13);
  await openClient(page, "Alter Ce");
  await expect(page.getByRole("treeitem", { name: /^02 Dossier annuel/ })).toBeVisible();
  await openFolder(page, claire, "Alter Ce", INVOICES);
  await documentRow(page, name).click();
  await expect(page.getByRole("heading", { name, level: 2 })).toBeVisible();
  await expect(word, "at no time does it claim what it cannot know").not.toHaveAccessibleName(new RegExp(fr.sync.upToDate));
});

test("[SYN-4] a client reviewed offline: documents read, ticked, remarked, numbered and filed; all arrives once, in order", async ({ premises, open }) => {
  const claire = await premises.workstationOf(premises.accounts.claire, { offline: ["Alter Ce"] });
  const thomas = await premises.workstationOf(premises.accounts.thomas);
  const before = await firstPdf(claire);
  await claire.isMirrored();
  const page = await open(claire);
  await premises.server.stop();
  await expect(page.getByText(fr.shell.offlineTitle)).toBeVisible();
  await openFolder(page, claire, "Alter Ce", INVOICES);
  const row = documentRow(page, before.name);
  await row.click();
  await expect(page.locator("canvas").first(), "a PDF of this disk is read without the server").toBeVisible();

  await row.getByRole("checkbox", { name: fr.documents.list.reviewed }).click();
  await expect(row.getByRole("checkbox", { name: fr.documents.list.reviewed })).toBeChecked();
  await page.getByRole("tab", { name: /^Commentaires/ }).click();
  for (const remark of ["La TVA n’est pas détaillée.", "Vu avec le client : c’est bon."]) {
    await page.getByLabel(fr.documents.detail.comment.field, { exact: true }).fill(remark);
    await page.keyboard.press("Control+Enter");
    await expect(page.getByText(remark)).toBeVisible();
  }
  for (const number of ["A-41", "A-42"]) {
    await row.getByRole("button", { name: fr.documents.list.pieceField(before.name) }).click();
    await page.keyboard.type(number);
    await page.keyboard.press("Enter");
    await expect(row).toContainText(number);
  }
  await row.click();
  await page.keyboard.press("Control+Shift+N");
  await page.getByLabel(fr.documents.newFolder.name).fill("À relancer");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("treeitem", { name: "À relancer" })).toBeVisible();
  await expect(mark(page)).toHaveAccessibleName(/Hors ligne · \d+ modifications en attente/);

  await premises.server.start();
  await claire.call("retry_now", {});
  await claire.isSent();
  const after = await until("Thomas sees the review", async () => {
    const now = await seen(thomas, before.name);
    return now?.piece_number === "A-42" && now.comments === before.comments + 2 ? now : undefined;
  });
  expect(after.reviewed_by, "who reviewed is known").toBe((await claire.call("get_overview", {})).me.id);
  const { comments } = await thomas.call("get_document", { document: before.id });
  expect(comments.slice(-2).map(({ text }) => text)).toEqual(["La TVA n’est pas détaillée.", "Vu avec le client : c’est bon."]);
  const parent = await thomas.folderAt("Alter Ce", INVOICES);
  const { id } = await thomas.clientFile("Alter Ce");
  const made = (await thomas.call("get_tree", { client_file: id })).folders.filter((folder) => folder.parent === parent.id);
  expect(made.map((folder) => folder.name), "the folder was made once").toEqual(["À relancer"]);
  expect((await claire.status()).to_check, "the second number came after the first: nothing to decide").toBe(0);
});

test("[SYN-5] five actions offline, the engine killed, started again: exactly five effects", async ({ premises, open }) => {
  const claire = await premises.workstationOf(premises.accounts.claire);
  const thomas = await premises.workstationOf(premises.accounts.thomas);
  const before = await firstPdf(claire);
  const folder = await claire.folderAt("Alter Ce", INVOICES);
  const documents = (await claire.documents(folder.id)).length;
  const page = await open(claire);
  await openFolder(page, claire, "Alter Ce", INVOICES);
  await premises.server.stop("SIGKILL");
  await expect(page.getByText(fr.shell.offlineTitle)).toBeVisible();

  const row = documentRow(page, before.name);
  await row.click();
  await page.keyboard.press("r");
  await expect(row.getByRole("checkbox", { name: fr.documents.list.reviewed })).toBeChecked();
  await page.getByRole("tab", { name: /^Commentaires/ }).click();
  await page.getByLabel(fr.documents.detail.comment.field, { exact: true }).fill("À payer en avril.");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("À payer en avril.")).toBeVisible();
  await row.getByRole("button", { name: fr.documents.list.pieceField(before.name) }).click();
  await page.keyboard.type("A-7");
  await page.keyboard.press("Enter");
  await expect(row).toContainText("A-7");
  await row.click();
  await page.keyboard.press("F2");
  await page.getByLabel(fr.documents.rename.field(before.name)).fill("Loyer de mars.pdf");
  await page.keyboard.press("Enter");
  await expect(documentRow(page, "Loyer de mars.pdf")).toBeVisible();
  await page.keyboard.press("Control+Shift+N");
  await page.getByLabel(fr.documents.newFolder.name).fill("Loyers");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("treeitem", { name: "Loyers" })).toBeVisible();
  await claire.stop("SIGKILL");

  await claire.start();
  await reopen(page, claire);
  await expect(mark(page)).toHaveAccessibleName(`Synchronisation : ${fr.sync.offlinePending(5)}`);
  await premises.server.start();
  await claire.call("retry_now", {});
  await claire.isSent();
  await claire.stop("SIGKILL");
  await claire.start();
  await claire.isSent();

  const after = await until("Thomas sees the work", () => seen(thomas, "Loyer de mars.pdf"));
  expect(after).toMatchObject({ id: before.id, piece_number: "A-7", comments: before.comments + 1, versions: before.versions });
  expect(after.reviewed_by).not.toBeNull();
  await until("Thomas sees the folder", () => thomas.folderAt("Alter Ce", `${INVOICES}/Loyers`).catch(() => undefined));
  const { id } = await thomas.clientFile("Alter Ce");
  const { folders } = await thomas.call("get_tree", { client_file: id });
  expect(folders.filter(({ name }) => name === "Loyers"), "one folder").toHaveLength(1);
  expect(await thomas.documents(folder.id), "not a document more").toHaveLength(documents);
});

test("[SYN-10] with something pending the mark never says that all is up to date, and the panel says what waits", async ({ premises, open }) => {
  const claire = await premises.workstationOf(premises.accounts.claire, { offline: ["Alter Ce"] });
  const { name } = await firstPdf(claire);
  const page = await open(claire);
  await openFolder(page, claire, "Alter Ce", INVOICES);
  await expect(mark(page)).toHaveAccessibleName(`Synchronisation : ${fr.sync.upToDate}`);

  // Every word the mark shows from here on is kept: one «À jour» among them while something waits is a lie.
  await mark(page).evaluate((button) => {
    const words: string[] = [];
    Object.assign(window, { words });
    new MutationObserver(() => words.push(button.getAttribute("aria-label") ?? "")).observe(button, { attributes: true });
  });
  await premises.server.stop();
  await expect(page.getByText(fr.shell.offlineTitle)).toBeVisible();
  await documentRow(page, name).getByRole("checkbox", { name: fr.documents.list.reviewed }).click();
  await expect(mark(page)).toHaveAccessibleName(/Hors ligne · \d+ modifications? en attente/);
  await expect(documentRow(page, name), "the document's own state").toContainText(fr.sync.marks.waiting);
  const words = await page.evaluate(() => (window as unknown as { words: string[] }).words);
  expect(words.length, "the mark was watched").toBeGreaterThan(0);
  expect(words.filter((word) => word.includes(fr.sync.upToDate))).toEqual([]);

  await mark(page).click();
  const panel = page.getByRole("dialog", { name: fr.sync.title });
  await expect(panel.getByText(fr.sync.connection.offline, { exact: false }).first()).toBeVisible();
  await expect(panel.getByText(name), "the panel says which document waits").toBeVisible();
  await expect(panel.getByText(fr.sync.allGood)).toBeHidden();
  await premises.server.start();
  await panel.getByRole("button", { name: fr.sync.retryNow }).click();
  await expect(panel.getByText(fr.sync.allGood)).toBeVisible();
  await expect(panel.getByText(name)).toBeHidden();
  await panel.getByRole("button", { name: fr.common.close }).click();
  await expect(mark(page)).toHaveAccessibleName(`Synchronisation : ${fr.sync.upToDate}`);
});
