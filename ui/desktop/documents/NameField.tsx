/**
 * A name edited in place. Enter keeps it, Escape leaves it; a refused name shows why and what it could be, and a second
 * Enter takes the name proposed.
 */
import { type KeyboardEvent, type ReactNode, useId, useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { useWords } from "../../i18n/i18n";
import type { Failure } from "../../protocol/protocol";
import styles from "./fields.module.css";
import { stemEnd } from "./names";

export interface NameFieldProps {
  label: string;
  initial: string;
  /** Keeps the name; a failure leaves the field open. */
  onCommit: (name: string) => Promise<Failure | null>;
  onCancel: () => void;
}

export function NameField({ label, initial, onCommit, onCancel }: NameFieldProps) {
  const { m, failureText } = useWords();
  const [text, setText] = useState(initial);
  const [refusal, setRefusal] = useState<Failure | null>(null);
  const [place, setPlace] = useState<DOMRect | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const ended = useRef(false);
  const reason = useId();

  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(0, stemEnd(initial));
    // Only on opening: the name that changes elsewhere meanwhile does not take over what is being typed.
    // oxlint-disable-next-line react/exhaustive-deps
  }, []);

  const cancel = () => {
    ended.current = true;
    onCancel();
  };
  const commit = async (name: string) => {
    if (ended.current) return;
    if (name.trim() === "" || name === initial) {
      cancel();
      return;
    }
    ended.current = true;
    const failure = await onCommit(name);
    if (failure !== null) {
      ended.current = false;
      setRefusal(failure);
      setPlace(field.current?.getBoundingClientRect() ?? null);
      field.current?.focus();
    }
  };
  const proposal = refusal?.details?.proposal ?? null;

  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === "Enter") {
      event.preventDefault();
      void commit(proposal ?? text);
    } else if (event.key === "Escape") {
      event.preventDefault();
      cancel();
    }
  };

  return (
    <span className={styles.nameField}>
      <input
        ref={field}
        value={text}
        aria-label={label}
        aria-invalid={refusal !== null}
        aria-describedby={refusal === null ? undefined : reason}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => {
          setText(event.target.value);
          setRefusal(null);
        }}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => event.stopPropagation()}
        onDoubleClick={(event) => event.stopPropagation()}
        // Leaving the field keeps what was typed, as in every file manager; a refused name is left as it was.
        onBlur={() => {
          if (refusal === null) void commit(text);
          else cancel();
        }}
      />
      {refusal !== null && place !== null && (
        <Refusal id={reason} place={place}>
          {failureText(refusal)}
          {proposal !== null && <kbd>{m.documents.rename.accept}</kbd>}
        </Refusal>
      )}
    </span>
  );
}

/** Room that two lines of text and the key need below the field, in pixels. */
const ROOM = 96;

/** Why, beside the field: over the page, since the line and its list cut what leaves them. */
function Refusal({ id, place, children }: { id: string; place: DOMRect; children: ReactNode }) {
  const above = place.bottom + ROOM > window.innerHeight;
  return createPortal(
    <span
      id={id}
      role="alert"
      className={styles.refusal}
      style={above ? { left: place.left, bottom: window.innerHeight - place.top + 4 } : { left: place.left, top: place.bottom + 4 }}
    >
      {children}
    </span>,
    document.body,
  );
}
