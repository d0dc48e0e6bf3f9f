/**
 * The files of a directory of the destination that a new one may be made of. A directory is listed when the first of its
 * files asks, and not again for the others.
 *
 * @module
 */
import { chooseSimilar, type SimilarFile } from "../delta/similar_file.ts";
import type { Entry } from "../model/entry.ts";
import { Listing } from "../model/listing.ts";
import { baseName, parentPath, type RelPath } from "../model/rel_path.ts";
import type { Directory, Tree } from "../model/tree.ts";
import type { ApplyContext } from "./context.ts";

/**
 * Looks for a file that is like another one.
 *
 * @param context Surroundings.
 * @param directory The open directory at hand; what was listed is remembered as long as it is.
 * @param path Path of the other one, in that directory.
 * @param want What it is.
 * @param leastBytes Smaller files are not worth it.
 * @returns A name, or `undefined` when there is none.
 */
export function similarIn(
  context: ApplyContext,
  directory: Directory,
  path: RelPath,
  want: Entry,
  leastBytes: number,
): string | undefined {
  const { destination, similar } = context;
  let files = similar.get(directory);
  if (files === undefined) similar.set(directory, files = filesOf(destination, parentPath(path), leastBytes));
  return chooseSimilar({ ...want, name: baseName(path) }, files)?.name;
}

/** The directory at hand was listed before, so it is opened once more. */
function filesOf(tree: Tree, path: RelPath, leastBytes: number): SimilarFile[] {
  const listing = new Listing();
  listing.clear();
  const directory = tree.open(path);
  try {
    while (directory.list(listing));
  } finally {
    directory.close();
  }
  const files: SimilarFile[] = [];
  for (let index = 0; index < listing.count; index++) {
    if (listing.error(index) !== undefined || listing.isTemporary(index)) continue;
    const { kind, size, mtimeSeconds, mtimeNanoseconds } = listing.entry(index);
    if (kind !== "file" || size < leastBytes) continue;
    files.push({ name: listing.name(index), size, mtimeSeconds, mtimeNanoseconds });
  }
  return files;
}
