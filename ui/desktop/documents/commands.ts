/** The workspace's gestures as commands. Pure; ids come as arguments. */
import type { Command, DocumentRow, NodeId, VersionId } from "../../protocol/protocol";

/** A document or folder on the move: what it is and where it stands. */
export interface Placed {
  id: NodeId;
  parent: NodeId;
}

export function trashing(nodes: readonly { id: NodeId }[]): Command[] {
  return nodes.map(({ id }) => ({ kind: "trash", node: id }));
}

/** A move takes another name rather than stop: nobody typed it, and one clash must not hold back the others. */
export function moving(nodes: readonly Placed[], target: NodeId): Command[] {
  return nodes
    .filter(({ parent }) => parent !== target)
    .map(({ id, parent }) => ({ kind: "place", node: id, name: null, parent: { seen: parent, value: target }, naming: "by_machine" }));
}

export function renaming(node: NodeId, seen: string, value: string): Command {
  return { kind: "place", node, name: { seen, value }, parent: null, naming: "typed" };
}

/** Marks the documents that are not reviewed; where all are, takes the mark back. */
export function reviewing(rows: readonly DocumentRow[]): { reviewed: boolean; commands: Command[] } {
  const reviewed = rows.some((row) => row.reviewed_by === null);
  const commands = rows
    .filter((row) => (row.reviewed_by !== null) !== reviewed)
    .map((row): Command => ({ kind: "mark_reviewed", node: row.id, reviewed: { seen: !reviewed, value: reviewed } }));
  return { reviewed, commands };
}

/** An empty number is none. */
export function numbering(row: DocumentRow, text: string): Command {
  return { kind: "set_piece_number", node: row.id, piece_number: { seen: row.piece_number, value: text.trim() || null } };
}

export function restoringVersion(node: NodeId, from: VersionId, base: VersionId, version: VersionId): Command {
  return { kind: "restore_version", node, version, from, base };
}
