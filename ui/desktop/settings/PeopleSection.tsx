/** The firm's people, for administrators: add, edit, hand over an invitation. */
import { useState } from "react";
import { useWords } from "../../i18n/i18n";
import { Button, IconButton } from "../../kit/Button";
import { Avatar, fullName } from "../../kit/Chip";
import { MenuButton, MenuItem } from "../../kit/Menu";
import type { PersonView } from "../../protocol/protocol";
import { useRun } from "../data/calls";
import { usePeople } from "../data/people";
import screen from "../shell/screen.module.css";
import { InvitationDialog } from "./InvitationDialog";
import { PersonDialog } from "./PersonDialog";
import styles from "./settings.module.css";

type Invited = Pick<PersonView, "id" | "first_name" | "last_name">;

export function PeopleSection({ me }: { me: PersonView }) {
  const { m } = useWords();
  const run = useRun();
  const { people } = usePeople();
  const [editing, setEditing] = useState<PersonView | "new" | null>(null);
  const [invitation, setInvitation] = useState<{ name: string; link: string } | null>(null);

  const invite = async (person: Invited, justAdded: boolean) => {
    const outcome = await run("invite_person", { person: person.id }, { ownFailure: justAdded });
    if (outcome.ok) setInvitation({ name: fullName(person), link: outcome.value.link });
    return outcome.ok;
  };

  return (
    <section className={screen.section}>
      <header className={screen.sectionHead}>
        <h2 className={screen.sectionTitle}>{m.settings.sections.people}</h2>
        <Button icon="plus" onPress={() => setEditing("new")}>
          {m.settings.addPerson}
        </Button>
      </header>
      <ul className={screen.card}>
        {people.map((person) => (
          <li key={person.id} className={screen.row}>
            <Avatar person={person} large decorative />
            <span className={screen.rowMain}>
              <span className={screen.rowTitle}>
                {fullName(person)}
                {person.id === me.id && <span className={styles.you}> ({m.settings.you})</span>}
              </span>
              <span className={`${screen.rowText} selectable`}>{person.email}</span>
            </span>
            <span className={screen.hint}>{m.client.roles[person.role]}</span>
            <MenuButton
              label={`${m.common.more} : ${fullName(person)}`}
              button={<IconButton icon="more" size="small" label={`${m.common.more} : ${fullName(person)}`} />}
            >
              <MenuItem icon="pencil" onAction={() => setEditing(person)}>
                {m.settings.editPerson}
              </MenuItem>
              <MenuItem icon="link" onAction={() => void invite(person, false)}>
                {m.settings.invite}
              </MenuItem>
            </MenuButton>
          </li>
        ))}
      </ul>
      {editing && (
        <PersonDialog person={editing === "new" ? null : editing} onClose={() => setEditing(null)} onAdded={(person) => invite(person, true)} />
      )}
      {invitation && <InvitationDialog {...invitation} onClose={() => setInvitation(null)} />}
    </section>
  );
}
