/**
 * pdf.js, set up for a page with a strict content security policy: no evaluation, no WebAssembly (its own decoders in
 * JavaScript serve), fonts and character maps from the application's own files.
 */
import {
  getDocument,
  GlobalWorkerOptions,
  PDFWorker,
  type PDFDocumentLoadingTask,
} from "pdfjs-dist/legacy/build/pdf.mjs";
// What follows are addresses of files, which the linter reads as modules.
// oxlint-disable-next-line import/default
import workerUrl from "pdfjs-dist/legacy/build/pdf.worker.min.mjs?url";
import jpxDecoderUrl from "pdfjs-dist/wasm/openjpeg_nowasm_fallback.js?url";

GlobalWorkerOptions.workerSrc = workerUrl;

const FILES: Record<string, string> = {
  ...import.meta.glob<string>("../../node_modules/pdfjs-dist/cmaps/*.bcmap", { query: "?url", import: "default", eager: true }),
  ...import.meta.glob<string>("../../node_modules/pdfjs-dist/standard_fonts/*.{pfb,ttf}", { query: "?url", import: "default", eager: true }),
};
const URLS = new Map(Object.entries(FILES).map(([path, url]) => [path.slice(path.lastIndexOf("/") + 1), url]));

/** Reads pdf.js's own data files, whose built names carry a hash that pdf.js does not know. */
class BuiltFiles {
  async fetch({ filename }: { kind: string; filename: string }): Promise<Uint8Array> {
    const url = URLS.get(filename);
    if (url === undefined) throw new Error(`no data file ${filename}`);
    const response = await fetch(url);
    if (!response.ok) throw new Error(`data file ${filename}: ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  }
}

let worker: PDFWorker | null = null;

/** Opens a document. The bytes are copied: pdf.js takes what it is given for itself. */
export function openPdf(bytes: ArrayBuffer): PDFDocumentLoadingTask {
  // One worker for all documents: starting one costs more than drawing a page.
  if (worker === null || worker.destroyed) worker = new PDFWorker();
  return getDocument({
    data: new Uint8Array(bytes.slice(0)),
    worker,
    useWorkerFetch: false,
    BinaryDataFactory: BuiltFiles,
    useWasm: false,
    // pdf.js appends the decoder's file name to this address; after a `#` it changes nothing.
    wasmUrl: `${new URL(jpxDecoderUrl, window.location.href).href}#/`,
    cMapUrl: "/",
    standardFontDataUrl: "/",
    isEvalSupported: false,
    enableXfa: false,
  });
}
