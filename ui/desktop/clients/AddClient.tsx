/** «Ajouter un client»: name, SIREN, first fiscal year, team. What can be checked here is said before it is sent. */
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useWords } from "../../i18n/i18n";
import { Button } from "../../kit/Button";
import { fullName } from "../../kit/Chip";
import { Checkbox } from "../../kit/Choice";
import { DateField } from "../../kit/DateField";
import { Dialog } from "../../kit/Dialog";
import { TextField } from "../../kit/Field";
import type { Failure, PersonId } from "../../protocol/protocol";
import { useExecute } from "../data/calls";
import { newId } from "../data/id";
import { useNow } from "../data/now";
import { useSetOffline } from "../data/offline";
import { useMe, usePeople } from "../data/people";
import screen from "../shell/screen.module.css";
import styles from "./clients.module.css";
import { checkDates, proposedYear } from "./fiscalYear";
import { checkSiren } from "./siren";
import { useYearDates } from "./useYearDates";

interface Errors {
  name?: string;
  siren?: string;
  start?: string;
  end?: string;
  form?: string;
}

export function AddClient({ onClose }: { onClose: () => void }) {
  const { m, failureText } = useWords();
  const words = m.clients.form;
  const execute = useExecute();
  const setOffline = useSetOffline();
  const navigate = useNavigate();
  const { people } = usePeople();
  const me = useMe();
  const [name, setName] = useState("");
  const [siren, setSiren] = useState("");
  const year = useYearDates(proposedYear([], new Date(useNow()).toISOString()));
  const [chosen, setChosen] = useState<ReadonlySet<PersonId> | null>(null);
  const [offline, keepOffline] = useState(true);
  const [errors, setErrors] = useState<Errors>({});
  const [busy, setBusy] = useState(false);
  // Whoever adds a client usually follows it.
  const assigned = chosen ?? new Set(me ? [me.id] : []);

  const check = (): Errors => {
    const found: Errors = {};
    if (name.trim() === "") found.name = words.nameMissing;
    const number = checkSiren(siren);
    if (number.kind === "shape") found.siren = words.sirenShape;
    if (number.kind === "key") found.siren = words.sirenKey;
    if (year.start === null) found.start = words.dateMissing;
    if (year.end === null) found.end = words.dateMissing;
    const wrong = year.dates && checkDates(year.dates);
    if (wrong) found.end = wrong === "order" ? words.order : words.tooLong;
    return found;
  };
  const refused = (failure: Failure): Errors => {
    const text = failureText(failure);
    if (failure.code === "invalid_company_number") return { siren: text };
    if (failure.code === "invalid_name" || failure.code === "name_taken") return { name: text };
    if (failure.code === "invalid_fiscal_year") return { end: text };
    return { form: text };
  };
  const submit = async () => {
    if (busy) return;
    const found = check();
    setErrors(found);
    if (Object.keys(found).length > 0 || !year.dates) return;
    setBusy(true);
    const id = newId();
    const number = checkSiren(siren);
    const outcome = await execute(
      "create_client_file",
      [
        {
          kind: "create_client_file",
          client_file: id,
          name: name.trim(),
          siren: number.kind === "valid" ? number.siren : null,
          fiscal_years: [year.dates],
          assigned: [...assigned].toSorted(),
        },
      ],
      { said: words.done(name.trim()), ownFailure: true },
    );
    setBusy(false);
    if (!outcome.ok) {
      setErrors(refused(outcome.failure));
      return;
    }
    if (offline) void setOffline({ id, name: name.trim() }, true);
    onClose();
    void navigate({ to: "/clients/$client/documents", params: { client: id } });
  };
  const toggle = (person: PersonId, selected: boolean) => {
    const next = new Set(assigned);
    if (selected) next.add(person);
    else next.delete(person);
    setChosen(next);
  };

  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={words.title}
      onSubmit={() => void submit()}
      foot={
        <>
          <Button onPress={onClose}>{m.common.cancel}</Button>
          <Button type="submit" tone="primary" isDisabled={busy}>
            {words.submit}
          </Button>
        </>
      }
    >
      {errors.form && (
        <p role="alert" className={styles.problem}>
          {errors.form}
        </p>
      )}
      <TextField label={words.name} placeholder={words.namePlaceholder} value={name} onChange={setName} error={errors.name} autoFocus />
      <TextField
        label={words.siren}
        hint={words.sirenHint}
        value={siren}
        onChange={setSiren}
        error={errors.siren}
        onBlur={() => {
          const kind = checkSiren(siren).kind;
          const wrong = kind === "shape" ? words.sirenShape : kind === "key" ? words.sirenKey : undefined;
          setErrors((before) => ({ ...before, siren: wrong }));
        }}
      />
      <fieldset className={styles.group}>
        <legend>{words.firstYear}</legend>
        <div className={screen.formRow}>
          <DateField label={words.start} value={year.start} onChange={year.setStart} error={errors.start} />
          <DateField label={words.end} value={year.end} onChange={year.setEnd} error={errors.end} />
        </div>
      </fieldset>
      <fieldset className={styles.group}>
        <legend>{words.people}</legend>
        <p className={screen.hint}>{words.peopleHint}</p>
        <div className={styles.people}>
          {people.filter((person) => !person.suspended).map((person) => (
            <Checkbox
              key={person.id}
              label={fullName(person)}
              isSelected={assigned.has(person.id)}
              onChange={(selected) => toggle(person.id, selected)}
            />
          ))}
        </div>
      </fieldset>
      <Checkbox label={words.offline} isSelected={offline} onChange={keepOffline} />
    </Dialog>
  );
}
