/** Small marks: a filter that is on or off, a count, somebody's initials. */
import { ToggleButton } from "react-aria-components";
import styles from "./Chip.module.css";
import { classes } from "./classes";
import { Icon, type IconName } from "./icons";
import { Tooltip } from "./Tooltip";

/** A filter. */
export function Chip({ label, icon, isSelected, onChange }: {
  label: string;
  icon?: IconName;
  isSelected: boolean;
  onChange: (selected: boolean) => void;
}) {
  return (
    <ToggleButton isSelected={isSelected} onChange={onChange} className={styles.chip}>
      {icon && <Icon name={isSelected ? "check" : icon} size={14} />}
      {label}
    </ToggleButton>
  );
}

/** A count. `label` says what is counted, to those who do not see where it stands. Nothing at 0. */
export function Badge({ count, label, tone = "accent" }: { count: number; label: string; tone?: "accent" | "attention" | "plain" }) {
  if (count === 0) return null;
  return (
    <span className={classes(styles.badge, tone !== "accent" && styles[tone])} title={label}>
      <span aria-hidden="true">{count > 999 ? "999+" : count}</span>
      <span className="visually-hidden">{label}</span>
    </span>
  );
}

export interface Named {
  id: string;
  first_name: string;
  last_name: string;
}

export function fullName(person: Named): string {
  return `${person.first_name} ${person.last_name}`.trim();
}

export function initials(person: Named): string {
  return `${person.first_name.slice(0, 1)}${person.last_name.slice(0, 1)}`.toUpperCase();
}

/** The same person has the same tint everywhere. */
function tint(id: string): string | undefined {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 6;
  return styles[`tint${sum}`];
}

export function Avatar({ person, large, quiet, decorative }: {
  person: Named;
  large?: boolean;
  /** Without its tooltip. */
  quiet?: boolean;
  /** Beside the name itself. */
  decorative?: boolean;
}) {
  const name = fullName(person);
  if (decorative) {
    return (
      <span aria-hidden="true" className={classes(styles.avatar, tint(person.id), large && styles.large)}>
        {initials(person)}
      </span>
    );
  }
  const mark = (
    <span role="img" aria-label={name} className={classes(styles.avatar, tint(person.id), large && styles.large)}>
      {initials(person)}
    </span>
  );
  if (quiet) return mark;
  return (
    <Tooltip text={name} plain>
      {mark}
    </Tooltip>
  );
}

/** Up to four people, then how many more. */
export function Avatars({ people }: { people: Named[] }) {
  const shown = people.length > 4 ? people.slice(0, 3) : people;
  const rest = people.slice(shown.length);
  return (
    <span className={styles.avatars} title={people.map(fullName).join(", ")}>
      {shown.map((person) => (
        <Avatar key={person.id} person={person} quiet />
      ))}
      {rest.length > 0 && (
        <span role="img" aria-label={rest.map(fullName).join(", ")} className={classes(styles.avatar, styles.plain)}>
          +{rest.length}
        </span>
      )}
    </span>
  );
}
