/** Documents of kinds that no browser shows. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { documentRow, dropPaths, expect, fr, openFolder, test } from "./story";

const MAIL = [
  "From: Paul Alter <paul@alter-ce.example>",
  "To: Claire Fontaine <claire.fontaine@cabinet-rivage.example>",
  "Subject: =?utf-8?Q?Relev=C3=A9_de_mars?=",
  "Date: Tue, 07 Apr 2026 09:12:00 +0200",
  "MIME-Version: 1.0",
  "Content-Type: text/plain; charset=utf-8",
  "",
  "Bonjour, voici le relevé demandé.",
  "",
].join("\r\n");

test("[DOC-2] a mail is read, an archive and a phone's photo are taken, said not to be shown, and downloaded whole", async ({ premises, open }) => {
  const claire = await premises.workstationOf(premises.accounts.claire);
  const page = await open(claire);
  await openFolder(page, claire, "Alter Ce", "05 À classer (cabinet)");
  const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, at) => (at * 31) % 251));
  const sources = {
    "Message.eml": Buffer.from(MAIL),
    "Factures.zip": Buffer.concat([Buffer.from("PK\u0003\u0004"), bytes]),
    "IMG_0412.heic": Buffer.concat([Buffer.from("\0\0\0\u0018ftypheic"), bytes]),
  };
  const paths: string[] = [];
  for (const [name, content] of Object.entries(sources)) {
    paths.push(join(premises.folder, name));
    await writeFile(join(premises.folder, name), content);
  }
  await dropPaths(page, page.getByRole("grid"), paths);
  await expect(page.getByText(fr.imports.done(3, "À classer (cabinet)").replace("À classer", "05 À classer"))).toBeVisible();

  await documentRow(page, "Message.eml").click();
  await expect(page.getByText("Bonjour, voici le relevé demandé.")).toBeVisible();
  await expect(page.getByText("Relevé de mars")).toBeVisible();
  for (const name of ["Factures.zip", "IMG_0412.heic"] as const) {
    await documentRow(page, name).click();
    await expect(page.getByText(fr.documents.preview.notShown)).toBeVisible();
    await expect(page.getByRole("progressbar"), "nothing pretends to be coming").toHaveCount(0);
    const taken = page.waitForEvent("download");
    await page.getByRole("button", { name: fr.documents.preview.saveCopy }).click();
    const download = await taken;
    expect(download.suggestedFilename()).toBe(name);
    expect((await readFile(await download.path())).equals(sources[name]), "to the byte").toBe(true);
  }
});

test("[DOC-2] a photographed receipt is shown as it is, larger at will; what only calls itself a picture is said to be damaged", async ({ premises, open }) => {
  const claire = await premises.workstationOf(premises.accounts.claire);
  const page = await open(claire);
  const folder = await openFolder(page, claire, "Alter Ce", "02 Dossier annuel/2026/Notes de frais/2026-09");
  const photo = (await claire.documents(folder)).find(({ name }) => name.endsWith(".jpg"));
  if (!photo) throw new Error("the demonstration has a photographed receipt there");

  await documentRow(page, photo.name).click();
  const picture = page.getByRole("img", { name: photo.name });
  await expect(picture).toBeVisible();
  const drawn = await picture.evaluate(async (image: HTMLImageElement) => {
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    const context = canvas.getContext("2d");
    context?.drawImage(image, 0, 0);
    const pixels = context?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    let [darkest, lightest] = [255, 0];
    for (let at = 0; at < pixels.length; at += 4) {
      darkest = Math.min(darkest, pixels[at] ?? 255);
      lightest = Math.max(lightest, pixels[at] ?? 0);
    }
    return { width: image.naturalWidth, shown: image.clientWidth, darkest, lightest };
  });
  expect(drawn.width, "all of its pixels").toBeGreaterThan(400);
  expect(drawn.shown, "fitted to the pane").toBeLessThan(drawn.width);
  expect(drawn.darkest, "ink").toBeLessThan(100);
  expect(drawn.lightest, "on paper").toBeGreaterThan(180);
  await page.getByRole("button", { name: fr.documents.preview.zoomIn }).click();
  await expect.poll(() => picture.evaluate((image) => image.clientWidth)).toBeGreaterThan(drawn.shown);

  await claire.deposit(folder, { "Photo.jpg": "pas une image" });
  await documentRow(page, "Photo.jpg").click();
  await expect(page.getByText(fr.documents.preview.damaged)).toBeVisible();
  await expect(page.getByRole("img", { name: photo.name })).toHaveCount(0);
});
