/** Where the mirror is on this disk. */
import { useState } from "react";
import { useWords } from "../../i18n/i18n";
import { Button } from "../../kit/Button";
import { TextField } from "../../kit/Field";
import { Icon } from "../../kit/icons";
import { usePlatform } from "../../platform/PlatformContext";
import { useCall, useRun } from "../data/calls";
import screen from "../shell/screen.module.css";
import styles from "./settings.module.css";

export function MirrorSection() {
  const { m, failureText } = useWords();
  const platform = usePlatform();
  const run = useRun();
  const settings = useCall("get_settings", {}).data;
  const [path, setPath] = useState("");
  const [error, setError] = useState<string | null>(null);
  if (!settings) return null;
  const { chooseFolder, reveal } = platform.capabilities;

  const change = async (mirror_root: string) => {
    const told = { said: m.settings.mirrorChanged, ownFailure: true };
    const outcome = await run("change_settings", { mirror_root, language: null, bandwidth: null }, told);
    setError(outcome.ok ? null : failureText(outcome.failure));
    if (outcome.ok) setPath("");
  };
  const choose = async () => {
    const chosen = await platform.shell.chooseFolder();
    if (chosen !== null) await change(chosen);
  };

  return (
    <section className={screen.section}>
      <h2 className={screen.sectionTitle}>{m.settings.sections.mirror}</h2>
      <div className={screen.card}>
        <div className={screen.row}>
          <Icon name="folder" />
          <span className={screen.rowMain}>
            <span className={`${screen.rowTitle} selectable`}>{settings.mirror_root ?? m.settings.noMirror}</span>
            <span className={screen.rowText}>
              {settings.mirror_root === null ? m.settings.proposed(settings.proposed_mirror_root) : m.settings.mirrorHint}
            </span>
          </span>
          {reveal && settings.mirror_root !== null && (
            <Button size="small" onPress={() => void platform.shell.openMirrorFolder()}>
              {m.settings.openMirror}
            </Button>
          )}
          {settings.mirror_root === null && (
            <Button size="small" tone="primary" onPress={() => void change(settings.proposed_mirror_root)}>
              {m.settings.useProposed}
            </Button>
          )}
          {chooseFolder && (
            <Button size="small" onPress={() => void choose()}>
              {m.settings.choose}
            </Button>
          )}
        </div>
        {settings.kept_folder !== null && (
          <div className={screen.row}>
            <Icon name="folder" />
            <span className={screen.rowMain}>
              <span className={`${screen.rowTitle} selectable`}>{settings.kept_folder}</span>
              <span className={screen.rowText}>{m.settings.keptHint}</span>
            </span>
            {reveal && (
              <Button size="small" onPress={() => void platform.shell.openKeptFolder()}>
                {m.settings.openKept}
              </Button>
            )}
          </div>
        )}
      </div>
      {!chooseFolder && (
        <form
          className={styles.pathForm}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            if (path.trim() !== "") void change(path.trim());
          }}
        >
          <TextField
            label={m.settings.mirrorPath}
            value={path}
            onChange={setPath}
            error={error}
            placeholder={settings.mirror_root ?? settings.proposed_mirror_root}
          />
          <Button type="submit" isDisabled={path.trim() === ""}>
            {m.common.save}
          </Button>
        </form>
      )}
      {chooseFolder && error && (
        <p role="alert" className={styles.problem}>
          {error}
        </p>
      )}
    </section>
  );
}
