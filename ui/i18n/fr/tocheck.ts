/** «À vérifier» and the trash. */
import { frCount } from "../plural";

export const toCheck = {
  title: "À vérifier",
  total: (n: number) => frCount(n, "décision à prendre", "décisions à prendre"),
  refused: "Changement refusé",
  concurrent: "Deux versions du même document",
  blocked: "Fichier bloqué",
  refusedText: "Ce changement, fait sur ce poste, n’a pas été accepté par le serveur.",
  concurrentText: "Deux personnes ont enregistré ce document en même temps. Les deux versions sont gardées : choisissez celle qui reste en tête.",
  dismiss: "J’ai vu, retirer de la liste",
  dismissed: "Retiré de la liste. Son contenu reste gardé sur ce poste.",
  compare: "Voir les versions",
  renamed: (name: string) => `Renommé en « ${name} »`,
  since: (when: string) => `depuis ${when}`,
  emptyTitle: "Rien à vérifier",
  emptyText: "Les changements refusés, les versions concurrentes et les fichiers bloqués arriveront ici, avec ce qu’il faut décider.",
};

export const trash = {
  title: "Corbeille",
  total: (n: number) => frCount(n, "élément", "éléments"),
  search: "Filtrer par nom ou par client",
  name: "Nom",
  client: "Client",
  place: "Était dans",
  when: "Supprimé",
  by: "Par",
  restored: (name: string) => `« ${name} » est de retour à sa place`,
  restore: "Restaurer",
  restoreMany: (n: number) => `Restaurer les ${n}`,
  restoredMany: (n: number) => `${frCount(n, "élément est", "éléments sont")} de retour à leur place`,
  emptyTitle: "La corbeille est vide",
  emptyText: "Ce que vous supprimez, ici ou dans le dossier de ce poste, vient ici et peut revenir à sa place.",
  noMatch: "Rien ne correspond à ce filtre.",
};
