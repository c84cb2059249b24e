/** The workspace over the firm in memory: what somebody does, and what is asked of the host. */
import { QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, configure, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { FakePlatform } from "../../e2e/fake/platform";
import { WordsProvider } from "../../i18n/i18n";
import { ToastProvider } from "../../kit/Toast";
import { PlatformProvider } from "../../platform/PlatformContext";
import type { Execute } from "../../protocol/protocol";
import { invalidateTags, makeQueryClient } from "../data/calls";
import { ImportsProvider } from "../imports/Imports";
import { OpeningProvider } from "../preview/Opening";
import { DocumentsWorkspace } from "./DocumentsWorkspace";

async function open(folderName = "Achats", month: string | null = "2026-04") {
  const platform = new FakePlatform();
  const client = platform.firm.clients[0];
  if (client === undefined) throw new Error("no client");
  const year = client.fiscalYears.find((each) => each.end.startsWith("2026"));
  const directory = client.folders.find((each) => each.name === folderName && (each.fiscal_year ?? year?.id) === year?.id);
  const folder = month === null ? directory : client.folders.find((each) => each.parent === directory?.id && each.month === month);
  if (folder === undefined) throw new Error(`no folder ${folderName}`);
  const documents = [...platform.firm.documents.values()].filter((each) => each.parent === folder.id && !each.trashed);
  const queries = makeQueryClient();
  platform.subscribe((event) => {
    if (event.event === "changed") void invalidateTags(queries, event.tags);
  });
  render(
    <PlatformProvider platform={platform}>
      <WordsProvider language="fr">
        <QueryClientProvider client={queries}>
          <ToastProvider>
            <ImportsProvider>
              <OpeningProvider>
                <DocumentsWorkspace clientFile={client.id} folder={folder.id} fiscalYear={year?.id} />
              </OpeningProvider>
            </ImportsProvider>
          </ToastProvider>
        </QueryClientProvider>
      </WordsProvider>
    </PlatformProvider>,
  );
  await waitFor(() => expect(rows().length).toBe(documents.length));
  return { platform, client, folder, documents };
}

/** Lines of the list, the header aside. */
const rows = () => within(screen.getByRole("grid")).getAllByRole("row").slice(1);
const row = (at: number) => {
  const found = rows()[at];
  if (found === undefined) throw new Error(`no row ${at}`);
  return found;
};
const nameOf = (at: number) => within(row(at)).getAllByRole("gridcell")[0]?.textContent ?? "";
const press = (at: number, modifiers: { shiftKey?: boolean; ctrlKey?: boolean } = {}) => {
  fireEvent.pointerDown(row(at), { button: 0, pointerId: 1, ...modifiers });
  fireEvent.pointerUp(row(at), { button: 0, pointerId: 1, ...modifiers });
  fireEvent.click(row(at), modifiers);
};
const key = (name: string, modifiers: { shiftKey?: boolean; ctrlKey?: boolean } = {}) =>
  fireEvent.keyDown(screen.getByRole("grid"), { key: name, ...modifiers });
const selected = () => rows().filter((each) => each.getAttribute("aria-selected") === "true").length;
const executed = (platform: FakePlatform): Execute[] =>
  platform.asked.filter((each) => each.name === "execute").map((each) => each.payload as Execute);

// A machine that builds at the same time is slow, not wrong.
configure({ asyncUtilTimeout: 8_000 });
vi.setConfig({ testTimeout: 30_000 });

beforeEach(() => localStorage.clear());

describe("the list", () => {
  it("says how many lines there are, whatever is drawn", async () => {
    const { documents } = await open();
    expect(screen.getByRole("grid").getAttribute("aria-rowcount")).toBe(String(documents.length + 1));
  });

  it("says who has a document open on another workstation, in which program, until it is closed", async () => {
    const { platform, documents } = await open();
    const document = documents[0];
    const paul = platform.firm.people[1];
    if (document === undefined || paul === undefined) throw new Error("nobody, or nothing");
    platform.openedElsewhere = [{ document: document.id, person: paul.id, program: "Excel" }];
    act(() => platform.changed("presence"));
    const words = `Ouvert par ${paul.first_name}, Excel`;
    const told = await screen.findByText(words);
    const line = rows().find((each) => each.contains(told));
    if (line === undefined) throw new Error("it is said in the list");
    press(rows().indexOf(line));
    await waitFor(() => expect(screen.getAllByText(words), "in the list and beside it").toHaveLength(2));
    platform.openedElsewhere = [];
    act(() => platform.changed("presence"));
    await waitFor(() => expect(screen.queryByText(words)).toBeNull());
  });

  it("selects as Explorer does", async () => {
    await open();
    press(1);
    expect(selected()).toBe(1);
    key("ArrowDown", { shiftKey: true });
    await waitFor(() => expect(selected()).toBe(2));
    key("a", { ctrlKey: true });
    await waitFor(() => expect(selected()).toBe(rows().length));
    press(0);
    expect(selected()).toBe(1);
  });

  it("goes to the line whose name is typed", async () => {
    await open();
    press(0);
    const wanted = nameOf(rows().length - 1);
    for (const letter of wanted.slice(0, wanted.length - 4)) key(letter);
    await waitFor(() => expect(row(rows().length - 1).getAttribute("aria-selected")).toBe("true"));
  });

  it("takes the letters of a word for letters, shortcuts or not", async () => {
    const { platform } = await open();
    press(0);
    for (const letter of "facture total") key(letter);
    await waitFor(() => expect(rows().find((each) => each.textContent?.includes("Total"))?.getAttribute("aria-selected")).toBe("true"));
    expect(executed(platform), "no mark was set on the way").toHaveLength(0);
    expect(screen.queryByRole("dialog"), "no quick look either").toBeNull();
  });

  it("sorts by a column, and the other way round at the second press", async () => {
    const { platform } = await open();
    fireEvent.click(screen.getByRole("button", { name: /Taille/ }));
    fireEvent.click(screen.getByRole("button", { name: /Taille/ }));
    await waitFor(() => {
      const last = platform.asked.findLast((each) => each.name === "list_documents");
      expect(last?.payload).toMatchObject({ order: "size", descending: true });
    });
  });

  it("marks as reviewed by one key, and undoes it from the toast", async () => {
    const { platform } = await open();
    const unreviewed = rows().findIndex((each) => within(each).getByRole("checkbox").getAttribute("aria-checked") === "false");
    press(unreviewed);
    key("r");
    await waitFor(() => expect(within(row(unreviewed)).getByRole("checkbox").getAttribute("aria-checked")).toBe("true"));
    fireEvent.click(await screen.findByRole("button", { name: "Annuler" }));
    await waitFor(() => expect(within(row(unreviewed)).getByRole("checkbox").getAttribute("aria-checked")).toBe("false"));
    expect(executed(platform).at(0)?.action).toBe("review");
  });

  it("trashes, and gives the keyboard to the next line", async () => {
    const { documents } = await open();
    const next = nameOf(2);
    press(1);
    key("Delete");
    await waitFor(() => expect(rows().length).toBe(documents.length - 1));
    await waitFor(() => expect(row(1).getAttribute("aria-selected")).toBe("true"));
    expect(nameOf(1)).toBe(next);
  });

  it("opens with the user's program, and reads what it opens", async () => {
    const { platform } = await open();
    press(1);
    key("Enter");
    await waitFor(() => expect(platform.opened).toHaveLength(1));
  });

  it("tells that what is read opens as a copy, where the client is not kept here", async () => {
    const { platform, client } = await open();
    client.offline = false;
    const pdf = rows().findIndex((each) => /\.pdf/.test(each.textContent ?? ""));
    press(pdf);
    key("Enter");
    expect(await screen.findByText(/^Ouvert en lecture seule\s: Alter Ce n’est pas gardé sur ce poste/)).toBeTruthy();
    expect(platform.opened, "it opens at once").toHaveLength(1);
    fireEvent.click(screen.getByRole("button", { name: "Rendre disponible hors ligne" }));
    await waitFor(() => expect(client.offline).toBe(true));
  });

  it("asks before opening what somebody may edit, where its changes would go nowhere", async () => {
    const { platform, client } = await open("Banque");
    client.offline = false;
    const sheet = rows().findIndex((each) => /\.xlsx/.test(each.textContent ?? ""));
    press(sheet);
    key("Enter");
    const question = await screen.findByRole("dialog", { name: "Ce document n’est pas sur ce poste" });
    expect(platform.opened, "nothing opens before the answer").toHaveLength(0);
    expect(question.textContent).toMatch(/s’ouvrirait en lecture seule\s: ce que vous y changeriez n’irait pas dans la GED/);
    fireEvent.click(within(question).getByRole("button", { name: "Ouvrir en lecture seule" }));
    await waitFor(() => expect(platform.opened).toHaveLength(1));
    expect(client.offline).toBe(false);
    key("Enter");
    const again = await screen.findByRole("dialog", { name: "Ce document n’est pas sur ce poste" });
    fireEvent.click(within(again).getByRole("button", { name: "Rendre ce client disponible hors ligne" }));
    await waitFor(() => expect(platform.opened, "it opens once it is here").toHaveLength(2));
    expect(client.offline).toBe(true);
  });

  it("waits for a document that is on its way, when asked to", async () => {
    const { platform } = await open("Banque");
    const sheet = rows().findIndex((each) => /\.xlsx/.test(each.textContent ?? ""));
    let editable = false;
    const call = platform.call.bind(platform) as (name: string, payload: unknown) => Promise<unknown>;
    platform.call = ((name: string, payload: unknown) =>
      name === "file_of" ? Promise.resolve({ path: "/opened/a.xlsx", editable }) : call(name, payload)) as FakePlatform["call"];
    press(sheet);
    key("Enter");
    const question = await screen.findByRole("dialog", { name: "Ce document n’est pas sur ce poste" });
    fireEvent.click(within(question).getByRole("button", { name: "L’ouvrir dès son arrivée" }));
    await screen.findByText(/s’ouvrira dès son arrivée sur ce poste/);
    expect(platform.opened).toHaveLength(0);
    editable = true;
    await waitFor(() => expect(platform.opened).toHaveLength(1));
  });

  it("shows a quick look that the arrows walk through", async () => {
    await open();
    const [first, second] = [nameOf(0), nameOf(1)];
    press(0);
    key(" ");
    const look = await screen.findByRole("dialog", { name: `Aperçu de ${first.replace("Nouveau", "")}` });
    fireEvent.keyDown(look, { key: "ArrowDown" });
    await screen.findByRole("dialog", { name: `Aperçu de ${second.replace("Nouveau", "")}` });
    fireEvent.keyDown(screen.getByRole("dialog"), { key: " " });
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("says that a folder is empty, and what fills it", async () => {
    const { platform, folder } = await open();
    for (const document of platform.firm.documents.values()) if (document.parent === folder.id) document.trashed = true;
    platform.changed("documents");
    expect(await screen.findByText(/attend ses premiers documents/)).toBeTruthy();
    expect(screen.getByRole("button", { name: "Importer…" })).toBeTruthy();
  });
});

describe("renaming in place", () => {
  const field = () => screen.getByRole("textbox", { name: /^Nouveau nom de/ }) as HTMLInputElement;

  it("selects the stem and keeps the new name", async () => {
    const { platform } = await open();
    press(0);
    const old = nameOf(0).replace("Nouveau", "");
    key("F2");
    expect(field().selectionEnd).toBe(old.lastIndexOf("."));
    fireEvent.change(field(), { target: { value: "Relevé annoté.pdf" } });
    fireEvent.keyDown(field(), { key: "Enter" });
    await screen.findByText("Relevé annoté.pdf");
    expect(executed(platform).at(0)?.commands[0]).toMatchObject({ kind: "place", name: { seen: old, value: "Relevé annoté.pdf" }, naming: "typed" });
  });

  it("says why a name is refused, and takes the one proposed at the second Enter", async () => {
    const { platform } = await open();
    press(0);
    key("F2");
    platform.fail("execute", "name_taken", { proposal: "Contrat (2).pdf" });
    fireEvent.change(field(), { target: { value: "Contrat.pdf" } });
    fireEvent.keyDown(field(), { key: "Enter" });
    expect((await screen.findByRole("alert")).textContent).toContain("Contrat (2).pdf");
    expect(field().value, "what was typed stays").toBe("Contrat.pdf");
    platform.recover("execute");
    fireEvent.keyDown(field(), { key: "Enter" });
    await waitFor(() => expect(rows().some((each) => each.textContent?.includes("Contrat (2).pdf"))).toBe(true));
    expect(executed(platform).at(-1)?.commands[0]).toMatchObject({ name: { value: "Contrat (2).pdf" } });
  });

  it("leaves the name on Escape", async () => {
    const { platform } = await open();
    press(0);
    key("F2");
    fireEvent.change(field(), { target: { value: "x.pdf" } });
    fireEvent.keyDown(field(), { key: "Escape" });
    await waitFor(() => expect(screen.queryByRole("textbox", { name: /^Nouveau nom de/ })).toBeNull());
    expect(executed(platform)).toHaveLength(0);
  });

  it("does not rename a folder of the firm's tree", async () => {
    await open();
    const folder = screen.getByRole("treeitem", { selected: true });
    fireEvent.keyDown(folder, { key: "F2" });
    expect(screen.queryByRole("textbox", { name: /^Nouveau nom de/ })).toBeNull();
    fireEvent.contextMenu(folder);
    const rename = await screen.findByRole("menuitem", { name: /Renommer/ });
    expect(rename.getAttribute("aria-disabled"), "it stays in the menu, and says why").toBe("true");
    expect(rename.textContent).toContain("arborescence du cabinet");
  });
});

describe("moving", () => {
  it("cuts here and puts there", async () => {
    const { platform, documents } = await open();
    press(0);
    key("x", { ctrlKey: true });
    fireEvent.click(screen.getByRole("treeitem", { name: /mai 2026/ }));
    fireEvent.keyDown(await screen.findByRole("treeitem", { selected: true, name: /mai 2026/ }), { key: "v", ctrlKey: true });
    await waitFor(() => expect(executed(platform).at(-1)?.action).toBe("move"));
    expect(documents.map((each) => each.id)).toContain(
      (executed(platform).at(-1)?.commands[0] as { node: string } | undefined)?.node,
    );
  });

  it("asks, with names, before a move that changes who sees it", async () => {
    const { platform, client } = await open("Banque", "2026-04");
    const [, , ines] = platform.firm.people;
    client.assignments = [{ person: ines?.id ?? "", themes: ["banque"] }];
    act(() => platform.changed("client_files"));
    await waitFor(() => expect(platform.asked.filter((each) => each.name === "get_client_file").length).toBeGreaterThan(1));
    press(0);
    key("M", { ctrlKey: true, shiftKey: true });
    const dialog = await screen.findByRole("dialog");
    fireEvent.change(within(dialog).getByRole("searchbox"), { target: { value: "revision" } });
    fireEvent.keyDown(within(dialog).getByRole("searchbox"), { key: "Enter" });
    expect(await screen.findByText(/Inès Lacroix n’y aura plus accès/)).toBeTruthy();
    expect(executed(platform), "nothing moves before the answer").toHaveLength(0);
    fireEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Déplacer" }));
    await waitFor(() => expect(executed(platform).at(-1)?.action).toBe("move"));
  });
});

describe("arriving", () => {
  it("shows the document asked for, then takes the next request", async () => {
    const { platform, client, folder, documents } = await open();
    const wanted = documents[3];
    const onArrived = vi.fn();
    const queries = makeQueryClient();
    cleanup();
    const at = (target: { folder?: string; document?: string }) => (
      <PlatformProvider platform={platform}>
        <QueryClientProvider client={queries}>
          <ImportsProvider>
            <DocumentsWorkspace clientFile={client.id} {...target} onArrived={onArrived} />
          </ImportsProvider>
        </QueryClientProvider>
      </PlatformProvider>
    );
    const view = render(at({ folder: folder.id, document: wanted?.id }));
    await waitFor(() => expect(onArrived).toHaveBeenCalledTimes(1));
    const chosen = rows().find((each) => each.getAttribute("aria-selected") === "true");
    expect(chosen?.textContent).toContain(wanted?.name);
    view.rerender(at({}));
    fireEvent.click(screen.getByRole("treeitem", { name: /mai 2026/ }));
    await screen.findByText(/attend ses premiers documents/);
    view.rerender(at({ folder: folder.id, document: wanted?.id }));
    await waitFor(() => expect(onArrived).toHaveBeenCalledTimes(2));
    expect(rows().find((each) => each.getAttribute("aria-selected") === "true")?.textContent).toContain(wanted?.name);
  });

  it("goes up when the folder shown is trashed", async () => {
    const { platform, client, folder } = await open("Révision", null);
    client.folders.push({ ...folder, id: "own", parent: folder.id, name: "Notes de Claire", fixed: false });
    act(() => platform.changed("documents"));
    const parent = await screen.findByRole("treeitem", { name: /Révision/, expanded: false });
    fireEvent.keyDown(parent, { key: "ArrowRight" });
    fireEvent.click(await screen.findByRole("treeitem", { name: /Notes de Claire/ }));
    const own = await screen.findByRole("treeitem", { name: /Notes de Claire/, selected: true });
    fireEvent.keyDown(own, { key: "Delete" });
    await waitFor(() => expect(screen.queryByRole("treeitem", { name: /Notes de Claire/ })).toBeNull());
    expect(await screen.findByRole("treeitem", { name: /Révision/, selected: true })).toBeTruthy();
  });
});

describe("reading", () => {
  it("clears the badge of what is looked at for a second, not of what is passed over", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    try {
      const { platform, documents } = await open();
      const at = rows().findIndex((each) => each.textContent?.includes("Nouveau"));
      expect(at, "the folder has something new").toBeGreaterThanOrEqual(0);
      press(at);
      await screen.findByRole("region", { name: "Détail du document" });
      expect(executed(platform)).toHaveLength(0);
      await act(() => vi.advanceTimersByTimeAsync(1100));
      await waitFor(() => expect(executed(platform).at(-1)?.action).toBe("mark_read"));
      const read = executed(platform).at(-1)?.commands[0] as { node: string; version: string };
      expect(documents.find((each) => each.id === read.node)?.version).toBe(read.version);
    } finally {
      vi.useRealTimers();
    }
  });

  it("keeps a comment that could not be sent in its field", async () => {
    const { platform } = await open();
    press(0);
    fireEvent.click(await screen.findByRole("tab", { name: /Commentaires/ }));
    const field = (await screen.findByRole("textbox", { name: "Commentaire" })) as HTMLTextAreaElement;
    fireEvent.change(field, { target: { value: "Manque la page 2" } });
    platform.fail("execute", "internal");
    fireEvent.keyDown(field, { key: "Enter", ctrlKey: true });
    await waitFor(() => expect(executed(platform)).toHaveLength(1));
    // Until the answer is there, the field takes no second one.
    await waitFor(() => expect((screen.getByRole("button", { name: /^Ajouter/ }) as HTMLButtonElement).disabled).toBe(false));
    expect(field.value).toBe("Manque la page 2");
    platform.recover("execute");
    fireEvent.keyDown(field, { key: "Enter", ctrlKey: true });
    expect(await screen.findByText("Manque la page 2", { selector: "p" })).toBeTruthy();
    await waitFor(() => expect(field.value).toBe(""));
  });

  it("gives back a comment deleted by one press too many", async () => {
    await open();
    press(0);
    fireEvent.click(await screen.findByRole("tab", { name: /Commentaires/ }));
    const field = (await screen.findByRole("textbox", { name: "Commentaire" })) as HTMLTextAreaElement;
    fireEvent.change(field, { target: { value: "Manque la page 2" } });
    fireEvent.keyDown(field, { key: "Enter", ctrlKey: true });
    await screen.findByText("Manque la page 2", { selector: "p" });
    fireEvent.click(screen.getAllByRole("button", { name: "Supprimer ce commentaire" }).at(-1) as HTMLElement);
    await waitFor(() => expect(screen.queryByText("Manque la page 2", { selector: "p" })).toBeNull());
    expect(await screen.findByText("Commentaire supprimé")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Annuler" }));
    expect(await screen.findByText("Manque la page 2", { selector: "p" })).toBeTruthy();
  });
});

describe("previews end on a sentence", () => {
  const choose = async (name: string, values: Partial<{ size: number; sync: "online_only" }> = {}, offline = false) => {
    const { platform, documents } = await open();
    const document = documents[0];
    if (document === undefined) throw new Error("no document");
    Object.assign(document, { name }, values);
    const [head] = document.history;
    if (head && values.size !== undefined) head.size = values.size;
    if (offline) platform.connection = "offline";
    act(() => platform.changed("documents", "sync"));
    fireEvent.click(await screen.findByText(name));
    const line = rows().findIndex((each) => each.textContent?.includes(name));
    press(line);
    return platform;
  };

  it("for a file that only the user's program shows", async () => {
    const platform = await choose("archive.zip");
    const notice = (await screen.findByText(/ne s’affiche pas ici/)).parentElement;
    fireEvent.click(within(notice ?? document.body).getByRole("button", { name: "Ouvrir" }));
    await waitFor(() => expect(platform.opened).toHaveLength(1));
  });

  it("for an empty file", async () => {
    await choose("vide.txt", { size: 0 });
    expect(await screen.findByText(/aucun octet/)).toBeTruthy();
  });

  it("for what is not on this disk while offline, and shows it when the server is back", async () => {
    const platform = await choose("export.csv", { sync: "online_only" }, true);
    expect(await screen.findByText(/n’est pas sur ce disque/)).toBeTruthy();
    act(() => platform.setConnection("online"));
    expect(await screen.findByText("Libellé")).toBeTruthy();
  });
});
