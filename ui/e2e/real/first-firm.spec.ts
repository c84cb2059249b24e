/** The first day of a firm: from the link printed by the server to a colleague who sees only what is theirs. */
import type { Page } from "@playwright/test";
import { type Account, Premises } from "./premises";
import { run } from "./programs";
import { expect, fr, openClient, signIn, test } from "./story";

const ANNE: Account = { name: "Anne Le Goff", email: "anne.legoff@cabinet-neuf.example", password: "tonneau bruyère falaise 12" };
const PAUL: Account = { name: "Paul Riou", email: "paul.riou@cabinet-neuf.example", password: "lanterne marée ficelle 48" };

/** Chooses a password on the page of a one-use link. */
async function choose(page: Page, password: string): Promise<void> {
  await page.getByLabel("Mot de passe", { exact: true }).fill(password);
  await page.getByLabel("Le même, encore une fois").fill(password);
  await page.getByRole("button", { name: "Activer mon compte" }).click();
}

async function addClient(page: Page, name: string, colleague: string | null): Promise<void> {
  await page.getByRole("link", { name: fr.shell.clients, exact: true }).first().click();
  await page.getByRole("button", { name: fr.clients.add }).first().click();
  const form = page.getByRole("dialog", { name: fr.clients.form.title });
  await form.getByLabel(fr.clients.form.name).fill(name);
  if (colleague) await form.getByText(colleague).click();
  await form.getByRole("button", { name: fr.clients.form.submit, exact: true }).click();
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
}

test("a firm begins: a link, a password, a colleague, a client with its tree, and the colleague sees only what is theirs", async ({ browser, open }) => {
  const premises = await Premises.bare();
  try {
    const { server } = premises;
    const name = ["--name", "Cabinet Neuf", "--email", ANNE.email, "--first-name", "Anne", "--last-name", "Le Goff"];
    const link = (await run("gedeon-server", ["create-firm", "--data", server.data, "--url", server.url, ...name])).match(/http\S+/)?.[0];
    await server.start();
    const invitation = await browser.newPage({ locale: "fr-FR" });
    await invitation.goto(link ?? "");
    await expect(invitation.getByText("Bonjour Anne")).toBeVisible();
    await choose(invitation, "cabinetneuf1234");
    await expect(invitation.getByRole("alert"), "a password made of what everybody knows is refused").toBeVisible();
    await choose(invitation, ANNE.password);
    await expect(invitation.getByRole("heading", { name: "Votre compte est actif" })).toBeVisible();
    await invitation.goto(link ?? "");
    await expect(invitation.getByLabel("Mot de passe", { exact: true }), "the link served once").toHaveCount(0);

    const desk = await premises.workstation();
    await desk.start();
    const page = await open(desk);
    await signIn(page, server.url, ANNE);
    await expect(page.getByText(fr.clients.emptyTitle)).toBeVisible();
    await page.getByRole("link", { name: fr.shell.settings }).click();
    await page.getByRole("button", { name: fr.settings.addPerson }).click();
    const person = page.getByRole("dialog", { name: fr.settings.addPerson });
    await person.getByLabel(fr.settings.firstName, { exact: true }).fill("Paul");
    await person.getByLabel(fr.settings.lastName, { exact: true }).fill("Riou");
    await person.getByLabel(fr.settings.email).fill(PAUL.email);
    await person.getByRole("button", { name: fr.common.add, exact: true }).click();
    const handed = page.getByRole("dialog", { name: fr.settings.inviteTitle(PAUL.name) });
    const colleagueLink = await handed.getByText(/^http/).textContent();
    await handed.getByRole("button", { name: fr.common.close }).last().click();

    await addClient(page, "Boulangerie des Halles", PAUL.name);
    await expect(page.getByRole("treeitem", { name: "01 Dossier permanent" })).toBeVisible();
    await expect(page.getByRole("treeitem", { name: "02 Dossier annuel" })).toBeVisible();
    await expect(page.getByRole("treeitem", { name: "05 À classer (cabinet)" })).toBeAttached();
    await addClient(page, "Holding Le Goff", null);
    await desk.isSent();

    await invitation.goto(colleagueLink ?? "");
    await expect(invitation.getByText("Bonjour Paul")).toBeVisible();
    await choose(invitation, PAUL.password);
    await expect(invitation.getByRole("heading", { name: "Votre compte est actif" })).toBeVisible();
    await invitation.close();
    const other = await premises.workstation();
    await other.start();
    const theirs = await open(other);
    await signIn(theirs, server.url, PAUL);
    await expect(theirs.getByRole("row", { name: "Boulangerie des Halles" })).toBeVisible();
    await expect(theirs.getByText("Holding Le Goff")).toHaveCount(0);
    await openClient(theirs, "Boulangerie des Halles");
    await expect(theirs.getByRole("treeitem", { name: "01 Dossier permanent" })).toBeVisible();
    await theirs.getByRole("link", { name: fr.shell.settings }).click();
    await expect(theirs.getByRole("heading", { name: fr.settings.title })).toBeVisible();
    await expect(theirs.getByRole("button", { name: fr.settings.addPerson }), "adding people is the administrator's").toHaveCount(0);
  } finally {
    await premises.leave();
  }
});
