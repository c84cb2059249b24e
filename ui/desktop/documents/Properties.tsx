/** What is known of a document besides its content. */
import { type ReactNode, useState } from "react";
import { useWords } from "../../i18n/i18n";
import { Button } from "../../kit/Button";
import type { DocumentView } from "../../protocol/protocol";
import { extensionOf, fileFamily } from "../preview/kind";
import { FileMark } from "../sync/FileMark";
import styles from "./detail.module.css";
import { shortHash } from "./names";
import { PieceField } from "./PieceField";
import { nameOf, useWorkspace } from "./workspace";

export function Properties({ view }: { view: DocumentView }) {
  const { m, f } = useWords();
  const words = m.documents.detail.property;
  const { people, actions } = useWorkspace();
  const [numbering, setNumbering] = useState(false);
  const { row } = view;
  const extension = extensionOf(row.name).toUpperCase();
  const family = m.documents.families[fileFamily(row.name)];

  const piece = numbering ? (
    <PieceField
      label={words.piece}
      initial={row.piece_number ?? ""}
      onCommit={(text) => {
        void actions.number(row, text);
        setNumbering(false);
      }}
      onCancel={() => setNumbering(false)}
    />
  ) : (
    <Button tone="link" onPress={() => setNumbering(true)}>
      {row.piece_number ?? words.noPiece}
    </Button>
  );
  const reviewed =
    row.reviewed_by === null
      ? words.notReviewed
      : words.reviewedBy(nameOf(people, row.reviewed_by), row.reviewed_at === null ? "" : f.fullInstant(row.reviewed_at));
  const lines: [string, ReactNode][] = [
    [words.path, view.path.join(" › ")],
    [words.piece, piece],
    [words.reviewed, reviewed],
    [words.modified, f.fullInstant(row.modified_at)],
    [words.kind, extension === "" || extension === family ? family : `${family} (${extension})`],
    [words.size, f.bytes(row.size)],
    [words.sync, <FileMark key="sync" mark={row.sync} withWord />],
    [words.hash, <code key="hash" title={row.content}>{shortHash(row.content)}</code>],
  ];
  return (
    <dl className={styles.properties}>
      {lines.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd className="selectable">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
