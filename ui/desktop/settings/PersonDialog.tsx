/** Adds a colleague, or changes their name and role; an e-mail only until its person has joined. */
import { useState } from "react";
import { useWords } from "../../i18n/i18n";
import { Button } from "../../kit/Button";
import { fullName } from "../../kit/Chip";
import { RadioGroup } from "../../kit/Choice";
import { Dialog } from "../../kit/Dialog";
import { TextField } from "../../kit/Field";
import { useToasts } from "../../kit/Toast";
import type { Change, PersonView, Role } from "../../protocol/protocol";
import { useExecute } from "../data/calls";
import { newId } from "../data/id";
import screen from "../shell/screen.module.css";
import styles from "./settings.module.css";

const ROLES: Role[] = ["collaborator", "manager", "administrator"];

/** The change of a field, where there is one. */
function change<T>(seen: T, value: T): Change<T> | null {
  return seen === value ? null : { seen, value };
}

export function PersonDialog({ person, onClose, onAdded }: {
  person: PersonView | null;
  onClose: () => void;
  /** Hands the invitation over; whether that worked. */
  onAdded: (person: PersonView) => Promise<boolean>;
}) {
  const { m, failureText } = useWords();
  const words = m.settings;
  const execute = useExecute();
  const toasts = useToasts();
  const [firstName, setFirstName] = useState(person?.first_name ?? "");
  const [lastName, setLastName] = useState(person?.last_name ?? "");
  const [email, setEmail] = useState(person?.email ?? "");
  const [role, setRole] = useState<Role>(person?.role ?? "collaborator");
  const [errors, setErrors] = useState<{ name?: string; email?: string; form?: string }>({});
  const [busy, setBusy] = useState(false);

  const submit = async () => {
    if (busy) return;
    const values = { first_name: firstName.trim(), last_name: lastName.trim(), email: email.trim(), role };
    const found: typeof errors = {};
    if (values.first_name === "" || values.last_name === "") found.name = words.nameMissing;
    if (!/^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(values.email)) found.email = words.emailMissing;
    setErrors(found);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    const outcome = person
      ? await execute(
          "update_person",
          [
            {
              kind: "update_person",
              person: person.id,
              first_name: change(person.first_name, values.first_name),
              last_name: change(person.last_name, values.last_name),
              role: change(person.role, role),
              email: change(person.email, values.email),
            },
          ],
          { ownFailure: true },
        )
      : await add(values);
    setBusy(false);
    if (outcome.ok) onClose();
    else if (outcome.failure.code === "invalid_email") setErrors({ email: failureText(outcome.failure) });
    else setErrors({ form: failureText(outcome.failure) });
  };
  const add = async (values: Pick<PersonView, "first_name" | "last_name" | "email" | "role">) => {
    const id = newId();
    const outcome = await execute("add_person", [{ kind: "add_person", person: id, ...values }], {
      said: words.personAdded(fullName({ id, ...values })),
      ownFailure: true,
    });
    if (outcome.ok && !(await onAdded({ id, ...values, suspended: false, joined: false }))) toasts.show({ tone: "problem", text: words.inviteFailed });
    return outcome;
  };

  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={person ? words.editPersonTitle(fullName(person)) : words.addPerson}
      onSubmit={() => void submit()}
      foot={
        <>
          <Button onPress={onClose}>{m.common.cancel}</Button>
          <Button type="submit" tone="primary" isDisabled={busy}>
            {person ? m.common.save : m.common.add}
          </Button>
        </>
      }
    >
      {errors.form && (
        <p role="alert" className={styles.problem}>
          {errors.form}
        </p>
      )}
      <div className={screen.formRow}>
        <TextField label={words.firstName} value={firstName} onChange={setFirstName} error={errors.name} autoFocus />
        <TextField label={words.lastName} value={lastName} onChange={setLastName} />
      </div>
      <TextField
        label={words.email}
        type="email"
        value={email}
        onChange={setEmail}
        error={errors.email}
        hint={person?.joined === false ? words.emailOpen : undefined}
        isReadOnly={person?.joined}
      />
      <RadioGroup
        label={words.role}
        value={role}
        onChange={setRole}
        options={ROLES.map((id) => ({ id, label: m.client.roles[id], hint: words.roleHints[id] }))}
      />
    </Dialog>
  );
}
