/**
 * The documents of a client file: tree, list, preview. This module holds what the three panes share (the folder, the
 * selection, what is dragged or cut) and the questions asked over them; the panes hold the rest.
 */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useWords } from "../../i18n/i18n";
import { EmptyState } from "../../kit/EmptyState";
import type { GridHandle } from "../../kit/grid/Grid";
import { NOTHING_SELECTED, select, type Selection } from "../../kit/grid/selection";
import { WINDOW } from "../../kit/grid/useWindowedRows";
import { Split, useSplitLayout } from "../../kit/split/Split";
import type { PaneSpec } from "../../kit/split/sizes";
import { ancestors } from "../../kit/tree/flatten";
import type { ClientFileId, DocumentOrder, DocumentRow, FiscalYearId, NodeId } from "../../protocol/protocol";
import { useCall } from "../data/calls";
import { useDocumentFile } from "../preview/useDocumentFile";
import { DetailPane } from "./DetailPane";
import { DocumentList, type Sort, useDocumentRows } from "./DocumentList";
import styles from "./documents.module.css";
import { DragGhost } from "./DragGhost";
import { FolderTree } from "./FolderTree";
import { counterpart, firstFolder, type FolderNode, folderNodes } from "./folders";
import { ListPane } from "./ListPane";
import { QuickLook } from "./QuickLook";
import { useKept } from "./useKept";
import { useWorkspaceState } from "./useWorkspaceState";
import { WorkspaceProvider } from "./workspace";

const PANES: PaneSpec[] = [
  { id: "tree", min: 150, initial: 224, collapsible: true },
  { id: "list", min: 260, initial: 0, fills: true },
  { id: "detail", min: 280, initial: 320, collapsible: true },
];

/** Below this width, in pixels, the list has room for one pane beside it: the tree, or the preview. */
const NARROW = 900;

export interface DocumentsWorkspaceProps {
  clientFile: ClientFileId;
  /** The folder asked for, by a link or the palette. */
  folder?: NodeId;
  /** The document asked for. */
  document?: NodeId;
  /** The fiscal year of the header; all where absent. */
  fiscalYear?: FiscalYearId | null;
  /** What was asked for is on screen: the request is over, and may be made again. */
  onArrived?: () => void;
}

export function DocumentsWorkspace(props: DocumentsWorkspaceProps) {
  const { m, f, failureText } = useWords();
  const tree = useCall("get_tree", { client_file: props.clientFile });
  const nodes = useMemo(() => (tree.data ? folderNodes(tree.data, null, f.month) : []), [tree.data, f]);
  const shownNodes = useMemo(
    () => (tree.data ? folderNodes(tree.data, props.fiscalYear ?? null, f.month) : []),
    [tree.data, props.fiscalYear, f],
  );
  if (tree.data === undefined) return tree.error === null ? null : <EmptyState icon="alert" title={failureText(tree.error)} />;
  if (nodes.length === 0) return <EmptyState icon="folder" title={m.documents.empty.noTree} />;
  // Another client file is another workspace: nothing selected, cut or filtered stays.
  return <Panes key={props.clientFile} {...props} nodes={nodes} shownNodes={shownNodes} />;
}

type PanesProps = DocumentsWorkspaceProps & { nodes: FolderNode[]; shownNodes: FolderNode[] };

const isText = (kept: unknown): kept is string | null => kept === null || typeof kept === "string";
const isTexts = (kept: unknown): kept is string[] => Array.isArray(kept) && kept.every((each) => typeof each === "string");
const isSort = (kept: unknown): kept is Sort =>
  typeof kept === "object" &&
  kept !== null &&
  "key" in kept &&
  "descending" in kept &&
  ["name", "modified", "size", "piece_number"].includes(String(kept.key));

