/**
 * What just happened, with its undo. A toast about an action takes the place of the previous one, because «Annuler»
 * always undoes the last action; a problem stays until it is closed.
 */
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { Button } from "react-aria-components";
import { useWords } from "../i18n/i18n";
import { classes } from "./classes";
import { Icon } from "./icons";
import styles from "./Toast.module.css";

/** How long a toast stays, in milliseconds: long enough to read a sentence and reach its button. */
const SHOWN_FOR = 6_000;
/** Problems shown at once; older ones give way. */
const PROBLEMS = 3;

export interface ToastContent {
  tone: "done" | "plain" | "problem";
  text: string;
  action?: { label: string; run: () => void };
  /** A second, lesser action. */
  also?: { label: string; run: () => void };
}

export interface Toasts {
  show: (toast: ToastContent) => void;
}

interface Shown extends ToastContent {
  key: number;
}

const Context = createContext<Toasts>({ show: () => undefined });

export function useToasts(): Toasts {
  return useContext(Context);
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<Shown[]>([]);
  const nextKey = useRef(0);
  const close = useCallback((key: number) => setShown((toasts) => toasts.filter((toast) => toast.key !== key)), []);
  const toasts = useMemo<Toasts>(
    () => ({
      show(toast) {
        const key = nextKey.current++;
        setShown((before) => {
          const problems = before.filter((other) => other.tone === "problem" && other.text !== toast.text);
          return [...problems.slice(1 - PROBLEMS), { ...toast, key }];
        });
      },
    }),
    [],
  );
  return (
    <Context value={toasts}>
      {children}
      <ToastRegion shown={shown} onClose={close} />
    </Context>
  );
}

function ToastRegion({ shown, onClose }: { shown: Shown[]; onClose: (key: number) => void }) {
  return (
    // Above dialogs, and outside what they hide from the screen reader.
    <div className={styles.region} role="status" aria-live="polite" data-react-aria-top-layer="true">
      {shown.map((toast) => (
        <ToastLine key={toast.key} toast={toast} onClose={() => onClose(toast.key)} />
      ))}
    </div>
  );
}

function ToastLine({ toast, onClose }: { toast: Shown; onClose: () => void }) {
  const { m } = useWords();
  const [held, setHeld] = useState(false);
  const leaves = toast.tone !== "problem" && !held;
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  });
  useEffect(() => {
    if (!leaves) return;
    const timer = setTimeout(() => close.current(), SHOWN_FOR);
    return () => clearTimeout(timer);
  }, [leaves]);
  return (
    <div
      className={classes(styles.toast, toast.tone === "done" && styles.done, toast.tone === "problem" && styles.problem)}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      {toast.tone === "done" && <Icon name="check" />}
      {toast.tone === "problem" && <Icon name="alert" />}
      <span className={styles.text}>{toast.text}</span>
      {[toast.also, toast.action].map(
        (action) =>
          action && (
            <Button
              key={action.label}
              className={styles.action}
              onPress={() => {
                onClose();
                action.run();
              }}
            >
              {action.label}
            </Button>
          ),
      )}
      <Button className={styles.close} aria-label={m.common.dismissMessage} onPress={onClose}>
        <Icon name="close" size={14} />
      </Button>
    </div>
  );
}
