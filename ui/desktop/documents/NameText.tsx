/** A document's name on one line, cut in its middle where room is short: most names of a folder begin alike. */
import styles from "./list.module.css";

/** How much of the end always shows, in characters: a month, a number, an extension. */
const END = 11;

export function NameText({ name }: { name: string }) {
  const at = name.length - END;
  // A name about as short has nothing to gain.
  if (at <= END) {
    return (
      <span className={styles.nameText} title={name}>
        {name}
      </span>
    );
  }
  // The text is in the page once; what is seen of it is drawn by the style sheet, out of the way of screen readers.
  return (
    <span className={styles.nameText} title={name}>
      <span className="visually-hidden">{name}</span>
      <span className={styles.nameBegin} data-text={name.slice(0, at)} aria-hidden="true" />
      <span className={styles.nameEnd} data-text={name.slice(at)} aria-hidden="true" />
    </span>
  );
}
