/** Name and SIREN of a client file. */
import { useState } from "react";
import { useWords } from "../../i18n/i18n";
import { Button } from "../../kit/Button";
import { TextField } from "../../kit/Field";
import type { ClientFileView, Command } from "../../protocol/protocol";
import { checkSiren } from "../clients/siren";
import { useExecute } from "../data/calls";
import screen from "../shell/screen.module.css";
import { useClient } from "./useClient";

export function Informations() {
  const view = useClient();
  if (!view) return null;
  // What was typed belongs to the values it was typed over: others, from elsewhere, start the form again.
  return <Form key={`${view.row.name}\n${view.row.siren}`} view={view} />;
}

function Form({ view }: { view: ClientFileView }) {
  const { m, f, failureText } = useWords();
  const execute = useExecute();
  const { row, may_manage: mayManage } = view;
  const [name, setName] = useState(row.name);
  const [siren, setSiren] = useState(row.siren === null ? "" : f.siren(row.siren));
  const [errors, setErrors] = useState<{ name?: string; siren?: string }>({});
  const number = checkSiren(siren);
  const nextSiren = number.kind === "valid" ? number.siren : null;
  const changed = name.trim() !== row.name || siren.replace(/\s/g, "") !== (row.siren ?? "");

  const save = async () => {
    const found: typeof errors = {};
    if (name.trim() === "") found.name = m.clients.form.nameMissing;
    if (number.kind === "shape") found.siren = m.clients.form.sirenShape;
    if (number.kind === "key") found.siren = m.clients.form.sirenKey;
    setErrors(found);
    if (Object.keys(found).length > 0) return;
    const command: Command = {
      kind: "update_client_file",
      client_file: row.id,
      name: name.trim() === row.name ? null : { seen: row.name, value: name.trim() },
      siren: nextSiren === row.siren ? null : { seen: row.siren, value: nextSiren },
    };
    const outcome = await execute("update_client_file", [command], { said: m.client.informations.saved, ownFailure: true });
    if (outcome.ok) return;
    const text = failureText(outcome.failure);
    setErrors(outcome.failure.code === "invalid_company_number" ? { siren: text } : { name: text });
  };

  return (
    <div className={screen.page}>
      <form
        className={screen.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <h2 className={screen.sectionTitle}>{m.client.informations.title}</h2>
        <TextField
          label={m.clients.form.name}
          hint={mayManage && row.offline ? m.client.informations.folder : undefined}
          value={name}
          onChange={setName}
          error={errors.name}
          isReadOnly={!mayManage}
        />
        <TextField
          label={m.clients.form.siren}
          hint={mayManage ? m.clients.form.sirenHint : undefined}
          value={siren}
          onChange={setSiren}
          error={errors.siren}
          isReadOnly={!mayManage}
        />
        {mayManage ? (
          <div className={screen.actions}>
            <Button type="submit" tone="primary" isDisabled={!changed}>
              {m.common.save}
            </Button>
          </div>
        ) : (
          <p className={screen.hint}>{m.client.informations.readOnly}</p>
        )}
      </form>
    </div>
  );
}
