/** What can be done to the documents selected. */
import { useWords } from "../../i18n/i18n";
import { ContextMenu, MenuItem, MenuSeparator } from "../../kit/Menu";
import type { DocumentRow } from "../../protocol/protocol";
import { useDocumentFile } from "../preview/useDocumentFile";
import type { Editing } from "./columns";
import { documentsOf, useWorkspace } from "./workspace";

export interface DocumentMenuProps {
  /** The documents selected, the one under the pointer first; empty where the menu is the folder's. */
  rows: readonly DocumentRow[];
  at: { x: number; y: number };
  onClose: () => void;
  onOpen: (row: DocumentRow) => void;
  onQuickLook: () => void;
  onEdit: (editing: Editing) => void;
}

export function DocumentMenu({ rows, at, onClose, onOpen, onQuickLook, onEdit }: DocumentMenuProps) {
  const { m } = useWords();
  const words = m.documents.menu;
  const workspace = useWorkspace();
  const { reveal, saveCopy } = useDocumentFile();
  const { folder, actions } = workspace;
  const [first] = rows;
  const one = rows.length === 1 ? first : undefined;

  if (first === undefined) {
    const target = folder ?? "";
    const takes = workspace.nodes.find((node) => node.id === folder)?.folder.theme !== null;
    return (
      <ContextMenu at={at} onClose={onClose} label={words.more}>
        <MenuItem icon="upload" isDisabled={!takes} onAction={() => workspace.askImport(target, "files")}>
          {m.documents.tree.importFiles}
        </MenuItem>
        <MenuItem icon="folder" isDisabled={!takes} onAction={() => workspace.askImport(target, "folder")}>
          {m.documents.tree.importFolder}
        </MenuItem>
        <MenuItem icon="plus" shortcut="mod+shift+n" isDisabled={!takes} onAction={() => workspace.askNewFolder(target)}>
          {m.documents.tree.newFolder}
        </MenuItem>
        <MenuItem icon="move" shortcut="mod+v" isDisabled={!takes || workspace.cut.size === 0} onAction={() => workspace.paste(target)}>
          {words.paste}
        </MenuItem>
      </ContextMenu>
    );
  }

  const allReviewed = rows.every((row) => row.reviewed_by !== null);
  return (
    <ContextMenu at={at} onClose={onClose} label={m.documents.list.menu(rows.length)}>
      <MenuItem icon="external" shortcut="enter" isDisabled={!one} onAction={() => onOpen(first)}>
        {words.open}
      </MenuItem>
      <MenuItem icon="eye" shortcut="space" onAction={onQuickLook}>
        {words.quickLook}
      </MenuItem>
      {reveal && (
        <MenuItem icon="folderOpen" isDisabled={!one} onAction={() => void reveal(first.id)}>
          {words.reveal}
        </MenuItem>
      )}
      {saveCopy && (
        <MenuItem icon="download" isDisabled={!one} onAction={() => void saveCopy(first.id, first.version, first.name)}>
          {words.saveCopy}
        </MenuItem>
      )}
      <MenuSeparator />
      <MenuItem icon="stamp" shortcut="r" onAction={() => void actions.review(rows)}>
        {allReviewed ? words.unreview : words.review}
      </MenuItem>
      <MenuItem icon="hash" shortcut="shift+F2" isDisabled={!one} onAction={() => onEdit({ id: first.id, field: "piece" })}>
        {words.piece}
      </MenuItem>
      <MenuItem icon="pencil" shortcut="F2" isDisabled={!one} onAction={() => onEdit({ id: first.id, field: "name" })}>
        {words.rename}
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon="copy" shortcut="mod+x" onAction={() => workspace.setCut(documentsOf(rows))}>
        {words.cut}
      </MenuItem>
      <MenuItem icon="move" shortcut="mod+shift+m" onAction={() => workspace.askMove(documentsOf(rows))}>
        {words.move}
      </MenuItem>
      <MenuItem icon="trash" shortcut="delete" danger onAction={() => void actions.trash(rows)}>
        {words.trash}
      </MenuItem>
    </ContextMenu>
  );
}
