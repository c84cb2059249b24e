/** Finding things in the firm in memory: where a folder is, and the palette's search. */
import { folded } from "../../i18n/text";
import { failure } from "../../platform/platform";
import type { SearchHit } from "../../protocol/protocol";
import type { FakeClient, FakeFirm } from "./firm";

/** The client a folder is of, the names from the top down to it, and its theme. */
export function placeOf(firm: FakeFirm, folder: string): { client: FakeClient; path: string[]; theme: string } {
  for (const client of firm.clients) {
    const byId = new Map(client.folders.map((each) => [each.id, each]));
    let at = byId.get(folder);
    if (!at) continue;
    const theme = at.theme ?? "interne";
    const path: string[] = [];
    while (at) {
      path.unshift(at.name);
      at = byId.get(at.parent);
    }
    return { client, path, theme };
  }
  throw failure("not_found", "no such folder");
}

/** Every word typed must begin a word of the name. */
export function searchFirm(firm: FakeFirm, text: string, clientFile: string | null, limit: number): SearchHit[] {
  const words = folded(text).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const matches = (name: string) => {
    const parts = folded(name).split(/[^\p{L}\p{N}]+/u);
    return words.every((word) => parts.some((part) => part.startsWith(word)));
  };
  const clients = firm.clients.filter((client) => clientFile === null || client.id === clientFile);
  const hits: SearchHit[] = clients
    .filter((client) => matches(client.name))
    .map((client) => ({ kind: "client_file", id: client.id, name: client.name }));
  for (const client of clients) {
    for (const folder of client.folders) {
      if (hits.length >= limit) return hits;
      if (!matches(folder.name)) continue;
      const path = placeOf(firm, folder.id).path.slice(0, -1);
      hits.push({ kind: "folder", id: folder.id, name: folder.name, client_file: client.id, client_name: client.name, path });
    }
  }
  for (const document of firm.documents.values()) {
    if (hits.length >= limit) break;
    if (document.trashed || !matches(document.name)) continue;
    const { client, path } = placeOf(firm, document.parent);
    if (clientFile !== null && client.id !== clientFile) continue;
    const { id, parent, name } = document;
    hits.push({ kind: "document", id, parent, name, client_file: client.id, client_name: client.name, path });
  }
  return hits;
}
