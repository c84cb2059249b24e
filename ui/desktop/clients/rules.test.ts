import { expect, test } from "vitest";
import { beside, checkDates, monthsOf, proposedEnd, proposedYear } from "./fiscalYear";
import { checkSiren } from "./siren";

test("a SIREN has nine digits and a good key", () => {
  expect(checkSiren("")).toEqual({ kind: "empty" });
  expect(checkSiren("732 829 320")).toEqual({ kind: "valid", siren: "732829320" });
  expect(checkSiren("732829321")).toEqual({ kind: "key" });
  expect(checkSiren("73282932")).toEqual({ kind: "shape" });
  expect(checkSiren("73282932A")).toEqual({ kind: "shape" });
});

test("the closing proposed is twelve months later less a day", () => {
  expect(proposedEnd("2026-01-01")).toBe("2026-12-31");
  expect(proposedEnd("2026-07-01")).toBe("2027-06-30");
  expect(proposedEnd("2023-03-01"), "the next February has 29 days").toBe("2024-02-29");
  expect(proposedEnd("2024-02-29"), "the next has no 29 February").toBe("2025-02-28");
});

test("dates that are not a fiscal year", () => {
  expect(checkDates({ start: "2026-01-01", end: "2026-01-01" })).toBe("order");
  expect(checkDates({ start: "2026-01-01", end: "2027-12-31" }), "24 months is the most").toBeNull();
  expect(checkDates({ start: "2026-01-01", end: "2028-01-01" })).toBe("too_long");
});

test("a year beside others overlaps, leaves a gap, or joins", () => {
  const others = [{ start: "2025-01-01", end: "2025-12-31" }];
  expect(beside({ start: "2026-01-01", end: "2026-12-31" }, others)).toEqual({ kind: "joined" });
  expect(beside({ start: "2024-01-01", end: "2024-12-31" }, others)).toEqual({ kind: "joined" });
  expect(beside({ start: "2025-12-31", end: "2026-12-30" }, others)).toEqual({ kind: "overlap", year: others[0] });
  expect(beside({ start: "2026-02-01", end: "2027-01-31" }, others)).toEqual({ kind: "gap", days: 31 });
  expect(beside({ start: "2026-02-01", end: "2027-01-31" }, []), "the first one has no neighbour").toEqual({ kind: "joined" });
});

test("the year proposed follows the latest", () => {
  expect(proposedYear([], "2026-11-21")).toEqual({ start: "2026-01-01", end: "2026-12-31" });
  const others = [{ start: "2024-07-01", end: "2025-06-30" }, { start: "2023-07-01", end: "2024-06-30" }];
  expect(proposedYear(others, "2026-11-21")).toEqual({ start: "2025-07-01", end: "2026-06-30" });
});

test("length in months", () => {
  expect(monthsOf({ start: "2026-01-01", end: "2026-12-31" })).toBe(12);
  expect(monthsOf({ start: "2025-10-15", end: "2026-12-31" })).toBe(15);
});
