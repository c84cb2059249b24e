/** Files and a folder dropped on the window, as a file manager hands them over. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { until } from "./premises";
import { dropPaths, expect, fr, openFolder, test } from "./story";

const PLACE = "02 Dossier annuel/2026/Achats/2026-03";

test("[SYN-3] 40 files and a folder dropped: structure kept, one line of progress, a result for each file, undone at once", async ({ premises, open }) => {
  const claire = await premises.workstationOf(premises.accounts.claire);
  const thomas = await premises.workstationOf(premises.accounts.thomas);
  const dropped = join(premises.folder, "dropped");
  await mkdir(join(dropped, "Chantier Nord", "Photos"), { recursive: true });
  const names = Array.from({ length: 40 }, (_, at) => `Ticket ${String(at + 1).padStart(2, "0")}.txt`);
  for (const name of names) await writeFile(join(dropped, name), `${name} `.repeat(2_000));
  await writeFile(join(dropped, "Chantier Nord", "Devis.txt"), "Devis du chantier");
  await writeFile(join(dropped, "Chantier Nord", "Photos", "Façade: nord.txt"), "Un nom que Windows refuse");

  const page = await open(claire);
  const folder = await openFolder(page, claire, "Alter Ce", PLACE);
  // How many lines of progress there ever are at one time.
  await page.evaluate(() => {
    const counts = { most: 0 };
    Object.assign(window, { counts });
    new MutationObserver(() => {
      counts.most = Math.max(counts.most, document.querySelectorAll('[role="progressbar"]').length);
    }).observe(document.body, { childList: true, subtree: true });
  });
  const target = page.getByRole("treeitem", { name: /^mars 2026/ });
  await dropPaths(page, target, [...names.map((name) => join(dropped, name)), join(dropped, "Chantier Nord")]);
  await expect(page.getByText(fr.imports.done(42, "Achats › mars 2026"))).toBeVisible();
  expect(await page.evaluate(() => (window as unknown as { counts: { most: number } }).counts.most), "one line").toBe(1);
  await page.getByRole("button", { name: fr.imports.seeProblems }).click();
  const report = page.getByRole("dialog");
  await expect(report.getByText(/Façade: nord\.txt → /), "what was renamed is said").toBeVisible();
  await report.getByRole("button", { name: fr.common.close }).last().click();

  await expect(page.getByText(fr.documents.list.count(40))).toBeVisible();
  await claire.isSent();
  const photos = await until("the other workstation has the folders", () =>
    thomas.folderAt("Alter Ce", `${PLACE}/Chantier Nord/Photos`).catch(() => undefined),
  );
  await until("and the files", async () => ((await thomas.documents(folder)).length === 40 ? true : undefined));
  expect((await thomas.documents(folder)).map((row) => row.name)).toEqual(names);
  expect(await thomas.documents(photos.id)).toHaveLength(1);

  await page.keyboard.press("Control+z");
  await expect(page.getByText(fr.undo.undone(fr.actions.import.noun))).toBeVisible();
  await expect(page.getByRole("treeitem", { name: "Chantier Nord" })).toHaveCount(0);
  await claire.isSent();
  await until("undone everywhere", async () => ((await thomas.documents(folder)).length === 0 ? true : undefined));
});
