/** A habit of this workstation (an order, what is unfolded), kept in the page's storage. Never data of the firm. */
import { useEffect, useState } from "react";

export function useKept<T>(key: string, initial: T, isValid: (kept: unknown) => kept is T) {
  const [value, setValue] = useState<T>(() => {
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
      return isValid(kept) ? kept : initial;
    } catch {
      return initial;
    }
  });
  useEffect(() => localStorage.setItem(key, JSON.stringify(value)), [key, value]);
  return [value, setValue] as const;
}
