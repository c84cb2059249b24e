import { describe, expect, it } from "vitest";
import { type PaneSpec, restored, widths } from "./sizes";

const panes: PaneSpec[] = [
  { id: "tree", min: 150, initial: 240, collapsible: true },
  { id: "list", min: 260, initial: 0, fills: true },
  { id: "detail", min: 280, initial: 340, collapsible: true },
];

describe("sizes of panes", () => {
  it("gives what is left to the pane that fills", () => {
    expect(widths(panes, restored(panes, null), 1100)).toEqual({ tree: 240, list: 520, detail: 340 });
  });

  it("narrows the last pane first, then the others, never below their least", () => {
    expect(widths(panes, restored(panes, null), 800)).toEqual({ tree: 240, list: 260, detail: 300 });
    expect(widths(panes, restored(panes, null), 720)).toEqual({ tree: 180, list: 260, detail: 280 });
  });

  it("gives the room of a pane put away", () => {
    const layout = restored(panes, { detail: { width: 400, collapsed: true } });
    expect(widths(panes, layout, 1100)).toEqual({ tree: 240, list: 860, detail: 0 });
  });

  it("reads what was kept with suspicion", () => {
    expect(restored(panes, "nonsense").tree).toEqual({ width: 240, collapsed: false });
    expect(restored(panes, { tree: { width: 3 } }).tree?.width, "not below the least").toBe(150);
    expect(restored(panes, { list: { width: 9, collapsed: true } }).list?.collapsed, "the list cannot be put away").toBe(false);
  });
});
