/**
 * Where a catalog may be.
 *
 * @module
 */
import { printable } from "../../lib/bytes/printable.ts";
import { SyncError } from "../../lib/errors.ts";
import { pathBelow } from "../../lib/os/open_tree.ts";

/**
 * Refuses a catalog inside of a tree that it describes: it would change whenever it is asked, and be mirrored and
 * removed like any other file.
 *
 * @param file Path of the catalog.
 * @param roots The trees.
 * @throws {SyncError} code `"overlap"`.
 */
export function guardCatalogPlace(file: string, roots: readonly string[]): void {
  for (const root of roots) {
    if (pathBelow(file, root) === undefined) continue;
    throw new SyncError(
      "overlap",
      `Cannot keep the catalog in "${printable(file)}": it is inside of "${printable(root)}", which it describes`,
      { path: file, hint: "keep it beside the tree, such as in the directory above it" },
    );
  }
}
