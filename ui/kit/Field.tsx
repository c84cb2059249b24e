/** Fields to type in: one line, several lines, search; and a choice in a list. */
import { useRef, type ReactNode, type Ref } from "react";
import {
  Button as AriaButton,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  SearchField as AriaSearchField,
  Select as AriaSelect,
  SelectValue,
  Text,
  TextArea,
  TextField as AriaTextField,
  type Key,
} from "react-aria-components";
import { useWords } from "../i18n/i18n";
import { IconButton } from "./Button";
import { classes } from "./classes";
import styles from "./Field.module.css";
import { Icon } from "./icons";
import menu from "./Menu.module.css";
import { Popover } from "./Menu";

export interface TextFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** What is wrong, in words; shown in place of the hint. */
  error?: string | null;
  hint?: string;
  placeholder?: string;
  type?: "text" | "email" | "password" | "url" | "date";
  name?: string;
  autoComplete?: string;
  autoFocus?: boolean;
  isDisabled?: boolean;
  isReadOnly?: boolean;
  optional?: boolean;
  /** Several lines. */
  multiline?: boolean;
  /** Only for the screen reader: the place says what it is. */
  labelHidden?: boolean;
  /** At the end of the box, such as a button that shows the password. */
  after?: ReactNode;
  inputRef?: Ref<HTMLInputElement>;
  maxLength?: number;
  onBlur?: () => void;
  onKeyDown?: (event: React.KeyboardEvent) => void;
  className?: string;
}

export function TextField(props: TextFieldProps) {
  const { m } = useWords();
  const { label, error, hint, placeholder, optional, multiline, labelHidden, after, inputRef, className, onKeyDown, ...rest } = props;
  return (
    <AriaTextField
      {...rest}
      validationBehavior="aria"
      isInvalid={Boolean(error)}
      className={classes(styles.field, className)}
      aria-label={labelHidden ? label : undefined}
    >
      {!labelHidden && (
        <Label className={styles.label}>
          {label}
          {optional && <span className={styles.optional}>{m.common.optional}</span>}
        </Label>
      )}
      <div className={classes(styles.box, multiline && styles.area)} data-invalid={error ? true : undefined}>
        {multiline ? (
          <TextArea className={styles.input} placeholder={placeholder} onKeyDown={onKeyDown} />
        ) : (
          <Input ref={inputRef} className={styles.input} placeholder={placeholder} onKeyDown={onKeyDown} spellCheck={false} />
        )}
        {after && <span className={styles.after}>{after}</span>}
      </div>
      {hint && !error && (
        <Text slot="description" className={styles.hint}>
          {hint}
        </Text>
      )}
      <FieldError className={styles.error}>
        <Icon name="alert" size={14} />
        <span>{error}</span>
      </FieldError>
    </AriaTextField>
  );
}

export interface SearchFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  placeholder?: string;
  /** The key that brings the focus here, shown in the empty box. */
  shownKey?: string;
  inputRef?: Ref<HTMLInputElement>;
  autoFocus?: boolean;
  onKeyDown?: (event: React.KeyboardEvent) => void;
  className?: string;
}

export function SearchField(props: SearchFieldProps) {
  const { m } = useWords();
  const { label, placeholder, shownKey, inputRef, className, onKeyDown, value, ...rest } = props;
  const box = useRef<HTMLDivElement>(null);
  return (
    <AriaSearchField {...rest} value={value} aria-label={label} className={classes(styles.field, styles.search, className)}>
      <div className={styles.box} ref={box}>
        <Icon name="search" className={styles.lead} />
        <Input
          ref={inputRef}
          className={styles.input}
          placeholder={placeholder ?? label}
          onKeyDown={onKeyDown}
          spellCheck={false}
        />
        {value === "" && shownKey && <kbd className={styles.key}>{shownKey}</kbd>}
        {value !== "" && (
          <IconButton
            slot={null}
            icon="close"
            size="small"
            label={m.common.clear}
            excludeFromTabOrder
            onPress={() => {
              rest.onChange("");
              box.current?.querySelector("input")?.focus();
            }}
          />
        )}
      </div>
    </AriaSearchField>
  );
}

export interface SelectProps<K extends string> {
  label: string;
  value: K | null;
  onChange: (value: K) => void;
  options: { id: K; label: string; hint?: string }[];
  placeholder?: string;
  labelHidden?: boolean;
  /** Without a box, for headers. */
  quiet?: boolean;
  hint?: string;
  isDisabled?: boolean;
  className?: string;
}

export function Select<K extends string>(props: SelectProps<K>) {
  const { label, value, onChange, options, placeholder, labelHidden, quiet, hint, isDisabled, className } = props;
  return (
    <AriaSelect
      aria-label={labelHidden ? label : undefined}
      value={value}
      onChange={(key: Key | null) => key !== null && onChange(key as K)}
      placeholder={placeholder ?? ""}
      isDisabled={isDisabled}
      className={classes(styles.field, className)}
    >
      {!labelHidden && <Label className={styles.label}>{label}</Label>}
      <AriaButton className={classes(styles.select, quiet && styles.selectQuiet)}>
        <SelectValue className={styles.value}>{({ selectedText, defaultChildren }) => selectedText ?? defaultChildren}</SelectValue>
        <Icon name="chevronDown" size={14} />
      </AriaButton>
      {hint && (
        <Text slot="description" className={styles.hint}>
          {hint}
        </Text>
      )}
      <Popover>
        <ListBox items={options} className={menu.menu}>
          {(option) => (
            <ListBoxItem id={option.id} textValue={option.label} className={menu.item}>
              {({ isSelected }) => (
                <>
                  <span className={menu.check}>{isSelected && <Icon name="check" size={14} />}</span>
                  <span className={menu.text}>
                    <Text slot="label">{option.label}</Text>
                    {option.hint && (
                      <Text slot="description" className={menu.hint}>
                        {option.hint}
                      </Text>
                    )}
                  </span>
                </>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
