/** Reads what a page drop carries: files, and folders to their depths. */
import type { DropSource } from "./platform";

/** Names that systems leave in every folder and nobody means to file. */
const LITTER = new Set([".DS_Store", "Thumbs.db", "desktop.ini"]);

/** Must be called within the drop event: the list is emptied when it returns. */
export function readDropped(data: DataTransfer): Promise<DropSource[]> {
  const entries: (FileSystemEntry | File)[] = [];
  for (const item of data.items) {
    if (item.kind !== "file") continue;
    // An attachment dragged from a mail program has no entry, only a file.
    const source = item.webkitGetAsEntry() ?? item.getAsFile();
    if (source) entries.push(source);
  }
  return walk(entries);
}

async function walk(entries: (FileSystemEntry | File)[]): Promise<DropSource[]> {
  const found: DropSource[] = [];
  for (const entry of entries) {
    if (entry instanceof File) found.push({ kind: "file", file: entry, relativePath: entry.name });
    else await walkEntry(entry, found);
  }
  return found;
}

async function walkEntry(entry: FileSystemEntry, found: DropSource[]): Promise<void> {
  if (LITTER.has(entry.name)) return;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    found.push({ kind: "file", file, relativePath: entry.fullPath.replace(/^\/+/, "") });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // A reader gives a folder a hundred entries at a time; an empty answer is its end.
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return;
    for (const child of batch) await walkEntry(child, found);
  }
}

/** Files chosen by a file dialog, as sources. */
export function sourcesOf(files: FileList): DropSource[] {
  return Array.from(files, (file) => ({ kind: "file", file, relativePath: file.webkitRelativePath || file.name }));
}
