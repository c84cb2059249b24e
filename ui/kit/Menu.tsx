/** Menus and the surface they stand on. Each item shows its shortcut. */
import { useRef, type ReactElement, type ReactNode } from "react";
import {
  Menu as AriaMenu,
  MenuItem as AriaMenuItem,
  MenuTrigger as AriaMenuTrigger,
  Popover as AriaPopover,
  Separator as AriaSeparator,
  Text,
  type PopoverProps,
} from "react-aria-components";
import { useWords } from "../i18n/i18n";
import { classes } from "./classes";
import { Icon, type IconName } from "./icons";
import { shortcutLabel } from "./keys";
import styles from "./Menu.module.css";

/** A surface beside what opened it. */
export function Popover({ className, ...rest }: Omit<PopoverProps, "className"> & { className?: string }) {
  return <AriaPopover offset={4} {...rest} className={classes(styles.popover, className)} />;
}

interface MenuProps {
  label: string;
  /** `MenuItem` and `MenuSeparator`. */
  children: ReactNode;
}

/** A button and its menu. */
export function MenuButton({ button, label, children, placement = "bottom end" }: MenuProps & {
  button: ReactElement;
  placement?: PopoverProps["placement"];
}) {
  return (
    <AriaMenuTrigger>
      {button}
      <Popover placement={placement}>
        <AriaMenu aria-label={label} className={styles.menu}>
          {children}
        </AriaMenu>
      </Popover>
    </AriaMenuTrigger>
  );
}

/** A menu where the pointer or the focused row is: `at` in the window's pixels, or `null` when closed. */
export function ContextMenu({ at, onClose, label, children }: MenuProps & {
  at: { x: number; y: number } | null;
  onClose: () => void;
}) {
  const anchor = useRef<HTMLSpanElement>(null);
  if (!at) return null;
  // A one-pixel anchor, so that the popover places and flips itself as beside any button.
  return (
    <>
      <span ref={anchor} className={styles.anchor} style={{ left: at.x, top: at.y }} />
      <Popover isOpen onOpenChange={(open) => !open && onClose()} triggerRef={anchor} placement="bottom start" offset={0}>
        <AriaMenu aria-label={label} className={styles.menu} autoFocus="first" onClose={onClose}>
          {children}
        </AriaMenu>
      </Popover>
    </>
  );
}

export interface MenuItemProps {
  onAction: () => void;
  icon?: IconName;
  shortcut?: string;
  hint?: string;
  danger?: boolean;
  isDisabled?: boolean;
  id?: string;
  children: string;
}

export function MenuItem({ onAction, icon, shortcut, hint, danger, isDisabled, id, children }: MenuItemProps) {
  const { language } = useWords();
  return (
    <AriaMenuItem
      id={id}
      onAction={onAction}
      isDisabled={isDisabled}
      textValue={children}
      className={classes(styles.item, danger && styles.danger)}
    >
      {icon && <Icon name={icon} />}
      <span className={styles.text}>
        <Text slot="label">{children}</Text>
        {hint && (
          <Text slot="description" className={styles.hint}>
            {hint}
          </Text>
        )}
      </span>
      {/* Drawn by the style, since an item is called by its words alone. */}
      {shortcut && <kbd className={styles.shortcut} data-keys={shortcutLabel(shortcut, language)} />}
    </AriaMenuItem>
  );
}

export function MenuSeparator() {
  return <AriaSeparator className={styles.separator} />;
}
