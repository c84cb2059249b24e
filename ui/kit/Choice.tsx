/** Checkbox, switch, radio and a choice in a few segments. A switch acts at once; a checkbox waits for its form. */
import type { ReactNode } from "react";
import {
  Checkbox as AriaCheckbox,
  Label,
  Radio,
  RadioGroup as AriaRadioGroup,
  Switch as AriaSwitch,
} from "react-aria-components";
import styles from "./Choice.module.css";
import { Icon } from "./icons";

interface ChoiceProps {
  isSelected: boolean;
  onChange: (selected: boolean) => void;
  /** What it decides; with `labelHidden`, only for the screen reader. */
  label: string;
  labelHidden?: boolean;
  hint?: ReactNode;
  isDisabled?: boolean;
  isIndeterminate?: boolean;
  excludeFromTabOrder?: boolean;
}

function words(label: string, hint: ReactNode) {
  return (
    <span className={styles.text}>
      <span>{label}</span>
      {hint && <span className={styles.hint}>{hint}</span>}
    </span>
  );
}

export function Checkbox({ label, labelHidden, hint, ...rest }: ChoiceProps) {
  return (
    <AriaCheckbox {...rest} aria-label={labelHidden ? label : undefined} className={styles.choice}>
      {({ isSelected, isIndeterminate }) => (
        <>
          <span className={styles.box}>
            {isIndeterminate ? <Icon name="minus" size={12} strokeWidth={2} /> : isSelected && <Icon name="check" size={12} strokeWidth={2} />}
          </span>
          {!labelHidden && words(label, hint)}
        </>
      )}
    </AriaCheckbox>
  );
}

export function Switch({ label, labelHidden, hint, isIndeterminate: _, ...rest }: ChoiceProps) {
  return (
    <AriaSwitch {...rest} aria-label={labelHidden ? label : undefined} className={styles.choice}>
      <span className={styles.track}>
        <span className={styles.thumb} style={{ display: "block" }} />
      </span>
      {!labelHidden && words(label, hint)}
    </AriaSwitch>
  );
}

interface OptionsProps<K extends string> {
  label: string;
  value: K;
  onChange: (value: K) => void;
  options: { id: K; label: string; hint?: string }[];
  isDisabled?: boolean;
}

export function RadioGroup<K extends string>({ label, value, onChange, options, isDisabled }: OptionsProps<K>) {
  return (
    <AriaRadioGroup value={value} onChange={(next) => onChange(next as K)} isDisabled={isDisabled} className={styles.group}>
      <Label className={styles.groupLabel}>{label}</Label>
      {options.map((option) => (
        <Radio key={option.id} value={option.id} className={styles.choice}>
          <span className={`${styles.box} ${styles.round}`}>
            <span className={styles.pip} />
          </span>
          {words(option.label, option.hint)}
        </Radio>
      ))}
    </AriaRadioGroup>
  );
}

/** A choice among two to four short words. */
export function Segments<K extends string>({ label, value, onChange, options, isDisabled }: OptionsProps<K>) {
  return (
    <AriaRadioGroup
      aria-label={label}
      orientation="horizontal"
      value={value}
      onChange={(next) => onChange(next as K)}
      isDisabled={isDisabled}
      className={styles.segments}
    >
      {options.map((option) => (
        <Radio key={option.id} value={option.id} className={styles.segment}>
          {option.label}
        </Radio>
      ))}
    </AriaRadioGroup>
  );
}
