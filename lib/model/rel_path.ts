/**
 * Paths below a root. A {@linkcode RelPath} is proven when it is made, so no code behind it checks again.
 *
 * @module
 */
import { compareNames } from "../bytes/name.ts";
import { printable } from "../bytes/printable.ts";
import { SyncError } from "../errors.ts";

/**
 * A path proven to stay beneath its root: no `..`, no leading `/`, no NUL. The empty path is the root itself. The
 * property is there for the type checker only.
 */
export type RelPath = string & { readonly provenRelPath: true };

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
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const x = a.charCodeAt(at);
    const y = b.charCodeAt(at);
    if (x === y) continue;
    if (x >= 0x80 && y >= 0x80) return compareNames(nameAround(a, at), nameAround(b, at));
    return (x === SLASH ? 0 : x) - (y === SLASH ? 0 : y);
  }
  return a.length - b.length;
}

const SLASH = 0x2f;

function nameAround(path: string, at: number): string {
  const end = path.indexOf("/", at);
  return path.slice(path.lastIndexOf("/", at) + 1, end < 0 ? path.length : end);
}

/**
 * Order of removal: what is in a directory before the directory, otherwise as {@linkcode comparePaths}.
 *
 * @param a One path.
 * @param b The other.
 * @returns Negative, zero or positive.
 */
export function compareForRemoval(a: string, b: string): number {
  if (a.startsWith(`${b}/`)) return -1;
  if (b.startsWith(`${a}/`)) return 1;
  return comparePaths(a, b);
}
