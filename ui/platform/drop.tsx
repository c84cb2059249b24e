/**
 * Drops from outside the window, the same for every host. A target is any element that carries the attributes of
 * `dropTarget`; while something is dragged over the window every target lights up (`data-dragging` on the root), the one
 * under the pointer more so (`data-drop-over`), and a line beside the pointer says what will happen. A drop beside every
 * target goes nowhere.
 *
 * Drags that begin in the page (documents moved between folders) are not the business of this module.
 */
import { useEffect, useEffectEvent, useRef, useState } from "react";
import type { NodeId } from "../protocol/protocol";
import "./drop.css";
import { readDropped } from "./dropped";
import type { DropSource } from "./platform";
import { usePlatform } from "./PlatformContext";

/** A place that takes files. */
export interface DropPlace {
  /** A folder, or a client file's id for its inbox. */
  target: NodeId;
  /** What will happen: «Déposer dans Achats › mars 2026». */
  label: string;
  /** The place in few words, for the line of progress: «Achats › mars 2026». */
  name: string;
}

/** The attributes that make an element a drop target. */
export function dropTarget({ target, label, name }: DropPlace) {
  return { "data-drop-target": target, "data-drop-label": label, "data-drop-name": name };
}

function placeOf(element: Element): DropPlace {
  const data = (element as HTMLElement).dataset;
  return { target: data.dropTarget ?? "", label: data.dropLabel ?? "", name: data.dropName ?? "" };
}

function targetAt(x: number, y: number): Element | null {
  return document.elementFromPoint(x, y)?.closest("[data-drop-target]") ?? null;
}

const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;

/** The element lit up, if any: one for the whole page, since there is one pointer. */
function light(element: Element | null, lit: Element | null): void {
  if (element === lit) return;
  lit?.removeAttribute("data-drop-over");
  element?.setAttribute("data-drop-over", "");
}

/**
 * Listens to drags from outside. `onDrop` receives what was dropped and where; the sources of a page drop are read after
 * the drop (a folder may hold thousands of files), so they come as a promise.
 */
export function DropZone({ onDrop }: { onDrop: (place: DropPlace, sources: Promise<DropSource[]>) => void }) {
  const platform = usePlatform();
  const lit = useRef<Element | null>(null);
  const [hint, setHint] = useState<{ x: number; y: number; label: string } | null>(null);

  const over = useEffectEvent((x: number, y: number): boolean => {
    document.documentElement.setAttribute("data-dragging", "");
    const element = targetAt(x, y);
    light(element, lit.current);
    lit.current = element;
    setHint(element ? { x, y, label: placeOf(element).label } : null);
    return element !== null;
  });
  const end = useEffectEvent(() => {
    document.documentElement.removeAttribute("data-dragging");
    light(null, lit.current);
    lit.current = null;
    setHint(null);
  });
  const drop = useEffectEvent((x: number, y: number, sources: () => Promise<DropSource[]>) => {
    const element = targetAt(x, y);
    end();
    if (element) onDrop(placeOf(element), sources());
  });

  useEffect(() => {
    const onOver = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      // Without this the webview would leave the page for the file dropped.
      event.preventDefault();
      const taken = over(event.clientX, event.clientY);
      if (event.dataTransfer) event.dataTransfer.dropEffect = taken ? "copy" : "none";
    };
    const onLeave = (event: DragEvent) => {
      // Leaving for no element is leaving the window.
      if (!event.relatedTarget) end();
    };
    const onDropped = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      const data = event.dataTransfer;
      if (data) drop(event.clientX, event.clientY, () => readDropped(data));
    };
    window.addEventListener("dragover", onOver);
    window.addEventListener("dragleave", onLeave);
    window.addEventListener("drop", onDropped);
    return () => {
      window.removeEventListener("dragover", onOver);
      window.removeEventListener("dragleave", onLeave);
      window.removeEventListener("drop", onDropped);
      document.documentElement.removeAttribute("data-dragging");
    };
  }, []);

  useEffect(
    () =>
      platform.onNativeDrag((drag) => {
        if (drag.phase === "leave") end();
        else if (drag.phase === "over") over(drag.x, drag.y);
        else drop(drag.x, drag.y, () => Promise.resolve(drag.paths.map((path) => ({ kind: "path", path }))));
      }),
    [platform],
  );

  if (!hint) return null;
  const right = hint.x > window.innerWidth / 2;
  return (
    <div
      className="drop-hint"
      role="status"
      style={{ top: hint.y + 18, [right ? "right" : "left"]: right ? window.innerWidth - hint.x + 8 : hint.x + 14 }}
    >
      {hint.label}
    </div>
  );
}