function Panes({ clientFile, folder: asked, document: askedDocument, fiscalYear, onArrived, nodes, shownNodes }: PanesProps) {
  const { m } = useWords();
  const [last, setLast] = useKept<string | null>(`gedeon.documents.folder.${clientFile}`, null, isText);
  const [folder, setFolder] = useState<NodeId | null>(() => asked ?? firstFolder(shownNodes, last));
  const [open, setOpen] = useKept<string[]>(
    `gedeon.documents.tree.${clientFile}`,
    nodes.filter((node) => node.parent === null).map((node) => node.id),
    isTexts,
  );
  const [sort, setSort] = useKept<Sort>("gedeon.documents.sort", { key: "name", descending: false }, isSort);
  const [search, setSearch] = useState("");
  const [selection, setSelection] = useState<Selection>(NOTHING_SELECTED);
  const [quickLook, setQuickLook] = useState(false);
  const grid = useRef<GridHandle>(null);
  const filter = useRef<HTMLInputElement>(null);
  const split = useSplitLayout("gedeon.documents.panes", PANES);
  const file = useDocumentFile();
  const area = useRef<HTMLDivElement>(null);
  const narrow = useIsNarrow(area);
  const [beside, setBeside] = useState<"tree" | "detail" | null>("tree");
  const expanded = useMemo(() => new Set(open), [open]);
  const expand = useCallback(
    (ids: readonly NodeId[], opened: boolean) =>
      setOpen((now) => (opened ? [...new Set([...now, ...ids])] : now.filter((id) => !ids.includes(id)))),
    [setOpen],
  );

  // A folder just made is opened once the tree knows it: before that it would be taken for one that has gone.
  const [made, setMade] = useState<NodeId | null>(null);
  const openFolder = useCallback(
    (id: NodeId) => {
      const isKnown = nodes.some((node) => node.id === id);
      setMade(isKnown ? null : id);
      if (!isKnown) return;
      if (id !== folder) {
        setSelection(NOTHING_SELECTED);
        setSearch("");
      }
      setFolder(id);
      setLast(id);
    },
    [nodes, folder, setLast],
  );
  useEffect(() => {
    if (made !== null && nodes.some((node) => node.id === made)) openFolder(made);
  }, [made, nodes, openFolder]);

  // What leads to the folder is open, so that the tree always shows where one is.
  useEffect(() => {
    if (folder !== null) expand(ancestors(nodes, folder), true);
    // The tree may change for other reasons: a folder that somebody folds back stays folded.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [folder]);
  useEffect(() => {
    if (asked === undefined) return;
    openFolder(asked);
    if (askedDocument === undefined) onArrived?.();
    // Only a new request moves: the reader's own steps do not come back here.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [asked]);
  // The header's fiscal year takes the reader to the same place of that year.
  useEffect(() => {
    if (fiscalYear == null || folder === null) return;
    const there = counterpart(nodes, folder, fiscalYear);
    if (there !== folder) openFolder(there);
    // oxlint-disable-next-line react/exhaustive-deps
  }, [fiscalYear]);
  // A folder trashed or out of sight leaves its place to the nearest one above that is still there.
  const above = useRef<NodeId[]>([]);
  useEffect(() => {
    if (folder !== null && nodes.some((node) => node.id === folder)) {
      above.current = ancestors(nodes, folder);
      return;
    }
    const next = above.current.find((id) => nodes.some((node) => node.id === id)) ?? firstFolder(shownNodes, null);
    if (next !== null && next !== folder) openFolder(next);
  }, [folder, nodes, shownNodes, openFolder]);

  const rows = useDocumentRows(folder ?? "", sort, search);
  const total = rows.total ?? 0;
  // A short list finds out by itself who left it, and gives the keyboard to the next line.
  const onGone = useCallback(() => {
    if (total > WINDOW) setSelection((now) => select(now, { kind: "none" }));
  }, [total]);
  const onSpring = (id: NodeId) => expand([id], true);
  const { workspace, ghost, dialogs } = useWorkspaceState({ clientFile, nodes, shownNodes, folder, openFolder, onSpring, onGone });

  const goTo = useCallback(
    async (index: number) => {
      const [row] = await rows.rowsBetween(index, index);
      if (row === undefined) return;
      setSelection((now) => select(now, { kind: "only", index, id: row.id }));
      grid.current?.reveal(index);
    },
    [rows],
  );

  // A document asked for is looked for in its folder once the folder is there.
  const found = useRef<NodeId | null>(null);
  useEffect(() => {
    if (askedDocument === undefined) found.current = null;
    if (askedDocument === undefined || found.current === askedDocument || rows.total === undefined) return;
    if (asked !== undefined && folder !== asked) return;
    found.current = askedDocument;
    void rows
      .rowsBetween(0, rows.total - 1)
      .then((all) => {
        const index = all.findIndex((row) => row.id === askedDocument);
        return index < 0 ? undefined : goTo(index);
      })
      .then(() => onArrived?.());
  }, [askedDocument, asked, folder, rows, goTo, onArrived]);

  const onOpen = useCallback(
    (row: DocumentRow) => {
      if (file.open === null) {
        setQuickLook(true);
        return;
      }
      void file.open(row.id);
      if (row.unread) void workspace.actions.markRead(row.id, row.version);
    },
    [file, workspace.actions],
  );
  const onSort = (key: DocumentOrder) => {
    setSort((now) => ({ key, descending: now.key === key ? !now.descending : false }));
  };
  const isShown = (pane: string) => split.layout[pane]?.collapsed !== true && (!narrow || beside === pane);
  const toggle = (pane: "tree" | "detail") => {
    const show = !isShown(pane);
    if (narrow) setBeside(show ? pane : null);
    if (!narrow || show) split.setCollapsed(pane, !show);
  };

  const active = selection.active >= 0 ? rows.rowAt(selection.active) : undefined;
  const chosen = selection.ids.size === 1 ? ([...selection.ids][0] ?? null) : null;
  const status =
    rows.total === undefined
      ? ""
      : [m.documents.list.count(total), selection.ids.size > 1 ? m.documents.list.selected(selection.ids.size) : ""].filter(Boolean).join(" · ");

  return (
    <WorkspaceProvider value={workspace}>
      <div ref={area} className={styles.workspace} data-dragging-inside={workspace.drag !== null || undefined}>
        <Split
          state={split}
          panes={[
            isShown("tree") && {
              ...paneSpec("tree"),
              separatorLabel: m.documents.resizeTree,
              content: (
                <FolderTree
                  expanded={expanded}
                  onExpand={(id, opened) => expand([id], opened)}
                  onEnter={() => {
                    if (selection.active < 0 && total > 0) void goTo(0);
                    grid.current?.focus();
                  }}
                />
              ),
            },
            {
              ...paneSpec("list"),
              content: (
                <ListPane
                  search={search}
                  filter={filter}
                  onSearch={(text) => {
                    setSearch(text);
                    setSelection(NOTHING_SELECTED);
                  }}
                  onEnterList={() => void goTo(0).then(() => grid.current?.focus())}
                  status={status}
                  tree={{ shown: isShown("tree"), toggle: () => toggle("tree") }}
                  detail={{ shown: isShown("detail"), toggle: () => toggle("detail") }}
                >
                  <DocumentList
                    handle={grid}
                    rows={rows}
                    sort={sort}
                    onSort={onSort}
                    search={search}
                    onClearSearch={() => setSearch("")}
                    onFilter={() => filter.current?.focus()}
                    selection={selection}
                    onSelection={setSelection}
                    onOpen={onOpen}
                    onQuickLook={() => setQuickLook(true)}
                    onGone={onGone}
                  />
                </ListPane>
              ),
            },
            isShown("detail") && {
              ...paneSpec("detail"),
              separatorLabel: m.documents.resizeDetail,
              content: (
                <DetailPane document={chosen} selected={selection.ids.size} onOpen={onOpen} onQuickLook={() => setQuickLook(true)} />
              ),
            },
          ].filter((pane) => pane !== false)}
        />
        {quickLook && active && (
          <QuickLook
            row={active}
            at={selection.active}
            total={total}
            onGo={(direction) => {
              const next = selection.active + direction;
              if (next >= 0 && next < total) void goTo(next);
            }}
            onOpen={onOpen}
            onClose={() => {
              setQuickLook(false);
              requestAnimationFrame(() => grid.current?.focus());
            }}
          />
        )}
        {dialogs}
        <DragGhost ghost={ghost} />
      </div>
    </WorkspaceProvider>
  );
}

function useIsNarrow(area: RefObject<HTMLElement | null>): boolean {
  const [narrow, setNarrow] = useState(false);
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return undefined;
    const measure = () => setNarrow(element.clientWidth > 0 && element.clientWidth < NARROW);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [area]);
  return narrow;
}

function paneSpec(id: string): PaneSpec {
  const spec = PANES.find((pane) => pane.id === id);
  if (spec === undefined) throw new Error(`BUG: no pane ${id}`);
  return spec;
}
