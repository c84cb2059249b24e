/** «À vérifier»: one list, one decision each. */
import { useNavigate } from "@tanstack/react-router";
import { useWords } from "../../i18n/i18n";
import { Button } from "../../kit/Button";
import { EmptyState } from "../../kit/EmptyState";
import { StatusMark } from "../../kit/SyncMark";
import type { SyncItem } from "../../protocol/protocol";
import { useRun } from "../data/calls";
import { useNow } from "../data/now";
import { Screen } from "../shell/Screen";
import screen from "../shell/screen.module.css";
import { documentPlace, ItemAction } from "../sync/ItemAction";
import styles from "./tocheck.module.css";
import { decisionOf, useToCheck, type Decision } from "./useToCheck";

const shapes = {
  refused: { icon: "alert", tone: "bad" },
  concurrent: { icon: "fork", tone: "fork" },
  blocked: { icon: "block", tone: "warn" },
} as const;

export function ToCheckScreen() {
  const { m } = useWords();
  const { items, isPending } = useToCheck();
  return (
    <Screen title={m.toCheck.title} count={items.length > 0 ? m.toCheck.total(items.length) : undefined}>
      {!isPending && items.length === 0 ? (
        <EmptyState icon="toCheck" title={m.toCheck.emptyTitle} text={m.toCheck.emptyText} />
      ) : (
        <div className={screen.page}>
          <ul className={styles.list}>
            {items.map((item) => {
              const decision = decisionOf(item);
              return decision && <Entry key={item.key} item={item} decision={decision} />;
            })}
          </ul>
        </div>
      )}
    </Screen>
  );
}

function Entry({ item, decision }: { item: SyncItem; decision: Decision }) {
  const { m, f, failureText, reasonText } = useWords();
  const now = useNow();
  const navigate = useNavigate();
  const run = useRun();
  const place = documentPlace(item);
  const text = {
    refused: `${m.toCheck.refusedText} ${item.failure ? failureText(item.failure) : reasonText(item.reason)}`,
    concurrent: m.toCheck.concurrentText,
    blocked: reasonText(item.reason),
  }[decision];
  const { command } = item;
  return (
    <li className={styles.entry}>
      <div className={styles.main}>
        <p className={styles.kind}>
          <StatusMark {...shapes[decision]} word={m.toCheck[decision]} />
          <span className={styles.since}>{m.toCheck.since(f.elapsed(now - item.since))}</span>
        </p>
        <h2 className={`${styles.name} selectable`}>{item.name}</h2>
        <p className={`${styles.path} selectable`}>{item.path}</p>
        <p className={styles.text}>{text}</p>
      </div>
      <div className={styles.actions}>
        {decision === "concurrent" && place && (
          <Button tone="primary" onPress={() => void navigate(place)}>
            {m.toCheck.compare}
          </Button>
        )}
        {decision === "refused" && place && <Button onPress={() => void navigate(place)}>{m.sync.openDocument}</Button>}
        {decision === "refused" && command !== null && (
          <Button onPress={() => void run("dismiss_refused", { command }, { said: m.toCheck.dismissed })}>{m.toCheck.dismiss}</Button>
        )}
        {decision === "blocked" && <ItemAction item={item} tone="secondary" onGo={(to) => void navigate(to)} />}
      </div>
    </li>
  );
}
