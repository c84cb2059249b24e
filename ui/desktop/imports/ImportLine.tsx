/** One line for each running import: how many files of how many, and a way to stop. */
import { ProgressBar } from "react-aria-components";
import { useWords } from "../../i18n/i18n";
import { Button } from "../../kit/Button";
import type { ImportView } from "../../protocol/protocol";
import styles from "./imports.module.css";

interface Line {
  number: number;
  name: string;
  view: ImportView | undefined;
  onCancel: () => void;
}

export function ImportLine({ reading, lines }: { reading: boolean; lines: Line[] }) {
  const { m, f } = useWords();
  if (!reading && lines.length === 0) return null;
  return (
    <div className={styles.lines}>
      {reading && lines.length === 0 && (
        <div className={styles.line} role="status">
          <span className={styles.count}>{m.imports.reading}</span>
        </div>
      )}
      {lines.map(({ number, name, view, onCancel }) => {
        const share = view && view.found > 0 ? (100 * view.done) / view.found : 0;
        return (
          <ProgressBar key={number} className={styles.line} value={share} aria-label={m.imports.progressOf(name)}>
            <span className={styles.count}>
              {view ? m.imports.progress(view.done, view.found) : m.imports.reading}
              {view && view.bytes > 0 && ` · ${f.bytes(view.bytes)}`}
            </span>
            <span className={styles.name}>{m.imports.progressOf(name)}</span>
            <Button size="small" tone="quiet" className={styles.cancel} onPress={onCancel}>
              {m.imports.cancel}
            </Button>
            <span className={styles.bar}>
              <span className={styles.fill} style={{ display: "block", width: `${share}%` }} />
            </span>
          </ProgressBar>
        );
      })}
    </div>
  );
}
