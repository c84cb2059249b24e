import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test } from "vitest";
import { FakePlatform } from "../../e2e/fake/platform";
import { renderApp } from "../../e2e/fake/render";

const text = (element: Element | null) => (element?.textContent ?? "").replace(/\s/g, " ");

beforeEach(() => localStorage.clear());

describe("sign-in", () => {
  test("says what is wrong beside its field, then opens the firm", async () => {
    const user = userEvent.setup();
    renderApp("/clients", new FakePlatform({ signedIn: false }));
    await user.click(await screen.findByRole("button", { name: "Se connecter" }));
    expect(screen.getByText("Indiquez l’adresse du serveur.")).toBeTruthy();
    expect(screen.getByText("Indiquez votre mot de passe.")).toBeTruthy();
    await user.type(screen.getByLabelText("Adresse du serveur"), "http://ged.cabinet.fr");
    await user.type(screen.getByLabelText("Adresse e-mail"), "claire@cabinet.fr");
    await user.type(screen.getByLabelText("Mot de passe"), "faux{Enter}");
    expect(screen.getByText(/L’adresse commence par https/), "a password never crosses in clear").toBeTruthy();
    await user.clear(screen.getByLabelText("Adresse du serveur"));
    await user.type(screen.getByLabelText("Adresse du serveur"), "ged.cabinet.fr{Enter}");
    expect(await screen.findByText(/n’est pas le bon/)).toBeTruthy();
    await user.clear(screen.getByLabelText("Mot de passe"));
    await user.type(screen.getByLabelText("Mot de passe"), "motdepasse{Enter}");
    expect(await screen.findByRole("heading", { name: "Clients" })).toBeTruthy();
  });

  test("a server that does not answer is said at the server's field", async () => {
    const user = userEvent.setup();
    const platform = new FakePlatform({ signedIn: false });
    platform.fail("sign_in", "offline");
    renderApp("/", platform);
    await user.type(await screen.findByLabelText("Adresse du serveur"), "ged.cabinet.fr");
    await user.type(screen.getByLabelText("Adresse e-mail"), "claire@cabinet.fr");
    await user.type(screen.getByLabelText("Mot de passe"), "motdepasse{Enter}");
    await screen.findByText(/Le serveur ne répond pas. Vérifiez l’adresse/);
    expect(screen.getByLabelText("Adresse du serveur").getAttribute("aria-invalid")).toBe("true");
  });
});

describe("what is held", () => {
  test("is said in a banner with its two answers, and in the rail; the answer goes to the engine", async () => {
    const user = userEvent.setup();
    const platform = new FakePlatform();
    platform.held.removal = 312;
    platform.held.edit = 40;
    renderApp("/clients", platform);
    const of = (said: string) =>
      waitFor(() => {
        const banners = screen.getAllByRole("status");
        const found = banners.find((banner) => text(banner).startsWith(said));
        if (!found) throw new Error(`no banner says ${said}, but ${banners.map(text).join(" / ")}`);
        return within(found);
      });
    const rail = await screen.findByRole("button", { name: /^Synchronisation : / });
    await waitFor(() => expect(text(rail)).toContain("312 suppressions en attente"));
    await user.click((await of("312 suppressions en attente.")).getByRole("button", { name: "Annuler" }));
    await waitFor(() => expect(platform.held.removal).toBe(0));
    expect(await screen.findByText(/312 fichiers reviennent sur ce poste/)).toBeTruthy();
    await user.click((await of("40 modifications suspectes en attente.")).getByRole("button", { name: "Confirmer" }));
    const asked = platform.asked.filter(({ name }) => name === "decide_held").map(({ payload }) => payload);
    expect(asked).toEqual([
      { kind: "removal", confirm: false },
      { kind: "edit", confirm: true },
    ]);
  });
});

