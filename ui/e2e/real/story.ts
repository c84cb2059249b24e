/**
 * What the stories share: the firm's machines as a fixture, pages over an engine, and the gestures that every story
 * begins with. A page that writes an error to its console fails its story.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type BrowserContext, expect, type Locator, type Page, test as base } from "@playwright/test";
import { fr } from "../../i18n/fr";
import { type Account, Premises, type Workstation } from "./premises";

export { expect, fr };

interface Fixtures {
  /** The demonstration firm, its own for each story. */
  premises: Premises;
  /** Opens a workstation's interface, in a browser of its own. */
  open: (workstation: Workstation) => Promise<Page>;
}

/** What the browser itself writes when a call is refused or the engine is gone: the story judges the words on screen. */
const NETWORK = /^Failed to load resource|net::ERR_/;

export const test = base.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern
  premises: async ({}, use) => {
    const premises = await Premises.demonstration();
    try {
      await use(premises);
    } finally {
      await premises.leave();
    }
  },
  open: async ({ browser, viewport }, use) => {
    const contexts: BrowserContext[] = [];
    const said: string[] = [];
    await use(async (workstation) => {
      const context = await browser.newContext({ locale: "fr-FR", viewport, acceptDownloads: true });
      contexts.push(context);
      const page = await context.newPage();
      page.on("console", (message) => {
        const wrong = message.type() === "error" || message.type() === "warning";
        if (wrong && !NETWORK.test(message.text())) said.push(message.text());
      });
      page.on("pageerror", (error) => said.push(error.stack ?? error.message));
      await page.goto(workstation.address);
      return page;
    });
    for (const context of contexts) await context.close();
    expect(said, "the console is free of errors").toEqual([]);
  },
});

/** Reads the page at the engine's new address: a restarted engine has another door. */
export async function reopen(page: Page, workstation: Workstation): Promise<void> {
  await page.goto("about:blank");
  await page.goto(workstation.address);
}

/** The word at the foot of the rail: the truth about synchronisation. */
export function mark(page: Page): Locator {
  return page.getByRole("button", { name: /^Synchronisation : / });
}

/** Opens a client from the table. */
export async function openClient(page: Page, name: string): Promise<void> {
  await page.getByRole("link", { name: fr.shell.clients, exact: true }).first().click();
  await page.getByRole("row", { name }).dblclick();
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
}

/** Opens a folder of a client by its address, as a link to it does. */
export async function openFolder(page: Page, workstation: Workstation, client: string, path: string): Promise<string> {
  const row = await workstation.clientFile(client);
  const folder = await workstation.folderAt(client, path);
  await page.evaluate((hash) => (window.location.hash = hash), `/clients/${row.id}/documents?folder=${folder.id}`);
  await expect(page.locator(`nav button[data-folder="${folder.id}"]`)).toHaveAttribute("aria-current", "location");
  return folder.id;
}

/** A line of the tree, by what it says first. */
export function branch(page: Page, label: string): Locator {
  return page.getByRole("treeitem", { name: new RegExp(`^${label.replace(/[()]/g, "\\$&")}( \\d|$)`) });
}

/** Opens a line of the tree that holds others. */
export async function unfold(page: Page, label: string): Promise<void> {
  const line = branch(page, label).first();
  if ((await line.getAttribute("aria-expanded")) === "false") await line.locator('[aria-hidden="true"][data-open]').click();
  await expect(line).toHaveAttribute("aria-expanded", "true");
}

/** A document of the list. */
export function documentRow(page: Page, name: string): Locator {
  return page.getByRole("row").filter({ hasText: name });
}

/** Types a date in its field. */
export async function typeDate(field: Locator, day: string, month: string, year: string): Promise<void> {
  await field.getByRole("spinbutton").nth(0).click();
  await field.page().keyboard.type(day + month + year);
}

/** Fills the sign-in form. */
export async function signIn(page: Page, server: string, account: Account): Promise<void> {
  await page.getByLabel(fr.signIn.server).fill(server);
  await page.getByLabel(fr.signIn.email).fill(account.email);
  await page.getByLabel(fr.signIn.password, { exact: true }).fill(account.password);
  await page.getByRole("button", { name: fr.signIn.submit }).click();
}

/**
 * Drops files and folders of this disk at the middle of an element, as the system's file manager does: the browser is
 * given paths, and the page reads folders to their depths itself.
 */
export async function dropPaths(page: Page, target: Locator, paths: string[]): Promise<void> {
  const box = await target.boundingBox();
  if (!box) throw new Error("the place to drop on is not on screen");
  const driver = await page.context().newCDPSession(page);
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2, data: { items: [], files: paths, dragOperationsMask: 1 } };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) await driver.send("Input.dispatchDragEvent", { type, ...at });
  await driver.detach();
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Faults that axe finds, in words. */
export async function faults(page: Page): Promise<string[]> {
  await page.waitForFunction(() => document.getAnimations().every((animation) => animation.playState !== "running"));
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: (options: object) => Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }> } };
    const { violations } = await axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ""}`));
  });
}
