/** Keyboard: what a shortcut is called on this system, and shortcuts that work wherever the focus is. */
import { useEffect, useEffectEvent } from "react";

const mac = typeof navigator !== "undefined" && /Mac/.test(navigator.userAgent);

/** Whether the system's command key is held: ⌘ on macOS, Ctrl elsewhere. */
export function isMod(event: { metaKey: boolean; ctrlKey: boolean }): boolean {
  return mac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
}

const names: Record<string, [string, string]> = {
  mod: ["Ctrl", "⌘"],
  shift: ["Maj", "⇧"],
  alt: ["Alt", "⌥"],
  delete: ["Suppr", "⌫"],
  enter: ["Entrée", "↩"],
  space: ["Espace", "Espace"],
  escape: ["Échap", "⎋"],
};

const english: Record<string, string> = {
  shift: "Shift",
  delete: "Del",
  enter: "Enter",
  space: "Space",
  escape: "Esc",
};

/** A shortcut as people read it: `mod+shift+z` is `Ctrl Maj Z`, or `⌘ ⇧ Z` on macOS. */
export function shortcutLabel(keys: string, language: "fr" | "en"): string {
  return keys
    .split("+")
    .map((key) => {
      const name = names[key];
      if (!name) return key.length === 1 ? key.toUpperCase() : key;
      if (mac) return name[1];
      return language === "en" ? (english[key] ?? name[0]) : name[0];
    })
    .join(" ");
}

/** Whether the keys typed belong to a field. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "range"].includes(target.type);
}

/** Whether a dialog is open, which takes the keyboard for itself. */
export function isDialogOpen(): boolean {
  return document.querySelector('[role="dialog"][aria-modal="true"], [role="alertdialog"], [data-modal="true"]') !== null;
}

function matches(event: KeyboardEvent, keys: string): boolean {
  const parts = keys.split("+");
  const key = parts.at(-1) ?? "";
  const wantsMod = parts.includes("mod");
  if (wantsMod !== isMod(event) || (!wantsMod && (event.ctrlKey || event.metaKey))) return false;
  if (parts.includes("alt") !== event.altKey) return false;
  // A character such as `/` may need Shift on some keyboards: only letters and named keys are strict about it.
  if ((key.length > 1 || /[a-z]/.test(key)) && parts.includes("shift") !== event.shiftKey) return false;
  return event.key.toLowerCase() === key;
}

/**
 * A shortcut of the whole window. It leaves fields alone unless `inFields` (only for `mod+…`), and dialogs alone unless
 * `inDialogs`.
 */
export function useShortcut(
  keys: string,
  run: (event: KeyboardEvent) => void,
  options: { inFields?: boolean; inDialogs?: boolean; enabled?: boolean } = {},
): void {
  const { inFields = false, inDialogs = false, enabled = true } = options;
  const handle = useEffectEvent((event: KeyboardEvent) => {
    if (!matches(event, keys) || event.defaultPrevented) return;
    if (!inFields && isTyping(event.target)) return;
    if (!inDialogs && isDialogOpen()) return;
    event.preventDefault();
    run(event);
  });
  useEffect(() => {
    if (!enabled) return;
    const listener = (event: KeyboardEvent) => handle(event);
    window.addEventListener("keydown", listener);
    return () => window.removeEventListener("keydown", listener);
  }, [enabled]);
}
