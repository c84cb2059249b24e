/**
 * A tree as the lines that show: what is folded is not there. Pure; the keyboard rules are those of the ARIA tree
 * pattern.
 */

export interface TreeNode {
  id: string;
  /** `null` at the top. */
  parent: string | null;
  /** What type-ahead reads. */
  label: string;
}

export interface TreeLine<Node extends TreeNode> {
  node: Node;
  /** 1 at the top. */
  level: number;
  /** Place among its brothers, from 1, and their count. */
  position: number;
  brothers: number;
  /** `null` for a leaf. */
  expanded: boolean | null;
}

/** The lines of `nodes` (in any order; brothers keep theirs) with `expanded` open. */
export function flatten<Node extends TreeNode>(nodes: readonly Node[], expanded: ReadonlySet<string>): TreeLine<Node>[] {
  const known = new Set(nodes.map((node) => node.id));
  const children = new Map<string | null, Node[]>();
  for (const node of nodes) {
    // A node whose parent is out of sight is shown at the top rather than lost.
    const parent = node.parent !== null && known.has(node.parent) ? node.parent : null;
    const brothers = children.get(parent);
    if (brothers) brothers.push(node);
    else children.set(parent, [node]);
  }
  const lines: TreeLine<Node>[] = [];
  const add = (parent: string | null, level: number) => {
    const brothers = children.get(parent) ?? [];
    brothers.forEach((node, at) => {
      const open = children.has(node.id) ? expanded.has(node.id) : null;
      lines.push({ node, level, position: at + 1, brothers: brothers.length, expanded: open });
      if (open) add(node.id, level + 1);
    });
  };
  add(null, 1);
  return lines;
}

/** Ids of the folders above `id`, nearest first. */
export function ancestors(nodes: readonly TreeNode[], id: string): string[] {
  const parents = new Map(nodes.map((node) => [node.id, node.parent]));
  const above: string[] = [];
  let parent = parents.get(id) ?? null;
  while (parent !== null && parents.has(parent) && !above.includes(parent)) {
    above.push(parent);
    parent = parents.get(parent) ?? null;
  }
  return above;
}

export type TreeStep = { kind: "go"; index: number } | { kind: "expand"; index: number } | { kind: "collapse"; index: number };

/** What a key does on line `at`; `null` for another key, or where there is nothing to do. */
export function treeStep(lines: readonly TreeLine<TreeNode>[], at: number, key: string): TreeStep | null {
  const line = lines[at];
  if (line === undefined) return lines.length > 0 && /^(Arrow|Home|End)/.test(key) ? { kind: "go", index: 0 } : null;
  switch (key) {
    case "ArrowDown":
      return at + 1 < lines.length ? { kind: "go", index: at + 1 } : null;
    case "ArrowUp":
      return at > 0 ? { kind: "go", index: at - 1 } : null;
    case "Home":
      return { kind: "go", index: 0 };
    case "End":
      return { kind: "go", index: lines.length - 1 };
    case "ArrowRight":
      if (line.expanded === null) return null;
      return line.expanded ? { kind: "go", index: at + 1 } : { kind: "expand", index: at };
    case "ArrowLeft": {
      if (line.expanded) return { kind: "collapse", index: at };
      const parent = lines.slice(0, at).findLastIndex((above) => above.level < line.level);
      return parent < 0 ? null : { kind: "go", index: parent };
    }
    default:
      return null;
  }
}
