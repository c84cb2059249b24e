/** Which themes somebody sees in a client file: all, or those ticked. */
import { useState } from "react";
import { useWords } from "../../i18n/i18n";
import { Button } from "../../kit/Button";
import { fullName } from "../../kit/Chip";
import { Checkbox, RadioGroup } from "../../kit/Choice";
import { Dialog } from "../../kit/Dialog";
import type { PersonView, Theme } from "../../protocol/protocol";
import { usePeople } from "../data/people";
import styles from "./client.module.css";

export function ThemesDialog({ person, themes, onClose, onSave }: {
  person: PersonView;
  themes: Theme[] | null;
  onClose: () => void;
  onSave: (themes: Theme[] | null) => void;
}) {
  const { m } = useWords();
  const words = m.client.team;
  const { themes: all } = usePeople();
  const [everything, setEverything] = useState(themes === null);
  const [ticked, setTicked] = useState<ReadonlySet<Theme>>(new Set(themes ?? all.map((theme) => theme.key)));
  const empty = !everything && ticked.size === 0;
  const toggle = (theme: Theme, selected: boolean) => {
    const next = new Set(ticked);
    if (selected) next.add(theme);
    else next.delete(theme);
    setTicked(next);
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={words.themesOf(fullName(person))}
      onSubmit={() => !empty && onSave(everything ? null : all.map((theme) => theme.key).filter((key) => ticked.has(key)))}
      foot={
        <>
          <Button onPress={onClose}>{m.common.cancel}</Button>
          <Button type="submit" tone="primary" isDisabled={empty}>
            {m.common.save}
          </Button>
        </>
      }
    >
      <RadioGroup
        label={words.themesHint}
        value={everything ? "all" : "some"}
        onChange={(value) => setEverything(value === "all")}
        options={[
          { id: "all", label: words.everything },
          { id: "some", label: words.ticked },
        ]}
      />
      <div className={styles.themes}>
        {all.map((theme) => (
          <Checkbox
            key={theme.key}
            label={theme.label}
            isDisabled={everything}
            isSelected={everything || ticked.has(theme.key)}
            onChange={(selected) => toggle(theme.key, selected)}
          />
        ))}
      </div>
      {empty && (
        <p role="alert" className={styles.error}>
          {words.oneAtLeast}
        </p>
      )}
    </Dialog>
  );
}
