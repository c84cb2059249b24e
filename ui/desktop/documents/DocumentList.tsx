/** The documents of one folder. Keys and selection as in Explorer; what is selected is the workspace's. */
import { type KeyboardEvent, type Ref, useCallback, useEffect, useImperativeHandle, useMemo, useRef, useState } from "react";
import { useWords } from "../../i18n/i18n";
import { Grid, type GridHandle } from "../../kit/grid/Grid";
import { pruned, select, type Selection } from "../../kit/grid/selection";
import { useMetRows } from "../../kit/grid/useMetRows";
import { useWindowedRows, type WindowedRows } from "../../kit/grid/useWindowedRows";
import { EmptyState } from "../../kit/EmptyState";
import { isMod } from "../../kit/keys";
import { asFailure } from "../../platform/platform";
import { usePlatform } from "../../platform/PlatformContext";
import type { DocumentOrder, DocumentRow, NodeId } from "../../protocol/protocol";
import { callOptions } from "../data/calls";
import { type Editing, useColumns } from "./columns";
import { DocumentMenu } from "./DocumentMenu";
import { EmptyFolder } from "./EmptyFolder";
import { documentsOf, useWorkspace } from "./workspace";

export interface Sort {
  key: DocumentOrder;
  descending: boolean;
}

/** The rows of a folder, as the list shows them. */
export function useDocumentRows(folder: NodeId, sort: Sort, search: string): WindowedRows<DocumentRow> {
  const platform = usePlatform();
  const windowQuery = useCallback(
    (offset: number, limit: number) => {
      const payload = { folder, order: sort.key, descending: sort.descending, search, offset, limit };
      const { queryKey } = callOptions(platform, "list_documents", payload);
      return { queryKey, queryFn: () => platform.call("list_documents", payload) };
    },
    [platform, folder, sort, search],
  );
  return useWindowedRows<DocumentRow>(windowQuery, folder);
}


export interface DocumentListProps {
  rows: WindowedRows<DocumentRow>;
  sort: Sort;
  onSort: (key: DocumentOrder) => void;
  search: string;
  onClearSearch: () => void;
  onFilter: () => void;
  selection: Selection;
  onSelection: (selection: Selection) => void;
  onOpen: (row: DocumentRow) => void;
  onQuickLook: () => void;
  /** What was selected has left the folder. */
  onGone: () => void;
  handle?: Ref<GridHandle>;
}

