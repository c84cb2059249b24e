/**
 * French spacing, applied once to the whole catalogue, so that no sentence has to carry invisible characters: no-break
 * space inside « » and before a colon, narrow no-break space before ; ! ? and between a number and %.
 */
export function spaced(text: string): string {
  return text
    .replaceAll("« ", "«\u00a0")
    .replaceAll(" »", "\u00a0»")
    .replaceAll(" :", "\u00a0:")
    .replace(/ ([;!?%])/g, "\u202f$1");
}

/** A catalogue whose every sentence, fixed or made by a function, is spaced. */
export function spacedCatalogue<T>(catalogue: T): T {
  if (typeof catalogue === "string") return spaced(catalogue) as T;
  if (typeof catalogue === "function") {
    return ((...values: unknown[]) => spacedCatalogue((catalogue as (...values: unknown[]) => unknown)(...values))) as T;
  }
  if (typeof catalogue === "object" && catalogue !== null && !Array.isArray(catalogue)) {
    return Object.fromEntries(Object.entries(catalogue).map(([key, value]) => [key, spacedCatalogue(value)])) as T;
  }
  return catalogue;
}
