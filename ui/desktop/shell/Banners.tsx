/** States of the whole product, said once across the top, with what to do. */
import { useState, type FormEvent } from "react";
import { useWords } from "../../i18n/i18n";
import { Banner } from "../../kit/Banner";
import { Button } from "../../kit/Button";
import { TextField } from "../../kit/Field";
import { useCall, useRun } from "../data/calls";
import { HeldBanners } from "../sync/Held";
import styles from "./Banners.module.css";

export function Banners() {
  return (
    <>
      <ConnectionBanner />
      <HeldBanners />
    </>
  );
}

function ConnectionBanner() {
  const { m } = useWords();
  const status = useCall("get_sync_status", {}).data;
  switch (status?.connection) {
    case "offline":
      return <Banner tone="plain" icon="cloudOff" title={m.shell.offlineTitle} text={m.shell.offlineText(status.pending_commands)} />;
    case "session_expired":
      return <ExpiredSession />;
    case "update_needed":
      return <Banner tone="warn" icon="alert" title={m.shell.updateTitle} text={m.shell.updateText} />;
    default:
      return null;
  }
}

/** The session is over, the work is not: the password is asked in place. */
function ExpiredSession() {
  const { m, failureText } = useWords();
  const run = useRun();
  const settings = useCall("get_settings", {}).data;
  const [password, setPassword] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || !settings) return;
    if (password === "") {
      setError(m.signIn.missingPassword);
      return;
    }
    setBusy(true);
    const { server, email } = settings;
    const outcome = await run("sign_in", { server: server ?? "", email: email ?? "", password }, { ownFailure: true });
    setBusy(false);
    setError(outcome.ok ? null : failureText(outcome.failure));
  };
  return (
    <Banner tone="warn" icon="lock" title={m.shell.expiredTitle} text={error ?? m.shell.expiredText}>
      <form className={styles.form} onSubmit={(event) => void submit(event)} noValidate>
        <TextField
          label={m.signIn.password}
          labelHidden
          placeholder={m.signIn.password}
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={setPassword}
        />
        <Button type="submit" tone="primary" isDisabled={busy}>
          {busy ? m.signIn.submitting : m.signIn.submit}
        </Button>
      </form>
    </Banner>
  );
}
