/** Random trees of which entries get other names and places, and some change or go on top of that. */
import fc from "fast-check";
import { type ChangedTree, changedTree } from "./tree_arbitrary.ts";
import { entriesOf, type NodeLiteral, type TreeLiteral } from "./trees.ts";

/** Moves the n-th entry into the m-th directory (none: the root), under a name. */
type Rename = readonly [entry: number, directory: number, name: string];

type Folder = Record<string, NodeLiteral>;

function folderOf(tree: Folder, path: string): Folder {
  let folder = tree;
  for (const name of path.split("/").filter((part) => part !== "")) {
    folder = (folder[name] as { dir: Folder }).dir;
  }
  return folder;
}

/** Renames entries; what would be moved into itself, or onto another one, stays. */
function renamed(tree: TreeLiteral, renames: readonly Rename[]): TreeLiteral {
  const result = structuredClone(tree) as Folder;
  const links = new Set<string>();
  for (const [path, node] of entriesOf(result)) {
    if ("hardLinkOf" in node) links.add(path).add(node.hardLinkOf);
  }
  for (const [entry, directory, name] of renames) {
    const paths = [...entriesOf(result)].map(([path]) => path);
    const path = paths[entry % Math.max(paths.length, 1)];
    // Literals name the first name of a linked file by its path.
    if (path === undefined || [...links].some((link) => link === path || link.startsWith(`${path}/`))) continue;
    const folders = ["", ...[...entriesOf(result)].filter(([, node]) => "dir" in node).map(([each]) => each)];
    const into = folders[directory % folders.length]!;
    if (`${into}/`.startsWith(`${path}/`)) continue;
    const target = folderOf(result, into);
    if (Object.hasOwn(target, name)) continue;
    const slash = path.lastIndexOf("/");
    const from = folderOf(result, path.slice(0, Math.max(slash, 0)));
    target[name] = from[path.slice(slash + 1)]!;
    delete from[path.slice(slash + 1)];
  }
  return result;
}

const renames: fc.Arbitrary<Rename[]> = fc.array(
  fc.tuple(fc.nat(30), fc.nat(9), fc.constantFrom("m1", "m2", "n", "a", "b", "é")),
  { minLength: 1, maxLength: 6 },
);

/** A tree, and the same after renames, with or without other changes. */
export const renamedTree: fc.Arbitrary<ChangedTree> = fc.record({ change: changedTree, renames, isPure: fc.boolean() })
  .map(({ change, renames, isPure }) => {
    const { before, after } = change;
    return { before, after: renamed(isPure ? before : after, renames) };
  });
