/**
 * The palette: go to a client, a folder, a document, or run an action, from the keyboard. The field keeps the focus; the
 * line chosen is told to the screen reader by `aria-activedescendant`.
 */
import { useNavigate } from "@tanstack/react-router";
import { useDeferredValue, useId, useState, type KeyboardEvent } from "react";
import { Dialog, Modal, ModalOverlay } from "react-aria-components";
import { useWords } from "../../i18n/i18n";
import { classes } from "../../kit/classes";
import dialog from "../../kit/Dialog.module.css";
import { Icon } from "../../kit/icons";
import { shortcutLabel } from "../../kit/keys";
import type { SearchHit } from "../../protocol/protocol";
import { useCall } from "../data/calls";
import { paletteGroups, type PaletteEntry } from "./entries";
import styles from "./palette.module.css";
import { usePaletteActions } from "./usePaletteActions";

/** Results asked for: a screenful. */
const LIMIT = 24;

export function Palette({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { m } = useWords();
  return (
    <ModalOverlay isOpen={isOpen} onOpenChange={(open) => !open && onClose()} isDismissable className={dialog.overlay}>
      <Modal className={styles.modal} data-modal="true">
        <Dialog aria-label={m.palette.title} className={styles.dialog}>
          <Content onClose={onClose} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Content({ onClose }: { onClose: () => void }) {
  const { m, language } = useWords();
  const navigate = useNavigate();
  const actions = usePaletteActions();
  const listId = useId();
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(0);
  const asked = useDeferredValue(typed.trim());
  const found = useCall("search", { text: asked, client_file: null, limit: LIMIT }, { enabled: asked !== "" });
  const hits = asked === "" ? [] : (found.data?.hits ?? []);
  const groups = paletteGroups(typed, actions, hits, m.palette);
  const entries = groups.flatMap((group) => group.entries);
  const current = entries[Math.min(active, entries.length - 1)];

  const choose = (entry: PaletteEntry) => {
    onClose();
    if (entry.kind === "action") entry.action.run();
    else go(entry.hit);
  };
  const go = (hit: SearchHit) => {
    const to = "/clients/$client/documents";
    if (hit.kind === "client_file") void navigate({ to, params: { client: hit.id }, search: {} });
    else if (hit.kind === "folder") void navigate({ to, params: { client: hit.client_file }, search: { folder: hit.id } });
    else void navigate({ to, params: { client: hit.client_file }, search: { folder: hit.parent, document: hit.id } });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setActive((at) => Math.max(0, Math.min(entries.length - 1, at + step)));
    } else if (event.key === "Enter" && current && !event.nativeEvent.isComposing) {
      event.preventDefault();
      choose(current);
    }
  };

  return (
    <>
      <div className={styles.box}>
        <Icon name="search" />
        <input
          className={styles.input}
          role="combobox"
          aria-label={m.palette.title}
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={current ? `${listId} ${current.key}`.replaceAll(" ", "-") : undefined}
          placeholder={m.palette.placeholder}
          autoFocus
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div id={listId} role="listbox" aria-label={m.palette.title} className={styles.list}>
        {groups.map((group) => (
          <div key={group.label} role="group" aria-label={group.label}>
            <p className={styles.group} aria-hidden="true">
              {group.label}
            </p>
            {group.entries.map((entry) => (
              // The keyboard goes through the field, which names the active option.
              // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
              <div
                key={entry.key}
                id={`${listId} ${entry.key}`.replaceAll(" ", "-")}
                role="option"
                aria-selected={entry === current}
                ref={entry === current ? bringIntoView : undefined}
                className={classes(styles.entry, entry === current && styles.active)}
                onPointerMove={() => setActive(entries.indexOf(entry))}
                onClick={() => choose(entry)}
              >
                <Line entry={entry} language={language} />
              </div>
            ))}
          </div>
        ))}
        {entries.length === 0 && !found.isFetching && <p className={styles.nothing}>{m.palette.nothing(typed)}</p>}
      </div>
      <p className={styles.hint}>{m.palette.hint}</p>
    </>
  );
}

function bringIntoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: "nearest" });
}

function Line({ entry, language }: { entry: PaletteEntry; language: "fr" | "en" }) {
  if (entry.kind === "action") {
    const { icon, label, shortcut } = entry.action;
    return (
      <>
        <Icon name={icon} />
        <span className={styles.label}>{label}</span>
        {shortcut && <kbd className={styles.key}>{shortcutLabel(shortcut, language)}</kbd>}
      </>
    );
  }
  const { hit } = entry;
  const icons = { client_file: "clients", folder: "folder", document: "file" } as const;
  const place = hit.kind === "client_file" ? "" : [hit.client_name, ...hit.path].join(" › ");
  return (
    <>
      <Icon name={icons[hit.kind]} />
      <span className={styles.label}>{hit.name}</span>
      {place && <span className={styles.place}>{place}</span>}
    </>
  );
}
