/** A piece number typed in place. Up and Down keep it and go on to the next line: pieces are numbered in a row. */
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from "react";
import styles from "./fields.module.css";

/** Longer than any numbering in use. */
const MAX_LENGTH = 40;

export interface PieceFieldProps {
  label: string;
  initial: string;
  onCommit: (text: string) => void;
  onCancel: () => void;
  onNext?: (text: string, direction: 1 | -1) => void;
}

export function PieceField({ label, initial, onCommit, onCancel, onNext }: PieceFieldProps) {
  const [text, setText] = useState(initial);
  const field = useRef<HTMLInputElement>(null);
  const ended = useRef(false);
  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  const end = (how: () => void) => {
    if (ended.current) return;
    ended.current = true;
    how();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === "Enter") end(() => onCommit(text));
    else if (event.key === "Escape") end(onCancel);
    else if (onNext && event.key === "ArrowDown") end(() => onNext(text, 1));
    else if (onNext && event.key === "ArrowUp") end(() => onNext(text, -1));
    else return;
    event.preventDefault();
  };
  return (
    <input
      ref={field}
      className={styles.pieceField}
      value={text}
      aria-label={label}
      maxLength={MAX_LENGTH}
      spellCheck={false}
      autoComplete="off"
      onChange={(event) => setText(event.target.value)}
      onKeyDown={onKeyDown}
      onBlur={() => end(() => onCommit(text))}
      onPointerDown={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
    />
  );
}
