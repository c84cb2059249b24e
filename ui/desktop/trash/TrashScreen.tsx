/** The trash of every client file: what was deleted, by whom, and the way back. */
import { useMemo, useState } from "react";
import { useWords, type Words } from "../../i18n/i18n";
import { Button } from "../../kit/Button";
import { fullName } from "../../kit/Chip";
import { EmptyState } from "../../kit/EmptyState";
import { SearchField } from "../../kit/Field";
import { Grid, type Column } from "../../kit/grid/Grid";
import { NOTHING_SELECTED, type Selection } from "../../kit/grid/selection";
import { Icon } from "../../kit/icons";
import { folded } from "../../i18n/text";
import type { TrashRow } from "../../protocol/protocol";
import clients from "../clients/clients.module.css";
import { useCall, useExecute } from "../data/calls";
import { useLocalRows } from "../data/localRows";
import { useNow } from "../data/now";
import { usePeople } from "../data/people";
import { Screen } from "../shell/Screen";
import { useClientNames } from "./useClientNames";
import styles from "./trash.module.css";

const rowId = (row: TrashRow) => row.id;
const rowLabel = (row: TrashRow) => row.name;

export function TrashScreen() {
  const words = useWords();
  const { m } = words;
  const execute = useExecute();
  const { data } = useCall("list_trash", { client_file: null });
  const { person } = usePeople();
  const clientName = useClientNames();
  const now = useNow();
  const [search, setSearch] = useState("");
  const [selection, setSelection] = useState<Selection>(NOTHING_SELECTED);

  const shown = useMemo(() => {
    const wanted = folded(search.trim());
    const all = data?.rows ?? [];
    return wanted === "" ? all : all.filter((row) => folded(`${row.name} ${clientName(row.client_file)}`).includes(wanted));
  }, [data, search, clientName]);
  const rows = useLocalRows(shown);

  const restore = (list: readonly TrashRow[]) => {
    const [first] = list;
    if (!first) return;
    void execute(
      "restore",
      list.map((row) => ({ kind: "restore", node: row.id, parent: null })),
      { said: list.length === 1 ? m.trash.restored(first.name) : m.trash.restoredMany(list.length) },
    );
    setSelection(NOTHING_SELECTED);
  };
  const chosen = shown.filter((row) => selection.ids.has(row.id));
  const columns = trashColumns(words, {
    now,
    clientName,
    personName: (id) => {
      const found = person(id);
      return found ? fullName(found) : "";
    },
    restore: (row) => restore([row]),
  });

  const total = data?.rows.length ?? 0;
  return (
    <Screen
      title={m.trash.title}
      count={total > 0 ? m.trash.total(total) : undefined}
      actions={
        total > 0 && (
          <Button icon="restore" isDisabled={chosen.length === 0} onPress={() => restore(chosen)}>
            {chosen.length > 1 ? m.trash.restoreMany(chosen.length) : m.trash.restore}
          </Button>
        )
      }
    >
      {data && total === 0 ? (
        <EmptyState icon="trash" title={m.trash.emptyTitle} text={m.trash.emptyText} />
      ) : (
        <>
          <div className={clients.tools}>
            <SearchField label={m.trash.search} value={search} onChange={setSearch} className={clients.search} />
          </div>
          {shown.length === 0 ? (
            <EmptyState icon="search" title={m.trash.noMatch} />
          ) : (
            <Grid
              label={m.trash.title}
              columns={columns}
              total={rows.total}
              rowAt={rows.rowAt}
              rowId={rowId}
              rowLabel={rowLabel}
              rowsBetween={rows.rowsBetween}
              onShow={rows.show}
              selection={selection}
              onSelection={setSelection}
            />
          )}
        </>
      )}
    </Screen>
  );
}

interface Cells {
  now: number;
  clientName: (id: string) => string;
  personName: (id: string) => string;
  restore: (row: TrashRow) => void;
}

function trashColumns({ m, f }: Words, { now, clientName, personName, restore }: Cells): Column<TrashRow>[] {
  return [
    {
      key: "name",
      label: m.trash.name,
      track: "minmax(200px, 1.4fr)",
      cell: (row) => (
        <span className={styles.name}>
          <Icon name={row.folder ? "folder" : "file"} />
          <span className={clients.name} title={row.name}>
            {row.name}
          </span>
        </span>
      ),
    },
    {
      key: "client",
      label: m.trash.client,
      track: "minmax(120px, 0.8fr)",
      cell: (row) => <span className={styles.text}>{clientName(row.client_file)}</span>,
    },
    {
      key: "place",
      label: m.trash.place,
      track: "minmax(140px, 1fr)",
      hideBelow: 760,
      cell: (row) => (
        <span className={styles.text} title={row.path.join(" › ")}>
          {row.path.slice(-2).join(" › ")}
        </span>
      ),
    },
    {
      key: "when",
      label: m.trash.when,
      track: "104px",
      cell: (row) => (
        <span className={styles.text} title={f.fullInstant(row.trashed_at)}>
          {f.instant(row.trashed_at, now)}
        </span>
      ),
    },
    { key: "by", label: m.trash.by, track: "128px", hideBelow: 900, cell: (row) => <span className={styles.text}>{personName(row.trashed_by)}</span> },
    {
      key: "restore",
      label: m.trash.restore,
      head: <span className="visually-hidden">{m.trash.restore}</span>,
      track: "96px",
      align: "end",
      cell: (row) => (
        <Button tone="link" onPress={() => restore(row)} aria-label={`${m.trash.restore} ${row.name}`}>
          {m.trash.restore}
        </Button>
      ),
    },
  ];
}
