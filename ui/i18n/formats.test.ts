import { expect, test } from "vitest";
import { makeFormats } from "./formats";

const fr = makeFormats("fr");
const en = makeFormats("en");
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");
const at = new Date(2026, 10, 21, 10, 30).getTime();

test("dates without a time never move to another day", () => {
  expect(fr.date("2026-03-01")).toBe("1 mars 2026");
  expect(fr.shortDate("2026-12-31")).toBe("31/12/2026");
  expect(fr.month("2026-03")).toBe("mars 2026");
  expect(en.month("2026-03")).toBe("March 2026");
});

test("instants are said as shortly as they can be", () => {
  expect(fr.instant(new Date(2026, 10, 21, 8, 5).getTime(), at)).toBe("08:05");
  expect(fr.instant(new Date(2026, 2, 12, 8, 5).getTime(), at)).toBe("12 mars");
  expect(fr.instant(new Date(2025, 2, 12, 8, 5).getTime(), at)).toBe("12 mars 2025");
});

test("durations", () => {
  expect(plain(fr.ago(at - 5 * 60_000, at))).toBe("il y a 5 min");
  expect(plain(fr.ago(at - 26 * 3_600_000, at))).toBe("hier");
  expect(plain(fr.elapsed(11 * 3_600_000))).toBe("11 h");
  expect(plain(fr.elapsed(3 * 86_400_000))).toBe("3 jours");
  expect(plain(fr.elapsed(-5), ), "two clocks may disagree").toBe("0 s");
});

test("what is left is said roughly, and never too short", () => {
  expect(fr.about(0)).toBe("moins d’une minute");
  expect(fr.about(60)).toBe("moins d’une minute");
  expect(plain(fr.about(200))).toBe("environ 4 min");
  expect(plain(fr.about(2 * 3600 + 600))).toBe("environ 2 h");
  expect(plain(en.about(200))).toBe("about 4 mins");
});

test("days of the week", () => {
  expect([1, 7].map(fr.weekday)).toEqual(["lundi", "dimanche"]);
});

test("sizes and numbers", () => {
  expect(plain(fr.bytes(0))).toBe("0 o");
  expect(plain(fr.bytes(999))).toBe("999 o");
  expect(plain(fr.bytes(999_600))).toBe("1 Mo");
  expect(plain(fr.bytes(1_240_000))).toBe("1,2 Mo");
  expect(plain(fr.bytes(3_221_225_472))).toBe("3,2 Go");
  expect(plain(en.bytes(24_000))).toBe("24 KB");
  expect(plain(fr.number(2310))).toBe("2 310");
  expect(plain(fr.siren("732829320"))).toBe("732 829 320");
});
