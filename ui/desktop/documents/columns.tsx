/** The columns of the document list. Narrow lists keep the name, the date and the marks. */
import { useMemo } from "react";
import { useWords } from "../../i18n/i18n";
import { Avatar } from "../../kit/Chip";
import type { Column } from "../../kit/grid/Grid";
import { Icon } from "../../kit/icons";
import type { DocumentOrder, DocumentRow, NodeId } from "../../protocol/protocol";
import { useNow } from "../data/now";
import { FileIcon } from "../preview/FileIcon";
import { FileMark } from "../sync/FileMark";
import shared from "./documents.module.css";
import styles from "./list.module.css";
import { NameField } from "./NameField";
import { NameText } from "./NameText";
import { PieceField } from "./PieceField";
import { useOpened } from "./opened";
import { nameOf, useWorkspace } from "./workspace";

/** What is being typed in the list: a name or a piece number. */
export interface Editing {
  id: NodeId;
  field: "name" | "piece";
}

export interface ColumnOptions {
  editing: Editing | null;
  setEditing: (editing: Editing | null) => void;
  /** After a name or number is kept or left: the list takes the keyboard again. */
  onEdited: () => void;
  /** Keeps the number typed and goes on to the line above or below. */
  onNextPiece: (row: DocumentRow, direction: 1 | -1) => void;
}

export function useColumns({ editing, setEditing, onEdited, onNextPiece }: ColumnOptions): Column<DocumentRow>[] {
  const { m, f } = useWords();
  const { people, actions, cut } = useWorkspace();
  const opened = useOpened();
  const now = useNow();
  return useMemo(() => {
    const words = m.documents.list;
    const isEditing = (row: DocumentRow, field: Editing["field"]) => editing?.id === row.id && editing.field === field;
    const done = () => {
      setEditing(null);
      onEdited();
    };
    const column = (key: DocumentOrder | "author" | "reviewed" | "comments" | "sync", rest: Omit<Column<DocumentRow>, "key">) => ({ key, ...rest });
    return [
      column("name", {
        label: words.name,
        track: "minmax(150px, 1fr)",
        sortable: true,
        cell: (row) => (
          <span className={styles.name} data-unread={row.unread} data-cut={cut.has(row.id)}>
            <span className={styles.dot} title={row.unread ? words.unread : undefined}>
              {row.unread && <span className="visually-hidden">{words.unread}</span>}
            </span>
            <FileIcon name={row.name} />
            {isEditing(row, "name") ? (
              <NameField
                label={m.documents.rename.field(row.name)}
                initial={row.name}
                onCancel={done}
                onCommit={async (name) => {
                  const outcome = await actions.rename(row.id, row.name, name);
                  if (outcome.ok) done();
                  return outcome.ok ? null : outcome.failure;
                }}
              />
            ) : (
              <NameText name={row.name} />
            )}
            {opened.has(row.id) && (
              <span className={styles.opened} title={opened.get(row.id)}>
                <Icon name="pencil" size={14} />
                <span className="visually-hidden">{opened.get(row.id)}</span>
              </span>
            )}
            {row.concurrent && (
              <span className={styles.concurrent} title={words.concurrent}>
                <Icon name="fork" size={14} />
                <span className="visually-hidden">{words.concurrent}</span>
              </span>
            )}
          </span>
        ),
      }),
      column("piece_number", {
        label: words.piece,
        track: "70px",
        hideBelow: 440,
        sortable: true,
        cell: (row) =>
          isEditing(row, "piece") ? (
            <PieceField
              label={words.pieceField(row.name)}
              initial={row.piece_number ?? ""}
              onCommit={(text) => {
                void actions.number(row, text);
                done();
              }}
              onCancel={done}
              onNext={(text, direction) => {
                void actions.number(row, text);
                onNextPiece(row, direction);
              }}
            />
          ) : (
            <button
              type="button"
              tabIndex={-1}
              className={styles.piece}
              aria-label={[row.piece_number, words.pieceField(row.name)].filter(Boolean).join(", ")}
              onClick={() => setEditing({ id: row.id, field: "piece" })}
            >
              {row.piece_number ?? ""}
            </button>
          ),
      }),
      column("modified", {
        label: words.modified,
        track: "84px",
        hideBelow: 340,
        sortable: true,
        cell: (row) => <span title={f.fullInstant(row.modified_at)}>{f.instant(row.modified_at, now)}</span>,
      }),
      column("size", {
        label: words.size,
        track: "76px",
        hideBelow: 680,
        sortable: true,
        align: "end",
        cell: (row) => <span className={shared.quiet}>{f.bytes(row.size)}</span>,
      }),
      column("author", {
        label: words.author,
        head: <Icon name="person" size={14} />,
        track: "34px",
        hideBelow: 740,
        align: "center",
        cell: (row) => {
          const author = people.get(row.author);
          return author ? (
            <span title={words.authorIs(nameOf(people, row.author))}>
              <Avatar person={author} quiet />
            </span>
          ) : null;
        },
      }),
      column("comments", {
        label: words.comments,
        head: <Icon name="comment" size={14} />,
        track: "38px",
        hideBelow: 580,
        align: "center",
        cell: (row) =>
          row.comments > 0 ? (
            <span className={styles.comments} title={words.commentCount(row.comments)}>
              <Icon name="comment" size={14} />
              {f.number(row.comments)}
            </span>
          ) : null,
      }),
      column("reviewed", {
        label: words.reviewed,
        head: <Icon name="stamp" size={14} />,
        track: "34px",
        align: "center",
        cell: (row) => {
          const label =
            row.reviewed_by === null
              ? words.review
              : words.reviewedBy(nameOf(people, row.reviewed_by), row.reviewed_at === null ? "" : f.fullInstant(row.reviewed_at));
          return (
            <button
              type="button"
              role="checkbox"
              aria-checked={row.reviewed_by !== null}
              aria-label={words.reviewed}
              title={label}
              tabIndex={-1}
              className={styles.reviewed}
              onClick={() => void actions.review([row])}
            >
              <Icon name="check" size={12} strokeWidth={2} />
            </button>
          );
        },
      }),
      column("sync", {
        label: words.sync,
        head: <Icon name="sync" size={14} />,
        track: "30px",
        align: "center",
        cell: (row) => <FileMark mark={row.sync} />,
      }),
    ];
  }, [m, f, now, people, opened, actions, cut, editing, setEditing, onEdited, onNextPiece]);
}
