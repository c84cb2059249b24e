/**
 * The reader's language: `useWords` gives the catalogue `m`, the formats `f`, and sentences made of codes. The French
 * catalogue is the type; a sentence missing in English does not compile.
 */
import { createContext, useContext, useMemo, type ReactNode } from "react";
import { I18nProvider as AriaI18n } from "react-aria-components";
import type { Failure, Reason } from "../protocol/protocol";
import { en } from "./en";
import { makeFormats, type Formats, type Language } from "./formats";
import { fr, type Messages } from "./fr";

export type { Language, Messages };
/** Code of an undoable action. */
export type ActionCode = keyof Messages["actions"];

export interface Words {
  language: Language;
  m: Messages;
  f: Formats;
  /** What happened, what it means, what to do. */
  failureText: (failure: Failure) => string;
  /** Why a file waits or is blocked, and what to do. */
  reasonText: (reason: Reason, program?: string | null) => string;
  /** An action of the undo list in words; one this version does not know is «la dernière action». */
  actionNoun: (code: string) => string;
}

export function wordsOf(language: Language): Words {
  const m = language === "en" ? en : fr;
  return {
    language,
    m,
    f: makeFormats(language),
    failureText: (failure) => (m.failures[failure.code] ?? m.failures.internal)(failure.details ?? {}),
    reasonText: (reason, program) => (program ? m.sync.openIn(program) : (m.reasons[reason] ?? m.reasons.disk_error)),
    actionNoun: (code) => (code in m.actions ? m.actions[code as ActionCode].noun : m.undo.lastAction),
  };
}

const Context = createContext<Words>(wordsOf("fr"));

export function WordsProvider({ language, children }: { language: Language; children: ReactNode }) {
  const words = useMemo(() => wordsOf(language), [language]);
  return (
    <AriaI18n locale={language === "fr" ? "fr-FR" : "en-GB"}>
      <Context value={words}>{children}</Context>
    </AriaI18n>
  );
}

export function useWords(): Words {
  return useContext(Context);
}
