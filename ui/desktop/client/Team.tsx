/** «Équipe»: who follows a client file, and which themes each sees. */
import { useState } from "react";
import { useWords } from "../../i18n/i18n";
import { Button } from "../../kit/Button";
import { Avatar, fullName } from "../../kit/Chip";
import { Confirm } from "../../kit/Dialog";
import { EmptyState } from "../../kit/EmptyState";
import { MenuButton, MenuItem } from "../../kit/Menu";
import type { AssignmentView, ClientFileView, PersonView, Theme } from "../../protocol/protocol";
import { useExecute } from "../data/calls";
import { usePeople } from "../data/people";
import screen from "../shell/screen.module.css";
import styles from "./client.module.css";
import { ThemesDialog } from "./ThemesDialog";
import { useClient } from "./useClient";

export function Team() {
  const { m } = useWords();
  const view = useClient();
  const { people } = usePeople();
  if (!view) return null;
  const assigned = new Set(view.assignments.map((assignment) => assignment.person));
  const add = view.may_assign && <Assign view={view} others={people.filter((person) => !assigned.has(person.id) && !person.suspended)} />;
  return (
    <div className={screen.page}>
      {view.assignments.length === 0 ? (
        <EmptyState icon="people" title={m.client.team.emptyTitle} text={m.client.team.emptyText} action={add} />
      ) : (
        <section className={screen.column}>
          <header className={screen.sectionHead}>
            <h2 className={screen.sectionTitle}>{m.client.team.title}</h2>
            {add}
          </header>
          <Assigned view={view} />
          <p className={screen.hint}>{m.client.team.adminsSeeAll}</p>
        </section>
      )}
    </div>
  );
}

function Assign({ view, others }: { view: ClientFileView; others: PersonView[] }) {
  const { m } = useWords();
  const execute = useExecute();
  const assign = (person: PersonView) =>
    void execute("assign", [{ kind: "assign_person", client_file: view.row.id, person: person.id, themes: null }], {
      said: m.client.team.assigned(fullName(person)),
    });
  if (others.length === 0) return <span className={screen.hint}>{m.client.team.nobodyLeft}</span>;
  return (
    <MenuButton label={m.client.team.add} button={<Button icon="plus">{m.client.team.add}</Button>}>
      {others.map((person) => (
        <MenuItem key={person.id} id={person.id} icon="person" hint={m.client.roles[person.role]} onAction={() => assign(person)}>
          {fullName(person)}
        </MenuItem>
      ))}
    </MenuButton>
  );
}

function Assigned({ view }: { view: ClientFileView }) {
  const { m } = useWords();
  const execute = useExecute();
  const { person: find, themeLabel, people } = usePeople();
  const [themesOf, setThemesOf] = useState<{ person: PersonView; assignment: AssignmentView } | null>(null);
  const [leaving, setLeaving] = useState<PersonView | null>(null);
  const client_file = view.row.id;
  const order = new Map(people.map((person, index) => [person.id, index]));
  const lines = view.assignments.toSorted((a, b) => (order.get(a.person) ?? 0) - (order.get(b.person) ?? 0));

  const saveThemes = (person: PersonView, themes: Theme[] | null) => {
    setThemesOf(null);
    void execute("set_themes", [{ kind: "assign_person", client_file, person: person.id, themes }]);
  };
  const remove = (person: PersonView) =>
    void execute("unassign", [{ kind: "unassign_person", client_file, person: person.id }], {
      said: m.client.team.unassigned(fullName(person)),
    });

  return (
    <div className={screen.card}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{m.client.team.person}</th>
            <th scope="col">{m.client.team.role}</th>
            <th scope="col">{m.client.team.themes}</th>
            <th scope="col">
              <span className="visually-hidden">{m.common.more}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((assignment) => {
            const person = find(assignment.person);
            if (!person) return null;
            const { themes } = assignment;
            const summary = themes === null ? m.client.team.allThemes : themes.map(themeLabel).join(", ");
            return (
              <tr key={person.id}>
                <td>
                  <span className={styles.person}>
                    <Avatar person={person} decorative />
                    {fullName(person)}
                    {person.suspended && <span className={styles.tag}>{m.settings.suspended}</span>}
                  </span>
                </td>
                <td>{m.client.roles[person.role]}</td>
                <td>
                  {view.may_assign ? (
                    <Button tone="link" onPress={() => setThemesOf({ person, assignment })}>
                      {themes !== null && themes.length > 3 ? m.client.team.someThemes(themes.length) : summary}
                    </Button>
                  ) : (
                    summary
                  )}
                </td>
                <td className={styles.end}>
                  {view.may_assign && (
                    <Button tone="quiet" size="small" onPress={() => setLeaving(person)}>
                      {m.common.remove}
                    </Button>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {themesOf && (
        <ThemesDialog
          person={themesOf.person}
          themes={themesOf.assignment.themes}
          onClose={() => setThemesOf(null)}
          onSave={(themes) => saveThemes(themesOf.person, themes)}
        />
      )}
      <Confirm
        isOpen={leaving !== null}
        onClose={() => setLeaving(null)}
        title={leaving ? m.client.team.removeTitle(fullName(leaving)) : ""}
        text={leaving ? m.client.team.removeText(fullName(leaving), view.row.name, m.common.documents(view.row.documents)) : ""}
        confirm={m.common.remove}
        onConfirm={() => leaving && remove(leaving)}
      />
    </div>
  );
}
