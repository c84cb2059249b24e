/** What is held before the firm is told: how much, why, and the two answers. The same in the banner and in the panel. */
import { useWords } from "../../i18n/i18n";
import { Banner } from "../../kit/Banner";
import { Button } from "../../kit/Button";
import type { HeldKind, SyncStatus } from "../../protocol/protocol";
import { useCall, useRun } from "../data/calls";
import styles from "./sync.module.css";

const KINDS: HeldKind[] = ["removal", "edit"];

/** How many documents of a kind are held. */
export function heldOf(status: SyncStatus, kind: HeldKind): number {
  return kind === "removal" ? status.held_removals : status.held_edits;
}

/** Across the top of the window. */
export function HeldBanners() {
  const { m } = useWords();
  const status = useCall("get_sync_status", {}).data;
  if (!status) return null;
  return KINDS.filter((kind) => heldOf(status, kind) > 0).map((kind) => (
    <Banner key={kind} tone="warn" icon="alert" title={`${m.sync.held[kind].count(heldOf(status, kind))}.`} text={m.sync.held[kind].text}>
      <Answers kind={kind} />
    </Banner>
  ));
}

/** In the panel. */
export function HeldEntries({ status }: { status: SyncStatus }) {
  const { m } = useWords();
  return KINDS.filter((kind) => heldOf(status, kind) > 0).map((kind) => (
    <section key={kind} className={styles.held} aria-label={m.sync.held[kind].count(heldOf(status, kind))}>
      <p className={styles.word}>{m.sync.held[kind].count(heldOf(status, kind))}</p>
      <p className={styles.since}>{m.sync.held[kind].text}</p>
      <div className={styles.actions}>
        <Answers kind={kind} />
      </div>
    </section>
  ));
}

function Answers({ kind }: { kind: HeldKind }) {
  const { m } = useWords();
  const run = useRun();
  const answer = (confirm: boolean) =>
    void run("decide_held", { kind, confirm }, { said: ({ documents }) => m.sync.held[kind][confirm ? "confirmed" : "cancelled"](documents) });
  return (
    <>
      <Button tone="secondary" onPress={() => answer(false)}>
        {m.sync.held.cancel}
      </Button>
      <Button tone="danger" onPress={() => answer(true)}>
        {m.sync.held.confirm}
      </Button>
    </>
  );
}
