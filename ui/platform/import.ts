/**
 * Sends what was dropped to the engine: paths by one call, bytes in chunks, a few files at a time. It does not follow
 * the import: the engine's own count does.
 */
import type { NodeId } from "../protocol/protocol";
import type { DropSource, Platform } from "./platform";

/** Bytes of one upload: large enough to be quick, small enough that stopping is felt at once. */
const CHUNK = 4 * 1024 * 1024;
/** Files sent at the same time. */
const LANES = 4;

/** A running import, as the page knows it. */
export interface StartedImport {
  /** Its number with the engine. */
  number: number;
  /** Ends when every byte the page holds has been handed over; the files that could not be read. */
  sent: Promise<{ unreadable: string[] }>;
}

/** Starts an import into `target`; one for paths and one for bytes where a drop has both. */
export async function startImport(
  platform: Platform,
  target: NodeId,
  sources: DropSource[],
  signal: AbortSignal,
): Promise<StartedImport[]> {
  const started: StartedImport[] = [];
  const paths = sources.flatMap((source) => (source.kind === "path" ? [source.path] : []));
  if (paths.length > 0) {
    const ticket = await platform.call("import_paths", { paths, target });
    started.push({ number: ticket.import, sent: Promise.resolve({ unreadable: [] }) });
  }
  const files = sources.flatMap((source) => (source.kind === "file" ? [source] : []));
  if (files.length > 0) {
    const ticket = await platform.call("begin_drop", { relative_paths: files.map((file) => file.relativePath), target });
    started.push({ number: ticket.import, sent: sendAll(platform, ticket.import, files, signal) });
  }
  return started;
}

async function sendAll(
  platform: Platform,
  number: number,
  files: { file: File; relativePath: string }[],
  signal: AbortSignal,
): Promise<{ unreadable: string[] }> {
  const unreadable: string[] = [];
  const state = { next: 0, broken: false };
  const lane = async () => {
    while (state.next < files.length && !signal.aborted && !state.broken) {
      const index = state.next++;
      const source = files[index];
      if (source && !(await sendFile(platform, number, index, source.file, signal))) unreadable.push(source.relativePath);
    }
  };
  try {
    await Promise.all(Array.from({ length: LANES }, lane));
  } catch (cause) {
    // The engine takes no more bytes (its disk is full): what is in stays in, the rest would be refused too.
    state.broken = true;
    if (!signal.aborted) await platform.call("cancel_import", { import: number });
    throw cause;
  }
  // The engine waits for every file announced: where one cannot be read here, the import is ended with what it has.
  if (unreadable.length > 0 && !signal.aborted) await platform.call("cancel_import", { import: number });
  return { unreadable };
}

/** Whether the file could be read to its end. */
async function sendFile(platform: Platform, number: number, index: number, file: File, signal: AbortSignal): Promise<boolean> {
  let offset = 0;
  do {
    if (signal.aborted) return true;
    const end = Math.min(offset + CHUNK, file.size);
    let bytes: Uint8Array;
    try {
      bytes = new Uint8Array(await file.slice(offset, end).arrayBuffer());
    } catch {
      // Gone, forbidden, or changed since it was dropped.
      return false;
    }
    await platform.upload(number, index, offset, bytes, end === file.size);
    offset = end;
  } while (offset < file.size);
  return true;
}
