/** Which client files are kept on this disk: a searchable list of switches, read by windows. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useDeferredValue, useRef, useState } from "react";
import { useWords } from "../../i18n/i18n";
import { Switch } from "../../kit/Choice";
import { SearchField } from "../../kit/Field";
import { useWindowedRows } from "../../kit/grid/useWindowedRows";
import { usePlatform } from "../../platform/PlatformContext";
import type { ClientFileRow } from "../../protocol/protocol";
import { OfflineYears } from "../client/OfflineYears";
import { callQuery, useCall } from "../data/calls";
import { useSetOffline } from "../data/offline";
import screen from "../shell/screen.module.css";
import { FileMark } from "../sync/FileMark";
import styles from "./settings.module.css";

const LINE = 36;

export function OfflineSection() {
  const { m } = useWords();
  const platform = usePlatform();
  const setOffline = useSetOffline();
  const scroller = useRef<HTMLDivElement>(null);
  const [search, setSearch] = useState("");
  const asked = useDeferredValue(search.trim());
  const kept = useCall("list_client_files", { search: "", unread_only: false, offline_only: true, offset: 0, limit: 1 }).data?.total;
  const rows = useWindowedRows<ClientFileRow>((offset, limit) =>
    callQuery(platform, "list_client_files", { search: asked, unread_only: false, offline_only: false, offset, limit }),
  );
  const virtualizer = useVirtualizer({
    count: rows.total ?? 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE,
    overscan: 8,
    onChange: ({ range }) => range && rows.show(range.startIndex, range.endIndex),
  });
  return (
    <section className={screen.section}>
      <header className={screen.sectionHead}>
        <h2 className={screen.sectionTitle}>{m.settings.sections.offline}</h2>
        {kept !== undefined && <span className={screen.hint}>{m.settings.offlineCount(kept)}</span>}
      </header>
      <p className={screen.hint}>{m.settings.offlineHint}</p>
      <SearchField label={m.settings.offlineSearch} value={search} onChange={setSearch} />
      <div ref={scroller} className={`${screen.card} ${styles.switches}`}>
        <ul className={styles.switchList} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((line) => {
            const row = rows.rowAt(line.index);
            return (
              <li key={row?.id ?? line.index} className={styles.switch} style={{ transform: `translateY(${line.start}px)` }}>
                {row && (
                  <>
                    <Switch label={row.name} isSelected={row.offline} onChange={(offline) => void setOffline(row, offline)} />
                    <span className={styles.kept}>
                      {row.offline && <FileMark mark={row.sync} withWord />}
                      <OfflineYears row={row} />
                    </span>
                  </>
                )}
              </li>
            );
          })}
        </ul>
      </div>
    </section>
  );
}
