import { describe, expect, it } from "vitest";
import { findTyped, goesOn, isLetter, NOTHING_TYPED, typeLetter } from "./typeAhead";

const names = ["Achats", "Avoir", "Échéancier", "Banque", "Avenant", undefined];

describe("type-ahead", () => {
  it("finds without accents and without case", () => {
    expect(findTyped("eche", 0, names)).toBe(2);
  });

  it("stays on the line while a longer word is still about it", () => {
    expect(findTyped("avo", 1, names)).toBe(1);
  });

  it("goes to the next line on one letter, and round", () => {
    expect(findTyped("a", 0, names)).toBe(1);
    expect(findTyped("a", 4, names)).toBe(0);
  });

  it("walks through the lines when the same letter is typed again", () => {
    expect(findTyped("aa", 1, names)).toBe(4);
  });

  it("finds nothing rather than something else", () => {
    expect(findTyped("xyz", 0, names)).toBe(-1);
    expect(findTyped("", 0, names)).toBe(-1);
  });

  it("begins another word after a pause", () => {
    const first = typeLetter(NOTHING_TYPED, "B", 1000);
    expect(typeLetter(first, "a", 1500).typed).toBe("ba");
    expect(typeLetter(first, "a", 2500).typed).toBe("a");
  });

  it("takes a space for a letter only within a word", () => {
    const space = { key: " ", ctrlKey: false, metaKey: false, altKey: false };
    const word = typeLetter(NOTHING_TYPED, "a", 1000);
    expect(goesOn(word, space, 1200)).toBe(true);
    expect(goesOn(word, space, 3000), "after a pause it is a shortcut again").toBe(false);
    expect(goesOn(NOTHING_TYPED, space, 1200)).toBe(false);
    expect(goesOn(word, { ...space, key: "ArrowDown" }, 1200)).toBe(false);
    expect(goesOn(word, { ...space, key: "a", ctrlKey: true }, 1200)).toBe(false);
  });

  it("does not take a shortcut for a letter", () => {
    const key = { key: "a", ctrlKey: false, metaKey: false, altKey: false };
    expect(isLetter(key)).toBe(true);
    expect(isLetter({ ...key, ctrlKey: true })).toBe(false);
    expect(isLetter({ ...key, key: " " })).toBe(false);
    expect(isLetter({ ...key, key: "F2" })).toBe(false);
  });
});
