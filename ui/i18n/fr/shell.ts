/** The frame around every screen. */
import { frCount } from "../plural";

export const shell = {
  rail: "Navigation principale",
  clients: "Clients",
  toCheck: "À vérifier",
  trash: "Corbeille",
  settings: "Paramètres",
  search: "Rechercher ou agir",
  offlineTitle: "Hors ligne.",
  offlineText: (pending: number) =>
    pending === 0
      ? "Vous pouvez continuer : tout ce que vous ferez partira au retour de la connexion."
      : `Vous pouvez continuer : ${frCount(pending, "modification partira", "modifications partiront")} au retour de la connexion.`,
  expiredTitle: "Votre session est terminée.",
  expiredText: "Rien n’est perdu. Saisissez votre mot de passe pour reprendre l’envoi.",
  updateTitle: "Mise à jour nécessaire.",
  updateText: "Cette version est trop ancienne pour le serveur. Vos fichiers restent lisibles, et vos modifications sont gardées ici.",
  account: (name: string) => `Compte de ${name}`,
  signOut: "Se déconnecter",
  openMirror: "Ouvrir le dossier des documents",
  brokenTitle: "Cet écran n’a pas pu s’afficher",
  brokenText: "Vos données ne sont pas en cause. Revenez à la liste des clients ou réessayez.",
  backToClients: "Revenir aux clients",
  notFoundTitle: "Cette page n’existe pas",
  notFoundText: "Le lien est peut-être ancien.",
  /** What the engine tells once, by its code. */
  notices: {} as Record<string, (details: Record<string, string>) => string>,
};
