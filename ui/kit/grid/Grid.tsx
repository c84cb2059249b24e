/**
 * A long list: one `role="grid"`, only the lines on screen in the page, read window by window.
 *
 * Selection and keys are those of Explorer. It knows nothing of what a row is, and never holds the whole list.
 */
import { useVirtualizer, defaultRangeExtractor } from "@tanstack/react-virtual";
import {
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type Ref,
} from "react";

import styles from "./grid.module.css";
import { type Column, GridRow, type Hand, isControl } from "./GridRow";
import { destination, rangeOf, select, type Selection } from "./selection";
import { findTyped, goesOn, isLetter, NOTHING_TYPED, typeLetter } from "./typeAhead";

/** Height of a row and of the header, in pixels. */
export const ROW_HEIGHT = 32;

export type { Column } from "./GridRow";

export interface GridHandle {
  /** Gives the keyboard to the active line. */
  focus: () => void;
  /** Brings a line on screen. */
  reveal: (index: number) => void;
}

export interface GridProps<Row> {
  /** Name for screen readers. */
  label: string;
  columns: readonly Column<Row>[];
  total: number;
  rowAt: (index: number) => Row | undefined;
  rowId: (row: Row) => string;
  /** What type-ahead reads. */
  rowLabel: (row: Row) => string;
  /** Rows of a range, read where they are not known. */
  rowsBetween: (first: number, last: number) => Promise<readonly Row[]>;
  onShow: (first: number, last: number) => void;
  selection: Selection;
  onSelection: (selection: Selection) => void;
  sort?: { key: string; descending: boolean };
  onSort?: (key: string) => void;
  onOpen?: (row: Row) => void;
  /** Keys that neither move nor select: F2, Del, Space… */
  onKey?: (event: KeyboardEvent) => void;
  onContextMenu?: (row: Row | undefined, point: { x: number; y: number }) => void;
  /** The pointer went down on a row, after selection: where a drag may begin. */
  onRowPointerDown?: (row: Row, event: PointerEvent<HTMLElement>) => void;
  /** More of a row's attributes, such as a drop target's. */
  rowProps?: (row: Row) => Record<`data-${string}`, string | undefined>;
  handle?: Ref<GridHandle>;
}

/**
 * A long list: one `role="grid"`, only the lines on screen in the page, read window by window.
 *
 * Selection and keys are those of Explorer. It knows nothing of what a row is, and never holds the whole list.
 */
