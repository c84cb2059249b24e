/** The family of a file, by shape and by letters: colour alone would say nothing to some. */
import { type FileFamily, fileFamily } from "./kind";
import styles from "./preview.module.css";

const MARKS: Record<FileFamily, string> = {
  pdf: "M4.2 11.6V8.4h.9a.95.95 0 0 1 0 1.9h-.9M7.2 8.4v3.2h.7a1.6 1.6 0 0 0 0-3.2zM10.4 11.6V8.4h1.7M10.4 10h1.4",
  image: "M3.8 12l2.5-3 1.9 2.1 1.4-1.5 2.6 2.4M9.9 7.6a.7.7 0 1 0 .01 0",
  sheet: "M4.3 7.8h7.4v4.4H4.3zM4.3 10h7.4M8 7.8v4.4",
  word: "M4.3 8h7.4M4.3 10h7.4M4.3 12h4.6",
  slides: "M4.3 7.8h7.4v3.4H4.3zM8 11.2v1.6",
  text: "M4.3 8h7.4M4.3 10h5.2M4.3 12h6.4",
  mail: "M4 8h8v4.4H4zM4 8.2l4 2.6 4-2.6",
  archive: "M8 6.6v1M8 8.6v1M7.2 10.6h1.6v1.8H7.2z",
  video: "M6.6 8v4l3.6-2z",
  other: "",
};

export function FileIcon({ name, size = 16 }: { name: string; size?: number }) {
  const family = fileFamily(name);
  return (
    <svg className={styles.fileIcon} data-family={family} width={size} height={size} viewBox="0 0 16 16" fill="none" aria-hidden="true">
      <path className={styles.sheet} d="M3.5 1.5h6l3.5 3.5v9a.5.5 0 0 1-.5.5h-9A.5.5 0 0 1 3 14V2a.5.5 0 0 1 .5-.5z" />
      <path className={styles.fold} d="M9.5 1.5V5H13" />
      <path className={styles.mark} d={MARKS[family]} />
    </svg>
  );
}
