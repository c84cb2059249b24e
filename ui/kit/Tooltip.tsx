/** A name or a precision beside what the pointer or the focus is on. Never the only place something is said. */
import type { ReactElement } from "react";
import { Focusable, Tooltip as AriaTooltip, TooltipTrigger } from "react-aria-components";
import { useWords } from "../i18n/i18n";
import { shortcutLabel } from "./keys";
import styles from "./Tooltip.module.css";

interface TooltipProps {
  text: string;
  shortcut?: string;
  placement?: "top" | "bottom" | "left" | "right";
  /** A pressable React Aria component, or an element made focusable by `plain`. */
  children: ReactElement;
  /** The child is an ordinary element with a role and a `tabIndex`. */
  plain?: boolean;
}

export function Tooltip({ text, shortcut, placement = "bottom", children, plain }: TooltipProps) {
  const { language } = useWords();
  return (
    <TooltipTrigger delay={500} closeDelay={0}>
      {plain ? <Focusable>{children as ReactElement<object, string>}</Focusable> : children}
      <AriaTooltip placement={placement} offset={6} className={styles.tooltip}>
        {text}
        {shortcut && <kbd className={styles.shortcut}>{shortcutLabel(shortcut, language)}</kbd>}
      </AriaTooltip>
    </TooltipTrigger>
  );
}
