/** What can be done in the workspace, each as one undoable action that says what it did. */
import { useMemo } from "react";
import { useWords } from "../../i18n/i18n";
import type { DocumentRow, NodeId, VersionId } from "../../protocol/protocol";
import { useExecute } from "../data/calls";
import { newId } from "../data/id";
import { moving, numbering, type Placed, renaming, restoringVersion, reviewing, trashing } from "./commands";

export type Actions = ReturnType<typeof useActions>;

export function useActions() {
  const execute = useExecute();
  const said = useWords().m.documents.said;
  return useMemo(
    () => ({
      trash: (nodes: readonly { id: NodeId; name: string }[]) =>
        execute("trash", trashing(nodes), { said: nodes.length === 1 ? said.trashedOne(nodes[0]?.name ?? "") : said.trashed(nodes.length) }),

      async move(nodes: readonly Placed[], target: NodeId, place: string) {
        const commands = moving(nodes, target);
        if (commands.length === 0) return false;
        const outcome = await execute("move", commands, { said: said.moved(commands.length, place) });
        return outcome.ok;
      },

      /** The caller says a refusal itself, beside the field. */
      rename: (node: NodeId, seen: string, value: string) =>
        execute("rename", [renaming(node, seen, value)], { said: said.renamed(value), ownFailure: true }),

      /** The caller says a refusal itself, beside the field. */
      async createFolder(parent: NodeId, name: string) {
        const node = newId();
        const outcome = await execute("create_folder", [{ kind: "create_folder", node, parent, name, naming: "typed" }], {
          said: said.folderMade(name),
          ownFailure: true,
        });
        return { node, outcome };
      },

      async review(rows: readonly DocumentRow[]) {
        const { reviewed, commands } = reviewing(rows);
        if (commands.length === 0) return;
        await execute(reviewed ? "review" : "unreview", commands, {
          said: reviewed ? said.reviewed(commands.length) : said.unreviewed(commands.length),
        });
      },

      async number(row: DocumentRow, text: string) {
        if ((row.piece_number ?? "") === text.trim()) return;
        await execute("piece_number", [numbering(row, text)]);
      },

      comment: (node: NodeId, text: string) =>
        execute("comment", [{ kind: "add_comment", comment: newId(), node, text }], { quiet: true }),

      removeComment: (comment: string) => execute("remove_comment", [{ kind: "remove_comment", comment }]),

      restoreVersion: (node: NodeId, from: VersionId, base: VersionId) =>
        execute("restore_version", [restoringVersion(node, from, base, newId())]),

      markRead: (node: NodeId, version: VersionId) =>
        execute("mark_read", [{ kind: "mark_read", node, version }], { quiet: true, ownFailure: true }),
    }),
    [execute, said],
  );
}
