/** A document in large, over everything. Space or Escape closes it, the arrows go through the list underneath. */
import type { KeyboardEvent } from "react";
import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useWords } from "../../i18n/i18n";
import { IconButton } from "../../kit/Button";
import type { DocumentRow } from "../../protocol/protocol";
import { FileIcon } from "../preview/FileIcon";
import { Preview } from "../preview/Preview";
import shared from "./documents.module.css";
import styles from "./overlays.module.css";
import { useReadMark } from "./useReadMark";
import { useWorkspace } from "./workspace";

export interface QuickLookProps {
  row: DocumentRow;
  /** Its place in the list, from 0, and the count of lines. */
  at: number;
  total: number;
  onGo: (direction: 1 | -1) => void;
  onOpen: (row: DocumentRow) => void;
  onClose: () => void;
}

export function QuickLook({ row, at, total, onGo, onOpen, onClose }: QuickLookProps) {
  const { m, f } = useWords();
  const words = m.documents.quickLook;
  const { actions } = useWorkspace();
  useReadMark(row, actions);

  const onKeyDown = (event: KeyboardEvent) => {
    const onControl = (event.target as HTMLElement).closest("button") !== null;
    if (event.key === " " && !onControl) onClose();
    else if (event.key === "ArrowDown" || event.key === "ArrowRight") onGo(1);
    else if (event.key === "ArrowUp" || event.key === "ArrowLeft") onGo(-1);
    else if (event.key === "Enter" && !onControl) onOpen(row);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <ModalOverlay isOpen isDismissable onOpenChange={(open) => !open && onClose()} className={styles.quickOverlay}>
      <Modal className={styles.quickModal} data-modal="true">
        {/* Around the dialog, which has the keyboard itself until a control inside takes it. */}
        <div className={styles.quickBody} role="none" onKeyDownCapture={onKeyDown}>
          <Dialog className={styles.quickLook} aria-label={words.title(row.name)}>
            <header className={styles.quickHead}>
              <FileIcon name={row.name} />
              <Heading slot="title" level={2}>
                {row.name}
              </Heading>
              <span className={shared.quiet}>{f.bytes(row.size)}</span>
              {at >= 0 && <span className={shared.quiet}>{words.place(at + 1, total)}</span>}
              <IconButton icon="chevronUp" label={words.previous} size="small" isDisabled={at <= 0} onPress={() => onGo(-1)} />
              <IconButton icon="chevronDown" label={words.next} size="small" isDisabled={at + 1 >= total} onPress={() => onGo(1)} />
              <IconButton icon="external" label={m.documents.menu.open} shortcut="enter" size="small" onPress={() => onOpen(row)} />
              <IconButton icon="close" label={m.common.close} shortcut="space" size="small" onPress={onClose} />
            </header>
            <div className={styles.quickPreview}>
              <Preview document={row.id} version={row.version} name={row.name} size={row.size} />
            </div>
          </Dialog>
        </div>
      </Modal>
    </ModalOverlay>
  );
}
