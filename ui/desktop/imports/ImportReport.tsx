/** What an import left out, and what it renamed. */
import { useWords } from "../../i18n/i18n";
import { Button } from "../../kit/Button";
import { Dialog } from "../../kit/Dialog";
import type { Report } from "./Imports";
import styles from "./imports.module.css";

export function ImportReport({ report, onClose }: { report: Report | null; onClose: () => void }) {
  const { m, reasonText } = useWords();
  if (!report) return null;
  const { problems, renamed } = report;
  return (
    <Dialog
      isOpen
      wide
      onClose={onClose}
      title={problems.length > 0 ? m.imports.problemsTitle : m.imports.renamedTitle}
      foot={<Button onPress={onClose}>{m.common.close}</Button>}
    >
      {problems.length > 0 && (
        <>
          <p>{m.imports.problemsText}</p>
          <ul className={styles.list}>
            {problems.map(({ path, reason }) => (
              <li key={path} className={styles.item}>
                <p className={`${styles.path} selectable`}>{path}</p>
                <p className={styles.why}>{reasonText(reason)}</p>
              </li>
            ))}
          </ul>
        </>
      )}
      {renamed.length > 0 && (
        <>
          {problems.length > 0 && <h3>{m.imports.renamedTitle}</h3>}
          <ul className={styles.list}>
            {renamed.map(({ path, name }) => (
              <li key={path} className={`${styles.item} selectable`}>
                {m.imports.renamedText(path, name)}
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  );
}
