/** Two versions of a document side by side: who made each, where and when, and the three ways out. */
import { useWords } from "../../i18n/i18n";
import { fullName } from "../../kit/Chip";
import type { ConflictView, NodeId, VersionView } from "../../protocol/protocol";
import { usePeople } from "../data/people";
import { Settling, useWhose } from "../documents/Settling";
import styles from "./tocheck.module.css";

export function Conflict({ document, conflict }: { document: NodeId; conflict: ConflictView }) {
  const { m } = useWords();
  const whose = useWhose(conflict);
  return (
    <div className={styles.conflict}>
      <dl className={styles.versions}>
        <Version version={conflict.head} title={m.toCheck.shown} whose={whose(conflict.head)} />
        <Version version={conflict.concurrent} title={m.toCheck.beside} whose={whose(conflict.concurrent)} />
      </dl>
      <Settling document={document} concurrent={conflict.concurrent} head={conflict.head} />
    </div>
  );
}

function Version({ version, title, whose }: { version: VersionView; title: string; whose: string | null }) {
  const { m, f } = useWords();
  const { person } = usePeople();
  const author = person(version.author);
  return (
    <div className={styles.version}>
      <dt>
        {m.documents.settling.version(whose)}
        <small>{title}</small>
      </dt>
      <dd>
        {m.documents.detail.version.by(author ? fullName(author) : m.toCheck.somebody, version.workstation)}
        <br />
        <time dateTime={new Date(version.made_at).toISOString()}>{f.fullInstant(version.made_at)}</time>
        <span className={styles.size}>{f.bytes(version.size)}</span>
      </dd>
    </div>
  );
}
