/** A text as it is, or a delimited text as a table. Long ones are cut, and say so. */
import { useMemo } from "react";
import { useWords } from "../../i18n/i18n";
import styles from "./preview.module.css";
import { cells, decoded, isNumber, separatorOf, TABLE_LIMIT, TEXT_LIMIT } from "./text";

export function TextView({ bytes, name }: { bytes: ArrayBuffer; name: string }) {
  const { m } = useWords();
  const text = useMemo(() => decoded(new Uint8Array(bytes)), [bytes]);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolled region must be reachable by keyboard
    <div className={styles.text} role="document" aria-label={name} tabIndex={0}>
      {text.length > TEXT_LIMIT && <p className={styles.cut}>{m.documents.preview.cutText}</p>}
      <pre>{text.slice(0, TEXT_LIMIT)}</pre>
    </div>
  );
}

export function TableView({ bytes, name }: { bytes: ArrayBuffer; name: string }) {
  const { m } = useWords();
  const { rows, cut } = useMemo(() => {
    const text = decoded(new Uint8Array(bytes)).replace(/^\uFEFF/, "");
    const read = cells(text, separatorOf(text), TABLE_LIMIT + 1);
    return { rows: read.slice(0, TABLE_LIMIT), cut: read.length > TABLE_LIMIT };
  }, [bytes]);
  const [head = [], ...body] = rows;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolled region must be reachable by keyboard
    <div className={styles.text} role="document" aria-label={name} tabIndex={0}>
      {cut && <p className={styles.cut}>{m.documents.preview.cutTable(TABLE_LIMIT)}</p>}
      <table className={styles.table}>
        <thead>
          <tr>
            {head.map((cell, at) => (
              <th key={at} scope="col">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {body.map((row, at) => (
            <tr key={at}>
              {row.map((cell, place) => (
                <td key={place} data-number={isNumber(cell)}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
