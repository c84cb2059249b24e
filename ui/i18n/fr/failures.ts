/** A sentence for each failure: what happened, what it means, what to do. Values come by `d`. */
import type { FailureCode } from "../../protocol/protocol";
import { makeFormats } from "../formats";
import { frCount } from "../plural";

type Details = Record<string, string>;

const { bytes } = makeFormats("fr");

const yearReasons: Record<string, string> = {
  order: "La clôture doit suivre le premier jour.",
  too_long: "Un exercice dure au plus 24 mois.",
  overlap: "Ces dates en recouvrent un autre : choisissez un premier jour après sa clôture.",
};

const linkReasons: Record<string, string> = {
  used: "Ce lien a déjà servi. Connectez-vous avec le mot de passe choisi alors, ou demandez-en un autre à votre administrateur.",
  expired: "Ce lien n’est plus valable : son délai est passé, ou un autre l’a remplacé. Demandez-en un autre à votre administrateur.",
  unknown: "Ce lien n’existe pas : il est peut-être coupé. Copiez-le en entier, ou demandez-en un autre à votre administrateur.",
};

/** Refusals that no access would lift. */
const deniedReasons: Record<string, string> = {
  other_client_file: "Un document ou un dossier reste dans son dossier client. Rien n’a changé. Pour l’avoir chez un autre client, déposez-y une copie.",
  oneself: "Personne ne suspend son propre accès. Rien n’a changé. Demandez-le à un autre administrateur.",
  joined: "Cette personne a déjà rejoint le cabinet : son adresse e-mail est celle de sa connexion. Rien n’a changé.",
  last_administrator: "C’est le dernier administrateur du cabinet : il doit en rester un. Nommez-en d’abord un autre.",
  suspended: "Cet accès est suspendu. Rien n’a changé. Un administrateur peut le rétablir.",
};

const proposal = (d: Details) => (d.proposal ? ` Nom possible : « ${d.proposal} ».` : " Choisissez-en un autre.");

function wait(seconds: string | undefined): string {
  const count = Number(seconds ?? 0);
  if (!count) return "Patientez quelques minutes";
  return `Patientez ${count < 90 ? frCount(count, "seconde", "secondes") : frCount(Math.ceil(count / 60), "minute", "minutes")}`;
}

/** A limit as people count it: bytes unless it is of files. */
function tooLarge({ limit, unit }: Details): string {
  if (unit === "files") return `Cela fait trop de fichiers à la fois : ${frCount(Number(limit), "fichier", "fichiers")} au plus`;
  return `C’est trop volumineux${limit ? ` : la limite est de ${bytes(Number(limit))}` : ""}`;
}

export const failures = {
  bad_request: (_: Details) => "La demande n’a pas été comprise. Rien n’a changé. Vérifiez la saisie, puis recommencez.",
  signed_out: (_: Details) => "Votre session est terminée. Rien n’est perdu : reconnectez-vous pour reprendre.",
  wrong_password: (_: Details) => "L’adresse e-mail ou le mot de passe n’est pas le bon. Vérifiez les deux, puis recommencez.",
  too_many_tries: (d: Details) => `Trop d’essais. ${wait(d.seconds)}, puis recommencez.`,
  link_invalid: (d: Details) => linkReasons[d.reason ?? ""] ?? "Ce lien ne peut pas servir. Demandez-en un autre à votre administrateur.",
  weak_password: (_: Details) => "Ce mot de passe est trop court ou trop courant. Choisissez au moins 12 caractères.",
  denied: (d: Details) => deniedReasons[d.reason ?? ""] ?? "Vous n’avez pas le droit de faire cela. Rien n’a changé. Un administrateur peut vous donner l’accès.",
  not_found: (_: Details) => "Cet élément n’existe plus, ou vous n’y avez plus accès. Revenez à la liste.",
  invalid_name: (d: Details) => `Ce nom ne peut pas être écrit sur tous les disques.${proposal(d)}`,
  name_taken: (d: Details) => `Ce nom est déjà pris à cet endroit.${proposal(d)}`,
  path_too_long: (_: Details) => "Le chemin serait trop long pour qu’Excel ouvre le fichier. Raccourcissez le nom ou celui d’un dossier.",
  would_cycle: (_: Details) => "Un dossier ne peut pas être déplacé dans lui-même. Choisissez un autre endroit.",
  fixed_folder: (_: Details) => "Ce dossier fait partie de l’arborescence du cabinet : il ne se renomme pas et ne se déplace pas.",
  no_documents_here: (_: Details) => "Ce dossier ne reçoit pas de documents. Choisissez un de ses sous-dossiers.",
  changed_since: (_: Details) => "Quelqu’un a changé cet élément entre-temps : rien n’a été fait. Regardez son état actuel, puis recommencez.",
  invalid_email: (_: Details) => "Cette adresse e-mail n’est pas valable, ou elle est déjà utilisée. Vérifiez-la.",
  invalid_company_number: (_: Details) => "Ce SIREN n’est pas valable, ou un autre client le porte déjà. Vérifiez les neuf chiffres.",
  invalid_fiscal_year: (d: Details) => `Ces dates ne forment pas un exercice. ${yearReasons[d.reason ?? ""] ?? "Vérifiez le premier jour et la clôture."}`,
  fiscal_year_gap: (_: Details) => "Il reste un intervalle entre cet exercice et son voisin. Confirmez si c’est voulu.",
  content_missing: (_: Details) => "Le fichier n’est pas encore arrivé au serveur. Il s’ouvrira quand le poste qui l’a ajouté l’aura envoyé.",
  content_damaged: (_: Details) => "Les octets lus ne sont pas ceux attendus. Rien n’a été remplacé ; le fichier sera relu depuis le serveur.",
  too_large: (d: Details) => `${tooLarge(d)}. Réduisez, puis recommencez.`,
  disk_full: (_: Details) => "Il n’y a plus de place sur le disque. Rien n’est perdu : libérez de la place, la suite reprendra seule.",
  offline: (_: Details) => "Le serveur ne répond pas. Votre travail est gardé ici et partira au retour de la connexion.",
  update_needed: (_: Details) => "Cette version de Gédéon est trop ancienne pour le serveur. Mettez-la à jour ; vos fichiers restent lisibles.",
  local_file: (d: Details) => `Le fichier${d.path ? ` « ${d.path} »` : ""} ne peut pas être lu ou écrit sur ce poste. Vérifiez qu’il existe et qu’aucun programme ne le retient.`,
  mirror_place: (d: Details) => d.program ? `Ce dossier ${d.reason?.startsWith("in_") ? "est dans" : "contient"} un dossier de ${d.program}, et deux programmes s’y gêneraient. ${d.proposal ? `Prenez plutôt « ${d.proposal} ».` : "Choisissez-en un autre."}` : "Ce dossier ne peut pas recevoir vos fichiers : il contient autre chose, ou ne peut pas être écrit. Choisissez un dossier vide.",
  internal: (_: Details) => "Une erreur de Gédéon a empêché cette action. Rien n’est perdu. Recommencez ; si cela persiste, prévenez l’assistance.",
} satisfies Record<FailureCode, (details: Details) => string>;
