/** The middle pane: where one is, the filter, what can be added, the list, and how much is there. */
import type { ReactNode, RefObject } from "react";
import { useWords } from "../../i18n/i18n";
import { IconButton } from "../../kit/Button";
import { SearchField } from "../../kit/Field";
import { useShortcut } from "../../kit/keys";
import { MenuButton, MenuItem } from "../../kit/Menu";
import { dropTarget } from "../../platform/drop";
import styles from "./list.module.css";
import { crumbs } from "./folders";
import { useWorkspace } from "./workspace";

export interface ListPaneProps {
  search: string;
  onSearch: (text: string) => void;
  /** Down or Enter in the filter: the list takes the keyboard. */
  onEnterList: () => void;
  filter: RefObject<HTMLInputElement | null>;
  /** `312 documents`, and what is selected. */
  status: string;
  tree: { shown: boolean; toggle: () => void };
  detail: { shown: boolean; toggle: () => void };
  children: ReactNode;
}

export function ListPane({ search, onSearch, onEnterList, filter, status, tree, detail, children }: ListPaneProps) {
  const { m } = useWords();
  const words = m.documents;
  const { folder, nodes, askImport, askNewFolder, openFolder, dropPlace } = useWorkspace();
  useShortcut("mod+f", () => filter.current?.focus(), { inFields: true });
  const path = folder === null ? [] : crumbs(nodes, folder);
  const here = path.at(-1)?.folder;
  const takes = folder !== null && here?.theme != null;

  return (
    <section className={styles.listPane} {...(takes ? dropTarget(dropPlace(folder)) : {})}>
      <header className={styles.listHead}>
        <IconButton
          icon="panelLeft"
          size="small"
          label={tree.shown ? words.hideTree : words.showTree}
          onPress={tree.toggle}
        />
        <nav className={styles.crumbs} aria-label={words.list.path}>
          <ol>
            {path.map((node, at) => (
              <li key={node.id}>
                <button
                  type="button"
                  data-folder={node.id}
                  aria-current={at === path.length - 1 ? "location" : undefined}
                  onClick={() => openFolder(node.id)}
                >
                  {node.label}
                </button>
              </li>
            ))}
          </ol>
        </nav>
        <SearchField
          label={words.list.filter}
          placeholder={words.list.filterShort}
          value={search}
          onChange={onSearch}
          inputRef={filter}
          className={styles.filter}
          onKeyDown={(event) => {
            if (event.key !== "ArrowDown" && event.key !== "Enter") return;
            event.preventDefault();
            onEnterList();
          }}
        />
        {takes && (
          <MenuButton button={<IconButton icon="plus" size="small" label={words.menu.more} />} label={words.menu.more}>
            <MenuItem icon="upload" onAction={() => askImport(folder, "files")}>
              {words.tree.importFiles}
            </MenuItem>
            <MenuItem icon="folder" onAction={() => askImport(folder, "folder")}>
              {words.tree.importFolder}
            </MenuItem>
            <MenuItem icon="plus" shortcut="mod+shift+n" onAction={() => askNewFolder(folder)}>
              {words.tree.newFolder}
            </MenuItem>
          </MenuButton>
        )}
        <IconButton
          icon="panelRight"
          size="small"
          label={detail.shown ? words.hideDetail : words.showDetail}
          onPress={detail.toggle}
        />
      </header>
      <div className={styles.listBody}>{children}</div>
      <div className={styles.status} role="status">
        {status}
      </div>
    </section>
  );
}
