import { describe, expect, it } from "vitest";
import { ancestors, flatten, treeStep } from "./flatten";

const node = (id: string, parent: string | null) => ({ id, parent, label: id });
const nodes = [node("annual", null), node("2026", "annual"), node("Achats", "2026"), node("Ventes", "2026"), node("inbox", null)];
const shown = (...open: string[]) => flatten(nodes, new Set(open));
const labels = (...open: string[]) => shown(...open).map((line) => line.node.id);

describe("a tree as lines", () => {
  it("shows what is open and nothing else", () => {
    expect(labels()).toEqual(["annual", "inbox"]);
    expect(labels("annual", "2026")).toEqual(["annual", "2026", "Achats", "Ventes", "inbox"]);
    expect(labels("2026"), "open inside a closed one stays hidden").toEqual(["annual", "inbox"]);
  });

  it("says level, place and brothers to those who do not see", () => {
    const [, , achats, ventes] = shown("annual", "2026");
    expect(achats).toMatchObject({ level: 3, position: 1, brothers: 2, expanded: null });
    expect(ventes).toMatchObject({ position: 2 });
  });

  it("shows at the top a folder whose parent is out of sight", () => {
    expect(flatten([node("lost", "elsewhere")], new Set())).toHaveLength(1);
  });

  it("gives the folders above, nearest first", () => {
    expect(ancestors(nodes, "Achats")).toEqual(["2026", "annual"]);
  });
});

describe("keys of a tree", () => {
  const lines = shown("annual");
  it.each([
    ["ArrowDown", 0, { kind: "go", index: 1 }],
    ["ArrowUp", 0, null],
    ["ArrowRight", 0, { kind: "go", index: 1 }],
    ["ArrowRight", 1, { kind: "expand", index: 1 }],
    ["ArrowLeft", 0, { kind: "collapse", index: 0 }],
    ["ArrowLeft", 1, { kind: "go", index: 0 }],
    ["ArrowRight", 2, null],
    ["End", 0, { kind: "go", index: 2 }],
    ["a", 0, null],
  ])("%s on line %i", (key, at, expected) => {
    expect(treeStep(lines, at, key)).toEqual(expected);
  });

  it("starts at the first line when none is chosen", () => {
    expect(treeStep(lines, -1, "ArrowDown")).toEqual({ kind: "go", index: 0 });
  });
});
