/** What waits for somebody: two versions of a document, a change that was refused, a colleague who leaves. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { until, type Workstation } from "./premises";
import { documentRow, dropPaths, expect, fr, openClient, openFolder, test } from "./story";

const PLACE = "02 Dossier annuel/2026/Achats/2026-03";

const onDisk = (workstation: Workstation, name: string) => join(workstation.root, "Alter Ce", PLACE, name);

/** Waits until a file of a workstation's mirror says this. */
const shows = (workstation: Workstation, name: string, text: string) =>
  until(`${name} says «${text}»`, async () => ((await readFile(onDisk(workstation, name), "utf8").catch(() => "")) === text ? true : undefined));

test("two versions of a document are settled each way, and both disks follow", async ({ premises, open }) => {
  const claire = await premises.workstationOf(premises.accounts.claire, { offline: ["Alter Ce"] });
  const thomas = await premises.workstationOf(premises.accounts.thomas, { offline: ["Alter Ce"] });
  const folder = await claire.folderAt("Alter Ce", PLACE);
  const names = ["Prise.txt", "Laissée.txt", "Deux.txt"] as const;
  await claire.deposit(folder.id, Object.fromEntries(names.map((name) => [name, "avant"])));
  for (const name of names) await shows(thomas, name, "avant");
  await thomas.isMirrored();

  await thomas.stop();
  for (const name of names) await writeFile(onDisk(claire, name), `de Claire : ${name}`);
  await until("the server has what Claire saved", async () => {
    const rows = (await claire.documents(folder.id)).filter((row) => names.some((name) => name === row.name));
    return rows.length === 3 && rows.every((row) => row.versions === 2) ? true : undefined;
  });
  await claire.isMirrored();
  for (const name of names) await writeFile(onDisk(thomas, name), `de Thomas : ${name}`);
  await thomas.start();

  const page = await open(claire);
  await page.getByRole("link", { name: fr.shell.toCheck }).click();
  const entry = (name: string) => page.getByRole("listitem").filter({ has: page.getByRole("heading", { name, exact: true }) });
  await expect(entry("Prise.txt")).toContainText(fr.documents.settling.version("Thomas"));
  await expect(entry("Prise.txt")).toContainText(fr.documents.settling.version(null));
  await entry("Prise.txt").getByRole("button", { name: fr.documents.settling.take("Thomas") }).click();
  await expect(page.getByText(fr.documents.settling.taken("Thomas"))).toBeVisible();
  await expect(entry("Prise.txt")).toHaveCount(0);
  await entry("Laissée.txt").getByRole("button", { name: fr.documents.settling.leave(null) }).click();
  await expect(entry("Laissée.txt")).toHaveCount(0);
  await entry("Deux.txt").getByRole("button", { name: fr.toCheck.compare }).click();
  await expect(documentRow(page, "Deux.txt")).toHaveAttribute("aria-selected", "true");
  await page.getByRole("button", { name: fr.documents.settling.keepBoth }).click();
  await expect(page.getByText(fr.documents.settling.both("Deux (2).txt"))).toBeVisible();

  for (const workstation of [claire, thomas]) {
    await shows(workstation, "Prise.txt", "de Thomas : Prise.txt");
    await shows(workstation, "Laissée.txt", "de Claire : Laissée.txt");
    await shows(workstation, "Deux.txt", "de Claire : Deux.txt");
    await shows(workstation, "Deux (2).txt", "de Thomas : Deux.txt");
    await workstation.isMirrored();
    expect((await workstation.status()).to_check, "nothing is left to decide").toBe(0);
  }
  const left = (await claire.documents(folder.id)).find((row) => row.name === "Laissée.txt");
  const { versions } = await claire.call("get_document", { document: left?.id ?? "" });
  expect(versions.map(({ state }) => state).toSorted(), "no version was dropped").toEqual(["head", "older", "older"]);
});

