/** Counted words. French takes the singular for 0 and 1, English for 1 only. */
const fr = new Intl.NumberFormat("fr-FR");
const en = new Intl.NumberFormat("en-GB");

/** `12 fichiers`, `0 fichier`. */
export const frCount = (n: number, one: string, other: string) => `${fr.format(n)} ${Math.abs(n) < 2 ? one : other}`;
/** `12 files`, `1 file`. */
export const enCount = (n: number, one: string, other: string) => `${en.format(n)} ${n === 1 ? one : other}`;
/** `2 310`. */
export const frNumber = (n: number) => fr.format(n);
/** `2,310`. */
export const enNumber = (n: number) => en.format(n);
