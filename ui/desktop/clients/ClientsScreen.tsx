/** The table of clients: search as you type, filters, Enter opens, a drop on a line goes to that client's inbox. */
import { useNavigate } from "@tanstack/react-router";
import { useCallback, useDeferredValue, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { useWords } from "../../i18n/i18n";
import { Button } from "../../kit/Button";
import { Chip } from "../../kit/Chip";
import { EmptyState } from "../../kit/EmptyState";
import { SearchField } from "../../kit/Field";
import { Grid, type GridHandle } from "../../kit/grid/Grid";
import { NOTHING_SELECTED, type Selection } from "../../kit/grid/selection";
import { useWindowedRows } from "../../kit/grid/useWindowedRows";
import { useShortcut } from "../../kit/keys";
import { ContextMenu, MenuItem } from "../../kit/Menu";
import { dropTarget } from "../../platform/drop";
import { usePlatform } from "../../platform/PlatformContext";
import type { ClientFileRow } from "../../protocol/protocol";
import { callQuery, useCall } from "../data/calls";
import { useSetOffline } from "../data/offline";
import { useMe, usePeople } from "../data/people";
import { useOpenings } from "../shell/openings";
import { Screen } from "../shell/Screen";
import styles from "./clients.module.css";
import { clientColumns } from "./columns";

const rowId = (row: ClientFileRow) => row.id;
const rowLabel = (row: ClientFileRow) => row.name;

export function ClientsScreen() {
  const words = useWords();
  const { m } = words;
  const platform = usePlatform();
  const navigate = useNavigate();
  const openings = useOpenings();
  const setOffline = useSetOffline();
  const { named } = usePeople();
  const me = useMe();
  const [search, setSearch] = useState("");
  const [unreadOnly, setUnreadOnly] = useState(false);
  const [offlineOnly, setOfflineOnly] = useState(false);
  const [selection, setSelection] = useState<Selection>(NOTHING_SELECTED);
  const [menu, setMenu] = useState<{ row: ClientFileRow; x: number; y: number } | null>(null);
  const searchInput = useRef<HTMLInputElement>(null);
  const grid = useRef<GridHandle>(null);
  const asked = useDeferredValue(search);

  const rows = useWindowedRows<ClientFileRow>((offset, limit) =>
    callQuery(platform, "list_client_files", { search: asked.trim(), unread_only: unreadOnly, offline_only: offlineOnly, offset, limit }),
  );
  const all = useCall("get_overview", {}).data?.client_files;
  const mayAdd = me !== undefined && me.role !== "collaborator";
  const filtered = search !== "" || unreadOnly || offlineOnly;

  const open = useCallback(
    (row: ClientFileRow) => void navigate({ to: "/clients/$client/documents", params: { client: row.id } }),
    [navigate],
  );
  const columns = useMemo(() => clientColumns(words, named), [words, named]);
  const focusSearch = () => {
    searchInput.current?.focus();
    searchInput.current?.select();
  };
  useShortcut("/", focusSearch);
  useShortcut("mod+f", focusSearch, { inFields: true });

  const onSearchKey = (event: KeyboardEvent) => {
    const first = rows.rowAt(0);
    if (event.key === "Enter" && first) {
      event.preventDefault();
      open(first);
    } else if (event.key === "ArrowDown" && first) {
      event.preventDefault();
      setSelection({ ids: new Set([first.id]), anchor: 0, active: 0 });
      requestAnimationFrame(() => grid.current?.focus());
    }
  };
  const clear = () => {
    setSearch("");
    setUnreadOnly(false);
    setOfflineOnly(false);
  };

  const add = mayAdd && (
    <Button tone="primary" icon="plus" onPress={openings.addClient}>
      {m.clients.add}
    </Button>
  );
  return (
    <Screen title={m.clients.title} count={all ? m.clients.total(all) : undefined} actions={all !== 0 && add}>
      {all === 0 ? (
        <EmptyState
          icon="clients"
          title={m.clients.emptyTitle}
          text={mayAdd ? m.clients.emptyText : m.clients.emptyTextRead}
          action={add}
        />
      ) : (
        <>
          <div className={styles.tools}>
            <SearchField
              label={m.clients.search}
              value={search}
              onChange={setSearch}
              shownKey="/"
              inputRef={searchInput}
              onKeyDown={onSearchKey}
              className={styles.search}
            />
            <Chip label={m.clients.filterUnread} icon="inbox" isSelected={unreadOnly} onChange={setUnreadOnly} />
            <Chip label={m.clients.filterOffline} icon="laptop" isSelected={offlineOnly} onChange={setOfflineOnly} />
          </div>
          {rows.total === 0 && filtered ? (
            <EmptyState
              icon="search"
              title={m.clients.noMatchTitle}
              text={m.clients.noMatchText}
              action={<Button onPress={clear}>{m.clients.clearFilters}</Button>}
            />
          ) : (
            <Grid
              label={m.clients.title}
              columns={columns}
              total={rows.total ?? 0}
              rowAt={rows.rowAt}
              rowId={rowId}
              rowLabel={rowLabel}
              rowsBetween={rows.rowsBetween}
              onShow={rows.show}
              selection={selection}
              onSelection={setSelection}
              onOpen={open}
              onContextMenu={(row, point) => row && setMenu({ row, ...point })}
              rowProps={(row) => dropTarget({ target: row.id, label: m.imports.dropOnClient(row.name), name: row.name })}
              handle={grid}
            />
          )}
          <ContextMenu at={menu} onClose={() => setMenu(null)} label={menu?.row.name ?? ""}>
            <MenuItem icon="folderOpen" shortcut="enter" onAction={() => menu && open(menu.row)}>
              {m.clients.open}
            </MenuItem>
            <MenuItem
              icon={menu?.row.offline ? "cloud" : "laptop"}
              onAction={() => menu && void setOffline(menu.row, !menu.row.offline)}
            >
              {menu?.row.offline ? m.clients.stopOffline : m.clients.makeOffline}
            </MenuItem>
          </ContextMenu>
        </>
      )}
    </Screen>
  );
}
