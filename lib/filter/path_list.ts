/**
 * A list of paths to transfer as a tree of names, so that a directory is asked for its own names alone.
 *
 * @module
 */
import type { ListedPath } from "./spec.ts";

/** What a list says of one directory. */
export interface PathNode {
  /** Everything in it is listed, and all below. */
  readonly isWhole: boolean;
  /** Its entries are listed, but nothing below them. */
  readonly hasContents: boolean;
  /** Entries that are listed one by one, or lead to some that are. */
  readonly children: ReadonlyMap<string, PathNode>;
}

interface GrowingNode extends PathNode {
  isWhole: boolean;
  hasContents: boolean;
  readonly children: Map<string, GrowingNode>;
}

/** A directory of which everything is listed, and all below. */
export const WHOLE: PathNode = { isWhole: true, hasContents: true, children: new Map() };

/**
 * Makes the tree of a list.
 *
 * @param paths The paths.
 * @param isRecursive Listed directories come with all that is below them.
 * @returns The node of the root.
 */
export function pathTree(paths: readonly ListedPath[], isRecursive: boolean): PathNode {
  const root = emptyNode();
  for (const { path, contents } of paths) {
    let node = root;
    for (const name of path === "" ? [] : path.split("/")) {
      const child = node.children.get(name) ?? emptyNode();
      node.children.set(name, child);
      node = child;
    }
    if (isRecursive) node.isWhole = true;
    else if (contents) node.hasContents = true;
  }
  return root;
}

/**
 * What a list says of an entry.
 *
 * @param node The directory of the entry.
 * @param name Its name.
 * @returns Its node, `undefined` when it is not listed.
 */
export function childNode(node: PathNode, name: string): PathNode | undefined {
  if (node.isWhole) return WHOLE;
  return node.children.get(name) ?? (node.hasContents ? NOT_LISTED : undefined);
}

/** A directory of which nothing is listed. */
export const NOT_LISTED: PathNode = { isWhole: false, hasContents: false, children: new Map() };

function emptyNode(): GrowingNode {
  return { isWhole: false, hasContents: false, children: new Map() };
}
