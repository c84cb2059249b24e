/**
 * Dragging documents and folders inside the window, and out of it.
 *
 * Made of pointer events rather than HTML drag and drop: the page's own drags must not look like files from outside, and
 * the window's native handler eats HTML ones on some systems. When the hand leaves the window the system takes over.
 */
import { type PointerEvent as ReactPointerEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { DocumentRow, FolderView, NodeId } from "../../protocol/protocol";
import { type FolderNode, moveRefusal } from "./folders";

/** The hand moves this many pixels before a press becomes a drag: the value of Windows. */
const THRESHOLD = 5;
/** A folded folder opens when one waits on it this long, in milliseconds. */
const SPRING = 650;
/** Near the edge of the tree, it scrolls by this many pixels a frame. */
const SCROLL_EDGE = 28;
const SCROLL_STEP = 9;

export interface Load {
  documents: readonly DocumentRow[];
  folders: readonly FolderView[];
}

export interface Drag {
  load: Load;
  /** The folder under the hand. */
  over: NodeId | null;
  /** Why it cannot take the load; `null` where it can. */
  refusal: ReturnType<typeof moveRefusal>;
}

export interface DragOptions {
  nodes: readonly FolderNode[];
  onDrop: (load: Load, folder: NodeId) => void;
  /** The hand waits on a folder. */
  onSpring: (folder: NodeId) => void;
  /** The hand leaves the window with documents; absent where the host cannot take them out. */
  onLeave: ((documents: readonly DocumentRow[]) => void) | null;
}

/** What a load is for the rule that says where it may go. */
export function moved(load: Load) {
  return {
    parents: [...load.documents, ...load.folders].map((node) => node.parent),
    folders: load.folders.map((folder) => folder.id),
  };
}

export function useDrag(options: DragOptions) {
  const [drag, setDrag] = useState<Drag | null>(null);
  const ghost = useRef<HTMLDivElement>(null);
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  const stop = useRef<(() => void) | null>(null);
  useEffect(() => () => stop.current?.(), []);

  const begin = useCallback((load: () => Load, event: ReactPointerEvent<HTMLElement>) => {
    stop.current?.();
    const start = { x: event.clientX, y: event.clientY };
    const surface = event.currentTarget.closest<HTMLElement>('[role="grid"], [role="tree"]') ?? event.currentTarget;
    const { pointerId } = event;
    let carried: Load | null = null;
    let over: NodeId | null = null;
    let spring: ReturnType<typeof setTimeout> | undefined;
    let frame = 0;
    let at = start;

    const end = () => {
      clearTimeout(spring);
      cancelAnimationFrame(frame);
      window.removeEventListener("pointermove", onMove);
      window.removeEventListener("pointerup", onUp);
      window.removeEventListener("pointercancel", end);
      window.removeEventListener("keydown", onKey, true);
      if (surface.hasPointerCapture?.(pointerId)) surface.releasePointerCapture(pointerId);
      stop.current = null;
      setDrag(null);
    };
    const refusalOf = (folder: NodeId) => moveRefusal(latest.current.nodes, moved(carried ?? { documents: [], folders: [] }), folder);
    const hover = () => {
      const under = document.elementFromPoint(at.x, at.y)?.closest<HTMLElement>("[data-folder]")?.dataset.folder ?? null;
      if (under === over || carried === null) return;
      over = under;
      clearTimeout(spring);
      if (under !== null) spring = setTimeout(() => latest.current.onSpring(under), SPRING);
      setDrag({ load: carried, over: under, refusal: under === null ? null : refusalOf(under) });
    };
    const scroll = () => {
      const tree = document.elementFromPoint(at.x, at.y)?.closest<HTMLElement>('[role="tree"]');
      if (tree) {
        const box = tree.getBoundingClientRect();
        if (at.y < box.top + SCROLL_EDGE) tree.scrollTop -= SCROLL_STEP;
        else if (at.y > box.bottom - SCROLL_EDGE) tree.scrollTop += SCROLL_STEP;
      }
      hover();
      frame = requestAnimationFrame(scroll);
    };
    const onMove = (moveEvent: PointerEvent) => {
      at = { x: moveEvent.clientX, y: moveEvent.clientY };
      if (carried === null) {
        if (Math.hypot(at.x - start.x, at.y - start.y) < THRESHOLD) return;
        carried = load();
        // Moves go on arriving when the hand is out of the window.
        surface.setPointerCapture?.(pointerId);
        setDrag({ load: carried, over: null, refusal: null });
        frame = requestAnimationFrame(scroll);
      }
      const outside = at.x < 0 || at.y < 0 || at.x > window.innerWidth || at.y > window.innerHeight;
      if (outside && latest.current.onLeave && carried.documents.length > 0 && carried.folders.length === 0) {
        const { documents } = carried;
        end();
        latest.current.onLeave(documents);
        return;
      }
      ghost.current?.style.setProperty("transform", `translate(${at.x + 14}px, ${at.y + 10}px)`);
      hover();
    };
    const onUp = () => {
      const dropped = carried;
      const folder = over;
      if (dropped !== null) swallowClick();
      end();
      if (dropped === null || folder === null) return;
      if (moveRefusal(latest.current.nodes, moved(dropped), folder) === null) latest.current.onDrop(dropped, folder);
    };
    const onKey = (keyEvent: KeyboardEvent) => {
      if (keyEvent.key !== "Escape" || carried === null) return;
      keyEvent.preventDefault();
      keyEvent.stopPropagation();
      end();
    };
    window.addEventListener("pointermove", onMove);
    window.addEventListener("pointerup", onUp);
    window.addEventListener("pointercancel", end);
    window.addEventListener("keydown", onKey, true);
    stop.current = end;
  }, []);

  return useMemo(() => ({ drag, begin, ghost }), [drag, begin]);
}

/** The click that ends a drag is not a click on what lies under it. */
function swallowClick() {
  window.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 0);
}

function swallow(event: MouseEvent) {
  event.stopPropagation();
  event.preventDefault();
}
