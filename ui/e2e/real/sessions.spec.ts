/** Passwords that are wrong, and sessions that end. */
import { until } from "./premises";
import { documentRow, expect, fr, mark, openFolder, signIn, test } from "./story";

const INVOICES = "02 Dossier annuel/2026/Achats/2026-10";

test("a wrong password again and again is answered with how long to wait, then the right one opens", async ({ premises, open }) => {
  const desk = await premises.workstation();
  await desk.start();
  const page = await open(desk);
  const { thomas } = premises.accounts;
  const submit = page.getByRole("button", { name: fr.signIn.submit });
  await signIn(page, premises.server.url, { ...thomas, password: "ce n’est pas celui-ci" });
  await expect(page.getByRole("alert")).toHaveText(fr.failures.wrong_password({}));
  const waits = page.getByText(/^Trop d’essais\. Patientez \d+ secondes?, puis recommencez\.$/);
  for (let tries = 0; !(await waits.isVisible()); tries++) {
    expect(tries, "the sixth try in a row waits").toBeLessThan(6);
    const answered = page.waitForResponse(/rpc\/sign_in/);
    await submit.click();
    await answered;
    await expect(submit).toBeEnabled();
  }
  await page.getByLabel(fr.signIn.password, { exact: true }).fill(thomas.password);
  const inside = page.getByRole("heading", { name: fr.clients.title });
  await expect(async () => {
    if (await submit.isVisible()) await submit.click({ timeout: 1_000 });
    await expect(inside).toBeVisible({ timeout: 5_000 });
  }, "once the wait is over").toPass({ timeout: 60_000 });
});

test("a session ended from another workstation says so, keeps the work, and sends it after the password", async ({ premises, open }) => {
  const { thomas } = premises.accounts;
  const office = await premises.workstationOf(thomas);
  const home = await premises.workstationOf(thomas);
  const page = await open(office);
  const elsewhere = await open(home);
  await openFolder(page, office, "Alter Ce", INVOICES);

  await elsewhere.getByRole("link", { name: fr.shell.settings }).click();
  await elsewhere.getByRole("button", { name: fr.settings.revoke, exact: true }).click();
  await elsewhere.getByRole("dialog").getByRole("button", { name: fr.settings.revoke, exact: true }).click();
  await expect(page.getByText(fr.shell.expiredTitle)).toBeVisible();
  await expect(mark(page)).toHaveAccessibleName(`Synchronisation : ${fr.sync.connection.session_expired}`);

  const folder = await office.folderAt("Alter Ce", INVOICES);
  const document = (await office.documents(folder.id)).find((row) => row.reviewed_by === null);
  if (!document) throw new Error("the demonstration firm has an invoice that nobody has reviewed");
  const ticked = documentRow(page, document.name).getByRole("checkbox", { name: fr.documents.list.reviewed });
  await ticked.click();
  await expect(ticked).toBeChecked();

  await page.getByLabel(fr.signIn.password, { exact: true }).fill("pas celui-ci");
  await page.getByRole("button", { name: fr.signIn.submit }).click();
  await expect(page.getByText(fr.failures.wrong_password({}))).toBeVisible();
  await page.getByLabel(fr.signIn.password, { exact: true }).fill(thomas.password);
  await page.getByRole("button", { name: fr.signIn.submit }).click();
  await expect(page.getByText(fr.shell.expiredTitle)).toBeHidden();
  await expect(ticked, "the tick is still there").toBeChecked();
  await office.isSent();
  await until("the other workstation has the tick", async () => {
    const rows = await home.documents(folder.id);
    return rows.find((row) => row.id === document.id)?.reviewed_by ?? undefined;
  });
});
