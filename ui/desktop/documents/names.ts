/** Names as they are edited: the stem is selected, the extension stays. Same cut as the server's. Pure. */

/** Where the stem of a name ends: `facture.pdf` gives 7. A leading dot or a long tail is not an extension. */
export function stemEnd(name: string): number {
  const dot = name.lastIndexOf(".");
  const tail = name.slice(dot);
  return dot > 0 && tail.length <= 12 && !tail.includes(" ") ? dot : name.length;
}

/** A hash short enough to compare by eye. */
export function shortHash(hash: string): string {
  return hash.slice(0, 12);
}
