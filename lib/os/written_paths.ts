/**
 * Paths as they are written: nothing here looks at the file system.
 *
 * @module
 */
import { relative, resolve, sep } from "node:path";

/**
 * The absolute form of a path.
 *
 * @param path Any path.
 * @returns The same from the root of the file system, with `/` between names.
 */
export function absolutePath(path: string): string {
  return withSlashes(resolve(path));
}

/**
 * Where a path lies below a directory, as both are written.
 *
 * @param root The directory.
 * @param path Any path.
 * @returns The rest of the path with `/` between names, or `undefined` when it does not begin with the directory.
 */
export function pathBelow(root: string, path: string): string | undefined {
  const rest = relative(resolve(root), resolve(path));
  if (rest === "" || rest === ".." || rest.startsWith(`..${sep}`) || resolve(rest) === rest) return undefined;
  return withSlashes(rest);
}

function withSlashes(path: string): string {
  return sep === "/" ? path : path.replaceAll(sep, "/");
}
