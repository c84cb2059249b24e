/** What the palette offers for the words typed: actions of this product, then what the search found. Pure. */
import { folded } from "../../i18n/text";
import type { IconName } from "../../kit/icons";
import type { SearchHit } from "../../protocol/protocol";

export interface PaletteAction {
  id: string;
  label: string;
  icon: IconName;
  shortcut?: string;
  run: () => void;
}

export type PaletteEntry =
  | { kind: "action"; key: string; action: PaletteAction }
  | { kind: "hit"; key: string; hit: SearchHit };

export interface PaletteGroup {
  label: string;
  entries: PaletteEntry[];
}

/** Every word typed must begin a word of the label. */
export function matchesWords(label: string, typed: string): boolean {
  const words = folded(typed).split(/\s+/).filter(Boolean);
  const parts = folded(label).split(/[^\p{L}\p{N}]+/u);
  return words.every((word) => parts.some((part) => part.startsWith(word)));
}

export function paletteGroups(
  typed: string,
  actions: readonly PaletteAction[],
  hits: readonly SearchHit[],
  labels: { actions: string; clientFiles: string; folders: string; documents: string },
): PaletteGroup[] {
  const entry = (hit: SearchHit): PaletteEntry => ({ kind: "hit", key: `${hit.kind} ${hit.id}`, hit });
  const found = (kind: SearchHit["kind"]) => hits.filter((hit) => hit.kind === kind).map(entry);
  const offered = actions
    .filter((action) => matchesWords(action.label, typed))
    .map((action): PaletteEntry => ({ kind: "action", key: action.id, action }));
  const groups = [
    { label: labels.clientFiles, entries: found("client_file") },
    { label: labels.folders, entries: found("folder") },
    { label: labels.documents, entries: found("document") },
    { label: labels.actions, entries: offered },
  ];
  return groups.filter((group) => group.entries.length > 0);
}
