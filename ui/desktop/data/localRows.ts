/** A short list, already in memory, in the shape the grid reads. */
import { useMemo } from "react";

export function useLocalRows<Row>(rows: readonly Row[]) {
  return useMemo(
    () => ({
      total: rows.length,
      rowAt: (index: number): Row | undefined => rows[index],
      rowsBetween: (first: number, last: number) => Promise.resolve(rows.slice(first, last + 1)),
      show: () => undefined,
    }),
    [rows],
  );
}