describe("clients", () => {
  test("search as you type, then the keyboard goes to the table and opens", async () => {
    const user = userEvent.setup();
    const { router } = renderApp("/clients");
    await screen.findByText("Alter Ce");
    await user.keyboard("/");
    await user.keyboard("transports");
    await waitFor(() => expect(screen.queryByText("Alter Ce")).toBeNull());
    await user.clear(screen.getByRole("searchbox"));
    await screen.findByText("Alter Ce");
    await user.keyboard("{ArrowDown}");
    await waitFor(() => expect(document.activeElement?.getAttribute("role")).toBe("row"));
    await user.keyboard("{ArrowDown}");
    await waitFor(() => expect(text(document.activeElement)).toContain("Atelier Boréal"));
    await user.keyboard("{Enter}");
    await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/clients\/[0-9a-f-]+\/documents$/));
    expect(await screen.findByRole("heading", { name: "Atelier Boréal" })).toBeTruthy();
  });

  test("filters narrow the list, and a search without result offers the way back", async () => {
    const user = userEvent.setup();
    renderApp("/clients");
    await screen.findByText("Boulangerie Lemoine");
    await user.click(screen.getByRole("button", { name: "Disponibles hors ligne" }));
    await waitFor(() => expect(screen.queryByText("Boulangerie Lemoine")).toBeNull());
    await user.type(screen.getByRole("searchbox"), "zzz");
    await user.click(await screen.findByRole("button", { name: "Retirer la recherche et les filtres" }));
    expect(await screen.findByText("Boulangerie Lemoine")).toBeTruthy();
  });

  test("a client is added with its SIREN checked and its closing proposed", async () => {
    const user = userEvent.setup();
    const { platform, router } = renderApp("/clients");
    await user.click(await screen.findByRole("button", { name: "Ajouter un client" }));
    const dialog = within(screen.getByRole("dialog"));
    await user.type(dialog.getByLabelText("Nom du client"), "Café des Arts");
    await user.type(dialog.getByLabelText(/SIREN/), "732829321{Tab}");
    expect(dialog.getByText(/clé de contrôle/)).toBeTruthy();
    await user.click(dialog.getByRole("button", { name: "Ajouter" }));
    expect(platform.asked.some(({ name }) => name === "execute"), "nothing is sent while something is wrong").toBe(false);
    await user.clear(dialog.getByLabelText(/SIREN/));
    await user.type(dialog.getByLabelText(/SIREN/), "309 634 954");
    await user.click(dialog.getByRole("button", { name: "Ajouter" }));
    await waitFor(() => expect(router.state.location.pathname).toContain("/documents"));
    const made = platform.firm.clients.at(-1);
    expect(made).toMatchObject({ name: "Café des Arts", siren: "309634954", offline: true });
    const year = new Date().getFullYear();
    expect(made?.fiscalYears[0]).toMatchObject({ start: `${year}-01-01`, end: `${year}-12-31` });
    expect(made?.assignments.map((assignment) => assignment.person), "whoever adds it follows it").toEqual([platform.firm.people[0]?.id]);
  });

  test("a collaborator does not add clients; an empty firm says what comes", async () => {
    const platform = new FakePlatform({ empty: true });
    platform.me = 2;
    renderApp("/clients", platform);
    expect(await screen.findByText(/Un administrateur doit vous affecter/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Ajouter un client" })).toBeNull();
  });
});

