/** The firm's people and themes, and who is signed in. */
import { useMemo } from "react";
import type { PersonId, PersonView, Theme } from "../../protocol/protocol";
import { useCall } from "./calls";

export function usePeople() {
  const { data } = useCall("list_people", {});
  return useMemo(() => {
    const people = data?.people ?? [];
    const themes = data?.themes ?? [];
    const byId = new Map(people.map((person) => [person.id, person]));
    const labels = new Map(themes.map((theme) => [theme.key, theme.label]));
    return {
      people,
      themes,
      person: (id: PersonId): PersonView | undefined => byId.get(id),
      /** People of these ids, in alphabetical order; who is not known is left out. */
      named: (ids: PersonId[]): PersonView[] => people.filter((person) => ids.includes(person.id)),
      themeLabel: (key: Theme): string => labels.get(key) ?? key,
    };
  }, [data]);
}

/** Who is signed in; `undefined` before the first answer. */
export function useMe(): PersonView | undefined {
  return useCall("get_overview", {}).data?.me;
}
