/** Each file that is not on both sides: its state, why, and the one action that helps. Long lists are read by windows. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import { useWords } from "../../i18n/i18n";
import { useWindowedRows } from "../../kit/grid/useWindowedRows";
import { SyncMark } from "../../kit/SyncMark";
import { usePlatform } from "../../platform/PlatformContext";
import type { SyncItem } from "../../protocol/protocol";
import { callQuery } from "../data/calls";
import { ItemAction, type Place } from "./ItemAction";
import styles from "./sync.module.css";

/** Lines drawn above and below the ones on screen. */
const MARGIN = 6;
/** Usual height of an entry, in pixels; each is measured once drawn. */
const USUAL = 76;

export function SyncItems({ isUpToDate, onGo }: { isUpToDate: boolean; onGo: (place: Place) => void }) {
  const { m } = useWords();
  const platform = usePlatform();
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useWindowedRows<SyncItem>((offset, limit) => callQuery(platform, "list_sync_items", { offset, limit }));
  const more = (rows.total ?? 0) - rows.listed;
  const virtualizer = useVirtualizer({
    count: rows.listed,
    getScrollElement: () => scroller.current,
    estimateSize: () => USUAL,
    overscan: MARGIN,
    onChange: ({ range }) => range && rows.show(range.startIndex, range.endIndex),
  });
  return (
    <section className={styles.items} aria-label={m.sync.items}>
      <h3 className={styles.itemsTitle}>{m.sync.items}</h3>
      {rows.total === 0 && isUpToDate && <p className={styles.none}>{m.sync.noItems}</p>}
      <div ref={scroller} className={styles.itemScroll}>
        <ul className={styles.itemList} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((line) => {
            const item = rows.rowAt(line.index);
            return (
              <li
                key={item?.key ?? line.index}
                ref={virtualizer.measureElement}
                data-index={line.index}
                className={styles.item}
                style={{ transform: `translateY(${line.start}px)` }}
              >
                {item && <Line item={item} onGo={onGo} />}
              </li>
            );
          })}
        </ul>
        {more > 0 && <p className={styles.none}>{m.sync.moreItems(more)}</p>}
      </div>
    </section>
  );
}

function Line({ item, onGo }: { item: SyncItem; onGo: (place: Place) => void }) {
  const { m, failureText, reasonText } = useWords();
  const why = item.failure ? failureText(item.failure) : item.mark === "conflict" ? m.sync.conflictText : reasonText(item.reason, item.program);
  return (
    <>
      <SyncMark mark={item.mark} />
      <div className={styles.itemMain}>
        <p className={styles.itemName} title={item.path}>
          {item.name}
        </p>
        <p className={styles.itemPath}>{item.path}</p>
        <p className={styles.itemWhy}>{why}</p>
        <ItemAction item={item} onGo={onGo} />
      </div>
    </>
  );
}
