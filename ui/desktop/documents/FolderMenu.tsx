/** What can be done to a folder. What cannot stays in the menu and says why. */
import { useWords } from "../../i18n/i18n";
import { ContextMenu, MenuItem, MenuSeparator } from "../../kit/Menu";
import { useDocumentFile } from "../preview/useDocumentFile";
import type { FolderNode } from "./folders";
import { folderOf, useWorkspace } from "./workspace";

export interface FolderMenuProps {
  node: FolderNode;
  at: { x: number; y: number };
  onClose: () => void;
  onRename: () => void;
}

export function FolderMenu({ node, at, onClose, onRename }: FolderMenuProps) {
  const words = useWords().m.documents.tree;
  const { openMirror } = useDocumentFile();
  const workspace = useWorkspace();
  const { fixed, theme } = node.folder;
  const fixedHint = fixed ? words.fixed : undefined;
  const containerHint = theme === null ? words.newFolderHint : undefined;
  return (
    <ContextMenu at={at} onClose={onClose} label={words.menu(node.label)}>
      <MenuItem icon="upload" isDisabled={theme === null} hint={containerHint} onAction={() => workspace.askImport(node.id, "files")}>
        {words.importFiles}
      </MenuItem>
      <MenuItem icon="folder" isDisabled={theme === null} onAction={() => workspace.askImport(node.id, "folder")}>
        {words.importFolder}
      </MenuItem>
      <MenuItem icon="plus" shortcut="mod+shift+n" isDisabled={theme === null} onAction={() => workspace.askNewFolder(node.id)}>
        {words.newFolder}
      </MenuItem>
      {workspace.cut.size > 0 && (
        <MenuItem icon="move" shortcut="mod+v" isDisabled={theme === null} onAction={() => workspace.paste(node.id)}>
          {words.paste}
        </MenuItem>
      )}
      <MenuSeparator />
      <MenuItem icon="pencil" shortcut="F2" isDisabled={fixed} hint={fixedHint} onAction={onRename}>
        {words.rename}
      </MenuItem>
      <MenuItem icon="move" shortcut="mod+shift+m" isDisabled={fixed} onAction={() => workspace.askMove(folderOf(node.folder))}>
        {words.move}
      </MenuItem>
      <MenuItem
        icon="trash"
        shortcut="delete"
        danger
        isDisabled={fixed}
        onAction={() => void workspace.actions.trash([{ id: node.id, name: node.label }])}
      >
        {words.trash}
      </MenuItem>
      {openMirror && <MenuSeparator />}
      {openMirror && (
        <MenuItem icon="external" onAction={() => void openMirror()}>
          {words.openMirror}
        </MenuItem>
      )}
    </ContextMenu>
  );
}
