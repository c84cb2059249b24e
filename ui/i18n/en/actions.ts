/** Undoable actions: what the toast says once done, and the noun of “… undone”. */
export const actions = {
  rename: { done: "Renamed", noun: "renaming" },
  move: { done: "Moved", noun: "moving" },
  trash: { done: "Moved to the trash", noun: "moving to the trash" },
  restore: { done: "Restored", noun: "restoring" },
  create_folder: { done: "Folder created", noun: "creating the folder" },
  review: { done: "Marked as reviewed", noun: "the reviewed mark" },
  unreview: { done: "Reviewed mark removed", noun: "removing the reviewed mark" },
  piece_number: { done: "Piece number saved", noun: "the piece number" },
  comment: { done: "Comment added", noun: "the comment" },
  remove_comment: { done: "Comment deleted", noun: "deleting the comment" },
  restore_version: { done: "Version restored", noun: "restoring the version" },
  mark_read: { done: "Marked as read", noun: "the read mark" },
  import: { done: "Files added", noun: "adding the files" },
  create_client_file: { done: "Client added", noun: "adding the client" },
  update_client_file: { done: "Client changed", noun: "changing the client" },
  add_fiscal_year: { done: "Fiscal year added", noun: "adding the fiscal year" },
  assign: { done: "Colleague assigned", noun: "the assignment" },
  unassign: { done: "Assignment ended", noun: "ending the assignment" },
  set_themes: { done: "Themes saved", noun: "changing the themes" },
  add_person: { done: "Colleague added", noun: "adding the colleague" },
  update_person: { done: "Colleague changed", noun: "changing the colleague" },
};

export const undo = {
  redo: "Redo",
  lastAction: "the last action",
  undone: (noun: string) => `Undone: ${noun}`,
  redone: (noun: string) => `Done again: ${noun}`,
  nothing: "There is nothing to undo.",
  nothingAgain: "There is nothing to redo.",
};
