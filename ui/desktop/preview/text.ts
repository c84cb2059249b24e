/** Bytes as text, and delimited text as a table. Files of accounting programs are often Windows-1252. */

/** Characters shown at most: beyond, a page of text no longer scrolls well, and nobody reads it here. */
export const TEXT_LIMIT = 400_000;
/** Lines of a table shown at most. */
export const TABLE_LIMIT = 2_000;

/** The text of bytes: by its mark, else UTF-8 where it is valid, else Windows-1252, which accepts everything. */
export function decoded(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** The separator of a delimited text: the candidate that is most often outside quotes in its first line. */
export function separatorOf(text: string): string {
  const line = text.slice(0, 4_000).split(/\r?\n/, 1)[0] ?? "";
  const bare = line.replace(/"[^"]*"/g, "");
  const counts = [";", "\t", ",", "|"].map((separator) => ({ separator, count: bare.split(separator).length - 1 }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).separator;
}

/** The cells of a delimited text, quotes resolved, at most `limit` lines. */
export function cells(text: string, separator: string, limit: number): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  const endRow = () => {
    row.push(cell);
    cell = "";
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  };
  for (let at = 0; at < text.length && rows.length < limit; at++) {
    const c = text[at];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[at + 1] === '"') {
        cell += c;
        at++;
      } else quoted = false;
    } else if (c === '"' && cell === "") quoted = true;
    else if (c === separator) {
      row.push(cell);
      cell = "";
    } else if (c === "\n") endRow();
    else if (c !== "\r") cell += c;
  }
  if (rows.length < limit && (cell !== "" || row.length > 0)) endRow();
  return rows;
}

/** Whether a cell is a number as accountants write it, to be aligned right. */
export function isNumber(cell: string): boolean {
  return /^-?\d[\d\s\u00a0\u202f.]*(,\d+|\.\d+)?\s*€?$/.test(cell.trim());
}