describe("a client file", () => {
  const open = async (tab: string, platform = new FakePlatform(), index = 0) => {
    const client = platform.firm.clients[index];
    const user = userEvent.setup();
    const app = renderApp(`/clients/${client?.id}/${tab}`, platform);
    await screen.findByRole("heading", { level: 1 });
    return { user, client, ...app };
  };

  test("its name changes, is said, and can be undone from anywhere", async () => {
    const { user, client } = await open("informations");
    const name = await screen.findByLabelText("Nom du client");
    await user.clear(name);
    await user.type(name, "Alter Ego{Enter}");
    expect(await screen.findByRole("heading", { name: "Alter Ego" })).toBeTruthy();
    expect(client?.name).toBe("Alter Ego");
    (document.activeElement as HTMLElement | null)?.blur();
    await user.keyboard("{Control>}z{/Control}");
    expect(await screen.findByRole("heading", { name: "Alter Ce" })).toBeTruthy();
    expect(text(screen.getByText(/^Annulé/))).toBe("Annulé : la modification du client");
  });

  test("a SIREN taken by another client is refused at its field", async () => {
    const { user, platform } = await open("informations");
    const siren = await screen.findByLabelText("SIREN");
    await user.clear(siren);
    await user.type(siren, "552100554");
    platform.fail("execute", "invalid_company_number");
    await user.click(screen.getByRole("button", { name: "Enregistrer" }));
    expect(await screen.findByText(/un autre client le porte déjà/)).toBeTruthy();
    expect(siren.getAttribute("aria-invalid")).toBe("true");
  });

  test("a fiscal year follows the last one; a gap asks", async () => {
    const { user, client } = await open("exercices");
    await user.click(await screen.findByRole("button", { name: "Ajouter un exercice" }));
    const dialog = within(screen.getByRole("dialog"));
    const [day] = dialog.getAllByRole("spinbutton");
    await user.click(day as HTMLElement);
    await user.keyboard("15");
    expect(await dialog.findByText(/Il reste 14 jours sans exercice/)).toBeTruthy();
    expect((dialog.getByRole("button", { name: "Ajouter" }) as HTMLButtonElement).disabled).toBe(true);
    await user.click(dialog.getByLabelText("Oui, c’est voulu"));
    await user.click(dialog.getByRole("button", { name: "Ajouter" }));
    await waitFor(() => expect(client?.fiscalYears).toHaveLength(3));
    expect(client?.fiscalYears.at(-1)).toMatchObject({ start: "2027-01-15", end: "2028-01-14" });
  });

  test("themes of a person: all, or those ticked, never none", async () => {
    const { user, client, platform } = await open("equipe", new FakePlatform(), 1);
    const ines = platform.firm.people[2];
    await user.click(await screen.findByRole("button", { name: "Achats, Ventes, Banque" }));
    const dialog = within(screen.getByRole("dialog"));
    for (const theme of ["Achats", "Ventes", "Banque"]) await user.click(dialog.getByLabelText(theme));
    expect(dialog.getByRole("alert").textContent).toContain("Cochez au moins un thème");
    await user.click(dialog.getByLabelText("Social"));
    await user.click(dialog.getByRole("button", { name: "Enregistrer" }));
    await waitFor(() => expect(client?.assignments.find((each) => each.person === ines?.id)?.themes).toEqual(["social"]));
  });

  test("taking somebody out of the team names who loses what", async () => {
    const { user, client } = await open("equipe");
    const row = (await screen.findByText("Hugo Berthier")).closest("tr") as HTMLElement;
    await user.click(within(row).getByRole("button", { name: "Retirer" }));
    const dialog = within(screen.getByRole("dialog"));
    expect(text(dialog.getByText(/ne verra plus/))).toMatch(/Hugo Berthier ne verra plus Alter Ce \([\d  ]+ documents\)/);
    await user.click(dialog.getByRole("button", { name: "Retirer" }));
    await waitFor(() => expect(client?.assignments).toHaveLength(1));
  });

  test("one that is out of sight says so", async () => {
    renderApp("/clients/0190a000-0000-7000-8000-ffffffffffff/documents");
    expect(await screen.findByText(/n’existe plus, ou vous n’y avez plus accès/)).toBeTruthy();
  });
});

