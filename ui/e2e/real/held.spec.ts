/** What leaves a disk in large numbers waits for a person, who answers in the window. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { until, type Workstation } from "./premises";
import { expect, fr, mark, test } from "./story";

const CLIENT = "Alter Ce";
const FOLDER = "01 Dossier permanent/Juridique";
const COUNT = 300;

/** A figure's spaces are no-break ones on screen. */
const words = (text: string) => new RegExp(text.replace(/\s/g, "\\s"));
const names = Array.from({ length: COUNT }, (_, at) => `Pièce ${String(at).padStart(3, "0")}.txt`);

async function removeAll(workstation: Workstation): Promise<void> {
  await Promise.all(names.map((name) => rm(join(workstation.root, CLIENT, FOLDER, name))));
  await until("all are held", async () => (await workstation.status()).held_removals === COUNT || undefined);
}

test("[SYN-7] 300 files deleted in the folder wait in a banner: cancelled they come back, confirmed they go to the trash", async ({ premises, open }) => {
  const claire = await premises.workstationOf(premises.accounts.claire, { offline: [CLIENT] });
  const thomas = await premises.workstationOf(premises.accounts.thomas);
  const { id } = await claire.folderAt(CLIENT, FOLDER);
  await claire.isMirrored();
  await claire.deposit(id, Object.fromEntries(names.map((name) => [name, `Le texte de ${name}`])));
  await claire.isMirrored();
  const there = async () => (await thomas.documents(id)).filter(({ name }) => names.includes(name)).length;
  await until("a colleague sees them", async () => (await there()) === COUNT || undefined);

  const page = await open(claire);
  await removeAll(claire);
  const held = fr.sync.held.removal;
  const banner = page.getByRole("status").filter({ hasText: words(held.count(COUNT)) });
  await expect(banner).toBeVisible();
  await expect(mark(page), "and never that all is up to date").toHaveAccessibleName(words(held.count(COUNT)));
  expect(await there(), "nothing left the server").toBe(COUNT);

  await banner.getByRole("button", { name: fr.sync.held.cancel, exact: true }).click();
  await expect(page.getByText(words(held.cancelled(COUNT)))).toBeVisible();
  await expect(banner).toBeHidden();
  await claire.isMirrored();
  expect(await there()).toBe(COUNT);

  // They are on the disk again: removing them once more finds every one.
  await removeAll(claire);
  await mark(page).click();
  const panel = page.getByRole("dialog", { name: fr.sync.title });
  await panel.getByRole("region", { name: words(held.count(COUNT)) }).getByRole("button", { name: fr.sync.held.confirm, exact: true }).click();
  await claire.isMirrored();
  await until("they left the colleague's list", async () => (await there()) === 0 || undefined);
  const trash = await thomas.call("list_trash", { client_file: null, search: "Pièce", offset: 0, limit: 1 });
  expect(trash.total, "all of them are in the trash").toBeGreaterThanOrEqual(COUNT);
});
