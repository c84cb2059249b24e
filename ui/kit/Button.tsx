/** Buttons. `tone` says how much the button asks for attention; a screen has at most one `primary`. */
import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components";
import styles from "./Button.module.css";
import { classes } from "./classes";
import { Icon, type IconName } from "./icons";
import { Tooltip } from "./Tooltip";

export interface ButtonProps extends Omit<AriaButtonProps, "className" | "style" | "children"> {
  tone?: "primary" | "secondary" | "quiet" | "danger" | "link";
  size?: "normal" | "small";
  icon?: IconName;
  children?: ReactNode;
  className?: string;
}

export function Button({ tone = "secondary", size = "normal", icon, children, className, ...rest }: ButtonProps) {
  return (
    <AriaButton {...rest} className={classes(styles.button, styles[tone], size === "small" && styles.small, className)}>
      {icon && <Icon name={icon} />}
      {children}
    </AriaButton>
  );
}

export interface IconButtonProps extends Omit<AriaButtonProps, "className" | "style" | "children" | "aria-label"> {
  icon: IconName;
  /** The button's name, shown as its tooltip. */
  label: string;
  /** Shortcut shown in the tooltip, such as `mod+k`. */
  shortcut?: string;
  size?: "normal" | "small";
  /** For a button that stays in: drawn pressed. */
  pressed?: boolean;
  className?: string;
}

export function IconButton({ icon, label, shortcut, size = "normal", pressed, className, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label} shortcut={shortcut}>
      <AriaButton
        {...rest}
        aria-label={label}
        aria-pressed={pressed}
        className={classes(
          styles.button,
          styles.quiet,
          styles.icon,
          size === "small" && styles.small,
          pressed && styles.pressed,
          className,
        )}
      >
        <Icon name={icon} />
      </AriaButton>
    </Tooltip>
  );
}
