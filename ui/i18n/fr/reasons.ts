/** Why a file waits or is blocked, and what to do. */
import type { Reason } from "../../protocol/protocol";

export const reasons = {
  queued: "En file : son tour vient.",
  offline: "Le serveur ne répond pas : Gédéon reprendra au retour de la connexion.",
  in_use: "Ouvert dans un programme : fermez-le, Gédéon reprendra seul.",
  changing: "Encore en cours d’écriture : partira une fois terminé.",
  no_permission: "Ce poste n’a pas le droit de le lire ou de l’écrire : vérifiez les droits du fichier.",
  invalid_name: "Son nom ne peut pas être écrit sur tous les disques : renommez-le.",
  name_taken: "Un autre fichier du dossier porte le même nom : renommez l’un des deux.",
  path_too_long: "Son chemin est trop long pour Excel : raccourcissez son nom ou celui d’un dossier.",
  not_a_file: "C’est un lien ou un fichier spécial : Gédéon ne le suit pas. Copiez le fichier lui-même.",
  too_large: "Plus de 64 Go : trop grand pour la GED. Découpez-le, ou gardez-le hors des dossiers des clients.",
  disk_full: "Plus de place sur ce disque : libérez-en, Gédéon reprendra seul.",
  disk_nearly_full: "Presque plus de place sur ce disque : libérez-en, la réception reprendra seule. L’envoi continue.",
  server_full: "Plus de place sur le serveur : prévenez votre administrateur. Le fichier est gardé ici.",
  refused: "Le serveur a refusé ce changement. Votre travail est gardé.",
  disk_error: "Le disque répond par une erreur : nouvel essai automatique. Si cela dure, vérifiez le disque.",
  removal_held: "Supprimé de ce poste avec beaucoup d’autres : rien n’est supprimé sur le serveur avant votre réponse.",
  edit_held: "Son contenu semble chiffré, comme celui d’autres fichiers : rien n’est envoyé avant votre réponse.",
  sight_lost: "Le serveur ne montre plus ces dossiers : les copies restent ici jusqu’à sa seconde réponse, dans une minute.",
  damaged: "Les octets ne sont pas ceux attendus : Gédéon les relit depuis l’autre côté.",
  mirror_away: "Le dossier miroir n’est pas là : rebranchez son disque, ou choisissez-en un autre dans Paramètres.",
  other_mirror: "Ce dossier est le miroir d’une autre personne ou d’un autre profil : choisissez-en un autre dans Paramètres.",
  outside_client: "Hors d’un dossier client : déplacez-le dans le dossier d’un client.",
} satisfies Record<Reason, string>;
