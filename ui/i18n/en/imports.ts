/** Drops and imports. */
import { enCount, enNumber } from "../plural";

export const imports = {
  dropInto: (place: string) => `Drop into ${place}`,
  dropOnClient: (client: string) => `Drop into the inbox of ${client}`,
  reading: "Reading what was dropped…",
  progress: (done: number, found: number) => `${enCount(done, "file", "files")} of ${enNumber(found)}`,
  progressOf: (target: string) => `Adding to ${target}`,
  cancel: "Cancel",
  done: (n: number, target: string) => `${enCount(n, "file", "files")} added to ${target}`,
  doneElsewhere: (n: number, place: string) =>
    `${enCount(n, "file", "files")} added to ${place}: this client’s “À classer (cabinet)” is not open to you`,
  doneWithProblems: (n: number, problems: number, target: string) =>
    `${enCount(n, "file", "files")} added to ${target}, ${enNumber(problems)} left out`,
  cancelled: (n: number) => `Stopped: ${enCount(n, "file is", "files are")} in.`,
  seeProblems: "See which",
  problemsTitle: "Files left out",
  problemsText: "They stayed where they were. The rest is in.",
  renamedTitle: "Files renamed on arrival",
  renamedText: (path: string, name: string) => `${path} → ${name}`,
  emptyDrop: "There was no file in what was dropped.",
};
