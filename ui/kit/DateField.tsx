/** A date typed by its parts, in the reader's order (day, month, year). Values are `AAAA-MM-JJ`, or `null` while incomplete. */
import { parseDate, type CalendarDate } from "@internationalized/date";
import { DateField as AriaDateField, DateInput, DateSegment, FieldError, Label, Text } from "react-aria-components";
import styles from "./Field.module.css";
import dates from "./DateField.module.css";
import { Icon } from "./icons";

export function DateField({ label, value, onChange, error, hint, autoFocus }: {
  label: string;
  value: string | null;
  onChange: (value: string | null) => void;
  error?: string | null;
  hint?: string;
  autoFocus?: boolean;
}) {
  return (
    <AriaDateField
      value={value === null ? null : parseDate(value)}
      onChange={(date: CalendarDate | null) => onChange(date === null ? null : date.toString())}
      isInvalid={Boolean(error)}
      validationBehavior="aria"
      shouldForceLeadingZeros
      autoFocus={autoFocus}
      className={styles.field}
    >
      <Label className={styles.label}>{label}</Label>
      <DateInput className={`${styles.box} ${dates.input}`}>
        {(segment) => <DateSegment segment={segment} className={dates.segment} />}
      </DateInput>
      {hint && !error && (
        <Text slot="description" className={styles.hint}>
          {hint}
        </Text>
      )}
      <FieldError className={styles.error}>
        <Icon name="alert" size={14} />
        <span>{error}</span>
      </FieldError>
    </AriaDateField>
  );
}
