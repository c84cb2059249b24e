/** A document's name on one line, cut in its middle where room is short: most names of a folder begin alike. */
import styles from "./list.module.css";

/** How much of the end always shows, in characters: a month, a number, an extension. */
const END = 16;

export function NameText({ name }: { name: string }) {
  const at = name.length - END;
  if (at <= 0) {
    return (
      <span className={styles.nameText} title={name}>
        {name}
      </span>
    );
  }
  return (
    <span className={styles.nameText} title={name}>
      <span className="visually-hidden">{name}</span>
      <span className={styles.nameBegin} aria-hidden="true">
        {name.slice(0, at)}
      </span>
      <span className={styles.nameEnd} aria-hidden="true">
        {name.slice(at)}
      </span>
    </span>
  );
}
