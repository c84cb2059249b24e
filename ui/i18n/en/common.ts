/** Words that several screens share. */
import { enCount } from "../plural";

export const common = {
  undo: "Undo",
  cancel: "Cancel",
  close: "Close",
  save: "Save",
  add: "Add",
  remove: "Remove",
  rename: "Rename",
  restore: "Restore",
  copy: "Copy",
  copied: "Copied",
  search: "Search",
  clear: "Clear the search",
  more: "More actions",
  retry: "Try again",
  all: "All",
  none: "None",
  today: "today",
  dismissMessage: "Close this message",
  optional: "optional",
  documents: (n: number) => enCount(n, "document", "documents"),
  files: (n: number) => enCount(n, "file", "files"),
  unread: (n: number) => enCount(n, "new document", "new documents"),
  loading: "Reading…",
};
