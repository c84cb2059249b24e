/**
 * Type-ahead: letters typed in a row find the next line that begins so, accents and case aside. One letter again and
 * again walks through the lines that begin with it, as in every file manager.
 */

/** A pause longer than this, in milliseconds, begins another word: the value of Windows and of React Aria. */
const PAUSE = 1000;

/** `text` without accents, in lower case. */
export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase();
}

export interface TypeAhead {
  /** Letters so far, folded. */
  typed: string;
  /** When the last was typed, in milliseconds. */
  at: number;
}

export const NOTHING_TYPED: TypeAhead = { typed: "", at: Number.NEGATIVE_INFINITY };

/** What type-ahead reads of a key event. */
interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** Whether a key event types a letter rather than asking for something. */
export function isLetter(event: KeyPress): boolean {
  return event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
}

/** Whether a key goes on with the word being typed: there, a space and a one-letter shortcut are letters too. */
export function goesOn(state: TypeAhead, event: KeyPress, now: number): boolean {
  const { ctrlKey, metaKey, altKey } = event;
  const key = event.key === " " ? "_" : event.key;
  return state.typed !== "" && now - state.at < PAUSE && isLetter({ key, ctrlKey, metaKey, altKey });
}

export function typeLetter(state: TypeAhead, letter: string, now: number): TypeAhead {
  const continued = now - state.at < PAUSE;
  return { typed: (continued ? state.typed : "") + folded(letter), at: now };
}

/** The line to go to from `active`, or -1. `labels` are the lines' names, `undefined` where one is not known. */
export function findTyped(typed: string, active: number, labels: readonly (string | undefined)[]): number {
  if (typed === "" || labels.length === 0) return -1;
  const walks = typed.length > 1 && [...typed].every((letter) => letter === typed[0]);
  const prefix = walks ? (typed[0] ?? "") : typed;
  // One letter, or the same one again, leaves the line where it is; a longer word may still be about it.
  const start = prefix.length === 1 ? active + 1 : Math.max(active, 0);
  for (let step = 0; step < labels.length; step++) {
    const index = (start + step) % labels.length;
    const label = labels[index];
    if (label !== undefined && folded(label).startsWith(prefix)) return index;
  }
  return -1;
}
