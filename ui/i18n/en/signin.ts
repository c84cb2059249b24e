/** Sign-in. */
export const signIn = {
  title: "Sign in to your firm",
  intro: "Your files, on this workstation, even without a network.",
  server: "Server address",
  serverHint: "The one your administrator gave you, such as https://ged.cabinet.fr",
  email: "E-mail address",
  password: "Password",
  showPassword: "Show the password",
  hidePassword: "Hide the password",
  submit: "Sign in",
  submitting: "Signing in…",
  help: "First sign-in, or password forgotten? Your administrator gives you a link, which opens in the browser.",
  serverUnreachable: "The server does not answer. Check the address and your connection, then try again.",
  missingServer: "Type the server’s address.",
  badServer: "The address begins with https:// (or http:// on this workstation).",
  missingEmail: "Type your e-mail address.",
  missingPassword: "Type your password.",
};
