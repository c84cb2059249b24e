/** The truth about synchronisation: the connection, what is pending, and each file that is not on both sides, with why. */
import { useNavigate } from "@tanstack/react-router";
import { Heading } from "react-aria-components";
import { useWords } from "../../i18n/i18n";
import { Button, IconButton } from "../../kit/Button";
import { Sheet } from "../../kit/Dialog";
import { StatusMark } from "../../kit/SyncMark";
import { usePlatform } from "../../platform/PlatformContext";
import type { SyncStatus } from "../../protocol/protocol";
import { useCall, useRun } from "../data/calls";
import { useNow } from "../data/now";
import { useToCheck } from "../tocheck/useToCheck";
import { HeldEntries } from "./Held";
import { summarise } from "./summary";
import { SyncItems } from "./SyncItems";
import styles from "./sync.module.css";

export function SyncPanel({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { m } = useWords();
  return (
    <Sheet isOpen={isOpen} onClose={onClose} label={m.sync.title}>
      <Panel onClose={onClose} />
    </Sheet>
  );
}

function Panel({ onClose }: { onClose: () => void }) {
  const { m, f } = useWords();
  const platform = usePlatform();
  const run = useRun();
  const now = useNow();
  const navigate = useNavigate();
  const toCheck = useToCheck();
  const status = useCall("get_sync_status", {}).data;
  if (!status) return null;
  const { icon, tone, word } = summarise(status, toCheck.count, m.sync);
  const paused = status.connection === "paused";
  return (
    <div className={styles.panel}>
      <header className={styles.head}>
        <Heading slot="title" className={styles.title}>
          {m.sync.title}
        </Heading>
        <IconButton icon="close" label={m.common.close} size="small" onPress={onClose} />
      </header>
      <div className={styles.scroll}>
        <section className={styles.state} data-tone={tone}>
          <p className={styles.word}>
            <StatusMark icon={icon} tone={tone} word={word} />
          </p>
          <p className={styles.since}>
            {m.sync.connection[status.connection]}, {m.sync.since(f.elapsed(now - status.since))}
          </p>
          <p className={styles.since}>
            {status.up_to_date
              ? m.sync.allGood
              : status.last_up_to_date === null
                ? m.sync.neverUpToDate
                : m.sync.lastUpToDate(f.ago(status.last_up_to_date, now))}
          </p>
        </section>
        <HeldEntries status={status} />
        <Counts status={status} toCheck={toCheck.count} />
        {status.seconds_left !== null && <p className={styles.left}>{m.sync.timeLeft(f.about(status.seconds_left))}</p>}
        <div className={styles.actions}>
          <Button icon="sync" onPress={() => void run("retry_now", {})}>
            {m.sync.retryNow}
          </Button>
          <Button icon={paused ? "play" : "pause"} onPress={() => void run("set_paused", { paused: !paused })}>
            {paused ? m.sync.resume : m.sync.pause}
          </Button>
          {platform.capabilities.reveal && status.mirror_root !== null && (
            <Button icon="folderOpen" onPress={() => void platform.shell.openMirrorFolder()}>
              {m.sync.openMirror}
            </Button>
          )}
        </div>
        <SyncItems
          isUpToDate={status.up_to_date}
          onGo={(place) => {
            onClose();
            void navigate(place);
          }}
        />
      </div>
    </div>
  );
}

function Counts({ status, toCheck }: { status: SyncStatus; toCheck: number }) {
  const { m, f } = useWords();
  const load = ({ files, bytes }: { files: number; bytes: number }) => (files === 0 ? f.number(0) : `${f.number(files)} · ${f.bytes(bytes)}`);
  const lines: [string, string, boolean][] = [
    [m.sync.pendingCommands, f.number(status.pending_commands), status.pending_commands > 0],
    [m.sync.toSend, load(status.sending), status.sending.files > 0],
    [m.sync.toReceive, load(status.receiving), status.receiving.files > 0],
    [m.sync.waitingFiles, f.number(status.waiting), status.waiting > 0],
    [m.sync.blockedFiles, f.number(status.blocked), status.blocked > 0],
    [m.sync.checks, f.number(Math.max(toCheck, status.to_check)), Math.max(toCheck, status.to_check) > 0],
  ];
  return (
    <dl className={styles.counts}>
      {lines.map(([label, value, busy]) => (
        <div key={label} className={styles.count} data-busy={busy || undefined}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
