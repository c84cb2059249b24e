/** The trash of every client file: what was deleted, by whom, and the way back. */
import { useNavigate } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { useWords, type Words } from "../../i18n/i18n";
import { Button } from "../../kit/Button";
import { fullName } from "../../kit/Chip";
import { EmptyState } from "../../kit/EmptyState";
import { SearchField } from "../../kit/Field";
import { Grid, type Column } from "../../kit/grid/Grid";
import { NOTHING_SELECTED, type Selection } from "../../kit/grid/selection";
import { useMetRows } from "../../kit/grid/useMetRows";
import { useWindowedRows } from "../../kit/grid/useWindowedRows";
import { Icon } from "../../kit/icons";
import { usePlatform } from "../../platform/PlatformContext";
import type { ExecuteReply, TrashRow } from "../../protocol/protocol";
import clients from "../clients/clients.module.css";
import { callQuery, useCall, useExecute } from "../data/calls";
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
  const platform = usePlatform();
  const navigate = useNavigate();
  const all = useCall("list_trash", { client_file: null, search: "", offset: 0, limit: 1 }).data?.total;
  const { person } = usePeople();
  const clientName = useClientNames();
  const now = useNow();
  const [search, setSearch] = useState("");
  const [selection, setSelection] = useState<Selection>(NOTHING_SELECTED);

  const windowQuery = useCallback(
    (offset: number, limit: number) => callQuery(platform, "list_trash", { client_file: null, search: search.trim(), offset, limit }),
    [platform, search],
  );
  const rows = useWindowedRows<TrashRow>(windowQuery);
  const total = rows.total ?? 0;
  const { rowAt, rowsBetween, rowsOf } = useMetRows(rows);

  const restore = (list: readonly TrashRow[]) => {
    const [first] = list;
    if (!first) return;
    const see = ({ executed: [done] }: ExecuteReply) => {
      const place = done?.restored_to;
      if (list.length > 1 || !place) return undefined;
      const target = first.folder ? { folder: first.id } : { folder: place.folder, document: first.id };
      return {
        label: m.trash.see,
        run: () => void navigate({ to: "/clients/$client/documents", params: { client: first.client_file }, search: target }),
      };
    };
    void execute(
      "restore",
      list.map((row) => ({ kind: "restore", node: row.id, parent: null })),
      { said: (reply) => restoredText(words, first, reply), next: see },
    );
    setSelection(NOTHING_SELECTED);
  };
  const chosen = () => rowsOf(selection.ids);
  const columns = trashColumns(words, {
    now,
    clientName,
    personName: (id) => {
      const found = person(id);
      return found ? fullName(found) : "";
    },
    restore: (row) => restore([row]),
  });

  const count = selection.ids.size;
  return (
    <Screen
      title={m.trash.title}
      count={all ? m.trash.total(all) : undefined}
      actions={
        all !== undefined &&
        all > 0 && (
          <Button icon="restore" isDisabled={count === 0} onPress={() => restore(chosen())}>
            {count > 1 ? m.trash.restoreMany(count) : m.trash.restore}
          </Button>
        )
      }
    >
      {all === 0 ? (
        <EmptyState icon="trash" title={m.trash.emptyTitle} text={m.trash.emptyText} />
      ) : (
        <>
          <div className={clients.tools}>
            <SearchField
              label={m.trash.search}
              value={search}
              onChange={(text) => {
                setSearch(text);
                setSelection(NOTHING_SELECTED);
              }}
              className={clients.search}
            />
          </div>
          {rows.total === 0 && search.trim() !== "" ? (
            <EmptyState icon="search" title={m.trash.noMatch} />
          ) : (
            <Grid
              label={m.trash.title}
              columns={columns}
              total={total}
              rowAt={rowAt}
              rowId={rowId}
              rowLabel={rowLabel}
              rowsBetween={rowsBetween}
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

/** Where things went: the server may have had to put them elsewhere, or give them another name. */
function restoredText({ m }: Words, first: TrashRow, { executed }: ExecuteReply): string {
  const places = executed.map(({ restored_to }) => restored_to);
  const [place] = places;
  const isOne = places.every((other) => other?.folder === place?.folder);
  const where = place && isOne ? place.path.slice(-2).join(" › ") : null;
  if (executed.length > 1 || where === null) return m.trash.restoredMany(executed.length, where);
  const name = executed[0]?.renamed_to;
  return name ? m.trash.restoredAs(name, where) : m.trash.restored(first.name, where);
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
