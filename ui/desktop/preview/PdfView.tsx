/** A PDF: its pages one below the other, only those on screen drawn, text that can be selected, zoom to the width. */
import { useVirtualizer } from "@tanstack/react-virtual";
import type { PDFDocumentProxy, PDFPageProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useWords } from "../../i18n/i18n";
import { openPdf } from "./pdf";
import { PdfPage } from "./PdfPage";
import styles from "./preview.module.css";
import { Zoom } from "./Zoom";

/** Space around pages, in pixels. */
const GAP = 12;
/** A4 in points, until the first page says better. */
const A4 = { width: 595, height: 842 };
/** A page that fits a wide window would be read from across the room. */
const MAX_FIT = 1.5;
/** Scales of the zoom buttons. */
const STEPS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4];

type Opened = { document: PDFDocumentProxy; first: { width: number; height: number } };

export interface PdfViewProps {
  bytes: ArrayBuffer;
  name: string;
  onProblem: (problem: "password" | "damaged") => void;
}

export default function PdfView({ bytes, name, onProblem }: PdfViewProps) {
  const [opened, setOpened] = useState<Opened | null>(null);
  useEffect(() => {
    let wanted = true;
    const task = openPdf(bytes);
    task.promise
      .then(async (document) => {
        const { width, height } = (await document.getPage(1)).getViewport({ scale: 1 });
        if (wanted) setOpened({ document, first: { width, height } });
      })
      .catch((cause: unknown) => {
        if (wanted) onProblem(cause instanceof Error && cause.name === "PasswordException" ? "password" : "damaged");
      });
    return () => {
      wanted = false;
      setOpened(null);
      void task.destroy();
    };
  }, [bytes, onProblem]);
  return opened ? <Pages opened={opened} name={name} /> : null;
}

function Pages({ opened, name }: { opened: Opened; name: string }) {
  const { m } = useWords();
  const scroller = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  /** `null` fits the width. */
  const [zoom, setZoom] = useState<number | null>(null);
  const sizes = useRef(new Map<number, { width: number; height: number }>());
  const count = opened.document.numPages;
  const fit = width > 0 ? Math.max(0.1, (width - 2 * GAP) / (opened.first.width || A4.width)) : 1;
  const scale = zoom ?? Math.min(fit, MAX_FIT);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    setWidth(element.clientWidth);
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const sizeOf = (index: number) => sizes.current.get(index) ?? opened.first;
  // The virtualizer answers anew at each call: nothing here may be memoized for us.
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => sizeOf(index).height * scale + GAP,
    overscan: 1,
    paddingStart: GAP,
  });
  // Every page has another height at another scale.
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, scale]);

  const onSize = (index: number, page: PDFPageProxy) => {
    const viewport = page.getViewport({ scale: 1 });
    const known = sizeOf(index);
    if (Math.abs(known.height - viewport.height) < 0.5 && Math.abs(known.width - viewport.width) < 0.5) return;
    sizes.current.set(index, { width: viewport.width, height: viewport.height });
    virtualizer.resizeItem(index, viewport.height * scale + GAP);
  };

  const middle = (virtualizer.scrollOffset ?? 0) + (scroller.current?.clientHeight ?? 0) / 3;
  const lines = virtualizer.getVirtualItems();
  const current = (lines.findLast((line) => line.start <= middle)?.index ?? 0) + 1;

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = { PageDown: current, PageUp: current - 2, Home: 0, End: count - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    virtualizer.scrollToIndex(Math.max(0, Math.min(count - 1, to)), { align: "start" });
  };
  const step = (direction: 1 | -1) => {
    const next = direction > 0 ? STEPS.find((each) => each > scale + 0.01) : STEPS.findLast((each) => each < scale - 0.01);
    if (next !== undefined) setZoom(next);
  };

  return (
    <div className={styles.viewer}>
      {/* A scrolled region must be reachable by keyboard, and has the keys of a reader of pages. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-interactions */}
      <div ref={scroller} className={styles.pages} role="document" aria-label={name} tabIndex={0} onKeyDown={onKeyDown}>
        <div className={styles.pageStack} style={{ height: virtualizer.getTotalSize() }}>
          {lines.map((line) => {
            const size = sizeOf(line.index);
            return (
              <div
                key={line.key}
                className={styles.pageSlot}
                style={{ transform: `translateY(${line.start}px)`, width: Math.max(size.width * scale + 2 * GAP, width) }}
              >
                <PdfPage
                  document={opened.document}
                  index={line.index}
                  scale={scale}
                  width={size.width * scale}
                  height={size.height * scale}
                  onPage={onSize}
                />
              </div>
            );
          })}
        </div>
      </div>
      <Zoom
        place={m.documents.preview.page(current, count)}
        percent={scale}
        fits={zoom === null}
        onStep={step}
        onFit={() => setZoom(null)}
      />
    </div>
  );
}
