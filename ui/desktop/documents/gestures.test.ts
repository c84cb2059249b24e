import { describe, expect, it } from "vitest";
import { makeFormats } from "../../i18n/formats";
import type { DocumentRow, PersonView } from "../../protocol/protocol";
import { audienceChange } from "./audience";
import { moving, numbering, reviewing } from "./commands";
import { shortHash, stemEnd } from "./names";

const row = (id: string, values: Partial<DocumentRow> = {}): DocumentRow => ({
  id,
  parent: "achats",
  name: `${id}.pdf`,
  size: 1,
  modified_at: 0,
  author: "claire",
  version: "v",
  content: "00",
  versions: 1,
  concurrent: false,
  piece_number: null,
  reviewed_by: null,
  reviewed_at: null,
  comments: 0,
  unread: false,
  sync: "synced",
  ...values,
});

describe("gestures as commands", () => {
  it("marks what is not reviewed, and takes the mark back only where all are", () => {
    const done = row("a", { reviewed_by: "claire" });
    const some = reviewing([done, row("b")]);
    expect(some.reviewed).toBe(true);
    expect(some.commands).toEqual([{ kind: "mark_reviewed", node: "b", reviewed: { seen: false, value: true } }]);
    const all = reviewing([done]);
    expect(all.reviewed).toBe(false);
    expect(all.commands).toEqual([{ kind: "mark_reviewed", node: "a", reviewed: { seen: true, value: false } }]);
  });

  it("moves what is not there already, and lets the machine settle a name that is taken", () => {
    expect(moving([{ id: "a", parent: "achats" }, { id: "b", parent: "ventes" }], "ventes")).toEqual([
      { kind: "place", node: "a", name: null, parent: { seen: "achats", value: "ventes" }, naming: "by_machine" },
    ]);
  });

  it("takes an empty piece number for none", () => {
    expect(numbering(row("a", { piece_number: "12" }), "  ")).toMatchObject({ piece_number: { seen: "12", value: null } });
  });
});

describe("who would see what moves", () => {
  const person = (id: string, role: PersonView["role"]): PersonView => ({ id, role, first_name: id, last_name: "X", email: "", suspended: false, joined: true });
  const people = [person("admin", "administrator"), person("all", "manager"), person("buyer", "collaborator"), person("none", "collaborator")];
  const assignments = [
    { person: "admin", themes: [] },
    { person: "all", themes: null },
    { person: "buyer", themes: ["achats", "banque"] },
  ];
  const ids = (list: PersonView[]) => list.map((each) => each.id);

  it("names who loses sight", () => {
    const change = audienceChange(assignments, people, ["achats"], "social");
    expect(ids(change.lose)).toEqual(["buyer"]);
    expect(ids(change.gain)).toEqual([]);
  });

  it("names who gains sight", () => {
    expect(ids(audienceChange(assignments, people, ["social"], "achats").gain)).toEqual(["buyer"]);
  });

  it("says nothing where nobody's sight changes", () => {
    expect(audienceChange(assignments, people, ["achats"], "banque")).toEqual({ gain: [], lose: [] });
  });

  it("counts somebody who saw only part of what moves", () => {
    expect(ids(audienceChange(assignments, people, ["achats", "social"], "banque").gain)).toEqual(["buyer"]);
  });
});

describe("what is written on a line", () => {
  const f = makeFormats("fr");
  it.each([
    ["facture.pdf", 7],
    ["archive.tar.gz", 11],
    [".profile", 8],
    ["Note de M. Durand et associés", 29],
    ["sans extension", 14],
  ])("the stem of %s ends at %i", (name, end) => {
    expect(stemEnd(name)).toBe(end);
  });

  it("writes sizes, months and days as French people do", () => {
    expect(f.bytes(0)).toBe("0\u00a0o");
    expect(f.bytes(1_240_000)).toBe("1,2\u00a0Mo");
    expect(f.bytes(3_221_225_472)).toBe("3,2\u00a0Go");
    expect(f.month("2026-12")).toBe("décembre 2026");
    expect(f.date("2026-03-12")).toBe("12 mars 2026");
    const now = new Date(2026, 10, 21, 10, 30).getTime();
    expect(f.instant(new Date(2026, 10, 21, 9, 5).getTime(), now)).toBe("09:05");
    expect(f.instant(new Date(2026, 2, 12).getTime(), now)).toBe("12 mars");
    expect(f.instant(new Date(2025, 2, 12).getTime(), now)).toBe("12 mars 2025");
  });

  it("shortens a hash to what the eye compares", () => {
    expect(shortHash("0123456789abcdef")).toBe("0123456789ab");
  });
});
