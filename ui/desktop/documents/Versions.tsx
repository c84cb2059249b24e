/** The history of a document: every content it had, each to be looked at and made the current one again. */
import { useWords } from "../../i18n/i18n";
import { Button } from "../../kit/Button";
import { Icon } from "../../kit/icons";
import type { DocumentView, VersionId, VersionView } from "../../protocol/protocol";
import styles from "./detail.module.css";
import shared from "./documents.module.css";
import { Settling } from "./Settling";
import { nameOf, useWorkspace } from "./workspace";

export interface VersionsProps {
  view: DocumentView;
  /** The version in the preview. */
  shown: VersionId;
  onShow: (version: VersionId) => void;
}

export function Versions({ view, shown, onShow }: VersionsProps) {
  return (
    <ol className={styles.versions}>
      {view.versions.map((version) => (
        <Version key={version.id} view={view} version={version} isShown={version.id === shown} onShow={() => onShow(version.id)} />
      ))}
    </ol>
  );
}

interface VersionProps {
  view: DocumentView;
  version: VersionView;
  isShown: boolean;
  onShow: () => void;
}

function Version({ view, version, isShown, onShow }: VersionProps) {
  const { m, f } = useWords();
  const words = m.documents.detail.version;
  const { people, actions } = useWorkspace();
  const head = view.versions.find((other) => other.state === "head");
  const isOpen = version.state === "concurrent" && head !== undefined && !view.trashed;
  return (
    <li data-state={version.state} data-shown={isShown}>
      <div className={styles.versionLine}>
        <span className={styles.versionState} data-state={version.state}>
          {version.state === "concurrent" && <Icon name="fork" size={12} />}
          {words[version.state]}
        </span>
        <time dateTime={new Date(version.made_at).toISOString()}>{f.fullInstant(version.made_at)}</time>
        <span className={shared.quiet}>{f.bytes(version.size)}</span>
      </div>
      <div className={styles.versionLine}>
        <small>
          {words.by(nameOf(people, version.author), version.workstation)}
          {version.restored_from !== null && ` · ${words.restored}`}
        </small>
        <span className={styles.versionActions}>
          {isShown ? (
            <span className={shared.quiet}>{words.shown}</span>
          ) : (
            <Button tone="link" onPress={onShow}>
              {words.show}
            </Button>
          )}
          {version.state === "older" && !view.trashed && (
            <Button tone="link" onPress={() => void actions.restoreVersion(view.row.id, version.id, view.row.version)}>
              {words.restore}
            </Button>
          )}
        </span>
      </div>
      {isOpen && (
        <>
          <p className={styles.concurrentText}>{words.concurrentText}</p>
          <Settling document={view.row.id} concurrent={version} head={head} quiet />
        </>
      )}
    </li>
  );
}
