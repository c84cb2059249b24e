/**
 * Fiscal years as the forms need them: the closing proposed, and what is wrong before the engine says so. Dates are
 * `AAAA-MM-JJ`, both ends included; nothing here knows a time zone.
 */
import type { FiscalYearDates } from "../../protocol/protocol";

/** The longest fiscal year accepted, in months. */
export const MAX_MONTHS = 24;

const DAY = 86_400_000;
const dayNumber = (date: string) => Math.round(Date.parse(`${date}T00:00:00Z`) / DAY);
const ofDay = (day: number) => new Date(day * DAY).toISOString().slice(0, 10);

export function addDays(date: string, days: number): string {
  return ofDay(dayNumber(date) + days);
}

/** The same day `months` later, or the last of that month where it has no such day. */
export function addMonths(date: string, months: number): string {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number);
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, last))).toISOString().slice(0, 10);
}

/** Twelve months later less a day; a year that starts on 29 February closes on 28 February. */
export function proposedEnd(start: string): string {
  const anniversary = addMonths(start, 12);
  return anniversary.slice(8) === start.slice(8) ? addDays(anniversary, -1) : anniversary;
}

/** What is wrong with dates on their own. */
export function checkDates({ start, end }: FiscalYearDates): "order" | "too_long" | null {
  if (end <= start) return "order";
  return end < addMonths(start, MAX_MONTHS) ? null : "too_long";
}

/** How dates stand beside the years that exist: what they overlap, or the days they leave without a fiscal year. */
export function beside<Y extends FiscalYearDates>(
  dates: FiscalYearDates,
  others: readonly Y[],
): { kind: "joined" } | { kind: "overlap"; year: Y } | { kind: "gap"; days: number } {
  const overlapped = others.find((other) => dates.start <= other.end && other.start <= dates.end);
  if (overlapped) return { kind: "overlap", year: overlapped };
  const distances = others.map((other) =>
    other.end < dates.start ? dayNumber(dates.start) - dayNumber(other.end) - 1 : dayNumber(other.start) - dayNumber(dates.end) - 1,
  );
  const days = Math.min(...distances);
  return others.length === 0 || days === 0 ? { kind: "joined" } : { kind: "gap", days };
}

/** The year that follows the latest one; the calendar year of `today` where there is none. */
export function proposedYear(others: readonly FiscalYearDates[], today: string): FiscalYearDates {
  const latest = others.map((other) => other.end).toSorted().at(-1);
  const start = latest === undefined ? `${today.slice(0, 4)}-01-01` : addDays(latest, 1);
  return { start, end: proposedEnd(start) };
}

/** Length in months, a started month counting for one. */
export function monthsOf({ start, end }: FiscalYearDates): number {
  let months = 1;
  while (addMonths(start, months) <= end) months += 1;
  return months;
}
