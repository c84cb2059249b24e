/** Light or dark: the user's choice, kept in this browser, else the system's. */
import { useCallback, useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";

const KEY = "gedeon.theme";
const listeners = new Set<() => void>();
const system = () => window.matchMedia("(prefers-color-scheme: dark)");

export function storedTheme(): Theme {
  const stored = localStorage.getItem(KEY);
  return stored === "light" || stored === "dark" ? stored : "system";
}

export function applyTheme(theme: Theme): void {
  const dark = theme === "dark" || (theme === "system" && system().matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}

/** Follows the system while the choice is «comme le système». */
export function followSystemTheme(): () => void {
  const query = system();
  const follow = () => applyTheme(storedTheme());
  query.addEventListener("change", follow);
  return () => query.removeEventListener("change", follow);
}

export function useTheme(): [Theme, (theme: Theme) => void] {
  const theme = useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, storedTheme);
  const choose = useCallback((next: Theme) => {
    localStorage.setItem(KEY, next);
    applyTheme(next);
    for (const listener of listeners) listener();
  }, []);
  return [theme, choose];
}
