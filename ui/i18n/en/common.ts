/** Words that several screens share. */
import { enCount } from "../plural";

export const common = {
  undo: "Undo",
  cancel: "Cancel",
  close: "Close",
  save: "Save",
  add: "Add",
  remove: "Remove",
  search: "Search",
  clear: "Clear the search",
  more: "More actions",
  retry: "Try again",
  dismissMessage: "Close this message",
  optional: "optional",
  documents: (n: number) => enCount(n, "document", "documents"),
  unread: (n: number) => enCount(n, "new document", "new documents"),
};
