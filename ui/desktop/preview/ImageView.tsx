/** A picture, fitted to the pane or at its own size. */
import { useEffect, useRef, useState } from "react";
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
  const image = useRef<HTMLImageElement>(null);
  const [size, setSize] = useState<{ width: number; shown: number } | null>(null);
  /** `null` fits the pane. */
  const [zoom, setZoom] = useState<number | null>(null);

  useEffect(() => {
    const url = URL.createObjectURL(new Blob([bytes], { type: imageType(name) }));
    if (image.current) image.current.src = url;
    return () => URL.revokeObjectURL(url);
  }, [bytes, name]);

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
          ref={image}
          alt={name}
          style={zoom === null || size === null ? undefined : { width: size.width * zoom, maxWidth: "none", maxHeight: "none" }}
          onLoad={(event) => {
            const { naturalWidth, clientWidth } = event.currentTarget;
            setSize({ width: naturalWidth || 1, shown: clientWidth });
          }}
          onError={() => onProblem("damaged")}
          draggable={false}
        />
      </div>
      <Zoom place="" percent={scale} fits={zoom === null} onStep={step} onFit={() => setZoom(null)} />
    </div>
  );
}
