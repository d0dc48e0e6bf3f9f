/** Literals of trees inside of others. */
import type { NodeLiteral, TreeLiteral } from "../../lib/model/memory_tree.ts";

/** A literal as a directory of another one: hard links name their file from the root. */
export function placed(literal: TreeLiteral, top: string): NodeLiteral {
  const moved = (tree: TreeLiteral): TreeLiteral =>
    Object.fromEntries(
      Object.entries(tree).map(([name, node]) => [
        name,
        "hardLinkOf" in node
          ? { hardLinkOf: `${top}/${node.hardLinkOf}` }
          : "dir" in node
          ? { ...node, dir: moved(node.dir) }
          : node,
      ]),
    );
  return { dir: moved(literal) };
}
