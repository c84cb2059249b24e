/** Sign-in: server, e-mail, password. What is wrong is said beside the field it concerns. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, type FormEvent } from "react";
import { useWords } from "../../i18n/i18n";
import { Button, IconButton } from "../../kit/Button";
import { TextField } from "../../kit/Field";
import { Icon } from "../../kit/icons";
import type { Failure } from "../../protocol/protocol";
import { useCall, useRun } from "../data/calls";
import { useTitle } from "../shell/Screen";
import { readServer } from "./server";
import styles from "./SignIn.module.css";

interface Errors {
  server?: string;
  email?: string;
  password?: string;
  form?: string;
}

export function SignIn() {
  const { m, failureText } = useWords();
  const run = useRun();
  const client = useQueryClient();
  const settings = useCall("get_settings", {}).data;
  const [server, setServer] = useState(settings?.server ?? "");
  const [email, setEmail] = useState(settings?.email ?? "");
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState(false);
  const [errors, setErrors] = useState<Errors>({});
  const [busy, setBusy] = useState(false);
  useTitle(m.signIn.title);
  // Whoever signs in next must not see, for an instant, what the one before could.
  useEffect(() => {
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "get_settings" && queryKey[0] !== "get_sync_status" });
  }, [client]);

  const check = (): Errors => {
    const found: Errors = {};
    if (server.trim() === "") found.server = m.signIn.missingServer;
    else if (readServer(server) === null) found.server = m.signIn.badServer;
    if (email.trim() === "") found.email = m.signIn.missingEmail;
    if (password === "") found.password = m.signIn.missingPassword;
    return found;
  };
  const refused = (failure: Failure): Errors => {
    if (failure.code === "offline") return { server: m.signIn.serverUnreachable };
    return { form: failureText(failure) };
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    const found = check();
    setErrors(found);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    const request = { server: readServer(server) ?? server, email: email.trim(), password };
    const outcome = await run("sign_in", request, { ownFailure: true });
    setBusy(false);
    if (!outcome.ok) setErrors(refused(outcome.failure));
  };

  const knowsServer = Boolean(settings?.server);
  return (
    <main className={styles.page}>
      <form className={styles.card} onSubmit={(event) => void submit(event)} noValidate>
        <p className={styles.brand}>
          <span className={styles.logo} aria-hidden="true">
            G
          </span>
          Gédéon
        </p>
        <h1 className={styles.title}>{m.signIn.title}</h1>
        <p className={styles.intro}>{m.signIn.intro}</p>
        {errors.form && (
          <p className={styles.problem} role="alert">
            <Icon name="alert" />
            <span>{errors.form}</span>
          </p>
        )}
        <TextField
          label={m.signIn.server}
          hint={m.signIn.serverHint}
          type="url"
          value={server}
          onChange={setServer}
          error={errors.server}
          autoFocus={!knowsServer}
        />
        <TextField
          label={m.signIn.email}
          type="email"
          autoComplete="username"
          value={email}
          onChange={setEmail}
          error={errors.email}
          autoFocus={knowsServer}
        />
        <TextField
          label={m.signIn.password}
          type={shown ? "text" : "password"}
          autoComplete="current-password"
          value={password}
          onChange={setPassword}
          error={errors.password}
          after={
            <IconButton
              icon={shown ? "eyeOff" : "eye"}
              size="small"
              label={shown ? m.signIn.hidePassword : m.signIn.showPassword}
              onPress={() => setShown(!shown)}
            />
          }
        />
        <Button type="submit" tone="primary" className={styles.submit} isDisabled={busy}>
          {busy ? m.signIn.submitting : m.signIn.submit}
        </Button>
        <p className={styles.help}>{m.signIn.help}</p>
      </form>
    </main>
  );
}
