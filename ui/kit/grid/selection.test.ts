import { describe, expect, it } from "vitest";
import { destination, NOTHING_SELECTED, pruned, rangeOf, select, type Selection } from "./selection";

const names = ["a", "b", "c", "d", "e", "f"];
const only = (index: number) => select(NOTHING_SELECTED, { kind: "only", index, id: names[index] ?? "" });
const range = (selection: Selection, index: number, additive = false) => {
  const { first, last } = rangeOf(selection, index);
  return select(selection, { kind: "range", index, ids: names.slice(first, last + 1), additive });
};
const picked = (selection: Selection) => [...selection.ids].toSorted().join("");

describe("selection as in Explorer", () => {
  it("a click leaves one line", () => {
    expect(picked(select(only(1), { kind: "only", index: 4, id: "e" }))).toBe("e");
  });

  it("Shift extends from the anchor, and back over it", () => {
    const down = range(only(2), 4);
    expect(picked(down)).toBe("cde");
    const up = range(down, 0);
    expect(picked(up), "the anchor stays where the first click was").toBe("abc");
    expect(up.active).toBe(0);
  });

  it("Ctrl takes one line in and out, and moves the anchor", () => {
    const two = select(only(1), { kind: "toggle", index: 4, id: "e" });
    expect(picked(two)).toBe("be");
    expect(picked(select(two, { kind: "toggle", index: 1, id: "b" }))).toBe("e");
    expect(picked(range(two, 5)), "Shift now counts from the toggled line").toBe("ef");
  });

  it("Ctrl Shift adds a range to what is selected", () => {
    const far = select(only(0), { kind: "toggle", index: 3, id: "d" });
    expect(picked(range(far, 4, true))).toBe("ade");
  });

  it("Ctrl with an arrow moves the keyboard and leaves the selection", () => {
    const moved = select(only(1), { kind: "move", index: 3 });
    expect(picked(moved)).toBe("b");
    expect(moved.active).toBe(3);
    expect(moved.anchor).toBe(1);
  });

  it("a context menu keeps a selection it is opened on, and replaces another", () => {
    const three = range(only(0), 2);
    expect(picked(select(three, { kind: "context", index: 1, id: "b" }))).toBe("abc");
    expect(picked(select(three, { kind: "context", index: 5, id: "f" }))).toBe("f");
  });

  it("a range with no anchor starts at the first line", () => {
    expect(rangeOf(NOTHING_SELECTED, 3)).toEqual({ first: 0, last: 3 });
  });
});

describe("a list that changes under the selection", () => {
  it("keeps the keyboard on a line that moved", () => {
    const moved = pruned(only(1), "b", ["a", "c", "b", "d"]);
    expect(moved.active).toBe(2);
    expect(picked(moved)).toBe("b");
  });

  it("gives the place of a line that left to the next one", () => {
    expect(picked(pruned(only(2), "c", ["a", "b", "d", "e"]))).toBe("d");
  });

  it("gives the last line when the end left", () => {
    const last = pruned(only(5), "f", ["a", "b"]);
    expect(picked(last)).toBe("b");
    expect(last.active).toBe(1);
  });

  it("selects nothing in a list that is empty", () => {
    expect(picked(pruned(only(0), "a", []))).toBe("");
  });

  it("forgets what left a larger selection and keeps the rest", () => {
    expect(picked(pruned(range(only(1), 3), "d", ["a", "b", "d"]))).toBe("bd");
  });

  it("is the same object when nothing changed", () => {
    const selection = only(1);
    expect(pruned(selection, "b", names)).toBe(selection);
  });
});

describe("navigation keys", () => {
  it.each([
    ["ArrowDown", -1, 0],
    ["ArrowDown", 99, 99],
    ["ArrowUp", 0, 0],
    ["ArrowUp", -1, 0],
    ["PageDown", 5, 25],
    ["PageUp", 5, 0],
    ["Home", 50, 0],
    ["End", -1, 99],
  ])("%s from line %i goes to line %i", (key, active, expected) => {
    expect(destination(key, active, 100, 20)).toBe(expected);
  });

  it("leaves other keys and empty lists alone", () => {
    expect(destination("Enter", 0, 100, 20)).toBeNull();
    expect(destination("ArrowDown", -1, 0, 20)).toBeNull();
  });
});