describe("synchronisation", () => {
  test("the panel tells each file, why, and the action that helps", async () => {
    const user = userEvent.setup();
    const { platform } = renderApp("/clients");
    await user.click(await screen.findByRole("button", { name: /^Synchronisation/ }));
    const panel = within(await screen.findByRole("dialog"));
    expect(panel.getByText("Tableau de bord.xlsx")).toBeTruthy();
    expect(text(panel.getByText(/Ouvert dans/))).toMatch(/^Ouvert dans EXCEL.EXE : fermez-le/);
    await user.click(panel.getByRole("button", { name: /Renommer en/ }));
    expect(platform.asked.at(-1)?.name === "repair_name" || platform.asked.some(({ name }) => name === "repair_name")).toBe(true);
    await user.click(panel.getByRole("button", { name: "Mettre en pause" }));
    expect(await panel.findByRole("button", { name: "Reprendre" })).toBeTruthy();
  });

  test("the panel counts what it does not list, and says that no file waits only where all is up to date", async () => {
    const user = userEvent.setup();
    const platform = new FakePlatform();
    platform.unlisted = 12_345;
    renderApp("/clients", platform);
    await user.click(await screen.findByRole("button", { name: /^Synchronisation/ }));
    const panel = within(await screen.findByRole("dialog"));
    expect(text(await panel.findByText(/^Et /))).toBe("Et 12 345 autres.");
    platform.unlisted = 0;
    platform.firm.syncItems = [];
    act(() => platform.setConnection("online"));
    await waitFor(() => expect(panel.queryByText(/^Et /)).toBeNull());
    expect(panel.queryByText("Aucun fichier n’attend."), "files are on their way all the same").toBeNull();
    platform.upToDate = true;
    act(() => platform.setConnection("online"));
    expect(await panel.findByText("Aucun fichier n’attend.")).toBeTruthy();
  });

  test("the foot of the rail follows the engine, and «à jour» comes only from it", async () => {
    const { platform } = renderApp("/clients");
    const foot = await screen.findByRole("button", { name: /^Synchronisation/ });
    await waitFor(() => expect(text(foot)).toBe("Envoi de 12 fichiers"));
    act(() => platform.setConnection("offline"));
    await waitFor(() => expect(text(foot)).toBe("Hors ligne · 12 modifications en attente"));
    expect(await screen.findByText("Hors ligne.")).toBeTruthy();
    platform.upToDate = true;
    act(() => platform.setConnection("online"));
    await waitFor(() => expect(text(foot)).toBe("À jour"));
  });

  test("a session that ended is taken up again in place", async () => {
    const user = userEvent.setup();
    const platform = new FakePlatform();
    platform.connection = "session_expired";
    renderApp("/clients", platform);
    await screen.findByText("Votre session est terminée.");
    await user.type(screen.getByLabelText("Mot de passe"), "faux{Enter}");
    expect(await screen.findByText(/n’est pas le bon/)).toBeTruthy();
    await user.clear(screen.getByLabelText("Mot de passe"));
    await user.type(screen.getByLabelText("Mot de passe"), "motdepasse{Enter}");
    await waitFor(() => expect(screen.queryByText("Votre session est terminée.")).toBeNull());
    expect(screen.getByText("Alter Ce"), "the screen never left").toBeTruthy();
  });

  test("«À vérifier» lists what asks for a decision; a refused change keeps its file before it leaves", async () => {
    const user = userEvent.setup();
    const { platform } = renderApp("/a-verifier");
    expect(await screen.findByText("3 décisions à prendre")).toBeTruthy();
    const entry = within(screen.getByText("Grand livre définitif.xlsx").closest("li") as HTMLElement);
    expect(entry.getByText(/Son fichier est gardé ici/)).toBeTruthy();
    expect(screen.queryByText("Tableau de bord.xlsx"), "what waits by itself asks for nothing").toBeNull();
    await user.click(entry.getByRole("button", { name: "Enregistrer une copie" }));
    expect(text(await screen.findByText(/^Copié dans/))).toBe("Copié dans /home/claire/Documents/Gédéon : Grand livre définitif.xlsx");
    await user.click(entry.getByRole("button", { name: "J’ai vu, retirer de la liste" }));
    expect(text(await screen.findByText(/^Retiré de la liste. Gardé/))).toBe(
      "Retiré de la liste. Gardé sur ce poste : Grand livre définitif (2026-11-20 08h30).xlsx",
    );
    await waitFor(() => expect(screen.queryByText("Grand livre définitif.xlsx")).toBeNull());
    await user.click(screen.getByRole("button", { name: "Ouvrir ce dossier" }));
    expect(platform.opened).toEqual(["Gardés"]);
  });

  test.each([
    ["Prendre celle d’Inès", "take"],
    ["Reprendre ma version", "take"],
    ["Garder celle de Hugo", "leave"],
    ["Garder celle de PC-ACCUEIL", "leave"],
    [/^Garder celle de PC-ACCUEIL, \d.* à \d/, "leave"],
    ["Garder les deux", "both"],
  ])("two versions are settled by «%s»", async (words, kind) => {
    const name = String(words);
    const user = userEvent.setup();
    const platform = new FakePlatform();
    const item = platform.firm.syncItems.find((each) => each.conflict);
    const [claire, hugo, ines] = platform.firm.people;
    const { conflict } = item ?? {};
    if (!conflict || !claire || !hugo || !ines) throw new Error("the firm in memory has a conflict");
    conflict.head.author = hugo.id;
    conflict.concurrent.author = name.includes("Inès") ? ines.id : claire.id;
    if (name.includes("PC-ACCUEIL")) {
      conflict.head.author = claire.id;
      conflict.head.workstation = "PC-ACCUEIL";
      // Two workstations of one name are told apart by the time.
      conflict.concurrent.workstation = words instanceof RegExp ? "PC-ACCUEIL" : "PORTABLE";
    }
    const { concurrent, head } = conflict;
    renderApp("/a-verifier", platform);
    const entry = within((await screen.findByText(item?.name ?? "")).closest("li") as HTMLElement);
    await user.click(await entry.findByRole("button", { name: words }));
    const last = platform.asked.findLast((each) => each.name === "execute")?.payload;
    const choice = kind === "take" ? { kind, base: head.id } : { kind };
    expect(last).toMatchObject({ action: "settle_version", commands: [{ kind: "settle_version", version: concurrent.id, choice }] });
    await waitFor(() => expect(screen.queryByText(item?.name ?? "", { selector: "h2" })).toBeNull());
    await user.click(await screen.findByRole("button", { name: "Annuler" }));
    expect(await screen.findByText(item?.name ?? "", { selector: "h2" })).toBeTruthy();
  });
});

