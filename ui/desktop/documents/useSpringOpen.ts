/** A folded folder opens when files from outside wait on it: the place wanted is often two levels down. */
import { type RefObject, useEffect, useEffectEvent } from "react";
import type { NodeId } from "../../protocol/protocol";

/** How long one waits, in milliseconds; as for drags inside the window. */
const SPRING = 650;

export function useSpringOpen(area: RefObject<HTMLElement | null>, onSpring: (folder: NodeId) => void) {
  const spring = useEffectEvent(onSpring);
  useEffect(() => {
    const element = area.current;
    if (!element) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // The place under the hand carries this attribute, whichever host the drag comes through.
    const observer = new MutationObserver(() => {
      clearTimeout(timer);
      const over = element.querySelector<HTMLElement>("[data-drop-over][data-folder]")?.dataset.folder;
      if (over !== undefined) timer = setTimeout(() => spring(over), SPRING);
    });
    observer.observe(element, { subtree: true, attributeFilter: ["data-drop-over"] });
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, [area]);
}
