/** Columns of the table of clients. Narrow windows lose the least needed first. */
import type { Words } from "../../i18n/i18n";
import { Avatars, Badge } from "../../kit/Chip";
import type { Column } from "../../kit/grid/Grid";
import { StatusMark } from "../../kit/SyncMark";
import type { ClientFileRow, PersonId, PersonView } from "../../protocol/protocol";
import { FileMark } from "../sync/FileMark";
import styles from "./clients.module.css";

export function clientColumns({ m, f }: Words, named: (ids: PersonId[]) => PersonView[]): Column<ClientFileRow>[] {
  const words = m.clients;
  return [
    {
      key: "name",
      label: words.name,
      track: "minmax(180px, 1fr)",
      cell: (row) => (
        <span className={styles.name} title={row.name}>
          {row.name}
        </span>
      ),
    },
    {
      key: "siren",
      label: words.siren,
      track: "110px",
      hideBelow: 620,
      cell: (row) => <span className={`${styles.quiet} figures`}>{row.siren === null ? "" : f.siren(row.siren)}</span>,
    },
    {
      key: "closing",
      label: words.closing,
      track: "104px",
      hideBelow: 540,
      cell: (row) => <span className={`${styles.quiet} figures`}>{row.closing === null ? "" : f.shortDate(row.closing)}</span>,
    },
    { key: "people", label: words.people, track: "96px", hideBelow: 700, cell: (row) => <Avatars people={named(row.people)} /> },
    {
      key: "unread",
      label: words.unread,
      track: "84px",
      align: "end",
      cell: (row) => <Badge count={row.unread} label={m.common.unread(row.unread)} />,
    },
    {
      key: "documents",
      label: words.documents,
      track: "96px",
      align: "end",
      cell: (row) => <span className={`${row.documents === 0 ? styles.faint : styles.quiet} figures`}>{f.number(row.documents)}</span>,
    },
    {
      key: "offline",
      label: words.sync,
      track: "164px",
      cell: (row) =>
        row.offline ? (
          <FileMark mark={row.sync} withWord />
        ) : (
          <StatusMark icon="cloud" tone="plain" word={words.notOffline} faint />
        ),
    },
  ];
}