test("the trash gives back, alone or several at once", async () => {
  const user = userEvent.setup();
  const { platform } = renderApp("/corbeille");
  const [first] = await screen.findAllByRole("button", { name: /^Restaurer ./ });
  await user.click(first as HTMLElement);
  await waitFor(() => expect(screen.getByText("2 éléments")).toBeTruthy());
  await user.click(screen.getAllByRole("row")[1] as HTMLElement);
  await user.keyboard("{Control>}a{/Control}");
  await user.click(await screen.findByRole("button", { name: "Restaurer les 2" }));
  expect(await screen.findByText("La corbeille est vide")).toBeTruthy();
  expect([...platform.firm.documents.values()].some((document) => document.trashed)).toBe(false);
});

test("what is to be decided leads to its document, wherever the client was left", async () => {
  const user = userEvent.setup();
  const { platform } = renderApp("/a-verifier");
  const item = platform.firm.syncItems.find((each) => each.conflict);
  const entry = within((await screen.findByText(item?.name ?? "")).closest("li") as HTMLElement);
  await user.click(entry.getByRole("button", { name: "Voir les versions" }));
  const chosen = await screen.findByRole("row", { selected: true });
  expect(chosen.textContent).toContain(item?.name.slice(0, 8));
  expect(await screen.findByRole("button", { name: "Garder les deux" }), "the versions offer the same choice").toBeTruthy();
});

test("the trash says where things went, and leads there", async () => {
  const user = userEvent.setup();
  const { router } = renderApp("/corbeille");
  const [first] = await screen.findAllByRole("button", { name: /^Restaurer ./ });
  const name = first?.getAttribute("aria-label")?.replace("Restaurer ", "") ?? "";
  await user.click(first as HTMLElement);
  expect(text(await screen.findByText(/est de retour dans/))).toMatch(new RegExp(`^« ${name.replace(/[.()]/g, "\\$&")} » est de retour dans .+`));
  await user.click(screen.getByRole("button", { name: "Voir" }));
  await waitFor(() => expect(router.state.location.pathname).toMatch(/\/documents$/));
  expect(await screen.findByRole("row", { name: new RegExp(name.replace(/[.()]/g, "\\$&")), selected: true })).toBeTruthy();
});

