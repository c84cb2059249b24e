/**
 * Panes side by side, with separators for the pointer and the keyboard (`role="separator"`: arrows, Home, End, Enter
 * puts away). Sizes are kept in the page's storage: they are a habit of this workstation, not data of the firm.
 */
import { Fragment, type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import { type Layout, type PaneSpec, restored, widths } from "./sizes";
import styles from "./split.module.css";

/** Width of a separator, in pixels. */
const SEPARATOR = 1;
/** One arrow, in pixels. */
const STEP = 16;

export interface PaneContent extends PaneSpec {
  /** Name of the separator that resizes the pane, for screen readers. */
  separatorLabel?: string;
  content: ReactNode;
}

export interface SplitLayout {
  layout: Layout;
  setWidth: (id: string, width: number) => void;
  setCollapsed: (id: string, collapsed: boolean) => void;
}

/** The sizes of panes, kept under `storageKey`. */
export function useSplitLayout(storageKey: string, panes: readonly PaneSpec[]): SplitLayout {
  const [layout, setLayout] = useState(() => restored(panes, parsed(localStorage.getItem(storageKey))));
  useEffect(() => localStorage.setItem(storageKey, JSON.stringify(layout)), [storageKey, layout]);
  const change = (id: string, part: Partial<Layout[string]>) =>
    setLayout((now) => {
      const state = now[id];
      return state === undefined ? now : { ...now, [id]: { ...state, ...part } };
    });
  return {
    layout,
    setWidth: (id, width) => change(id, { width: Math.max(panes.find((pane) => pane.id === id)?.min ?? 0, width), collapsed: false }),
    setCollapsed: (id, collapsed) => change(id, { collapsed }),
  };
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}

export function Split({ panes, state }: { panes: readonly PaneContent[]; state: SplitLayout }) {
  const element = useRef<HTMLDivElement>(null);
  const [total, setTotal] = useState(0);
  useLayoutEffect(() => {
    const box = element.current;
    if (!box) return undefined;
    setTotal(box.clientWidth);
    const observer = new ResizeObserver(() => setTotal(box.clientWidth));
    observer.observe(box);
    return () => observer.disconnect();
  }, []);

  const visible = panes.filter((pane) => state.layout[pane.id]?.collapsed !== true);
  const sizes = widths(panes, state.layout, total - (visible.length - 1) * SEPARATOR);
  const filling = visible.findIndex((pane) => pane.fills);
  const fills = visible[filling];
  if (fills === undefined) throw new Error("BUG: one of the panes fills");

  return (
    <div ref={element} className={styles.split}>
      {visible.map((pane, at) => {
        // A separator resizes the pane on the side away from the one that fills.
        const resized = at <= filling ? visible[at - 1] : pane;
        const sign = at <= filling ? 1 : -1;
        return (
          <Fragment key={pane.id}>
            {at > 0 && resized && (
              <Separator
                label={resized.separatorLabel ?? ""}
                width={sizes[resized.id] ?? 0}
                min={resized.min}
                max={(sizes[resized.id] ?? 0) + (sizes[fills.id] ?? 0) - fills.min}
                sign={sign}
                onWidth={(width) => state.setWidth(resized.id, width)}
                onReset={() => state.setWidth(resized.id, resized.initial)}
                onCollapse={resized.collapsible ? () => state.setCollapsed(resized.id, true) : undefined}
              />
            )}
            <div className={styles.pane} style={{ width: pane.fills ? undefined : sizes[pane.id], flex: pane.fills ? "1 1 0" : "none", minWidth: pane.min }}>
              {pane.content}
            </div>
          </Fragment>
        );
      })}
    </div>
  );
}

interface SeparatorProps {
  label: string;
  width: number;
  min: number;
  max: number;
  /** 1 where the pane is before the separator, -1 after. */
  sign: 1 | -1;
  onWidth: (width: number) => void;
  onReset: () => void;
  onCollapse: (() => void) | undefined;
}

function Separator({ label, width, min, max, sign, onWidth, onReset, onCollapse }: SeparatorProps) {
  const start = useRef<{ x: number; width: number } | null>(null);

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    event.currentTarget.focus();
    start.current = { x: event.clientX, width };
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (start.current === null) return;
    const wanted = start.current.width + sign * (event.clientX - start.current.x);
    // Well below the smallest width, the hand is putting the pane away.
    if (onCollapse && wanted < min / 2) {
      start.current = null;
      onCollapse();
    } else onWidth(Math.min(wanted, max));
  };
  const end = () => {
    start.current = null;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const wanted = { ArrowLeft: width - sign * STEP, ArrowRight: width + sign * STEP, Home: min, End: max }[event.key];
    if (wanted !== undefined) onWidth(Math.min(wanted, max));
    else if (event.key === "Enter" && onCollapse) onCollapse();
    else return;
    event.preventDefault();
  };

  return (
    // A focusable separator is a widget by ARIA, whatever the linter knows of it.
    <div
      className={styles.separator}
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={Math.round(width)}
      aria-valuemin={min}
      aria-valuemax={Math.round(max)}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={end}
      onPointerCancel={end}
      onDoubleClick={onReset}
      onKeyDown={onKeyDown}
    />
  );
}
