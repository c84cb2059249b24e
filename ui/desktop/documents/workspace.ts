/** What the panes of one client file's workspace share. */
import { createContext, useContext } from "react";
import type { DropPlace } from "../../platform/drop";
import type { ClientFileId, DocumentRow, FolderView, NodeId, PersonView } from "../../protocol/protocol";
import type { FolderNode } from "./folders";
import type { Actions } from "./useActions";
import type { Drag, Load } from "./useDrag";

export interface Workspace {
  clientFile: ClientFileId;
  /** Every folder, whatever the fiscal year shown. */
  nodes: readonly FolderNode[];
  /** The folders shown. */
  shownNodes: readonly FolderNode[];
  people: ReadonlyMap<string, PersonView>;
  me: string | null;
  actions: Actions;
  folder: NodeId | null;
  openFolder: (folder: NodeId) => void;
  /** What is being dragged. */
  drag: Drag | null;
  beginDrag: (load: () => Load, event: React.PointerEvent<HTMLElement>) => void;
  /** Moves, after a question where the move changes who sees something. */
  move: (load: Load, target: NodeId) => void;
  /** Ids cut, waiting for a folder. */
  cut: ReadonlySet<NodeId>;
  setCut: (load: Load | null) => void;
  /** Moves what is cut. */
  paste: (target: NodeId) => void;
  askMove: (load: Load) => void;
  askNewFolder: (parent: NodeId) => void;
  /** Asks for files, or for a folder, of this disk. */
  askImport: (target: NodeId, what: "files" | "folder") => void;
  placeOf: (folder: NodeId) => string;
  /** A folder as a place for files from outside. */
  dropPlace: (folder: NodeId) => DropPlace;
}

const WorkspaceContext = createContext<Workspace | null>(null);
export const WorkspaceProvider = WorkspaceContext.Provider;

export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext);
  if (workspace === null) throw new Error("BUG: a pane of the workspace is used outside of it");
  return workspace;
}

/** Documents alone, as a load. */
export function documentsOf(documents: readonly DocumentRow[]): Load {
  return { documents, folders: [] };
}

/** One folder, as a load. */
export function folderOf(folder: FolderView): Load {
  return { documents: [], folders: [folder] };
}

/** Name of somebody; nothing for who has left. */
export function nameOf(people: ReadonlyMap<string, PersonView>, id: string): string {
  const person = people.get(id);
  return person ? `${person.first_name} ${person.last_name}` : "";
}