export function DocumentList(props: DocumentListProps) {
  const { rows, selection, onSelection } = props;
  const { m, failureText } = useWords();
  const workspace = useWorkspace();
  const { actions, folder } = workspace;
  const [editing, setEditing] = useState<Editing | null>(null);
  const [menu, setMenu] = useState<{ rows: readonly DocumentRow[]; at: { x: number; y: number } } | null>(null);
  const grid = useRef<GridHandle>(null);
  useImperativeHandle(
    props.handle,
    () => ({ focus: () => grid.current?.focus(), reveal: (index) => grid.current?.reveal(index) }),
    [],
  );

  const total = rows.total ?? 0;
  const { rowAt, rowsBetween, rowsOf } = useMetRows(rows);
  const selected = useCallback(() => rowsOf(selection.ids), [rowsOf, selection]);

  const focusGrid = useCallback(() => requestAnimationFrame(() => grid.current?.focus()), []);
  const indexOf = useCallback(
    (id: NodeId) => {
      for (let index = 0; index < total; index++) if (rows.rowAt(index)?.id === id) return index;
      return -1;
    },
    [rows, total],
  );
  const onNextPiece = useCallback(
    (row: DocumentRow, direction: 1 | -1) => {
      const index = indexOf(row.id) + direction;
      const next = index < 0 ? undefined : rows.rowAt(index);
      if (next === undefined) {
        setEditing(null);
        focusGrid();
        return;
      }
      grid.current?.reveal(index);
      onSelection(select(selection, { kind: "only", index, id: next.id }));
      setEditing({ id: next.id, field: "piece" });
    },
    [indexOf, rows, selection, onSelection, focusGrid],
  );
  const columns = useColumns({ editing, setEditing, onEdited: focusGrid, onNextPiece });

  // A line that moved (renamed, sorted, another came before it) keeps the keyboard; one that left gives it to the next.
  const activeId = useRef<NodeId | null>(null);
  useEffect(() => {
    activeId.current = rows.rowAt(selection.active)?.id ?? null;
    // Remembers who was active when the selection last changed, not after each refresh.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [selection]);
  useEffect(() => {
    if (selection.active < 0) return;
    const present: NodeId[] = [];
    for (let index = 0; index < total; index++) {
      const row = rows.rowAt(index);
      // A list that is only known in part cannot say that somebody left it.
      if (row === undefined) return;
      present.push(row.id);
    }
    const hadFocus = document.activeElement === document.body || document.activeElement?.closest('[role="grid"]') != null;
    const next = pruned(selection, activeId.current, present);
    if (next === selection) return;
    onSelection(next);
    if (hadFocus) focusGrid();
    // Only other rows can move a line; the selection itself is not a reason to look again.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [rows.revision]);

  const trash = async () => {
    const doomed = selected();
    if (doomed.length === 0) return;
    const outcome = await actions.trash(doomed);
    if (outcome.ok) props.onGone();
  };

  const onKey = (event: KeyboardEvent) => {
    const mod = isMod(event);
    const plain = !mod && !event.altKey && !event.shiftKey;
    const key = event.key.toLowerCase();
    const active = rowAt(selection.active);
    if (event.key === "F2" && active) setEditing({ id: active.id, field: event.shiftKey ? "piece" : "name" });
    else if (event.key === "Delete" && plain) void trash();
    else if (event.key === " " && plain) props.onQuickLook();
    else if (event.key === "Escape" && workspace.cut.size > 0) workspace.setCut(null);
    else if (plain && key === "r") void actions.review(selected());
    else if (plain && key === "/") props.onFilter();
    else if (mod && key === "x") workspace.setCut(documentsOf(selected()));
    else if (mod && !event.shiftKey && key === "v" && folder !== null) workspace.paste(folder);
    else if (mod && event.shiftKey && key === "m") workspace.askMove(documentsOf(selected()));
    else if (mod && event.shiftKey && key === "n" && folder !== null) workspace.askNewFolder(folder);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const sort = useMemo(() => ({ key: props.sort.key, descending: props.sort.descending }), [props.sort]);
  const menuAt = (row: DocumentRow | undefined, at: { x: number; y: number }) => {
    if (row === undefined) setMenu({ rows: [], at });
    else setMenu({ rows: selection.ids.has(row.id) ? [row, ...selected().filter((other) => other.id !== row.id)] : [row], at });
  };

  if (rows.total === undefined && rows.failure !== null) {
    return <EmptyState icon="alert" title={failureText(asFailure(rows.failure))} />;
  }
  if (rows.total === 0) {
    return <EmptyFolder search={props.search} onClearSearch={props.onClearSearch} />;
  }
  return (
    <>
      <Grid
        handle={grid}
        label={m.documents.list.label(folder === null ? "" : workspace.placeOf(folder))}
        columns={columns}
        total={total}
        rowAt={rowAt}
        rowId={rowIdentity}
        rowLabel={rowName}
        rowsBetween={rowsBetween}
        onShow={rows.show}
        selection={selection}
        onSelection={onSelection}
        sort={sort}
        onSort={(key) => props.onSort(key as DocumentOrder)}
        onOpen={props.onOpen}
        onKey={onKey}
        onContextMenu={menuAt}
        onRowPointerDown={(row, event) =>
          workspace.beginDrag(() => {
            const all = selected();
            return documentsOf(all.some((each) => each.id === row.id) ? all : [row]);
          }, event)
        }
      />
      {menu && (
        <DocumentMenu
          rows={menu.rows}
          at={menu.at}
          onClose={() => setMenu(null)}
          onOpen={props.onOpen}
          onQuickLook={props.onQuickLook}
          onEdit={setEditing}
        />
      )}
    </>
  );
}

const rowIdentity = (row: DocumentRow) => row.id;
const rowName = (row: DocumentRow) => row.name;
