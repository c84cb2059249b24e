/** A picture, fitted to the pane or at its own size. */
import { useEffect, useState } from "react";
import { imageType } from "./kind";
import styles from "./preview.module.css";
import { Zoom } from "./Zoom";

const STEPS = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4];

export interface ImageViewProps {
  bytes: ArrayBuffer;
  name: string;
  onProblem: (problem: "damaged") => void;
}

export function ImageView({ bytes, name, onProblem }: ImageViewProps) {
  const [url, setUrl] = useState<string | null>(null);
  const [size, setSize] = useState<{ width: number; shown: number } | null>(null);
  /** `null` fits the pane. */
  const [zoom, setZoom] = useState<number | null>(null);

  useEffect(() => {
    const made = URL.createObjectURL(new Blob([bytes], { type: imageType(name) }));
    setUrl(made);
    setZoom(null);
    return () => URL.revokeObjectURL(made);
  }, [bytes, name]);

  if (url === null) return null;
  const scale = zoom ?? (size ? size.shown / size.width : 1);
  const step = (direction: 1 | -1) => {
    const next = direction > 0 ? STEPS.find((each) => each > scale + 0.01) : STEPS.findLast((each) => each < scale - 0.01);
    if (next !== undefined) setZoom(next);
  };
  return (
    <div className={styles.viewer}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolled region must be reachable by keyboard */}
      <div className={styles.picture} tabIndex={0} data-fits={zoom === null}>
        <img
          src={url}
          alt={name}
          style={zoom === null || size === null ? undefined : { width: size.width * zoom, maxWidth: "none", maxHeight: "none" }}
          onLoad={(event) => {
            const image = event.currentTarget;
            setSize({ width: image.naturalWidth || 1, shown: image.clientWidth });
          }}
          onError={() => onProblem("damaged")}
          draggable={false}
        />
      </div>
      <Zoom place="" percent={scale} fits={zoom === null} onStep={step} onFit={() => setZoom(null)} />
    </div>
  );
}
