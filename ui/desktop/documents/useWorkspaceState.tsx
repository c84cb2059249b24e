/** What the panes share, and the questions asked over them: where to move, a folder's name, who would see. */
import { type ReactNode, type Ref, useCallback, useMemo, useState } from "react";
import { useWords } from "../../i18n/i18n";
import { useToasts } from "../../kit/Toast";
import { sourcesOf } from "../../platform/dropped";
import { asFailure } from "../../platform/platform";
import { shortcutLabel } from "../../kit/keys";
import { usePlatform } from "../../platform/PlatformContext";
import type { ClientFileId, NodeId, Theme } from "../../protocol/protocol";
import { useCall } from "../data/calls";
import { useImports } from "../imports/Imports";
import { type AudienceChange, audienceChange } from "./audience";
import { AudienceDialog } from "./AudienceDialog";
import { type FolderNode, moveRefusal, shortPlace } from "./folders";
import { MoveDialog } from "./MoveDialog";
import { NewFolderDialog } from "./NewFolderDialog";
import { useActions } from "./useActions";
import { type Load, moved, useDrag } from "./useDrag";
import type { Workspace } from "./workspace";

export interface WorkspaceOptions {
  clientFile: ClientFileId;
  nodes: readonly FolderNode[];
  shownNodes: readonly FolderNode[];
  folder: NodeId | null;
  openFolder: (folder: NodeId) => void;
  onSpring: (folder: NodeId) => void;
  /** What was moved has left its folder. */
  onGone: () => void;
}

type Asked =
  | { what: "move"; load: Load }
  | { what: "folder"; parent: NodeId }
  | { what: "audience"; load: Load; target: NodeId; change: AudienceChange };

export function useWorkspaceState(options: WorkspaceOptions): { workspace: Workspace; ghost: Ref<HTMLDivElement>; dialogs: ReactNode } {
  const { clientFile, nodes, shownNodes, folder, openFolder, onSpring, onGone } = options;
  const { m, language, failureText } = useWords();
  const platform = usePlatform();
  const toasts = useToasts();
  const imports = useImports();
  const actions = useActions();
  const directory = useCall("list_people", {}).data;
  const client = useCall("get_client_file", { client_file: clientFile }).data;
  const me = useCall("get_overview", {}).data?.me.id ?? null;
  const [asked, setAsked] = useState<Asked | null>(null);
  const [cutLoad, setCutLoad] = useState<Load | null>(null);

  const people = useMemo(() => new Map((directory?.people ?? []).map((person) => [person.id, person])), [directory]);
  const placeOf = useCallback((id: NodeId) => shortPlace(nodes, id), [nodes]);

  const moveNow = useCallback(
    (load: Load, target: NodeId) => {
      void actions.move([...load.documents, ...load.folders], target, shortPlace(nodes, target)).then((done) => done && onGone());
      setCutLoad(null);
    },
    [actions, nodes, onGone],
  );
  const move = useCallback(
    (load: Load, target: NodeId) => {
      const refusal = moveRefusal(nodes, moved(load), target);
      if (refusal !== null) {
        toasts.show({ tone: "plain", text: m.documents.drag[refusal] });
        return;
      }
      const theme = nodes.find((node) => node.id === target)?.folder.theme ?? null;
      const from = themesOf(nodes, load);
      const change =
        theme === null ? { gain: [], lose: [] } : audienceChange(client?.assignments ?? [], [...people.values()], from, theme);
      if (change.gain.length + change.lose.length > 0) setAsked({ what: "audience", load, target, change });
      else moveNow(load, target);
    },
    [nodes, client, people, moveNow, toasts, m],
  );

  const onLeave = useMemo(
    () =>
      platform.capabilities.dragOut
        ? (documents: readonly { id: NodeId }[]) => {
            platform.shell.startDragOut(documents.map(({ id }) => id)).catch((cause: unknown) => {
              toasts.show({ tone: "problem", text: failureText(asFailure(cause)) });
            });
          }
        : null,
    [platform, toasts, failureText],
  );
  const { drag, begin, ghost } = useDrag({ nodes, onDrop: move, onSpring, onLeave });

  const dropPlace = useCallback(
    (id: NodeId) => {
      const name = placeOf(id);
      return { target: id, name, label: m.imports.dropInto(name) };
    },
    [placeOf, m],
  );
  const askImport = useCallback(
    (target: NodeId, what: "files" | "folder") => {
      const place = { target, name: placeOf(target) };
      if (what === "files") imports.pick(place);
      else pickFolder((files) => void imports.start(place, sourcesOf(files)));
    },
    [imports, placeOf],
  );

  const workspace = useMemo<Workspace>(
    () => ({
      clientFile,
      nodes,
      shownNodes,
      people,
      me,
      actions,
      folder,
      openFolder,
      drag,
      beginDrag: begin,
      move,
      cut: new Set([...(cutLoad?.documents ?? []), ...(cutLoad?.folders ?? [])].map((node) => node.id)),
      setCut(load) {
        setCutLoad(load);
        const count = load === null ? 0 : load.documents.length + load.folders.length;
        if (count > 0) toasts.show({ tone: "plain", text: m.documents.said.cut(count, shortcutLabel("mod+v", language)) });
      },
      paste(target) {
        if (cutLoad !== null) move(cutLoad, target);
      },
      askMove: (load) => setAsked({ what: "move", load }),
      askNewFolder: (parent) => setAsked({ what: "folder", parent }),
      askImport,
      placeOf,
      dropPlace,
    }),
    [clientFile, nodes, shownNodes, people, me, actions, folder, openFolder, drag, begin, move, cutLoad, askImport, placeOf, dropPlace, toasts, m, language],
  );

  return { workspace, ghost, dialogs: asked && <Question asked={asked} onClose={() => setAsked(null)} onMove={moveNow} placeOf={placeOf} /> };
}

interface QuestionProps {
  asked: Asked;
  onClose: () => void;
  onMove: (load: Load, target: NodeId) => void;
  placeOf: (folder: NodeId) => string;
}

function Question({ asked, onClose, onMove, placeOf }: QuestionProps) {
  switch (asked.what) {
    case "move":
      return <MoveDialog load={asked.load} onClose={onClose} />;
    case "folder":
      return <NewFolderDialog parent={asked.parent} onClose={onClose} />;
    case "audience":
      return (
        <AudienceDialog
          change={asked.change}
          count={asked.load.documents.length + asked.load.folders.length}
          place={placeOf(asked.target)}
          onConfirm={() => onMove(asked.load, asked.target)}
          onClose={onClose}
        />
      );
  }
}

/** The themes that what moves is seen by, each once. */
function themesOf(nodes: readonly FolderNode[], load: Load): Theme[] {
  const themeOf = (id: NodeId) => nodes.find((node) => node.id === id)?.folder.theme ?? null;
  const themes = [...load.documents.map((row) => themeOf(row.parent)), ...load.folders.map((moving) => moving.theme)];
  return [...new Set(themes.filter((theme) => theme !== null))];
}

function pickFolder(onFiles: (files: FileList) => void) {
  const input = document.createElement("input");
  input.type = "file";
  input.webkitdirectory = true;
  input.addEventListener("change", () => {
    if (input.files) onFiles(input.files);
  });
  input.click();
}
