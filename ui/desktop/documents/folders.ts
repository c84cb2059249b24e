/** A client file's folders as the tree shows them: narrowed to a fiscal year, labelled as people read them. Pure. */
import { ancestors, type TreeNode } from "../../kit/tree/flatten";
import type { FiscalYearId, FolderView, NodeId, TreeView } from "../../protocol/protocol";

export interface FolderNode extends TreeNode {
  folder: FolderView;
  /** Documents not yet opened directly here, and below. */
  unread: { own: number; below: number };
}

/** The label of a folder: a month as people say it, else its name. */
export function folderLabel(folder: FolderView, month: (value: string) => string): string {
  return folder.month === null ? folder.name : month(folder.month);
}

/** The folders to show. `year` narrows the annual folders; what belongs to no year always shows. */
export function folderNodes(tree: TreeView, year: FiscalYearId | null, month: (value: string) => string): FolderNode[] {
  const inChildren = new Map<NodeId, number>();
  for (const folder of tree.folders) inChildren.set(folder.parent, (inChildren.get(folder.parent) ?? 0) + folder.unread);
  return tree.folders
    .filter((folder) => year === null || folder.fiscal_year === null || folder.fiscal_year === year)
    .map((folder) => {
      const below = Math.min(folder.unread, inChildren.get(folder.id) ?? 0);
      return {
        id: folder.id,
        parent: folder.parent === tree.root ? null : folder.parent,
        label: folderLabel(folder, month),
        folder,
        unread: { own: folder.unread - below, below },
      };
    });
}

/** The folders from the top down to `id`, itself included; empty where it is not of the tree. */
export function trail(nodes: readonly FolderNode[], id: NodeId): FolderNode[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const last = byId.get(id);
  if (last === undefined) return [];
  const above = ancestors(nodes, id).flatMap((each) => byId.get(each) ?? []);
  return [...above.toReversed(), last];
}

/** The trail in what says something: the containers above are left out, the year stays. */
export function crumbs(nodes: readonly FolderNode[], id: NodeId): FolderNode[] {
  const path = trail(nodes, id);
  return path.filter((node, at) => at === path.length - 1 || node.folder.theme !== null || node.folder.fiscal_year !== null);
}

/** A place in few words, `Achats › mars 2026`: containers and years, which say nothing new, are left out. */
export function shortPlace(nodes: readonly FolderNode[], id: NodeId): string {
  const whole = trail(nodes, id);
  const themed = whole.filter((node) => node.folder.theme !== null);
  return (themed.length > 0 ? themed : whole).map((node) => node.label).join(" › ");
}

/** Whether `inner` is `outer` or stands in it. */
export function isInside(nodes: readonly FolderNode[], inner: NodeId, outer: NodeId): boolean {
  return inner === outer || ancestors(nodes, inner).includes(outer);
}

/** Why nodes cannot be put in a folder; `null` where they can. */
export function moveRefusal(
  nodes: readonly FolderNode[],
  moved: { parents: readonly NodeId[]; folders: readonly NodeId[] },
  target: NodeId,
): "container" | "here_already" | "into_itself" | null {
  const folder = nodes.find((node) => node.id === target)?.folder;
  if (folder === undefined || folder.theme === null) return "container";
  if (moved.folders.some((each) => isInside(nodes, target, each))) return "into_itself";
  if (moved.parents.length > 0 && moved.parents.every((parent) => parent === target)) return "here_already";
  return null;
}

/**
 * The folder to open on when none is asked for: the one looked at last, else the first that has something new, else the
 * first that takes documents.
 */
export function firstFolder(nodes: readonly FolderNode[], last: NodeId | null): NodeId | null {
  const first =
    nodes.find((node) => node.id === last) ??
    nodes.find((node) => node.unread.own > 0) ??
    nodes.find((node) => node.folder.theme !== null) ??
    nodes[0];
  return first?.id ?? null;
}

/**
 * The folder of another fiscal year that stands for `id`: same directory, same month of the year where it has one, else
 * the nearest folder above that both years have. `id` itself where it belongs to no year.
 */
export function counterpart(nodes: readonly FolderNode[], id: NodeId, year: FiscalYearId): NodeId {
  const path = trail(nodes, id);
  const from = path.findIndex((node) => node.folder.fiscal_year !== null);
  const top = path[from];
  if (top === undefined || top.folder.fiscal_year === year) return id;
  let found = nodes.find((node) => node.parent === top.parent && node.folder.fiscal_year === year);
  if (found === undefined) return id;
  for (const step of path.slice(from + 1)) {
    const inside: FolderNode[] = nodes.filter((node) => node.parent === found?.id);
    const same = inside.find((node) =>
      step.folder.month === null ? node.folder.name === step.folder.name : node.folder.month?.slice(4) === step.folder.month.slice(4),
    );
    if (same === undefined) break;
    found = same;
  }
  return found.id;
}
