import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test, vi } from "vitest";
import { FakePlatform } from "../../e2e/fake/platform";
import { renderPiece } from "../../e2e/fake/render";
import { Button } from "../../kit/Button";
import type { DropSource } from "../../platform/platform";
import type { ImportView } from "../../protocol/protocol";
import { ImportsProvider, useImports } from "./Imports";

const place = { target: "n1", name: "Achats › mars 2026" };
const file = (name: string): DropSource => ({ kind: "file", file: new File(["x"], name), relativePath: name });

function Start({ sources }: { sources: DropSource[] }) {
  const imports = useImports();
  return <Button onPress={() => void imports.start(place, sources)}>Start</Button>;
}

/** An import whose count the test says. */
function counted(view: ImportView) {
  const platform = new FakePlatform();
  const told = { view };
  const call = platform.call.bind(platform) as (name: string, payload: unknown) => Promise<unknown>;
  platform.call = ((name: string, payload: unknown) =>
    name === "get_import" ? Promise.resolve(told.view) : call(name, payload)) as FakePlatform["call"];
  return { platform, told };
}

const view = (change: Partial<ImportView>): ImportView => ({ found: 0, done: 0, bytes: 0, ended: false, problems: [], renamed: [], elsewhere: null, ...change });

async function begin(platform: FakePlatform, sources: DropSource[]) {
  const user = userEvent.setup();
  renderPiece(
    <ImportsProvider>
      <Start sources={sources} />
    </ImportsProvider>,
    platform,
  );
  await user.click(await screen.findByText("Start"));
  return user;
}

describe("an import", () => {
  test("ends with what came in, and can be undone", async () => {
    const platform = new FakePlatform();
    const user = await begin(platform, [file("a.pdf"), file("b.pdf")]);
    expect(await screen.findByText("2 fichiers ajoutés dans Achats › mars 2026")).toBeTruthy();
    expect(screen.queryByRole("progressbar"), "the line is gone").toBeNull();
    await user.click(screen.getByRole("button", { name: "Annuler" }));
    await waitFor(() => expect(platform.asked.some(({ name }) => name === "undo")).toBe(true));
  });

  test("counts while it runs, and stops when told to", async () => {
    const { platform, told } = counted(view({ found: 2310, done: 40, bytes: 3_000_000 }));
    const cancel = vi.spyOn(platform, "call");
    const user = await begin(platform, [{ kind: "path", path: "/home/claire/Mars" }]);
    const line = await screen.findByRole("progressbar");
    await waitFor(() => expect(line.textContent?.replace(/\s/g, " ")).toContain("40 fichiers sur 2 310 · 3 Mo"));
    await user.click(within(line).getByRole("button", { name: "Annuler" }));
    expect(cancel).toHaveBeenCalledWith("cancel_import", { import: 0 });
    told.view = view({ found: 2310, done: 41, ended: true });
    expect(await screen.findByText("Ajout arrêté : 41 fichiers sont dans la GED.")).toBeTruthy();
  });

  test("lists what was left out, with why and what to do", async () => {
    const { platform } = counted(
      view({
        found: 3,
        done: 1,
        ended: true,
        problems: [{ path: "Mars/secret.pdf", reason: "no_permission" }],
        renamed: [{ path: "Mars/a:b.pdf", name: "a-b.pdf" }],
      }),
    );
    const user = await begin(platform, [{ kind: "path", path: "/home/claire/Mars" }]);
    await user.click(await screen.findByRole("button", { name: "Voir lesquels" }));
    const dialog = within(await screen.findByRole("dialog"));
    expect(dialog.getByText("Mars/secret.pdf")).toBeTruthy();
    expect(dialog.getByText(/n’a pas le droit de le lire/)).toBeTruthy();
    expect(dialog.getByText("Mars/a:b.pdf → a-b.pdf")).toBeTruthy();
  });

  test("that went elsewhere than on the client says where, and why", async () => {
    const elsewhere = { folder: "f", path: ["02 Dossier annuel", "2026", "Achats"] };
    const { platform } = counted(view({ found: 1, done: 1, ended: true, elsewhere }));
    await begin(platform, [{ kind: "path", path: "/home/claire/Mars" }]);
    const said = await screen.findByText(/^1 fichier ajouté dans/);
    expect(said.textContent).toMatch(/2026 › Achats\s: «\sÀ classer \(cabinet\)\s» de ce client ne vous est pas ouvert/);
  });

  test("of nothing says that there was nothing", async () => {
    await begin(new FakePlatform(), []);
    expect(await screen.findByText("Il n’y avait aucun fichier dans ce qui a été déposé.")).toBeTruthy();
  });

  test("refused at the start says why", async () => {
    const platform = new FakePlatform();
    platform.fail("begin_drop", "no_documents_here");
    await begin(platform, [file("a.pdf")]);
    expect(await screen.findByText(/ne reçoit pas de documents/)).toBeTruthy();
  });
});
