/** What is new for a collaborator at their first sign-in, and what is not theirs to see. */
import type { ClientFileId, NodeId, PersonId } from "../../protocol/protocol";
import type { Workstation } from "./premises";
import { branch, documentRow, expect, fr, openClient, openFolder, test, unfold } from "./story";

/** A client file with a fiscal year, followed by one person with some themes. */
async function followed(by: Workstation, name: string, person: PersonId, themes: string[] | null): Promise<void> {
  const client_file = crypto.randomUUID() as ClientFileId;
  await by.execute(
    { kind: "create_client_file", client_file, name, siren: null, fiscal_years: [{ start: "2026-01-01", end: "2026-12-31" }], assigned: [] },
    { kind: "assign_person", client_file, person, themes },
  );
}

async function personOf(workstation: Workstation, email: string): Promise<PersonId> {
  const { people } = await workstation.call("list_people", {});
  const person = people.find((each) => each.email === email);
  if (!person) throw new Error(`nobody has ${email}`);
  return person.id;
}

const files = (...names: string[]) => Object.fromEntries(names.map((name) => [name, `Le texte de ${name}`]));

test("[ACT-4] at a first sign-in badges count what came before, folder by folder; opening the last one clears it", async ({ premises, open }) => {
  const claire = await premises.workstationOf(premises.accounts.claire);
  await followed(claire, "Atelier Verdier", await personOf(claire, premises.accounts.thomas.email), null);
  const deposit = async (path: string, ...names: string[]): Promise<NodeId> => {
    const { id } = await claire.folderAt("Atelier Verdier", path);
    await claire.deposit(id, files(...names));
    return id;
  };
  const legal = ["Statuts.txt", "Kbis.txt", "PV d'assemblée.txt"];
  await deposit("01 Dossier permanent/Juridique", ...legal);
  await deposit("02 Dossier annuel/2026/Achats/2026-03", "Facture de mars.txt");

  const thomas = await premises.workstationOf(premises.accounts.thomas);
  const page = await open(thomas);
  await expect(page.getByRole("row", { name: "Atelier Verdier" })).toContainText(fr.common.unread(4));
  await openClient(page, "Atelier Verdier");
  await unfold(page, "02 Dossier annuel");
  await unfold(page, "2026");
  await expect(branch(page, "Juridique")).toContainText(fr.documents.tree.unread(3, 0));
  await expect(branch(page, "Achats"), "closed, it counts what is below").toContainText(fr.documents.tree.unread(0, 1));
  await unfold(page, "Achats");
  await expect(branch(page, "mars 2026")).toContainText(fr.documents.tree.unread(1, 0));

  await branch(page, "Juridique").click();
  for (const [at, name] of legal.entries()) {
    await documentRow(page, name).click();
    await expect(page.getByText(`Le texte de ${name}`)).toBeVisible();
    const left = legal.length - at - 1;
    if (left > 0) await expect(branch(page, "Juridique")).toContainText(fr.documents.tree.unread(left, 0));
  }
  await expect(page.getByRole("treeitem", { name: "Juridique", exact: true }), "the badge is gone").toBeVisible();
  await branch(page, "mars 2026").click();
  await documentRow(page, "Facture de mars.txt").click();
  await expect(page.getByRole("treeitem", { name: "mars 2026", exact: true })).toBeVisible();
  await expect(page.getByRole("treeitem", { name: "Achats", exact: true })).toBeVisible();
  await page.getByRole("link", { name: fr.client.back, exact: true }).last().click();
  await expect(page.getByRole("row", { name: "Atelier Verdier" })).not.toContainText("nouveau");
});

test("[ACT-5] a theme that is not granted shows no folder, no badge and no count", async ({ premises, open }) => {
  const claire = await premises.workstationOf(premises.accounts.claire);
  await followed(claire, "Atelier Verdier", await personOf(claire, premises.accounts.ines.email), ["achats", "juridique"]);
  const bulletins = await claire.folderAt("Atelier Verdier", "02 Dossier annuel/2026/Social/Bulletins/2026-03");
  await claire.deposit(bulletins.id, files("Bulletin de M. Roux.txt"));
  const contracts = await claire.folderAt("Atelier Verdier", "01 Dossier permanent/Social permanent");
  await claire.deposit(contracts.id, files("Contrat de M. Roux.txt"));
  const purchases = await claire.folderAt("Atelier Verdier", "02 Dossier annuel/2026/Achats/2026-03");
  await claire.deposit(purchases.id, files("Facture de mars.txt"));

  const ines = await premises.workstationOf(premises.accounts.ines);
  const page = await open(ines);
  const row = page.getByRole("row", { name: "Atelier Verdier" });
  await expect(row, "the purchase alone counts").toContainText(fr.common.unread(1));
  await openFolder(page, ines, "Atelier Verdier", "02 Dossier annuel/2026/Achats/2026-03");
  await expect(documentRow(page, "Facture de mars.txt")).toBeVisible();
  await expect(branch(page, "Juridique")).toBeVisible();
  await expect(page.getByRole("treeitem", { name: /Social|Bulletins|DSN/ })).toHaveCount(0);
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").getByRole("combobox").or(page.getByRole("dialog").getByRole("searchbox")).first().fill("Roux");
  await expect(page.getByText(fr.palette.nothing("Roux")), "nor does a search find it").toBeVisible();
});
