/** «À vérifier»: one list, one decision each. */
import { useNavigate } from "@tanstack/react-router";
import { useWords } from "../../i18n/i18n";
import { Button } from "../../kit/Button";
import { EmptyState } from "../../kit/EmptyState";
import { StatusMark } from "../../kit/SyncMark";
import { usePlatform } from "../../platform/PlatformContext";
import type { CommandId, KeptFiles, SyncItem } from "../../protocol/protocol";
import { useCall, useRun } from "../data/calls";
import { useNow } from "../data/now";
import { Screen } from "../shell/Screen";
import screen from "../shell/screen.module.css";
import { clientPlace, documentPlace, ItemAction } from "../sync/ItemAction";
import { HeldEntries } from "../sync/Held";
import { Conflict } from "./Conflict";
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
  const status = useCall("get_sync_status", {}).data;
  const isHeld = status !== undefined && status.held_removals + status.held_edits > 0;
  return (
    <Screen title={m.toCheck.title} count={items.length > 0 ? m.toCheck.total(items.length) : undefined}>
      {!isPending && items.length === 0 && !isHeld ? (
        <EmptyState icon="toCheck" title={m.toCheck.emptyTitle} text={m.toCheck.emptyText} />
      ) : (
        <div className={screen.page}>
          {isHeld && <HeldEntries status={status} />}
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
  const place = documentPlace(item);
  const client = clientPlace(item);
  const text = {
    refused: [m.toCheck.refusedText, item.failure ? failureText(item.failure) : reasonText(item.reason), item.holds_content ? m.toCheck.refusedFile : ""].join(" "),
    concurrent: m.toCheck.concurrentText,
    blocked: reasonText(item.reason, item.program),
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
        {decision === "concurrent" && item.conflict && item.node !== null && <Conflict document={item.node} conflict={item.conflict} />}
      </div>
      <div className={styles.actions}>
        {decision === "concurrent" && place && <Button onPress={() => void navigate(place)}>{m.toCheck.compare}</Button>}
        {decision === "refused" && place && <Button onPress={() => void navigate(place)}>{m.sync.openDocument}</Button>}
        {decision === "refused" && !place && client && <Button onPress={() => void navigate(client)}>{m.toCheck.openClient}</Button>}
        {decision === "refused" && command !== null && <Refused command={command} holdsContent={item.holds_content} />}
        {decision === "blocked" && <ItemAction item={item} tone="secondary" onGo={(to) => void navigate(to)} />}
      </div>
    </li>
  );
}

/** What can be done with a refused change: have its file, and take it off the list. */
function Refused({ command, holdsContent }: { command: CommandId; holdsContent: boolean }) {
  const { m } = useWords();
  const platform = usePlatform();
  const run = useRun();
  const { chooseFolder, reveal } = platform.capabilities;

  const save = async () => {
    const folder = chooseFolder ? await platform.shell.chooseFolder() : null;
    if (chooseFolder && folder === null) return;
    await run("save_refused", { command, folder }, { said: (kept) => m.toCheck.saved(kept.names.join(", "), kept.folder) });
  };
  const said = ({ names, folder }: KeptFiles) => {
    if (names.length === 0) return m.toCheck.dismissed;
    // Where the folder can be opened, its path would only lengthen the sentence.
    return reveal ? m.toCheck.kept(names.join(", ")) : m.toCheck.keptIn(names.join(", "), folder);
  };
  const next = ({ names }: KeptFiles) =>
    reveal && names.length > 0 ? { label: m.toCheck.openKept, run: () => void platform.shell.openKeptFolder() } : undefined;
  return (
    <>
      {holdsContent && (
        <Button icon="download" onPress={() => void save()}>
          {m.toCheck.saveCopy}
        </Button>
      )}
      <Button onPress={() => void run("dismiss_refused", { command }, { said, next })}>{m.toCheck.dismiss}</Button>
    </>
  );
}
