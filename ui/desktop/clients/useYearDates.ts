/** The two dates of a fiscal year in a form: changing the first proposes the closing, until the closing is changed by hand. */
import { useState } from "react";
import type { FiscalYearDates } from "../../protocol/protocol";
import { proposedEnd } from "./fiscalYear";

export function useYearDates(first: FiscalYearDates) {
  const [start, setStartDate] = useState<string | null>(first.start);
  const [end, setEndDate] = useState<string | null>(first.end);
  const [byHand, setByHand] = useState(false);
  return {
    start,
    end,
    setStart: (date: string | null) => {
      setStartDate(date);
      if (date !== null && !byHand) setEndDate(proposedEnd(date));
    },
    setEnd: (date: string | null) => {
      setByHand(true);
      setEndDate(date);
    },
    dates: start !== null && end !== null ? { start, end } : null,
  };
}
