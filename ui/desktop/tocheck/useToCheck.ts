/** What waits for a decision: refused changes, concurrent versions, blocked files. The rest waits by itself. */
import type { SyncItem } from "../../protocol/protocol";
import { useCall } from "../data/calls";

/** Entries come with those to decide on first; more than this many decisions at once are read as they are taken. */
const READ_AT_ONCE = 500;

export type Decision = "refused" | "concurrent" | "blocked";

/** The decision an entry asks for; `null` where none is. */
export function decisionOf(item: SyncItem): Decision | null {
  // A file that the server refused is no change to dismiss: it is blocked where it lies.
  if (item.reason === "refused" && item.command !== null) return "refused";
  if (item.mark === "conflict") return "concurrent";
  return item.mark === "blocked" ? "blocked" : null;
}

export function useToCheck(): { count: number; items: SyncItem[]; isPending: boolean } {
  const { data, isPending } = useCall("list_sync_items", { offset: 0, limit: READ_AT_ONCE });
  const items = (data?.rows ?? []).filter((item) => decisionOf(item) !== null);
  return { count: items.length, items, isPending };
}
