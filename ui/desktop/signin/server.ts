/** The address somebody types for the server, completed: `ged.cabinet.fr` is `https://ged.cabinet.fr`. */
export function readServer(typed: string): string | null {
  const text = typed.trim().replace(/\/+$/, "");
  const complete = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  let url: URL;
  try {
    url = new URL(complete);
  } catch {
    return null;
  }
  // Without encryption only to this machine: a password must not cross a network in clear.
  const local = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && local)) return null;
  return url.hostname.includes(" ") || url.hostname === "" ? null : complete;
}
