import { type QueryKey, useQueries, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useRef, useState } from "react";

/** Rows of a window: large enough that a screen touches two at most, small enough to be read in a few milliseconds. */
export const WINDOW = 200;

export interface RowWindow<Row> {
  /** Count of lines in all. */
  total: number;
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
  /** Counts up each time other rows may be shown. */
  revision: number;
  /** The row of a line, where its window has been read. */
  rowAt: (index: number) => Row | undefined;
  /** Tells which lines are on screen, so that their windows are read. */
  show: (first: number, last: number) => void;
  /** Rows of a range, read where they are not known: for ranges and *select all*. */
  rowsBetween: (first: number, last: number) => Promise<Row[]>;
  /** Why nothing could be read. */
  failure: unknown;
}

/**
 * Rows read in windows of `WINDOW`, as they come on screen. Another order or filter keeps the former rows on screen
 * until the first window is there, so that nothing flickers.
 */
export function useWindowedRows<Row>(
  /** What is listed: another one shows nothing of the former. */
  scope: string,
  windowQuery: (offset: number, limit: number) => WindowQuery<Row>,
): WindowedRows<Row> {
  const client = useQueryClient();
  const [shown, setShown] = useState({ first: 0, last: 0 });

  const queries = [];
  for (let page = shown.first; page <= shown.last; page++) queries.push(windowQuery(page * WINDOW, WINDOW));
  const results = useQueries({ queries });

  const held = useRef<{ scope: string; total: number | undefined; pages: Map<number, Row[]>; revision: number }>({
    scope,
    total: undefined,
    pages: new Map(),
    revision: 0,
  });
  if (held.current.scope !== scope) {
    held.current = { scope, total: undefined, pages: new Map(), revision: held.current.revision + 1 };
  }
  const signature = results.map((result) => result.dataUpdatedAt).join() + JSON.stringify(queries[0]?.queryKey);
  const lastSignature = useRef("");
  const first = results.find((result) => result.data !== undefined);
  if (first?.data && signature !== lastSignature.current) {
    lastSignature.current = signature;
    const pages = new Map<number, Row[]>();
    results.forEach((result, at) => {
      if (result.data) pages.set(shown.first + at, result.data.rows);
    });
    held.current = { scope, total: first.data.total, pages, revision: held.current.revision + 1 };
  }
  const { total, revision } = held.current;

  const latestQuery = useRef(windowQuery);
  latestQuery.current = windowQuery;
  const rowAt = useCallback(
    (index: number) => {
      const page = Math.floor(index / WINDOW);
      // The line that has the keyboard stays drawn when it is scrolled away: its window is found among those read before.
      const rows =
        held.current.pages.get(page) ?? client.getQueryData<RowWindow<Row>>(latestQuery.current(page * WINDOW, WINDOW).queryKey)?.rows;
      return rows?.[index % WINDOW];
    },
    [client],
  );
  const show = useCallback((from: number, to: number) => {
    const next = { first: Math.floor(Math.max(0, from) / WINDOW), last: Math.floor(Math.max(0, to) / WINDOW) };
    setShown((now) => (now.first === next.first && now.last === next.last ? now : next));
  }, []);

  const rowsBetween = useCallback(
    async (from: number, to: number) => {
      const pages = [];
      for (let page = Math.floor(from / WINDOW); page <= Math.floor(to / WINDOW); page++) {
        // Read again only where it was not read or has changed since.
        pages.push(client.fetchQuery<RowWindow<Row>>({ ...latestQuery.current(page * WINDOW, WINDOW), staleTime: Number.POSITIVE_INFINITY }));
      }
      const start = Math.floor(from / WINDOW) * WINDOW;
      return (await Promise.all(pages)).flatMap((page) => page.rows).slice(from - start, to - start + 1);
    },
    [client],
  );

  const failure = results.find((result) => result.error !== null)?.error ?? null;
  return useMemo(
    () => ({ total, revision, rowAt, show, rowsBetween, failure }),
    [total, revision, rowAt, show, rowsBetween, failure],
  );
}
