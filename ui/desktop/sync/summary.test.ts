import { describe, expect, test } from "vitest";
import { fr } from "../../i18n/fr";
import type { SyncStatus } from "../../protocol/protocol";
import { summarise } from "./summary";

const quiet: SyncStatus = {
  connection: "online",
  since: 0,
  up_to_date: true,
  pending_commands: 0,
  sending: { files: 0, bytes: 0 },
  receiving: { files: 0, bytes: 0 },
  seconds_left: null,
  waiting: 0,
  blocked: 0,
  to_check: 0,
  held_removals: 0,
  held_edits: 0,
  scanning: false,
  last_up_to_date: 0,
  mirror_root: "/home/claire/Gédéon",
};
const said = (change: Partial<SyncStatus>, toCheck = 0) => summarise({ ...quiet, ...change }, toCheck, fr.sync).word.replace(/\s/g, " ");

describe("the word at the foot of the rail", () => {
  test("says what goes on", () => {
    expect(said({})).toBe("À jour");
    expect(said({ up_to_date: false, sending: { files: 12, bytes: 1 } })).toBe("Envoi de 12 fichiers");
    expect(said({ up_to_date: false, receiving: { files: 1, bytes: 1 } })).toBe("Réception de 1 fichier");
    expect(said({ connection: "offline", pending_commands: 5 })).toBe("Hors ligne · 5 modifications en attente");
    expect(said({ connection: "offline", up_to_date: true })).toBe("Hors ligne");
    expect(said({ up_to_date: false, to_check: 2 })).toBe("2 à vérifier");
    expect(said({ up_to_date: false, held_removals: 312, to_check: 2 })).toBe("312 suppressions en attente");
    expect(said({ up_to_date: false, held_edits: 40 })).toBe("40 modifications suspectes en attente");
    expect(said({ up_to_date: false, waiting: 1 })).toBe("1 fichier en attente");
    expect(said({ up_to_date: false, waiting: 3, pending_commands: 3 }), "a full server").toBe("3 fichiers en attente");
    expect(said({ up_to_date: false, waiting: 1, blocked: 2 })).toBe("2 fichiers bloqués");
    expect(said({ up_to_date: false, scanning: true })).toBe("Lecture des dossiers…");
    expect(said({ connection: "paused", pending_commands: 1 })).toBe("En pause · 1 modification en attente");
  });

  test("never says «à jour» unless the engine computed it, whatever the rest", () => {
    const counts = [0, 3];
    for (const connection of ["signed_out", "online", "offline", "session_expired", "update_needed", "paused"] as const)
      for (const up_to_date of [true, false])
        for (const pending_commands of counts)
          for (const files of counts)
            for (const blocked of counts)
              for (const waiting of counts)
                for (const scanning of [true, false])
                for (const held_removals of counts) {
                  const status = { connection, up_to_date, pending_commands, waiting, blocked, scanning, held_removals, sending: { files, bytes: files } };
                  const clean = connection === "online" && up_to_date && pending_commands + files + blocked + waiting + held_removals === 0 && !scanning;
                  expect(said(status) === "À jour", JSON.stringify(status)).toBe(clean);
                }
  });

  test("an unfinished state without a count still says that work goes on", () => {
    expect(said({ up_to_date: false })).toBe("Synchronisation…");
    expect(summarise(undefined, 0, fr.sync).word).toBe("État inconnu");
  });
});
