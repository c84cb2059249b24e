/** Dates, numbers and sizes as each language writes them. Takes values, never the clock: `now` is an argument. */
export type Language = "fr" | "en";

const DAY = 86_400_000;
/** Days since 1970 written `AAAA-MM-JJ`, as an instant at noon UTC, which no time zone moves to another day. */
const noon = (date: string) => new Date(`${date}T12:00:00Z`);

export function makeFormats(language: Language) {
  const locale = language === "fr" ? "fr-FR" : "en-GB";
  const long = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  const short = new Intl.DateTimeFormat(locale, { day: "2-digit", month: "2-digit", year: "numeric", timeZone: "UTC" });
  const month = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" });
  const weekday = new Intl.DateTimeFormat(locale, { weekday: "long", timeZone: "UTC" });
  const localDay = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric" });
  const localSameYear = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
  const time = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
  const full = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short" });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
  const integer = new Intl.NumberFormat(locale);
  const decimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const units = language === "fr" ? ["o", "Ko", "Mo", "Go", "To"] : ["B", "KB", "MB", "GB", "TB"];

  const duration = (unit: "second" | "minute" | "hour" | "day", value: number) =>
    new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: unit === "day" ? "long" : "short" }).format(value);

  return {
    /** `12 mars 2026`, of a date without a time. */
    date: (date: string) => long.format(noon(date)),
    /** `12/03/2026`. */
    shortDate: (date: string) => short.format(noon(date)),
    /** `mars 2026`, of `2026-03`. */
    month: (value: string) => month.format(noon(`${value}-01`)),
    /** `14:05` today, `12 mars` this year, `12 mars 2025` before. */
    instant(value: number, now: number): string {
      const then = new Date(value);
      const today = new Date(now);
      if (then.toDateString() === today.toDateString()) return time.format(then);
      return (then.getFullYear() === today.getFullYear() ? localSameYear : localDay).format(then);
    },
    /** `12 mars 2026 à 14:05`. */
    fullInstant: (value: number) => full.format(new Date(value)),
    /** `il y a 5 min`, `hier`. */
    ago(value: number, now: number): string {
      const seconds = Math.round((value - now) / 1000);
      const past = Math.abs(seconds);
      if (past < 60) return relative.format(0, "second");
      if (past < 3600) return relative.format(Math.trunc(seconds / 60), "minute");
      if (past < 86_400) return relative.format(Math.trunc(seconds / 3600), "hour");
      if (past < 30 * 86_400) return relative.format(Math.trunc((seconds * 1000) / DAY), "day");
      return localDay.format(new Date(value));
    },
    /** `11 h`, `3 jours`: a duration in its largest unit. */
    elapsed(milliseconds: number): string {
      const seconds = Math.max(0, Math.floor(milliseconds / 1000));
      if (seconds < 60) return duration("second", seconds);
      if (seconds < 3600) return duration("minute", Math.floor(seconds / 60));
      if (seconds < 86_400) return duration("hour", Math.floor(seconds / 3600));
      return duration("day", Math.floor(seconds / 86_400));
    },
    /** `environ 4 min`: a duration nobody knows to the second. */
    about(seconds: number): string {
      const minutes = Math.ceil(seconds / 60);
      if (minutes <= 1) return language === "fr" ? "moins d’une minute" : "less than a minute";
      const rounded = minutes < 90 ? duration("minute", minutes) : duration("hour", Math.round(minutes / 60));
      return `${language === "fr" ? "environ" : "about"} ${rounded}`;
    },
    /** `lundi`, of 1. */
    weekday: (day: number) => weekday.format(noon(`2024-01-0${day}`)),
    /** `2 310`. */
    number: (value: number) => integer.format(value),
    /** `1,2 Mo`, by powers of 1,000 as disks are sold and as the systems show them. */
    bytes(value: number): string {
      let amount = value;
      let unit = 0;
      while (amount >= 999.5 && unit < units.length - 1) {
        amount /= 1000;
        unit += 1;
      }
      return `${(amount < 10 && unit > 0 ? decimal : integer).format(unit === 0 || amount >= 10 ? Math.round(amount) : amount)}\u00a0${units[unit]}`;
    },
    /** `123 456 789`. */
    siren: (value: string) => value.replace(/(\d{3})(?=\d)/g, "$1\u00a0"),
  };
}

export type Formats = ReturnType<typeof makeFormats>;
