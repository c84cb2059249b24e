/** One line of a grid. Drawn again only when something of it changes, so that scrolling draws the new lines alone. */
import { memo, type MouseEvent, type PointerEvent, type ReactNode, type RefObject } from "react";
import styles from "./grid.module.css";

export interface Column<Row> {
  /** Identity; also what is handed to `onSort`. */
  key: string;
  /** Header, and name for screen readers. */
  label: string;
  /** What the header shows where it is not the label (an icon). */
  head?: ReactNode;
  /** Track of the CSS grid: `112px`, `minmax(160px, 1fr)`. */
  track: string;
  /** The column is left out where the list is narrower than this many pixels. */
  hideBelow?: number;
  sortable?: boolean;
  align?: "start" | "center" | "end";
  cell: (row: Row) => ReactNode;
}

/** What a line tells the grid. */
export interface Hand<Row> {
  onPress: (index: number, row: Row, event: PointerEvent<HTMLElement>) => void;
  onClick: (index: number, row: Row, event: MouseEvent<HTMLElement>) => void;
  onMenu: (index: number, row: Row, event: MouseEvent) => void;
  onOpen: ((row: Row) => void) | undefined;
}

export interface GridRowProps<Row> {
  /** From 0. */
  index: number;
  /** Below the header, in pixels. */
  top: number;
  /** `undefined` until its window is read. */
  row: Row | undefined;
  columns: readonly Column<Row>[];
  template: string;
  isSelected: boolean;
  /** The only line selected. */
  isAlone: boolean;
  /** The line that has the keyboard. */
  isActive: boolean;
  rowProps: ((row: Row) => Record<`data-${string}`, string | undefined>) | undefined;
  hand: RefObject<Hand<Row>>;
}

function Line<Row>({ index, top, row, columns, template, isSelected, isAlone, isActive, rowProps, hand }: GridRowProps<Row>) {
  const live =
    row === undefined
      ? {}
      : {
          ...rowProps?.(row),
          onPointerDown: (event: PointerEvent<HTMLElement>) => hand.current.onPress(index, row, event),
          onClick: (event: MouseEvent<HTMLElement>) => hand.current.onClick(index, row, event),
          onDoubleClick: (event: MouseEvent) => {
            if (!isControl(event.target)) hand.current.onOpen?.(row);
          },
          onContextMenu: (event: MouseEvent) => hand.current.onMenu(index, row, event),
        };
  return (
    <div
      role="row"
      className={styles.row}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      data-alone={isAlone || undefined}
      tabIndex={isActive ? 0 : -1}
      style={{ transform: `translateY(${top}px)`, gridTemplateColumns: template }}
      {...live}
    >
      {row !== undefined &&
        columns.map((column) => (
          <div key={column.key} role="gridcell" className={styles.cell} data-align={column.align}>
            {column.cell(row)}
          </div>
        ))}
    </div>
  );
}

export const GridRow = memo(Line) as typeof Line;

/** A control inside a line has its own pointer and keys. */
export function isControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest("button, a, input, textarea, select") !== null;
}
