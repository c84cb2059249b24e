/** The state of a file or of a group of files: a colour, a shape, and its word (as a tooltip where there is no room). */
import { useWords } from "../i18n/i18n";
import type { SyncMark as Mark } from "../protocol/protocol";
import { classes } from "./classes";
import { Icon, type IconName } from "./icons";
import styles from "./SyncMark.module.css";

export type Tone = "good" | "info" | "warn" | "bad" | "fork" | "plain";

const shapes: Record<Mark, { icon: IconName; tone: Tone }> = {
  synced: { icon: "checkCircle", tone: "good" },
  online_only: { icon: "cloud", tone: "plain" },
  receiving: { icon: "arrowDown", tone: "info" },
  sending: { icon: "arrowUp", tone: "info" },
  waiting: { icon: "clock", tone: "warn" },
  conflict: { icon: "fork", tone: "fork" },
  blocked: { icon: "block", tone: "bad" },
};

/** A shape in a colour with its word. */
export function StatusMark({ icon, tone, word, wordHidden, faint }: {
  icon: IconName;
  tone: Tone;
  word: string;
  wordHidden?: boolean;
  /** For the usual state of most lines, which should not call. */
  faint?: boolean;
}) {
  return (
    <span className={classes(styles.mark, styles[tone], faint && styles.faint)} title={wordHidden ? word : undefined}>
      <Icon name={icon} size={15} />
      <span className={wordHidden ? "visually-hidden" : undefined}>{word}</span>
    </span>
  );
}

export function SyncMark({ mark, withWord = false }: { mark: Mark; withWord?: boolean }) {
  const { m } = useWords();
  return <StatusMark {...shapes[mark]} word={m.sync.marks[mark]} wordHidden={!withWord} />;
}
