/**
 * Who sees a document after a move. A folder's theme is what people are given sight of, so a move to another theme is a
 * change of audience: it is asked, with names. Pure.
 */
import type { AssignmentView, PersonView, Theme } from "../../protocol/protocol";

export interface AudienceChange {
  gain: PersonView[];
  lose: PersonView[];
}

/** People who would begin or cease to see what goes from the themes `from` to the theme `to`. */
export function audienceChange(
  assignments: readonly AssignmentView[],
  people: readonly PersonView[],
  from: readonly Theme[],
  to: Theme,
): AudienceChange {
  const change: AudienceChange = { gain: [], lose: [] };
  for (const person of people) {
    const assignment = assignments.find((each) => each.person === person.id);
    // Administrators see everything; somebody who is not assigned sees nothing; `null` is every theme.
    if (person.role === "administrator" || assignment === undefined || assignment.themes === null) continue;
    const after = assignment.themes.includes(to);
    const before = from.filter((theme) => assignment.themes?.includes(theme)).length;
    if (after && before < from.length) change.gain.push(person);
    if (!after && before > 0) change.lose.push(person);
  }
  return change;
}
