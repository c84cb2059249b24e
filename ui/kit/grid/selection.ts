/**
 * What is selected in a long list, as Explorer and Finder do it: one anchor, one active line, a set of ids.
 *
 * Pure: the list says what happened, this says what is selected then. Ids, not positions, so that a list sorted again
 * or refreshed keeps its selection. It does not know rows; the list resolves ranges to ids before it asks.
 */

export interface Selection {
  /** Ids selected. */
  ids: ReadonlySet<string>;
  /** Line a range starts from; -1 where none. */
  anchor: number;
  /** Line the keyboard is on; -1 where none. */
  active: number;
}

export type SelectionStep =
  /** A click or an arrow: this line alone. */
  | { kind: "only"; index: number; id: string }
  /** Ctrl-click, Ctrl-Space: this line in or out. */
  | { kind: "toggle"; index: number; id: string }
  /** Shift: from the anchor to this line; `additive` keeps what was selected. */
  | { kind: "range"; index: number; ids: readonly string[]; additive: boolean }
  /** Ctrl-arrow: the keyboard moves, the selection stays. */
  | { kind: "move"; index: number }
  /** Ctrl A. */
  | { kind: "all"; ids: readonly string[] }
  /** Nothing. */
  | { kind: "none" }
  /** A context menu on a line: it alone, unless it is already of the selection. */
  | { kind: "context"; index: number; id: string };

export const NOTHING_SELECTED: Selection = { ids: new Set(), anchor: -1, active: -1 };

export function select(selection: Selection, step: SelectionStep): Selection {
  switch (step.kind) {
    case "only":
      return { ids: new Set([step.id]), anchor: step.index, active: step.index };
    case "toggle": {
      const ids = new Set(selection.ids);
      if (!ids.delete(step.id)) ids.add(step.id);
      return { ids, anchor: step.index, active: step.index };
    }
    case "range": {
      const ids = new Set(step.additive ? selection.ids : []);
      for (const id of step.ids) ids.add(id);
      return { ids, anchor: selection.anchor < 0 ? step.index : selection.anchor, active: step.index };
    }
    case "move":
      return { ...selection, active: step.index };
    case "all":
      return { ids: new Set(step.ids), anchor: selection.anchor, active: selection.active };
    case "none":
      return { ...selection, ids: new Set() };
    case "context":
      return selection.ids.has(step.id)
        ? { ...selection, active: step.index }
        : { ids: new Set([step.id]), anchor: step.index, active: step.index };
  }
}

/**
 * The selection once the list is made of `present`, whole and in order: what left it is no longer selected, and where
 * nothing remains the line that took the place of the last one is. The active line follows its id.
 */
export function pruned(selection: Selection, activeId: string | null, present: readonly string[]): Selection {
  const known = new Set(present);
  const ids = [...selection.ids].filter((id) => known.has(id));
  const moved = activeId === null ? -1 : present.indexOf(activeId);
  const active = moved >= 0 ? moved : Math.min(selection.active, present.length - 1);
  if (ids.length === 0 && selection.ids.size > 0) {
    const next = present[active];
    return { ids: new Set(next === undefined ? [] : [next]), anchor: active, active };
  }
  if (ids.length === selection.ids.size && active === selection.active) return selection;
  return { ids: new Set(ids), anchor: moved >= 0 && selection.anchor === selection.active ? active : selection.anchor, active };
}

/** The lines a range covers: from the anchor (the first line where there is none) to `index`. */
export function rangeOf(selection: Selection, index: number): { first: number; last: number } {
  const anchor = selection.anchor < 0 ? (selection.active < 0 ? 0 : selection.active) : selection.anchor;
  return { first: Math.min(anchor, index), last: Math.max(anchor, index) };
}

/**
 * Where a navigation key leads in a list of `total` lines, `page` lines high; `null` for another key. With nothing
 * active yet, any arrow gives the first line and End the last.
 */
export function destination(key: string, active: number, total: number, page: number): number | null {
  if (total === 0) return null;
  const clamp = (index: number) => Math.max(0, Math.min(total - 1, index));
  switch (key) {
    case "ArrowDown":
      return clamp(active + 1);
    case "ArrowUp":
      return active < 0 ? 0 : clamp(active - 1);
    case "PageDown":
      return clamp(Math.max(active, 0) + page);
    case "PageUp":
      return clamp(active - page);
    case "Home":
      return 0;
    case "End":
      return total - 1;
    default:
      return null;
  }
}
