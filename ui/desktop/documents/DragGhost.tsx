/** What is being carried, beside the hand, and what letting go would do. */
import type { Ref } from "react";
import { useWords } from "../../i18n/i18n";
import { Icon } from "../../kit/icons";
import { usePlatform } from "../../platform/PlatformContext";
import { FileIcon } from "../preview/FileIcon";
import styles from "./overlays.module.css";
import { useWorkspace } from "./workspace";

export function DragGhost({ ghost }: { ghost: Ref<HTMLDivElement> }) {
  const words = useWords().m.documents.drag;
  const { capabilities } = usePlatform();
  const { drag, placeOf } = useWorkspace();
  if (drag === null) return null;
  const { load, over, refusal } = drag;
  const count = load.documents.length + load.folders.length;
  const [document] = load.documents;
  const name = count === 1 ? (document?.name ?? load.folders[0]?.name ?? "") : words.load(count);
  const nowhere = capabilities.dragOut && load.folders.length === 0 ? words.outside : words.anywhere;
  const what = over === null ? nowhere : refusal === null ? words.into(placeOf(over)) : words[refusal];
  return (
    <div ref={ghost} className={styles.ghost} data-refused={refusal !== null} role="status">
      <span className={styles.ghostName}>
        {document ? <FileIcon name={document.name} /> : <Icon name="folder" />}
        <span>{name}</span>
      </span>
      <span className={styles.ghostWhat}>{what}</span>
    </div>
  );
}
