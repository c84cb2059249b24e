/** The frame around every screen. */
import { enCount } from "../plural";

export const shell = {
  rail: "Main navigation",
  clients: "Clients",
  toCheck: "To check",
  trash: "Trash",
  settings: "Settings",
  search: "Search or act",
  offlineTitle: "Offline.",
  offlineText: (pending: number) =>
    pending === 0
      ? "You can go on: all that you do will leave when the connection is back."
      : `You can go on: ${enCount(pending, "change", "changes")} will leave when the connection is back.`,
  expiredTitle: "Your session has ended.",
  expiredText: "Nothing is lost. Type your password to go on sending.",
  updateTitle: "Update needed.",
  updateText: "This version is too old for the server. Your files stay readable, and your changes are kept here.",
  account: (name: string) => `Account of ${name}`,
  signOut: "Sign out",
  openMirror: "Open the folder of documents",
  brokenTitle: "This screen could not be shown",
  brokenText: "Your data is not at fault. Go back to the list of clients or try again.",
  backToClients: "Back to the clients",
  notFoundTitle: "This page does not exist",
  notFoundText: "The link may be old.",
  notices: {} as Record<string, (details: Record<string, string>) => string>,
};
