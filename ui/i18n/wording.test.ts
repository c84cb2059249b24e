import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { FailureCode, Reason } from "../protocol/protocol";
import { en } from "./en";
import { fr } from "./fr";
import { wordsOf } from "./i18n";

/** The values of a generated union, read from the contract itself: a new code without a sentence fails here. */
function valuesOf(type: string): string[] {
  const source = readFileSync(join(import.meta.dirname, "../protocol/protocol.ts"), "utf8");
  const union = new RegExp(`export type ${type} = ([^;]+);`).exec(source)?.[1] ?? "";
  return [...union.matchAll(/"([a-z_]+)"/g)].map((match) => match[1] ?? "");
}

/** Every sentence of a catalogue with its path; functions are called with plausible values. */
function sentences(catalogue: object, path: string[] = []): [string, string][] {
  return Object.entries(catalogue).flatMap(([key, value]): [string, string][] => {
    const here = [...path, key];
    if (typeof value === "function") {
      const given = here[0] === "failures" || here[0] === "notices" ? [{}] : Array.from({ length: value.length || 3 }, (_, index) => (index === 0 ? 3 : 2));
      return [[here.join("."), String(value(...given))]];
    }
    if (typeof value === "object" && value !== null) return sentences(value, here);
    return [[here.join("."), String(value)]];
  });
}

describe.each([["fr"], ["en"]] as const)("wording in %s", (language) => {
  const words = wordsOf(language);

  test.each(valuesOf("FailureCode"))("failure %s says what happened and what to do", (code) => {
    const text = words.failureText({ code: code as FailureCode, message: "for logs" });
    expect(text, "a sentence of its own, not the one for faults").not.toBe(code === "internal" ? "" : words.m.failures.internal({}));
    expect(text.split(/[.?!:;,]\s?/).filter(Boolean).length, "at least two parts").toBeGreaterThan(1);
    expect(text).toMatch(/[.?!]$/);
    expect(text).not.toContain("for logs");
  });

  test.each(valuesOf("Reason"))("reason %s says why and what to do", (reason) => {
    const text = words.reasonText(reason as Reason);
    expect(text.length).toBeGreaterThan(20);
    expect(text).toMatch(/\.$/);
  });

  test("values reach their sentences", () => {
    expect(words.failureText({ code: "name_taken", message: "", details: { proposal: "Bail (2).pdf" } })).toContain("Bail (2).pdf");
    expect(words.failureText({ code: "too_many_tries", message: "", details: { seconds: "40" } })).toContain("40");
    expect(words.failureText({ code: "too_many_tries", message: "", details: { seconds: "300" } })).toContain("5 minutes");
    expect(words.failureText({ code: "too_many_tries", message: "", details: { seconds: "1" } })).toMatch(/ 1 seconde?(?!s)/);
    expect(words.failureText({ code: "too_large", message: "", details: { limit: "8589934592" } })).toMatch(/8,6\u00a0Go|8\.6\u00a0GB/);
    expect(words.failureText({ code: "too_large", message: "", details: { limit: "20000", unit: "files" } })).toMatch(/20.000 fi(chiers|les)/);
    expect(words.reasonText("in_use", "EXCEL.EXE")).toContain("EXCEL.EXE");
    expect(words.failureText({ code: "local_file", message: "", details: { path: "a.pdf" } })).toContain("a.pdf");
  });

  test("a refusal that no access would lift promises none, and a link says why it no longer works", () => {
    const said = (code: FailureCode, reasons: string[]) =>
      reasons.map((reason) => words.failureText({ code, message: "", details: { reason } }));
    const denied = said("denied", ["other_client_file", "oneself", "joined", "last_administrator", "suspended", "role"]);
    expect(new Set(denied).size).toBe(6);
    for (const text of denied.slice(0, 5)) expect(text).not.toMatch(/donner l’accès|give you access/);
    expect(denied[5]).toBe(words.m.failures.denied({}));
    expect(new Set(said("link_invalid", ["used", "expired", "unknown", ""])).size).toBe(4);
  });

  test("an unknown code of a later engine still says something", () => {
    expect(words.failureText({ code: "from_the_future" as FailureCode, message: "" })).toBe(words.m.failures.internal({}));
    expect(words.actionNoun("from_the_future")).toBe(words.m.undo.lastAction);
  });

  test("no sentence is empty, or forgot a value", () => {
    for (const [path, text] of sentences(words.m)) {
      expect(text.trim(), path).not.toBe("");
      expect(text, path).not.toMatch(/undefined|NaN|\[object/);
    }
  });
});

test("both languages say the same things", () => {
  const paths = (catalogue: object) => sentences(catalogue).map(([path]) => path);
  expect(paths(en)).toEqual(paths(fr));
});

test("French spaces never let a sign fall to the next line", () => {
  for (const [path, text] of sentences(fr)) {
    expect(text, path).not.toMatch(/ [;:!?»%]|« /);
    expect(text, path).not.toMatch(/'/);
  }
});
