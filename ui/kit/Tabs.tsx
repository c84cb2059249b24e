/**
 * Tabs that are places: each has its address, so they are links in a navigation rather than a `tablist`, and Back works.
 * The caller renders each link with `tabClass`.
 */
import type { ReactNode } from "react";
import styles from "./Tabs.module.css";

export const tabClass = styles.tab;

export function Tabs({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav aria-label={label} className={styles.tabs}>
      {children}
    </nav>
  );
}
