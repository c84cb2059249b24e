/** A folder without documents: one sentence, what fills it, and the folders inside. */
import { useWords } from "../../i18n/i18n";
import { Badge } from "../../kit/Chip";
import { Button } from "../../kit/Button";
import { EmptyState } from "../../kit/EmptyState";
import { Icon } from "../../kit/icons";
import { dropTarget } from "../../platform/drop";
import shared from "./documents.module.css";
import styles from "./list.module.css";
import { useWorkspace } from "./workspace";

export function EmptyFolder({ search, onClearSearch }: { search: string; onClearSearch: () => void }) {
  const { m } = useWords();
  const words = m.documents;
  const { folder, nodes, askImport } = useWorkspace();
  const takes = nodes.find((node) => node.id === folder)?.folder.theme !== null;

  if (search !== "") {
    return (
      <EmptyState icon="search" title={words.list.noMatch(search)} action={<Button onPress={onClearSearch}>{words.list.clearFilter}</Button>} />
    );
  }
  if (!takes) {
    return (
      <div className={styles.emptyFolder}>
        <p className={styles.container}>{words.empty.container}</p>
        <Subfolders />
      </div>
    );
  }
  return (
    <div className={styles.emptyFolder}>
      <EmptyState
        icon="inbox"
        title={words.empty.folder}
        action={
          folder !== null && (
            <div className={styles.emptyActions}>
              <Button tone="primary" icon="upload" onPress={() => askImport(folder, "files")}>
                {words.empty.importFiles}
              </Button>
              <Button icon="folder" onPress={() => askImport(folder, "folder")}>
                {words.empty.importFolder}
              </Button>
            </div>
          )
        }
      />
      <Subfolders />
    </div>
  );
}

/** The folders inside, as a way down for those who do not look at the tree. */
function Subfolders() {
  const { m } = useWords();
  const words = m.documents.empty;
  const { folder, shownNodes, openFolder, dropPlace } = useWorkspace();
  const inside = shownNodes.filter((node) => node.parent === folder);
  if (inside.length === 0) return null;
  return (
    <ul className={styles.subfolders} aria-label={words.subfolders}>
      {inside.map((node) => (
        <li key={node.id}>
          <button
            type="button"
            onClick={() => openFolder(node.id)}
            data-folder={node.id}
            {...(node.folder.theme === null ? {} : dropTarget(dropPlace(node.id)))}
          >
            <Icon name="folder" className={shared.folderIcon} />
            <span>{node.label}</span>
            <Badge count={node.folder.unread} label={m.documents.tree.unread(node.unread.own, node.unread.below)} />
            {node.folder.documents > 0 && <small>{words.documents(node.folder.documents)}</small>}
          </button>
        </li>
      ))}
    </ul>
  );
}
