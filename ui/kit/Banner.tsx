/** A line across the top of the window for a state of the whole product, with what to do about it. */
import type { ReactNode } from "react";
import styles from "./Banner.module.css";
import { classes } from "./classes";
import { Icon, type IconName } from "./icons";

export function Banner({ tone, icon, title, text, children }: {
  tone: "warn" | "bad" | "plain";
  icon: IconName;
  title: string;
  text: string;
  children?: ReactNode;
}) {
  return (
    <div role="status" className={classes(styles.banner, styles[tone])}>
      <Icon name={icon} />
      <p className={styles.text}>
        <span className={styles.title}>{title}</span> {text}
      </p>
      {children}
    </div>
  );
}
