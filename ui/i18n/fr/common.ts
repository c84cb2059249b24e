/** Words that several screens share. */
import { frCount } from "../plural";

export const common = {
  undo: "Annuler",
  cancel: "Annuler",
  close: "Fermer",
  save: "Enregistrer",
  add: "Ajouter",
  remove: "Retirer",
  rename: "Renommer",
  restore: "Restaurer",
  copy: "Copier",
  copied: "Copié",
  search: "Rechercher",
  clear: "Effacer la recherche",
  more: "Plus d’actions",
  retry: "Réessayer",
  all: "Tous",
  none: "Aucun",
  today: "aujourd’hui",
  dismissMessage: "Fermer ce message",
  optional: "facultatif",
  documents: (n: number) => frCount(n, "document", "documents"),
  files: (n: number) => frCount(n, "fichier", "fichiers"),
  unread: (n: number) => frCount(n, "nouveau document", "nouveaux documents"),
  loading: "Lecture…",
};
