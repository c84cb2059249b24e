/** Words that several screens share. */
import { frCount } from "../plural";

export const common = {
  undo: "Annuler",
  cancel: "Annuler",
  close: "Fermer",
  save: "Enregistrer",
  add: "Ajouter",
  remove: "Retirer",
  search: "Rechercher",
  clear: "Effacer la recherche",
  more: "Plus d’actions",
  retry: "Réessayer",
  dismissMessage: "Fermer ce message",
  optional: "facultatif",
  documents: (n: number) => frCount(n, "document", "documents"),
  unread: (n: number) => frCount(n, "nouveau document", "nouveaux documents"),
};
