/**
 * Paths below a root. A {@linkcode RelPath} is proven when it is made, so no code behind it checks again.
 *
 * @module
 */
import { compareNames } from "../bytes/name.ts";
import { printable } from "../bytes/printable.ts";
import { SyncError } from "../errors.ts";

declare const relPath: unique symbol;

/** A path proven to stay beneath its root: no `..`, no leading `/`, no NUL. The empty path is the root itself. */
export type RelPath = string & { readonly [relPath]: true };

/** The root of a tree. */
export const ROOT: RelPath = "" as RelPath;

/**
 * Proves that a text names something below a root. Everything that arrives from outside comes through here.
 *
 * @param text A path with `/` between names; empty for the root.
 * @returns The same text, typed.
 * @throws {SyncError} code `"path-escape"` when it is absolute, holds NUL, or has a component `.`, `..` or none.
 */
export function parseRelPath(text: string): RelPath {
  if (text === "") return ROOT;
  for (const part of text.split("/")) {
    if (part === "" || part === "." || part === ".." || part.includes("\0")) {
      throw new SyncError("path-escape", `Cannot use path "${printable(text)}": it must stay below its root`, {
        path: text,
      });
    }
  }
  return text as RelPath;
}

/**
 * Joins a directory and the name of an entry that was listed in it.
 *
 * @param directory The directory.
 * @param name A single name as a listing gave it.
 * @returns The path of the entry.
 * @throws {SyncError} code `"path-escape"` when the name is `..`, holds `/`, or is otherwise not a single name.
 */
export function childPath(directory: RelPath, name: string): RelPath {
  if (name === "" || name === "." || name === ".." || name.includes("/") || name.includes("\0")) {
    throw new SyncError("path-escape", `Cannot use name "${printable(name)}": it must be a single name`);
  }
  return (directory === "" ? name : `${directory}/${name}`) as RelPath;
}

/**
 * The directory that holds an entry.
 *
 * @param path Path of the entry.
 * @returns Its directory; the root for a path of one name.
 */
export function parentPath(path: RelPath): RelPath {
  const slash = path.lastIndexOf("/");
  return (slash < 0 ? "" : path.slice(0, slash)) as RelPath;
}

/**
 * The last name of a path.
 *
 * @param path Path of an entry.
 * @returns Its name in its directory; empty for the root.
 */
export function baseName(path: RelPath): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/**
 * Order of a tree: a directory directly before what is in it, names by their bytes.
 *
 * @param a One path.
 * @param b The other.
 * @returns Negative, zero or positive.
 */
export function comparePaths(a: string, b: string): number {
  if (a === b) return 0;
  const left = a.split("/");
  const right = b.split("/");
  const shared = Math.min(left.length, right.length);
  for (let at = 0; at < shared; at++) {
    if (left[at] !== right[at]) return compareNames(left[at]!, right[at]!);
  }
  return left.length - right.length;
}
