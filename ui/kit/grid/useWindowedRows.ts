import { type QueryKey, useQueries, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";

/** Rows of a window: large enough that a screen touches two at most, small enough to be read in a few milliseconds. */
export const WINDOW = 200;

/** Rows of a window read for a range: the most that a call gives, since a range may be the whole list. */
const RANGE_WINDOW = 500;

export interface RowWindow<Row> {
  /** Count of lines in all. */
  total: number;
  /** How many of them can be read, where that is not all. */
  listed?: number;
  /** The lines asked for. */
  rows: Row[];
}

export interface WindowQuery<Row> {
  queryKey: QueryKey;
  queryFn: () => Promise<RowWindow<Row>>;
}

export interface WindowedRows<Row> {
  /** Count of lines; `undefined` until the first answer. */
  total: number | undefined;
  /** How many of them can be read. */
  listed: number;
  /** Counts up each time other rows may be shown. */
  revision: number;
  /** The row of a line, where its window has been read. */
  rowAt: (index: number) => Row | undefined;
  /** Tells which lines are on screen, so that their windows are read. */
  show: (first: number, last: number) => void;
  /** Rows of a range, read where they are not known: for ranges and *select all*. None where one cannot be read. */
  rowsBetween: (first: number, last: number) => Promise<Row[]>;
  /** Why nothing could be read. */
  failure: unknown;
}

/** Rows on screen, with what they answer to. */
interface Held<Row> {
  scope: string;
  signature: string;
  total: number | undefined;
  listed: number;
  pages: ReadonlyMap<number, Row[]>;
  revision: number;
}

function nothing<Row>(scope: string, revision: number): Held<Row> {
  return { scope, signature: "", total: undefined, listed: 0, pages: new Map(), revision };
}

/**
 * Rows read in windows of `WINDOW`, as they come on screen. Another order or filter keeps the former rows on screen
 * until the first window is there, so that nothing flickers.
 */
export function useWindowedRows<Row>(
  windowQuery: (offset: number, limit: number) => WindowQuery<Row>,
  /** What is listed: another one shows nothing of the former. */
  scope = "",
): WindowedRows<Row> {
  const client = useQueryClient();
  const [shown, setShown] = useState({ first: 0, last: 0 });

  const queries = [];
  for (let page = shown.first; page <= shown.last; page++) queries.push(windowQuery(page * WINDOW, WINDOW));
  const results = useQueries({ queries });

  const first = results.find((result) => result.data !== undefined)?.data;
  const signature = `${scope} ${JSON.stringify(queries[0]?.queryKey)} ${results.map((result) => result.dataUpdatedAt).join()}`;
  const [kept, setKept] = useState<Held<Row>>(() => nothing(scope, 0));
  let held = kept;
  if (first !== undefined && signature !== held.signature) {
    const pages = new Map<number, Row[]>();
    results.forEach((result, at) => {
      if (result.data) pages.set(shown.first + at, result.data.rows);
    });
    held = { scope, signature, total: first.total, listed: first.listed ?? first.total, pages, revision: held.revision + 1 };
  } else if (scope !== held.scope) {
    held = nothing(scope, held.revision + 1);
  }
  if (held !== kept) setKept(held);
  const { pages, total, listed, revision } = held;

  const rowAt = useCallback(
    (index: number) => {
      const page = Math.floor(index / WINDOW);
      // The line that has the keyboard stays drawn when it is scrolled away: its window is found among those read before.
      const rows = pages.get(page) ?? client.getQueryData<RowWindow<Row>>(windowQuery(page * WINDOW, WINDOW).queryKey)?.rows;
      return rows?.[index % WINDOW];
    },
    [client, pages, windowQuery],
  );
  const show = useCallback((from: number, to: number) => {
    const next = { first: Math.floor(Math.max(0, from) / WINDOW), last: Math.floor(Math.max(0, to) / WINDOW) };
    setShown((now) => (now.first === next.first && now.last === next.last ? now : next));
  }, []);

  const rowsBetween = useCallback(
    async (from: number, to: number) => {
      const size = from === to ? WINDOW : RANGE_WINDOW;
      const start = Math.floor(from / size) * size;
      const windows = [];
      for (let offset = start; offset <= to; offset += size) {
        // Read again only where it was not read or has changed since.
        windows.push(client.fetchQuery<RowWindow<Row>>({ ...windowQuery(offset, size), staleTime: Number.POSITIVE_INFINITY }));
      }
      const read = await Promise.allSettled(windows);
      // What cannot be read is left out: the windows on screen say why, by `failure`.
      if (read.some((window) => window.status === "rejected")) return [];
      return read.flatMap((window) => (window.status === "fulfilled" ? window.value.rows : [])).slice(from - start, to - start + 1);
    },
    [client, windowQuery],
  );

  const failure = results.find((result) => result.error !== null)?.error ?? null;
  return useMemo(
    () => ({ total, listed, revision, rowAt, show, rowsBetween, failure }),
    [total, listed, revision, rowAt, show, rowsBetween, failure],
  );
}
