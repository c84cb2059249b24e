/** One page of a PDF, drawn when it comes on screen, with its text over it for selection and screen readers. */
import { type PDFDocumentProxy, type PDFPageProxy, RenderingCancelledException, TextLayer } from "pdfjs-dist/legacy/build/pdf.mjs";
import { useEffect, useRef } from "react";
import styles from "./preview.module.css";

/** Pixels of a canvas at most: above, WebKit gives a blank one. */
const MAX_PIXELS = 16_000_000;

export interface PdfPageProps {
  document: PDFDocumentProxy;
  /** From 0. */
  index: number;
  scale: number;
  /** Size on screen before the page is known, in pixels. */
  width: number;
  height: number;
  onPage: (index: number, page: PDFPageProxy) => void;
}

export function PdfPage({ document, index, scale, width, height, onPage }: PdfPageProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const text = useRef<HTMLDivElement>(null);
  const latest = useRef(onPage);
  useEffect(() => {
    latest.current = onPage;
  });

  useEffect(() => {
    let wanted = true;
    let stop = () => {};
    const draw = async () => {
      const page = await document.getPage(index + 1);
      const surface = canvas.current;
      const layer = text.current;
      if (!wanted || !surface || !layer) return;
      latest.current(index, page);
      const viewport = page.getViewport({ scale });
      const ratio = Math.min(window.devicePixelRatio || 1, Math.sqrt(MAX_PIXELS / (viewport.width * viewport.height)));
      // Drawn aside first: a page that is drawn again at another scale must not go blank meanwhile.
      const fresh = globalThis.document.createElement("canvas");
      fresh.width = Math.floor(viewport.width * ratio);
      fresh.height = Math.floor(viewport.height * ratio);
      const drawing = page.render({ canvas: fresh, viewport, transform: [ratio, 0, 0, ratio, 0, 0] });
      stop = () => drawing.cancel();
      await drawing.promise;
      if (!wanted) return;
      surface.width = fresh.width;
      surface.height = fresh.height;
      surface.getContext("2d")?.drawImage(fresh, 0, 0);
      layer.replaceChildren();
      const words = new TextLayer({ textContentSource: page.streamTextContent(), container: layer, viewport });
      stop = () => words.cancel();
      await words.render();
    };
    draw().catch((cause: unknown) => {
      // A cancelled drawing is the normal end of a page that left the screen.
      const cancelled = cause instanceof RenderingCancelledException || (cause instanceof Error && cause.name === "AbortException");
      if (wanted && !cancelled) console.warn(`page ${index + 1} is not drawn: ${String(cause)}`);
    });
    return () => {
      wanted = false;
      stop();
    };
  }, [document, index, scale]);

  return (
    <div className={styles.page} style={{ width, height, ["--total-scale-factor" as string]: scale }}>
      <canvas ref={canvas} className={styles.canvas} aria-hidden="true" />
      <div ref={text} className={styles.textLayer} />
    </div>
  );
}
