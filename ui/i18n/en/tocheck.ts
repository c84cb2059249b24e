/** “To check” and the trash. */
import { enCount } from "../plural";

export const toCheck = {
  title: "To check",
  total: (n: number) => enCount(n, "decision to take", "decisions to take"),
  refused: "Refused change",
  concurrent: "Two versions of the same document",
  blocked: "Blocked file",
  refusedText: "This change, made on this workstation, was not accepted by the server.",
  concurrentText: "Two people saved this document at the same time. Both versions are kept: choose the one that stays on top.",
  dismiss: "Seen, remove from the list",
  dismissed: "Removed from the list. Its content stays kept on this workstation.",
  compare: "See the versions",
  renamed: (name: string) => `Renamed to “${name}”`,
  since: (when: string) => `since ${when}`,
  emptyTitle: "Nothing to check",
  emptyText: "Refused changes, concurrent versions and blocked files will come here, with what has to be decided.",
};

export const trash = {
  title: "Trash",
  total: (n: number) => enCount(n, "item", "items"),
  search: "Filter by name or client",
  name: "Name",
  client: "Client",
  place: "Was in",
  when: "Deleted",
  by: "By",
  restored: (name: string) => `“${name}” is back in its place`,
  restore: "Restore",
  restoreMany: (n: number) => `Restore the ${n}`,
  restoredMany: (n: number) => `${enCount(n, "item is", "items are")} back in place`,
  emptyTitle: "The trash is empty",
  emptyText: "What you delete, here or in this workstation’s folder, comes here and can go back to its place.",
  noMatch: "Nothing matches this filter.",
};
