/** Sign-in. */
export const signIn = {
  title: "Connexion à votre cabinet",
  intro: "Vos dossiers, sur ce poste, même sans réseau.",
  server: "Adresse du serveur",
  serverHint: "Celle que votre administrateur vous a donnée, par exemple https://ged.cabinet.fr",
  email: "Adresse e-mail",
  password: "Mot de passe",
  showPassword: "Afficher le mot de passe",
  hidePassword: "Masquer le mot de passe",
  submit: "Se connecter",
  submitting: "Connexion…",
  help: "Première connexion, ou mot de passe oublié ? Votre administrateur vous remet un lien, qui s’ouvre dans le navigateur.",
  serverUnreachable: "Le serveur ne répond pas. Vérifiez l’adresse et votre connexion, puis recommencez.",
  missingServer: "Indiquez l’adresse du serveur.",
  badServer: "L’adresse commence par https:// (ou http:// sur ce poste).",
  missingEmail: "Indiquez votre adresse e-mail.",
  missingPassword: "Indiquez votre mot de passe.",
};
