/**
 * Symlinks of the destination that stand for directories of the source: where such a symlink leads to a directory
 * beneath the root, it is taken for that directory, so that it is entered and kept.
 *
 * @module
 */
import { asSyncError } from "../errors.ts";
import type { Listing } from "../model/listing.ts";
import { childPath, type RelPath } from "../model/rel_path.ts";
import type { Tree, XattrScope } from "../model/tree.ts";
import { deviceOf } from "./carries.ts";
import { openIfThere } from "./open_if_there.ts";

/**
 * Takes symlinks for directories.
 *
 * @param tree The destination, opened so that it passes through symlinks that stay beneath its root.
 * @param path The directory.
 * @param source What it holds at the source.
 * @param destination What it holds at the destination; changed in place.
 * @param xattrs Which extended attributes are compared, if any.
 */
export function keepDirlinks(
  tree: Tree,
  path: RelPath,
  source: Listing,
  destination: Listing,
  xattrs: XattrScope | undefined,
): void {
  for (let index = 0; index < destination.count; index++) {
    if (!destination.isSymlink(index)) continue;
    const at = source.find(destination, index);
    if (at < 0 || !source.isDirectory(at)) continue;
    try {
      keepOne(tree, path, destination, index, xattrs);
    } catch (thrown) {
      destination.setError(index, asSyncError(thrown));
    }
  }
}

function keepOne(tree: Tree, path: RelPath, listing: Listing, index: number, xattrs: XattrScope | undefined): void {
  const directory = openIfThere(tree, childPath(path, listing.name(index)));
  if (directory === undefined) return;
  try {
    const entry = directory.entry();
    const whole = xattrs === undefined ? entry : { ...entry, xattrs: directory.xattrs(undefined, xattrs) };
    listing.setEntry(index, whole, { device: deviceOf(directory), inode: 0, links: 1 });
  } finally {
    directory.close();
  }
}