test("a long trash is read by windows, and searched in the engine", async () => {
  const user = userEvent.setup();
  const platform = new FakePlatform();
  let trashed = 0;
  for (const document of platform.firm.documents.values()) if (document.name.startsWith("Scan_") && trashed++ < 1_200) document.trashed = true;
  renderApp("/corbeille", platform);
  expect(text(await screen.findByText(/éléments$/))).toBe("1 203 éléments");
  const windows = platform.asked.filter(({ name }) => name === "list_trash").map(({ payload }) => (payload as { limit: number }).limit);
  expect(Math.max(...windows), "never the whole of it").toBeLessThanOrEqual(500);
  await user.type(screen.getByRole("searchbox"), "scan_00002 dupont");
  await waitFor(() => expect(platform.asked.findLast(({ name }) => name === "list_trash")?.payload).toMatchObject({ search: "scan_00002 dupont" }));
  await waitFor(() => expect(screen.getAllByRole("row"), "its head and one line").toHaveLength(2));
});

test("the host is told once that the first screen shows its data", async () => {
  const { platform } = renderApp("/clients");
  await screen.findByText("Alter Ce");
  await waitFor(() => expect(platform.readyCount).toBe(1));
  act(() => platform.changed("client_files"));
  await waitFor(() => expect(platform.asked.filter(({ name }) => name === "list_client_files").length).toBeGreaterThan(1));
  expect(platform.readyCount).toBe(1);
});

