/** The firm's people, for administrators: add, edit, hand over an invitation. */
import { useState } from "react";
import { useWords } from "../../i18n/i18n";
import { Button, IconButton } from "../../kit/Button";
import { Avatar, fullName } from "../../kit/Chip";
import { Confirm } from "../../kit/Dialog";
import { MenuButton, MenuItem, MenuSeparator } from "../../kit/Menu";
import type { PersonView } from "../../protocol/protocol";
import { useExecute, useRun } from "../data/calls";
import { usePeople } from "../data/people";
import screen from "../shell/screen.module.css";
import { InvitationDialog } from "./InvitationDialog";
import { PersonDialog } from "./PersonDialog";
import styles from "./settings.module.css";

type Invited = Pick<PersonView, "id" | "first_name" | "last_name">;

export function PeopleSection({ me }: { me: PersonView }) {
  const { m } = useWords();
  const run = useRun();
  const execute = useExecute();
  const { people } = usePeople();
  const [editing, setEditing] = useState<PersonView | "new" | null>(null);
  const [invitation, setInvitation] = useState<{ name: string; link: string } | null>(null);
  const [leaving, setLeaving] = useState<PersonView | null>(null);

  const invite = async (person: Invited, justAdded: boolean) => {
    const outcome = await run("invite_person", { person: person.id }, { ownFailure: justAdded });
    if (outcome.ok) setInvitation({ name: fullName(person), link: outcome.value.link });
    return outcome.ok;
  };

  const suspend = (person: PersonView) =>
    void execute("suspend_person", [{ kind: "suspend_person", person: person.id }], { said: m.settings.suspendedDone(fullName(person)) });
  const resume = (person: PersonView) =>
    void execute("resume_person", [{ kind: "resume_person", person: person.id }], { said: m.settings.resumedDone(fullName(person)) });
  const administrators = people.filter((person) => person.role === "administrator" && !person.suspended);
  /** Why somebody cannot be shut out, where they cannot. */
  const staying = (person: PersonView) => {
    if (administrators.length === 1 && administrators[0]?.id === person.id) return m.settings.lastAdministrator;
    return person.id === me.id ? m.settings.notYourself : undefined;
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
                {person.suspended && <span className={styles.state}>{m.settings.suspended}</span>}
                {!person.suspended && !person.joined && <span className={styles.state}>{m.settings.notJoined}</span>}
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
              {!person.suspended && (
                <MenuItem icon="link" onAction={() => void invite(person, false)}>
                  {m.settings.invite}
                </MenuItem>
              )}
              <MenuSeparator />
              {person.suspended ? (
                <MenuItem icon="restore" onAction={() => resume(person)}>
                  {m.settings.resume}
                </MenuItem>
              ) : (
                <MenuItem icon="lock" danger isDisabled={staying(person) !== undefined} hint={staying(person)} onAction={() => setLeaving(person)}>
                  {m.settings.suspend}
                </MenuItem>
              )}
            </MenuButton>
          </li>
        ))}
      </ul>
      {editing && (
        <PersonDialog person={editing === "new" ? null : editing} onClose={() => setEditing(null)} onAdded={(person) => invite(person, true)} />
      )}
      <Confirm
        isOpen={leaving !== null}
        onClose={() => setLeaving(null)}
        title={leaving ? m.settings.suspendTitle(fullName(leaving)) : ""}
        text={leaving ? m.settings.suspendText(fullName(leaving)) : ""}
        confirm={m.settings.suspend}
        onConfirm={() => leaving && suspend(leaving)}
      />
      {invitation && <InvitationDialog {...invitation} onClose={() => setInvitation(null)} />}
    </section>
  );
}
