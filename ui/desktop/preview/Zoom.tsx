/** The small bar at the foot of a PDF or a picture: where one is, and how large. */
import { useWords } from "../../i18n/i18n";
import styles from "./preview.module.css";

export interface ZoomProps {
  /** `page 2 sur 14`; empty for a picture. */
  place: string;
  /** 1 is actual size. */
  percent: number;
  fits: boolean;
  onStep: (direction: 1 | -1) => void;
  onFit: () => void;
}

export function Zoom({ place, percent, fits, onStep, onFit }: ZoomProps) {
  const { m, f } = useWords();
  const words = m.documents.preview;
  return (
    <div className={styles.zoom} role="toolbar" aria-label={words.zoom}>
      {place !== "" && <span className={styles.place}>{place}</span>}
      <button type="button" onClick={() => onStep(-1)} aria-label={words.zoomOut} title={words.zoomOut}>
        <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
          <path d="M3 7h8" stroke="currentColor" strokeWidth="1.4" />
        </svg>
      </button>
      <button type="button" onClick={onFit} aria-pressed={fits} title={words.fit}>
        {words.percent(f.number(Math.round(percent * 100)))}
      </button>
      <button type="button" onClick={() => onStep(1)} aria-label={words.zoomIn} title={words.zoomIn}>
        <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
          <path d="M3 7h8M7 3v8" stroke="currentColor" strokeWidth="1.4" />
        </svg>
      </button>
    </div>
  );
}