test("a change that was refused keeps its file, and the settings lead to it", async ({ premises, open }) => {
  const claire = await premises.workstationOf(premises.accounts.claire);
  const thomas = await premises.workstationOf(premises.accounts.thomas);
  const { id: client_file } = await claire.clientFile("Alter Ce");
  const person = (await thomas.call("get_overview", {})).me.id;
  const page = await open(thomas);
  const folder = await openFolder(page, thomas, "Alter Ce", PLACE);
  await thomas.call("set_paused", { paused: true });
  const path = join(premises.folder, "Grand livre.txt");
  await writeFile(path, "ce que Thomas a fait hors ligne");
  await dropPaths(page, page.getByText(fr.documents.empty.folder), [path]);
  await expect(documentRow(page, "Grand livre.txt")).toBeVisible();

  const { assignments } = await claire.call("get_client_file", { client_file });
  const themes = (assignments.find((each) => each.person === person)?.themes ?? (await claire.call("list_people", {})).themes.map(({ key }) => key)).filter(
    (theme) => theme !== "achats",
  );
  await claire.execute({ kind: "assign_person", client_file, person, themes });
  await claire.isSent();
  await thomas.call("set_paused", { paused: false });

  await page.getByRole("link", { name: fr.shell.toCheck }).click();
  const entry = page.getByRole("listitem").filter({ hasText: "Grand livre.txt" });
  await expect(entry).toContainText(fr.toCheck.refusedFile);
  await entry.getByRole("button", { name: fr.toCheck.dismiss }).click();
  await expect(page.getByText("Retiré de la liste. Gardé dans")).toBeVisible();
  await expect(entry).toHaveCount(0);
  const { kept_folder } = await thomas.call("get_settings", {});
  const said = await page.getByText("Retiré de la liste. Gardé dans").textContent();
  const name = /Grand livre \(.*\)\.txt/.exec(said ?? "")?.[0] ?? "";
  expect(await readFile(join(kept_folder ?? "", name), "utf8")).toBe("ce que Thomas a fait hors ligne");
  expect(await claire.documents(folder).then((rows) => rows.map((row) => row.name))).not.toContain("Grand livre.txt");
  await page.getByRole("link", { name: fr.shell.settings }).click();
  await expect(page.getByText(kept_folder ?? "", { exact: true })).toBeVisible();
});

test("a colleague who is shut out sees nothing more and cannot sign in, until they are let in again", async ({ premises, open }) => {
  const claire = await premises.workstationOf(premises.accounts.claire);
  const thomas = await premises.workstationOf(premises.accounts.thomas);
  const { name, password } = premises.accounts.thomas;
  const desk = await open(thomas);
  await openClient(desk, "Alter Ce");
  const page = await open(claire);
  await page.getByRole("link", { name: fr.shell.settings }).click();
  await page.getByRole("button", { name: `${fr.common.more} : ${name}` }).click();
  await page.getByRole("menuitem", { name: fr.settings.suspend }).click();
  await page.getByRole("dialog").getByRole("button", { name: fr.settings.suspend }).click();
  await expect(page.getByText(fr.settings.suspended)).toBeVisible();
  await claire.isSent();

  await thomas.call("retry_now", {});
  await expect(desk.getByText(fr.shell.expiredTitle)).toBeVisible();
  const field = desk.getByLabel(fr.signIn.password, { exact: true });
  await field.fill(password);
  await field.press("Enter");
  await expect(desk.getByRole("alert").or(desk.getByText(fr.failures.denied({ reason: "suspended" }))).first()).toBeVisible();
  expect((await thomas.status()).connection, "the right password does not let in").not.toBe("online");

  await page.getByRole("button", { name: `${fr.common.more} : ${name}` }).click();
  await page.getByRole("menuitem", { name: fr.settings.resume }).click();
  await expect(page.getByText(fr.settings.suspended)).toHaveCount(0);
  await claire.isSent();
  await field.fill(password);
  await field.press("Enter");
  await expect(desk.getByText(fr.shell.expiredTitle)).toHaveCount(0);
  await until("Thomas is back", async () => ((await thomas.status()).connection === "online" ? true : undefined));
});
