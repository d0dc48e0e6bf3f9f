/**
 * Opens a directory that may not be there any more.
 *
 * @module
 */
import { asSyncError } from "../errors.ts";
import type { RelPath } from "../model/rel_path.ts";
import type { Directory, Tree } from "../model/tree.ts";

/**
 * Opens a directory, if there is one.
 *
 * @param tree The tree.
 * @param path Where it is, or was.
 * @returns The directory; `undefined` when there is nothing, or something else.
 */
export function openIfThere(tree: Tree, path: RelPath): Directory | undefined {
  try {
    return tree.open(path);
  } catch (thrown) {
    const { code } = asSyncError(thrown);
    if (code === "vanished" || code === "not-directory" || code === "symlink-refused") return undefined;
    throw thrown;
  }
}
