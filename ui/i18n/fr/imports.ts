/** Drops and imports. */
import { frCount, frNumber } from "../plural";

export const imports = {
  dropInto: (place: string) => `Déposer dans ${place}`,
  dropOnClient: (client: string) => `Déposer dans À classer de ${client}`,
  reading: "Lecture de ce qui est déposé…",
  progress: (done: number, found: number) => `${frCount(done, "fichier", "fichiers")} sur ${frNumber(found)}`,
  progressOf: (target: string) => `Ajout dans ${target}`,
  cancel: "Annuler",
  done: (n: number, target: string) => `${frCount(n, "fichier ajouté", "fichiers ajoutés")} dans ${target}`,
  doneElsewhere: (n: number, place: string) =>
    `${frCount(n, "fichier ajouté", "fichiers ajoutés")} dans ${place} : « À classer (cabinet) » de ce client ne vous est pas ouvert`,
  doneWithProblems: (n: number, problems: number, target: string) =>
    `${frCount(n, "fichier ajouté", "fichiers ajoutés")} dans ${target}, ${frCount(problems, "laissé de côté", "laissés de côté")}`,
  cancelled: (n: number) => `Ajout arrêté : ${frCount(n, "fichier est", "fichiers sont")} dans la GED.`,
  seeProblems: "Voir lesquels",
  problemsTitle: "Fichiers laissés de côté",
  problemsText: "Ils sont restés où ils étaient. Le reste est ajouté.",
  renamedTitle: "Fichiers renommés à l’arrivée",
  renamedText: (path: string, name: string) => `${path} → ${name}`,
  emptyDrop: "Il n’y avait aucun fichier dans ce qui a été déposé.",
};
