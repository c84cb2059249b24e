/** A message: its headers, its words, the names of its attachments. Never its HTML, never anything remote. */
import { useMemo } from "react";
import { useWords } from "../../i18n/i18n";
import { readMail } from "./mail";
import styles from "./preview.module.css";

export function MailView({ bytes, name }: { bytes: ArrayBuffer; name: string }) {
  const { m, f } = useWords();
  const words = m.documents.preview.mail;
  const mail = useMemo(() => readMail(new Uint8Array(bytes)), [bytes]);
  const headers = [
    [words.from, mail.from],
    [words.to, mail.to],
    [words.cc, mail.cc],
    [words.date, readableDate(mail.date, f.fullInstant)],
  ].filter(([, value]) => value !== "");
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolled region must be reachable by keyboard
    <div className={styles.mail} role="document" aria-label={name} tabIndex={0}>
      <h3>{mail.subject || words.noSubject}</h3>
      <dl>
        {headers.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {mail.attachments.length > 0 && (
        <ul aria-label={words.attachments}>
          {mail.attachments.map((attachment, at) => (
            <li key={at}>
              {attachment.name} <span>{f.bytes(attachment.size)}</span>
            </li>
          ))}
        </ul>
      )}
      <pre>{mail.text || words.noText}</pre>
    </div>
  );
}

function readableDate(header: string, format: (instant: number) => string): string {
  const instant = Date.parse(header);
  return Number.isNaN(instant) ? header : format(instant);
}
