import { expect, test } from "vitest";
import { clockOf, minutesOf, rateOf } from "./bandwidth";

test("limits as people type them", () => {
  expect(rateOf("")).toBeNull();
  expect(rateOf(" 1 500 ")).toBe(1500);
  expect(rateOf("16")).toBe(16);
  for (const text of ["0", "15", "-3", "1,5", "vite", "123456789"]) expect(rateOf(text), text).toBe("wrong");
});

test("times as people type them", () => {
  expect(minutesOf("8:00")).toBe(480);
  expect(minutesOf(" 08h30 ")).toBe(510);
  expect(minutesOf("19 h")).toBe(1140);
  expect(minutesOf("7")).toBe(420);
  for (const text of ["", "24:00", "8:60", "8:5", "midi"]) expect(minutesOf(text), text).toBeNull();
  expect(clockOf(510)).toBe("08:30");
});