describe("settings", () => {
  test("the language changes at once, everywhere", async () => {
    const user = userEvent.setup();
    renderApp("/parametres");
    await user.click(await screen.findByRole("radio", { name: "English" }));
    expect(await screen.findByRole("heading", { name: "Settings" })).toBeTruthy();
    expect(document.documentElement.lang).toBe("en");
  });

  test("the theme is kept", async () => {
    const user = userEvent.setup();
    renderApp("/parametres");
    await user.click(await screen.findByRole("radio", { name: "Sombre" }));
    expect(document.documentElement.dataset.theme).toBe("dark");
    expect(localStorage.getItem("gedeon.theme")).toBe("dark");
  });

  test("a colleague is added and the invitation handed over", async () => {
    const user = userEvent.setup();
    const { platform } = renderApp("/parametres");
    await user.click(await screen.findByRole("button", { name: "Ajouter un collaborateur" }));
    const dialog = within(screen.getByRole("dialog"));
    await user.type(dialog.getByLabelText("Prénom"), "Nadia");
    await user.type(dialog.getByLabelText("Nom"), "Sow");
    await user.type(dialog.getByLabelText("Adresse e-mail"), "nadia");
    await user.click(dialog.getByRole("button", { name: "Ajouter" }));
    expect(dialog.getByText(/Indiquez une adresse e-mail/)).toBeTruthy();
    await user.type(dialog.getByLabelText("Adresse e-mail"), "@cabinet.fr{Enter}");
    expect(await screen.findByText(/https:\/\/ged.martel-associes.fr\/invitation\//)).toBeTruthy();
    expect(platform.firm.people.at(-1)).toMatchObject({ first_name: "Nadia", role: "collaborator" });
  });

  test("a colleague who leaves is shut out after a question, and let in again", async () => {
    const user = userEvent.setup();
    const { platform } = renderApp("/parametres");
    const ines = () => within(screen.getByText("Inès Lacroix").closest("li") as HTMLElement);
    await screen.findByText("Inès Lacroix");
    await user.click(ines().getByRole("button", { name: /Plus d’actions/ }));
    await user.click(await screen.findByRole("menuitem", { name: "Suspendre l’accès" }));
    const question = within(await screen.findByRole("dialog", { name: /Suspendre l’accès d’Inès Lacroix/ }));
    expect(question.getByText(/Tous les postes d’Inès Lacroix sont déconnectés/)).toBeTruthy();
    await user.click(question.getByRole("button", { name: "Suspendre l’accès" }));
    expect(await ines().findByText("accès suspendu")).toBeTruthy();
    expect(platform.firm.people[2]?.suspended).toBe(true);
    await user.click(ines().getByRole("button", { name: /Plus d’actions/ }));
    await user.click(await screen.findByRole("menuitem", { name: "Rétablir l’accès" }));
    await waitFor(() => expect(ines().queryByText("accès suspendu")).toBeNull());
  });

  test("nobody shuts out themselves or the last administrator, and is told why", async () => {
    const user = userEvent.setup();
    renderApp("/parametres");
    const claire = within((await screen.findByText("Claire Martel", { selector: "li span" })).closest("li") as HTMLElement);
    await user.click(claire.getByRole("button", { name: /Plus d’actions/ }));
    const item = await screen.findByRole("menuitem", { name: "Suspendre l’accès" });
    expect(item.getAttribute("aria-disabled")).toBe("true");
    expect(item.textContent).toContain("C’est le dernier administrateur du cabinet.");
  });

  test("an e-mail is corrected until its person has joined, and not after", async () => {
    const user = userEvent.setup();
    const platform = new FakePlatform();
    const [, hugo, ines] = platform.firm.people;
    if (ines) ines.joined = false;
    renderApp("/parametres", platform);
    const edit = async (name: string) => {
      const line = within((await screen.findByText(name)).closest("li") as HTMLElement);
      await user.click(line.getByRole("button", { name: /Plus d’actions/ }));
      await user.click(await screen.findByRole("menuitem", { name: "Modifier" }));
      return within(await screen.findByRole("dialog"));
    };
    let dialog = await edit("Inès Lacroix");
    await user.clear(dialog.getByLabelText(/Adresse e-mail/));
    await user.type(dialog.getByLabelText(/Adresse e-mail/), "ines@martel-associes.fr{Enter}");
    await waitFor(() => expect(ines?.email).toBe("ines@martel-associes.fr"));
    dialog = await edit("Hugo Berthier");
    expect(dialog.getByLabelText(/Adresse e-mail/).hasAttribute("readonly")).toBe(true);
    expect(hugo?.email).toBe("hugo.berthier@martel-associes.fr");
  });

  test("only administrators see the firm's people", async () => {
    const platform = new FakePlatform();
    platform.me = 1;
    renderApp("/parametres", platform);
    await screen.findByText("Compte et serveur");
    await screen.findByText("Martel & associés", { selector: "dd" });
    expect(screen.queryByText("Collaborateurs")).toBeNull();
  });

  test("a place the mirror cannot take says why", async () => {
    const user = userEvent.setup();
    const { platform } = renderApp("/parametres");
    platform.fail("change_settings", "mirror_place");
    await user.click(await screen.findByRole("button", { name: "Choisir…" }));
    expect(await screen.findByText(/ne peut pas recevoir vos fichiers/)).toBeTruthy();
  });
});

describe("a mirror in another program's folder", () => {
  test("is refused with the program's name, and the usual folder is proposed", async () => {
    const user = userEvent.setup();
    const { platform } = renderApp("/parametres");
    platform.fail("change_settings", "mirror_place", { reason: "in_synced_folder", program: "OneDrive", proposal: "/home/claire/Gédéon" });
    await user.click(await screen.findByRole("button", { name: "Choisir…" }));
    expect(await screen.findByText(/est dans un dossier de OneDrive.*Prenez plutôt « \/home\/claire\/Gédéon »/)).toBeTruthy();
  });
});

describe("the palette", () => {
  test("goes to a document from the keyboard", async () => {
    const user = userEvent.setup();
    renderApp("/clients");
    await screen.findByText("Alter Ce");
    await user.keyboard("{Control>}k{/Control}");
    await user.type(await screen.findByRole("combobox"), "statuts");
    await screen.findAllByRole("option", { name: /Statuts à jour/ });
    await user.keyboard("{Enter}");
    expect(await screen.findByRole("row", { name: /Statuts à jour/, selected: true })).toBeTruthy();
  });

  test("runs an action, and nothing found is said", async () => {
    const user = userEvent.setup();
    renderApp("/clients");
    await screen.findByText("Alter Ce");
    await user.keyboard("{Control>}k{/Control}");
    await user.type(await screen.findByRole("combobox"), "zzzz");
    expect(await screen.findByText(/Rien ne correspond/)).toBeTruthy();
    await user.clear(screen.getByRole("combobox"));
    await user.type(screen.getByRole("combobox"), "param");
    await user.keyboard("{Enter}");
    expect(await screen.findByRole("heading", { name: "Paramètres" })).toBeTruthy();
  });
});
