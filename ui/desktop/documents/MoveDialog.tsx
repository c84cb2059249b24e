/** Where to? A list of folders narrowed by what is typed; arrows and Enter choose. */
import { type KeyboardEvent, useMemo, useState } from "react";
import { useWords } from "../../i18n/i18n";
import { Button } from "../../kit/Button";
import { Dialog } from "../../kit/Dialog";
import { SearchField } from "../../kit/Field";
import { folded } from "../../kit/grid/typeAhead";
import { Icon } from "../../kit/icons";
import shared from "./documents.module.css";
import styles from "./overlays.module.css";
import { type FolderNode, moveRefusal, shortPlace } from "./folders";
import { type Load, moved } from "./useDrag";
import { useWorkspace } from "./workspace";

/** Lines shown at most: whoever looks further types a letter more. */
const SHOWN = 60;

export interface Destination {
  node: FolderNode;
  place: string;
}

/** The folders a load can go to whose place has every word typed. Those of the fiscal year shown come first. */
export function destinations(
  nodes: readonly FolderNode[],
  shown: readonly FolderNode[],
  load: Load,
  text: string,
): Destination[] {
  const words = folded(text).split(/\s+/).filter(Boolean);
  const near = new Set(shown.map((node) => node.id));
  const fits = nodes
    .filter((node) => moveRefusal(nodes, moved(load), node.id) === null)
    .map((node) => ({ node, place: shortPlace(nodes, node.id) }))
    .filter(({ place, node }) => words.every((word) => folded(`${place} ${node.folder.name}`).includes(word)));
  return [...fits.filter(({ node }) => near.has(node.id)), ...fits.filter(({ node }) => !near.has(node.id))];
}

export function MoveDialog({ load, onClose }: { load: Load; onClose: () => void }) {
  const { m } = useWords();
  const words = m.documents.moveTo;
  const { nodes, shownNodes, move } = useWorkspace();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const found = useMemo(() => destinations(nodes, shownNodes, load, text), [nodes, shownNodes, load, text]);
  const chosen = found[Math.min(at, found.length - 1)];

  const go = (destination: Destination | undefined) => {
    if (destination === undefined) return;
    onClose();
    move(load, destination.node.id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setAt(Math.min(at + 1, Math.min(found.length, SHOWN) - 1));
    else if (event.key === "ArrowUp") setAt(Math.max(0, at - 1));
    else if (event.key === "Enter") go(chosen);
    else return;
    event.preventDefault();
  };

  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={words.title(load.documents.length + load.folders.length)}
      foot={
        <>
          <Button onPress={onClose}>{m.common.cancel}</Button>
          <Button tone="primary" isDisabled={chosen === undefined} onPress={() => go(chosen)}>
            {words.move}
          </Button>
        </>
      }
    >
      <SearchField
        label={words.search}
        value={text}
        autoFocus
        onChange={(value) => {
          setText(value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      {found.length === 0 ? (
        <p className={styles.noDestination}>{words.none}</p>
      ) : (
        <div className={styles.destinations} role="listbox" aria-label={words.folders}>
          {found.slice(0, SHOWN).map((destination, index) => (
            <div
              key={destination.node.id}
              role="option"
              tabIndex={-1}
              aria-selected={destination === chosen}
              ref={destination === chosen ? (line) => line?.scrollIntoView?.({ block: "nearest" }) : undefined}
              onPointerDown={(event) => {
                event.preventDefault();
                setAt(index);
              }}
              onDoubleClick={() => go(destination)}
            >
              <Icon name="folder" className={shared.folderIcon} />
              <span>{destination.place}</span>
              <small>{yearOf(nodes, destination.node)}</small>
            </div>
          ))}
        </div>
      )}
    </Dialog>
  );
}

/** The year folder a folder stands in: two years have the same places. */
function yearOf(nodes: readonly FolderNode[], node: FolderNode): string {
  if (node.folder.fiscal_year === null) return "";
  const year = nodes.find((each) => each.folder.fiscal_year === node.folder.fiscal_year && each.folder.theme === null);
  return year?.label ?? "";
}
