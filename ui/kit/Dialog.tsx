/**
 * Dialogs ask for what cannot be told otherwise; sheets show beside the screen. `Confirm` is only for what cannot be
 * undone or changes who sees something.
 */
import type { FormEvent, ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useWords } from "../i18n/i18n";
import { Button, IconButton } from "./Button";
import { classes } from "./classes";
import styles from "./Dialog.module.css";

interface DialogProps {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  /** Buttons at the bottom. */
  foot?: ReactNode;
  wide?: boolean;
  /** Makes the dialog a form: Enter in a field submits. */
  onSubmit?: () => void;
}

export function Dialog({ isOpen, onClose, title, children, foot, wide, onSubmit }: DialogProps) {
  const { m } = useWords();
  const inside = (
    <>
      <header className={styles.head}>
        <Heading slot="title" className={styles.title}>
          {title}
        </Heading>
        <IconButton icon="close" label={m.common.close} size="small" onPress={onClose} />
      </header>
      <div className={styles.body}>{children}</div>
      {foot && <footer className={styles.foot}>{foot}</footer>}
    </>
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit?.();
  };
  return (
    <ModalOverlay isOpen={isOpen} onOpenChange={(open) => !open && onClose()} isDismissable className={styles.overlay}>
      <Modal className={classes(styles.modal, wide && styles.wide)} data-modal="true">
        <AriaDialog className={styles.dialog}>
          {onSubmit ? (
            <form className={styles.dialog} onSubmit={submit} noValidate>
              {inside}
            </form>
          ) : (
            inside
          )}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** A question before something that cannot be undone. */
export function Confirm({ isOpen, onClose, title, text, confirm, onConfirm }: {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  text: string;
  confirm: string;
  onConfirm: () => void;
}) {
  const { m } = useWords();
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={title}
      foot={
        <>
          <Button onPress={onClose} autoFocus>
            {m.common.cancel}
          </Button>
          <Button
            tone="danger"
            onPress={() => {
              onClose();
              onConfirm();
            }}
          >
            {confirm}
          </Button>
        </>
      }
    >
      <p>{text}</p>
    </Dialog>
  );
}

/** A panel at the right edge; a press outside closes it. */
export function Sheet({ isOpen, onClose, label, children }: {
  isOpen: boolean;
  onClose: () => void;
  label: string;
  children: ReactNode;
}) {
  return (
    <ModalOverlay isOpen={isOpen} onOpenChange={(open) => !open && onClose()} isDismissable className={styles.sheetOverlay}>
      <Modal className={styles.sheet} data-modal="true">
        <AriaDialog aria-label={label} className={styles.dialog}>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
