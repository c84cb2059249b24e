/**
 * Sizes of panes side by side. One pane takes what the others leave; the others keep the width they were given, and a
 * pane that has no room is narrowed, the last first. Pure.
 */

export interface PaneSpec {
  /** Identity, also in what is kept. */
  id: string;
  /** Smallest width, in pixels. */
  min: number;
  /** Width before anybody chose one, in pixels. */
  initial: number;
  /** The pane takes what is left; its `initial` does not count. */
  fills?: boolean;
  /** The pane can be put away. */
  collapsible?: boolean;
}

export interface PaneState {
  width: number;
  collapsed: boolean;
}

export type Layout = Record<string, PaneState>;

/** The layout kept, completed and put within bounds. What is not a layout gives the initial one. */
export function restored(panes: readonly PaneSpec[], kept: unknown): Layout {
  const known: Record<string, unknown> = typeof kept === "object" && kept !== null ? { ...kept } : {};
  const layout: Layout = {};
  for (const pane of panes) {
    const state = known[pane.id] as Partial<PaneState> | undefined;
    const width = typeof state?.width === "number" && Number.isFinite(state.width) ? state.width : pane.initial;
    layout[pane.id] = { width: Math.max(pane.min, width), collapsed: pane.collapsible === true && state?.collapsed === true };
  }
  return layout;
}

/** The widths that show in `total` pixels. */
export function widths(panes: readonly PaneSpec[], layout: Layout, total: number): Record<string, number> {
  const shown: Record<string, number> = {};
  for (const pane of panes) {
    const state = layout[pane.id];
    if (pane.fills) shown[pane.id] = pane.min;
    else shown[pane.id] = state === undefined || state.collapsed ? 0 : Math.max(pane.min, state.width);
  }
  const taken = () => Object.values(shown).reduce((sum, width) => sum + width, 0);
  for (const pane of panes.toReversed()) {
    const over = taken() - total;
    const width = shown[pane.id] ?? 0;
    if (over > 0 && !pane.fills && width > 0) shown[pane.id] = Math.max(pane.min, width - over);
  }
  const filling = panes.find((pane) => pane.fills);
  if (filling) shown[filling.id] = Math.max(filling.min, total - (taken() - filling.min));
  return shown;
}
