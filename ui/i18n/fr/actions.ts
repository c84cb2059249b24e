/** Undoable actions: what the toast says once done, and the noun of «… annulé». */
export const actions = {
  rename: { done: "Renommé", noun: "le renommage" },
  move: { done: "Déplacé", noun: "le déplacement" },
  trash: { done: "Mis à la corbeille", noun: "la mise à la corbeille" },
  restore: { done: "Restauré", noun: "la restauration" },
  create_folder: { done: "Dossier créé", noun: "la création du dossier" },
  review: { done: "Marqué comme revu", noun: "la marque « revu »" },
  unreview: { done: "Marque « revu » retirée", noun: "le retrait de la marque « revu »" },
  piece_number: { done: "Numéro de pièce enregistré", noun: "le numéro de pièce" },
  comment: { done: "Commentaire ajouté", noun: "le commentaire" },
  remove_comment: { done: "Commentaire supprimé", noun: "la suppression du commentaire" },
  restore_version: { done: "Version restaurée", noun: "la restauration de la version" },
  mark_read: { done: "Marqué comme lu", noun: "la marque de lecture" },
  import: { done: "Fichiers ajoutés", noun: "l’ajout des fichiers" },
  create_client_file: { done: "Client ajouté", noun: "l’ajout du client" },
  update_client_file: { done: "Client modifié", noun: "la modification du client" },
  add_fiscal_year: { done: "Exercice ajouté", noun: "l’ajout de l’exercice" },
  assign: { done: "Collaborateur affecté", noun: "l’affectation" },
  unassign: { done: "Affectation retirée", noun: "le retrait de l’affectation" },
  set_themes: { done: "Thèmes enregistrés", noun: "le changement de thèmes" },
  add_person: { done: "Collaborateur ajouté", noun: "l’ajout du collaborateur" },
  update_person: { done: "Collaborateur modifié", noun: "la modification du collaborateur" },
};

export const undo = {
  redo: "Rétablir",
  lastAction: "la dernière action",
  undone: (noun: string) => `Annulé : ${noun}`,
  redone: (noun: string) => `Rétabli : ${noun}`,
  nothing: "Il n’y a rien à annuler.",
  nothingAgain: "Il n’y a rien à rétablir.",
};