export function Grid<Row>(props: GridProps<Row>) {
  const { columns, total, rowAt, rowId, selection, onSelection, rowsBetween, onShow } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const typed = useRef(NOTHING_TYPED);
  const wantsFocus = useRef(false);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    setWidth(element.clientWidth);
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const active = Math.min(selection.active, total - 1);
  // The virtualizer answers anew at each call: nothing here may be memoized for us.
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    scrollMargin: ROW_HEIGHT,
    scrollPaddingStart: ROW_HEIGHT,
    rangeExtractor: (range) => {
      const indexes = defaultRangeExtractor(range);
      // The line that has the keyboard stays in the page, or the focus would fall to the window when it scrolls away.
      if (active >= 0 && !indexes.includes(active)) indexes.push(active);
      return indexes.toSorted((a, b) => a - b);
    },
  });
  const lines = virtualizer.getVirtualItems();
  const visible = virtualizer.range;
  const firstShown = visible?.startIndex ?? 0;
  const lastShown = visible?.endIndex ?? 0;
  useEffect(() => onShow(firstShown, lastShown), [onShow, firstShown, lastShown]);

  const shownColumns = useMemo(
    () => columns.filter((column) => column.hideBelow === undefined || width === 0 || width >= column.hideBelow),
    [columns, width],
  );
  const template = shownColumns.map((column) => column.track).join(" ");

  const focusActive = useCallback(() => {
    // A field open in a line keeps the keyboard.
    if (scroller.current?.querySelector("input:focus, textarea:focus")) return;
    const row = scroller.current?.querySelector<HTMLElement>('[role="row"][tabindex="0"]');
    row?.focus({ preventScroll: true });
  }, []);
  const reveal = useCallback((index: number) => virtualizer.scrollToIndex(index), [virtualizer]);
  useImperativeHandle(props.handle, () => ({ focus: focusActive, reveal }), [focusActive, reveal]);

  useEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    focusActive();
  });

  const idsBetween = useCallback(
    async (first: number, last: number) => {
      const known: string[] = [];
      for (let index = first; index <= last; index++) {
        const row = rowAt(index);
        if (row === undefined) return (await rowsBetween(first, last)).map(rowId);
        known.push(rowId(row));
      }
      return known;
    },
    [rowAt, rowsBetween, rowId],
  );

  const goTo = useCallback(
    async (index: number, how: { shift: boolean; control: boolean }) => {
      virtualizer.scrollToIndex(index);
      wantsFocus.current = true;
      if (how.shift) {
        const range = rangeOf(selection, index);
        const ids = await idsBetween(range.first, range.last);
        onSelection(select(selection, { kind: "range", index, ids, additive: how.control }));
      } else if (how.control) {
        onSelection(select(selection, { kind: "move", index }));
      } else {
        const [row] = rowAt(index) === undefined ? await rowsBetween(index, index) : [rowAt(index)];
        if (row !== undefined) onSelection(select(selection, { kind: "only", index, id: rowId(row) }));
      }
    },
    [virtualizer, selection, idsBetween, onSelection, rowAt, rowsBetween, rowId],
  );

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if ((event.target as HTMLElement).closest("input, textarea, select, [contenteditable]")) return;
    const control = event.ctrlKey || event.metaKey;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 320) / ROW_HEIGHT) - 2);
    const next = event.altKey ? null : destination(event.key, active, total, page);
    const row = active >= 0 ? rowAt(active) : undefined;
    if (goesOn(typed.current, event, event.timeStamp)) {
      jumpTo(event);
    } else if (next !== null) {
      event.preventDefault();
      void goTo(next, { shift: event.shiftKey, control });
    } else if (control && event.key.toLowerCase() === "a" && !event.shiftKey) {
      event.preventDefault();
      void idsBetween(0, total - 1).then((ids) => onSelection(select(selection, { kind: "all", ids })));
    } else if (control && event.key === " " && row !== undefined) {
      event.preventDefault();
      onSelection(select(selection, { kind: "toggle", index: active, id: rowId(row) }));
    } else if (event.key === "Enter" && !control && !event.altKey && row !== undefined && props.onOpen) {
      event.preventDefault();
      props.onOpen(row);
    } else if (isContextKey(event)) {
      event.preventDefault();
      const box = (scroller.current?.querySelector('[role="row"][tabindex="0"]') ?? scroller.current)?.getBoundingClientRect();
      props.onContextMenu?.(row, { x: (box?.left ?? 0) + 24, y: box?.bottom ?? 0 });
    } else {
      props.onKey?.(event);
      if (!event.isPropagationStopped() && !event.defaultPrevented && isLetter(event)) jumpTo(event);
    }
  };

  const jumpTo = (event: KeyboardEvent) => {
    event.preventDefault();
    typed.current = typeLetter(typed.current, event.key, event.timeStamp);
    const word = typed.current.typed;
    void rowsBetween(0, total - 1).then((rows) => {
      const index = findTyped(word, active, rows.map(props.rowLabel));
      return index < 0 ? undefined : goTo(index, { shift: false, control: false });
    });
  };

  const onRowPointerDown = (index: number, row: Row, event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0 || isControl(event.target)) return;
    const control = event.ctrlKey || event.metaKey;
    const id = rowId(row);
    wantsFocus.current = true;
    if (event.shiftKey) {
      const range = rangeOf(selection, index);
      void idsBetween(range.first, range.last).then((ids) =>
        onSelection(select(selection, { kind: "range", index, ids, additive: control })),
      );
    } else if (control) {
      onSelection(select(selection, { kind: "toggle", index, id }));
    } else if (!selection.ids.has(id)) {
      onSelection(select(selection, { kind: "only", index, id }));
    }
    props.onRowPointerDown?.(row, event);
  };

  // A press on a line that is already selected may begin a drag of the whole selection: only a click reduces it.
  const onRowClick = (index: number, row: Row, event: MouseEvent<HTMLElement>) => {
    if (event.shiftKey || event.ctrlKey || event.metaKey || isControl(event.target)) return;
    wantsFocus.current = true;
    onSelection(select(selection, { kind: "only", index, id: rowId(row) }));
    focusActive();
  };

  const onContextMenu = (index: number, row: Row, event: MouseEvent) => {
    event.preventDefault();
    event.stopPropagation();
    onSelection(select(selection, { kind: "context", index, id: rowId(row) }));
    props.onContextMenu?.(row, { x: event.clientX, y: event.clientY });
  };

  // Lines are drawn again only when they change: what they call goes through one object that never does.
  const hand = useRef<Hand<Row>>({ onPress: onRowPointerDown, onClick: onRowClick, onMenu: onContextMenu, onOpen: props.onOpen });
  useLayoutEffect(() => {
    hand.current = { onPress: onRowPointerDown, onClick: onRowClick, onMenu: onContextMenu, onOpen: props.onOpen };
  });

  return (
    <div
      ref={scroller}
      className={styles.grid}
      role="grid"
      aria-label={props.label}
      aria-rowcount={total + 1}
      aria-colcount={shownColumns.length}
      aria-multiselectable
      // With no line to hold it, the list itself takes the keyboard.
      tabIndex={active < 0 ? 0 : -1}
      onKeyDown={onKeyDown}
      onContextMenu={(event) => {
        event.preventDefault();
        props.onContextMenu?.(undefined, { x: event.clientX, y: event.clientY });
      }}
      onPointerDown={(event) => {
        const inRow = (event.target as HTMLElement).closest('[role="row"]');
        if (!inRow && event.button === 0) onSelection(select(selection, { kind: "none" }));
      }}
    >
      <div className={styles.head} role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
        {shownColumns.map((column) => (
          <div
            key={column.key}
            role="columnheader"
            className={styles.headCell}
            data-align={column.align}
            aria-sort={ariaSort(column, props.sort)}
          >
            {column.sortable && props.onSort ? (
              <button type="button" tabIndex={-1} title={column.label} onClick={() => props.onSort?.(column.key)}>
                {column.head ?? column.label}
                {props.sort?.key === column.key && <SortArrow descending={props.sort.descending} />}
              </button>
            ) : (
              <span title={column.label}>
                {column.head}
                <span className={column.head ? "visually-hidden" : undefined}>{column.label}</span>
              </span>
            )}
          </div>
        ))}
      </div>
      <div className={styles.body} role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
        {lines.map((line) => {
          const row = rowAt(line.index);
          const id = row === undefined ? undefined : rowId(row);
          const isSelected = id !== undefined && selection.ids.has(id);
          return (
            <GridRow
              key={id ?? `line ${line.index}`}
              index={line.index}
              top={line.start - ROW_HEIGHT}
              row={row}
              columns={shownColumns}
              template={template}
              isSelected={isSelected}
              isAlone={isSelected && selection.ids.size === 1}
              isActive={line.index === active}
              rowProps={props.rowProps}
              hand={hand}
            />
          );
        })}
      </div>
    </div>
  );
}

function isContextKey(event: KeyboardEvent): boolean {
  return event.key === "ContextMenu" || (event.shiftKey && event.key === "F10");
}

function ariaSort<Row>(column: Column<Row>, sort: { key: string; descending: boolean } | undefined) {
  if (!column.sortable) return undefined;
  if (sort?.key !== column.key) return "none" as const;
  return sort.descending ? ("descending" as const) : ("ascending" as const);
}

function SortArrow({ descending }: { descending: boolean }) {
  return (
    <svg width="8" height="8" viewBox="0 0 8 8" aria-hidden="true" className={styles.arrow}>
      <path d={descending ? "M1 2.5 4 5.5 7 2.5" : "M1 5.5 4 2.5 7 5.5"} fill="none" stroke="currentColor" strokeWidth="1.4" />
    </svg>
  );
}
