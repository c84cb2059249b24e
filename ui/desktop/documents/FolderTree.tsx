/** The tree of a client file: folders with what is new in them, each a place to drop on. */
import { type KeyboardEvent, useRef, useState } from "react";
import { useWords } from "../../i18n/i18n";
import { Icon } from "../../kit/icons";
import { isMod } from "../../kit/keys";
import { Tree } from "../../kit/tree/Tree";
import { dropTarget } from "../../platform/drop";
import type { NodeId } from "../../protocol/protocol";
import shared from "./documents.module.css";
import styles from "./tree.module.css";
import { FolderMenu } from "./FolderMenu";
import { type FolderNode, moveRefusal } from "./folders";
import { NameField } from "./NameField";
import { moved } from "./useDrag";
import { useSpringOpen } from "./useSpringOpen";
import { folderOf, useWorkspace } from "./workspace";

export interface FolderTreeProps {
  expanded: ReadonlySet<NodeId>;
  onExpand: (id: NodeId, open: boolean) => void;
  /** Enter on a folder: the list takes the keyboard. */
  onEnter: () => void;
}

export function FolderTree({ expanded, onExpand, onEnter }: FolderTreeProps) {
  const { m } = useWords();
  const workspace = useWorkspace();
  const { shownNodes, folder, drag } = workspace;
  const [renaming, setRenaming] = useState<NodeId | null>(null);
  const [menu, setMenu] = useState<{ node: FolderNode; at: { x: number; y: number } } | null>(null);

  const onKey = (node: FolderNode, event: KeyboardEvent) => {
    const mod = isMod(event);
    const own = !node.folder.fixed;
    const key = event.key.toLowerCase();
    if (event.key === "F2" && own) setRenaming(node.id);
    else if (event.key === "Delete" && own) void workspace.actions.trash([{ id: node.id, name: node.label }]);
    else if (mod && event.shiftKey && key === "n" && node.folder.theme !== null) workspace.askNewFolder(node.id);
    else if (mod && event.shiftKey && key === "m" && own) workspace.askMove(folderOf(node.folder));
    else if (mod && key === "x" && own) workspace.setCut(folderOf(node.folder));
    else if (mod && key === "v" && workspace.cut.size > 0) workspace.paste(node.id);
    else return;
    event.preventDefault();
  };

  const area = useRef<HTMLDivElement>(null);
  useSpringOpen(area, (id) => onExpand(id, true));

  return (
    <div ref={area} className={styles.treeArea}>
      <Tree
        label={m.documents.tree.label}
        toggleLabel={m.documents.tree.toggle}
        nodes={shownNodes}
        expanded={expanded}
        onExpand={onExpand}
        selected={folder}
        onSelect={workspace.openFolder}
        onOpen={(id) => {
          workspace.openFolder(id);
          onEnter();
        }}
        onKey={onKey}
        onContextMenu={(node, at) => node && setMenu({ node, at })}
        onLinePointerDown={(node, event) => {
          if (!node.folder.fixed && renaming !== node.id) workspace.beginDrag(() => folderOf(node.folder), event);
        }}
        lineProps={(node) => ({
          "data-folder": node.id,
          ...(node.folder.theme === null ? {} : dropTarget(workspace.dropPlace(node.id))),
          "data-takes": drag ? String(moveRefusal(workspace.nodes, moved(drag.load), node.id) === null) : undefined,
          "data-over": drag?.over === node.id && drag.refusal === null ? "true" : undefined,
        })}
        renderLine={({ node, expanded: open }) => (
          <span className={styles.treeLine} data-cut={workspace.cut.has(node.id)} data-container={node.folder.theme === null}>
            <Icon name={open ? "folderOpen" : "folder"} className={shared.folderIcon} />
            {renaming === node.id ? (
              <NameField
                label={m.documents.rename.field(node.label)}
                initial={node.folder.name}
                onCancel={() => setRenaming(null)}
                onCommit={async (name) => {
                  const outcome = await workspace.actions.rename(node.id, node.folder.name, name);
                  if (outcome.ok) setRenaming(null);
                  return outcome.ok ? null : outcome.failure;
                }}
              />
            ) : (
              <span className={styles.treeLabel} data-unread={node.unread.own > 0}>
                {node.label}
              </span>
            )}
            <Unread node={node} open={open === true} />
          </span>
        )}
      />
      {menu && (
        <FolderMenu node={menu.node} at={menu.at} onClose={() => setMenu(null)} onRename={() => setRenaming(menu.node.id)} />
      )}
    </div>
  );
}

/** What is new here in full, what is new below in outline, and only while the folder is closed over it. */
function Unread({ node, open }: { node: FolderNode; open: boolean }) {
  const { m } = useWords();
  const { own, below } = node.unread;
  const count = open ? own : own + below;
  if (count === 0) return null;
  const label = m.documents.tree.unread(own, open ? 0 : below);
  return (
    <span className={styles.unread} data-own={own > 0} title={label}>
      <span aria-hidden="true">{count > 999 ? "999+" : count}</span>
      <span className="visually-hidden">{label}</span>
    </span>
  );
}
