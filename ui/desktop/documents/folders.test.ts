import { describe, expect, it } from "vitest";
import { fakeFolders } from "../../e2e/fake/firm";
import { makeFormats } from "../../i18n/formats";
import type { FolderView, TreeView } from "../../protocol/protocol";
import { counterpart, crumbs, firstFolder, folderNodes, moveRefusal, shortPlace, trail } from "./folders";

const { month } = makeFormats("fr");
const years = [
  { id: "y2025", start: "2025-01-01", end: "2025-12-31" },
  { id: "y2026", start: "2026-01-01", end: "2026-12-31" },
];
const tree: TreeView = { root: "client", folders: fakeFolders("client", years) };
const nodes = folderNodes(tree, null, month);
const find = (name: string, year?: string) => {
  const found = nodes.find((node) => node.folder.name === name && (year === undefined || node.folder.fiscal_year === year));
  if (found === undefined) throw new Error(`no folder ${name}`);
  return found;
};
const change = (id: string, values: Partial<FolderView>): TreeView => ({
  ...tree,
  folders: tree.folders.map((folder) => (folder.id === id ? { ...folder, ...values } : folder)),
});

describe("the tree of a client file", () => {
  it("reads months as people say them", () => {
    expect(find("2026-03").label).toBe("mars 2026");
    expect(find("2026-08").label).toBe("août 2026");
  });

  it("narrows the annual folders to a fiscal year and keeps the others", () => {
    const narrowed = folderNodes(tree, "y2026", month);
    expect(narrowed.some((node) => node.folder.name === "2025")).toBe(false);
    expect(narrowed.some((node) => node.folder.name === "2026-03")).toBe(true);
    expect(narrowed.some((node) => node.folder.name === "Juridique")).toBe(true);
  });

  it("tells what is new here from what is new below", () => {
    const achats = find("Achats", "y2026").id;
    const march = tree.folders.find((folder) => folder.parent === achats && folder.month === "2026-03");
    const counted = change(achats, { unread: 5 });
    const both = { ...counted, folders: counted.folders.map((folder) => (folder.id === march?.id ? { ...folder, unread: 3 } : folder)) };
    expect(folderNodes(both, null, month).find((node) => node.id === achats)?.unread).toEqual({ own: 2, below: 3 });
  });

  it("names a place by what tells it from others", () => {
    const march = nodes.find((node) => node.folder.month === "2026-03" && trail(nodes, node.id).some((step) => step.label === "Achats"));
    expect(shortPlace(nodes, march?.id ?? "")).toBe("Achats › mars 2026");
    expect(crumbs(nodes, march?.id ?? "").map((step) => step.label)).toEqual(["2026", "Achats", "mars 2026"]);
    expect(shortPlace(nodes, find("02 Dossier annuel").id)).toBe("02 Dossier annuel");
  });

  it("opens on the last folder seen, else on what is new, else on the first that takes documents", () => {
    const banque = find("Banque", "y2026").id;
    expect(firstFolder(nodes, banque)).toBe(banque);
    const withNew = folderNodes(change(banque, { unread: 1 }), null, month);
    expect(firstFolder(withNew, "gone")).toBe(banque);
    expect(firstFolder(nodes, null)).toBe(find("Juridique").id);
    expect(firstFolder([], null)).toBeNull();
  });
});

describe("another fiscal year", () => {
  it("goes to the same month of the same directory", () => {
    const march = nodes.find((node) => node.folder.month === "2026-03" && trail(nodes, node.id).some((step) => step.label === "Ventes"));
    const there = nodes.find((node) => node.id === counterpart(nodes, march?.id ?? "", "y2025"));
    expect(there?.label).toBe("mars 2025");
    expect(shortPlace(nodes, there?.id ?? "")).toBe("Ventes › mars 2025");
  });

  it("stays in a folder that belongs to no year", () => {
    const juridique = find("Juridique").id;
    expect(counterpart(nodes, juridique, "y2025")).toBe(juridique);
  });

  it("stops at the nearest folder that both years have", () => {
    const own: TreeView = {
      ...tree,
      folders: [
        ...tree.folders,
        { id: "own", parent: find("Révision", "y2026").id, name: "Notes de Claire", theme: "interne", month: null, fiscal_year: "y2026", fixed: false, unread: 0, documents: 0 },
      ],
    };
    const all = folderNodes(own, null, month);
    expect(counterpart(all, "own", "y2025")).toBe(find("Révision", "y2025").id);
  });
});

describe("where things may go", () => {
  const achats = find("Achats", "y2026").id;
  it("refuses containers, the place itself, and a folder into itself", () => {
    expect(moveRefusal(nodes, { parents: [achats], folders: [] }, find("01 Dossier permanent").id)).toBe("container");
    expect(moveRefusal(nodes, { parents: [achats, achats], folders: [] }, achats)).toBe("here_already");
    const child = nodes.find((node) => node.parent === achats)?.id ?? "";
    expect(moveRefusal(nodes, { parents: [find("2026").id], folders: [achats] }, child)).toBe("into_itself");
  });

  it("takes the rest", () => {
    expect(moveRefusal(nodes, { parents: [achats], folders: [] }, find("Juridique").id)).toBeNull();
  });
});
