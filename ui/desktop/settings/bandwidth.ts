/** What is typed of limits, as the engine takes it. */

/** The slowest limit that the engine holds, in thousands of bytes a second. */
export const SLOWEST = 16;

/** Thousands of bytes a second; `null` where nothing is typed: no limit. */
export function rateOf(text: string): number | null | "wrong" {
  const digits = text.replace(/\s/g, "");
  if (digits === "") return null;
  const rate = /^\d{1,7}$/.test(digits) ? Number(digits) : 0;
  return rate >= SLOWEST ? rate : "wrong";
}

/** Minutes after midnight of `8:00`, `08h30` or `19`; `null` where it is no time of day. */
export function minutesOf(text: string): number | null {
  const found = /^\s*(\d{1,2})(?:\s*[:hH]\s*(\d{2})?)?\s*$/.exec(text);
  if (!found) return null;
  const [hours, minutes] = [Number(found[1]), Number(found[2] ?? 0)];
  return hours < 24 && minutes < 60 ? hours * 60 + minutes : null;
}

/** `08:30`. */
export function clockOf(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
