/**
 * A tree for the keyboard and the pointer: `role="tree"`, one tab stop, type-ahead, only the lines on screen in the
 * page. What is open and selected belongs to the caller, who keeps it from one visit to the next.
 */
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useMemo, useRef } from "react";
import { findTyped, goesOn, isLetter, NOTHING_TYPED, typeLetter } from "../grid/typeAhead";
import { flatten, type TreeLine, type TreeNode, treeStep } from "./flatten";
import styles from "./tree.module.css";

/** Height of a line, in pixels. */
const LINE_HEIGHT = 28;

/** What a level adds, in pixels. */
const INDENT = 12;

export interface TreeProps<Node extends TreeNode> {
  /** Name for screen readers. */
  label: string;
  nodes: readonly Node[];
  expanded: ReadonlySet<string>;
  onExpand: (id: string, open: boolean) => void;
  selected: string | null;
  onSelect: (id: string) => void;
  /** Enter, or a double click on a leaf. */
  onOpen?: (id: string) => void;
  /** F2, Del, Ctrl X… on the selected line. */
  onKey?: (node: Node, event: KeyboardEvent) => void;
  onContextMenu?: (node: Node | null, point: { x: number; y: number }) => void;
  onLinePointerDown?: (node: Node, event: PointerEvent<HTMLElement>) => void;
  /** The content of a line: icon, label, badge. */
  renderLine: (line: TreeLine<Node>) => ReactNode;
  lineProps?: (node: Node) => Record<`data-${string}`, string | undefined>;
  /** Name of the button that opens or closes a line, for screen readers. */
  toggleLabel: string;
}

export function Tree<Node extends TreeNode>(props: TreeProps<Node>) {
  const { nodes, expanded, selected } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const typed = useRef(NOTHING_TYPED);
  const wantsFocus = useRef(false);
  const lines = useMemo(() => flatten(nodes, expanded), [nodes, expanded]);
  const at = lines.findIndex((line) => line.node.id === selected);
  const tabStop = Math.max(at, 0);

  // The virtualizer answers anew at each call: nothing here may be memoized for us.
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: 16,
    getItemKey: (index) => lines[index]?.node.id ?? index,
    rangeExtractor: (range) => {
      const indexes = defaultRangeExtractor(range);
      // The line that has the keyboard stays in the page when it is scrolled away.
      if (tabStop < lines.length && !indexes.includes(tabStop)) indexes.push(tabStop);
      return indexes.toSorted((a, b) => a - b);
    },
  });

  // A folder reached otherwise than by this tree (the palette, a link) is brought on screen.
  useEffect(() => {
    if (at >= 0) virtualizer.scrollToIndex(at);
    if (wantsFocus.current) {
      wantsFocus.current = false;
      scroller.current?.querySelector<HTMLElement>('[role="treeitem"][tabindex="0"]')?.focus({ preventScroll: true });
    }
    // The lines alone may change (a folder opens above): the eye stays where it is then.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [selected]);

  const goTo = (index: number) => {
    const line = lines[index];
    if (line === undefined) return;
    wantsFocus.current = true;
    props.onSelect(line.node.id);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if ((event.target as HTMLElement).closest("input, textarea")) return;
    const line = lines[at];
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
    const step = plain ? treeStep(lines, at, event.key) : null;
    if (goesOn(typed.current, event, event.timeStamp)) {
      jumpTo(event);
    } else if (step !== null) {
      event.preventDefault();
      if (step.kind === "go") goTo(step.index);
      else if (line !== undefined) props.onExpand(line.node.id, step.kind === "expand");
    } else if (plain && event.key === "Enter" && line !== undefined) {
      event.preventDefault();
      props.onOpen?.(line.node.id);
    } else if (event.key === "ContextMenu" || (event.shiftKey && event.key === "F10")) {
      event.preventDefault();
      const box = (event.target as HTMLElement).getBoundingClientRect();
      props.onContextMenu?.(line?.node ?? null, { x: box.left + 24, y: box.bottom });
    } else if (line !== undefined) {
      props.onKey?.(line.node, event);
      if (!event.defaultPrevented && isLetter(event)) jumpTo(event);
    }
  };
  const jumpTo = (event: KeyboardEvent) => {
    event.preventDefault();
    typed.current = typeLetter(typed.current, event.key, event.timeStamp);
    goTo(findTyped(typed.current.typed, at, lines.map((each) => each.node.label)));
  };

  return (
    <div
      ref={scroller}
      className={styles.tree}
      role="tree"
      aria-label={props.label}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      onContextMenu={(event) => {
        event.preventDefault();
        props.onContextMenu?.(null, { x: event.clientX, y: event.clientY });
      }}
    >
      <div className={styles.body} role="none" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const line = lines[item.index];
          if (line === undefined) return null;
          const { node } = line;
          return (
            // Keys are heard by the tree, which has one tab stop for all lines.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
            <div
              key={node.id}
              role="treeitem"
              className={styles.line}
              aria-level={line.level}
              aria-posinset={line.position}
              aria-setsize={line.brothers}
              aria-expanded={line.expanded ?? undefined}
              aria-selected={node.id === selected}
              tabIndex={item.index === tabStop ? 0 : -1}
              style={{ transform: `translateY(${item.start}px)`, paddingInlineStart: 4 + (line.level - 1) * INDENT }}
              {...props.lineProps?.(node)}
              onPointerDown={(event) => {
                if (event.button === 0) props.onLinePointerDown?.(node, event);
              }}
              onClick={() => goTo(item.index)}
              onDoubleClick={() => {
                if (line.expanded !== null) props.onExpand(node.id, !line.expanded);
                else props.onOpen?.(node.id);
              }}
              onContextMenu={(event) => {
                event.preventDefault();
                event.stopPropagation();
                props.onContextMenu?.(node, { x: event.clientX, y: event.clientY });
              }}
            >
              {line.expanded === null ? (
                <span className={styles.noToggle} />
              ) : (
                <span
                  className={styles.toggle}
                  data-open={line.expanded}
                  title={props.toggleLabel}
                  aria-hidden="true"
                  onPointerDown={(event) => event.stopPropagation()}
                  onDoubleClick={(event) => event.stopPropagation()}
                  onClick={(event) => {
                    event.stopPropagation();
                    props.onExpand(node.id, !line.expanded);
                  }}
                >
                  <svg width="10" height="10" viewBox="0 0 10 10">
                    <path d="M3.5 2 6.5 5 3.5 8" fill="none" stroke="currentColor" strokeWidth="1.4" />
                  </svg>
                </span>
              )}
              {props.renderLine(line)}
            </div>
          );
        })}
      </div>
    </div>
  );
}
