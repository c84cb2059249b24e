/** The frame of a screen: its title, its count, what can be done, then its content. */
import { useEffect, type ReactNode } from "react";
import styles from "./screen.module.css";

export function Screen({ title, count, actions, children }: {
  title: string;
  count?: string;
  actions?: ReactNode;
  children: ReactNode;
}) {
  useTitle(title);
  return (
    <main className={styles.screen}>
      <header className={styles.head}>
        <h1 className={styles.title}>{title}</h1>
        {count && <span className={styles.count}>{count}</span>}
        <span className={styles.grow} />
        {actions}
      </header>
      <div className={styles.body}>{children}</div>
    </main>
  );
}

/** The window's title, which the task bar shows. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Gédéon`;
  }, [title]);
}
