import { useCallback, useRef } from "react";
import type { WindowedRows } from "./useWindowedRows";

/** The rows of a list met so far, by their ids: a selection may reach beyond the windows on screen. */
export function useMetRows<Row extends { id: string }>(rows: WindowedRows<Row>) {
  const met = useRef(new Map<string, Row>());
  const rowAt = useCallback(
    (index: number) => {
      const row = rows.rowAt(index);
      if (row !== undefined) met.current.set(row.id, row);
      return row;
    },
    [rows],
  );
  const rowsBetween = useCallback(
    async (first: number, last: number) => {
      const read = await rows.rowsBetween(first, last);
      for (const row of read) met.current.set(row.id, row);
      return read;
    },
    [rows],
  );
  const rowsOf = useCallback((ids: Iterable<string>) => [...ids].flatMap((id) => met.current.get(id) ?? []), []);
  return { rowAt, rowsBetween, rowsOf };
}
