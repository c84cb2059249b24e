/** A one-use link to hand over. */
import { useState } from "react";
import { useWords } from "../../i18n/i18n";
import { Button } from "../../kit/Button";
import { Dialog } from "../../kit/Dialog";
import styles from "./settings.module.css";

export function InvitationDialog({ name, link, onClose }: { name: string; link: string; onClose: () => void }) {
  const { m } = useWords();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link);
      setCopied(true);
    } catch {
      // Not every webview gives the clipboard: the link stays selectable, which is said by its own look.
      setCopied(false);
    }
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={m.settings.inviteTitle(name)}
      foot={
        <>
          <Button onPress={onClose}>{m.common.close}</Button>
          <Button tone="primary" icon={copied ? "check" : "copy"} onPress={() => void copy()}>
            {copied ? m.settings.inviteCopied : m.settings.inviteCopy}
          </Button>
        </>
      }
    >
      <p>{m.settings.inviteText}</p>
      <p className={`${styles.link} selectable`}>{link}</p>
    </Dialog>
  );
}
