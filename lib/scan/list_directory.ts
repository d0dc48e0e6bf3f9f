/**
 * Lists one directory: names and metadata, symlink targets, and on request extended attributes.
 *
 * @module
 */
import { asSyncError } from "../errors.ts";
import type { Listing } from "../model/listing.ts";
import type { Steps } from "../model/steps.ts";
import type { Directory, XattrScope } from "../model/tree.ts";

/** What is read beside names and metadata. */
export interface ListExtras {
  /** Whether symlink targets are read. */
  readonly targets: boolean;
  /** Which extended attributes are read, if any. */
  readonly xattrs: XattrScope | undefined;
}

/**
 * Fills a listing with the entries of a directory.
 *
 * @param directory An open directory.
 * @param listing Emptied first.
 * @param extras What else is read.
 * @returns Steps; done when the listing is complete.
 * @throws {SyncError} when the directory cannot be listed to its end. An entry that cannot be read is marked instead.
 */
export function* listDirectory(directory: Directory, listing: Listing, extras: ListExtras): Steps {
  listing.clear();
  while (directory.list(listing)) yield;
  if (!extras.targets && extras.xattrs === undefined) return;
  for (let index = 0; index < listing.count; index++) {
    if (listing.error(index) !== undefined) continue;
    if (extras.xattrs === undefined && !listing.isSymlink(index)) continue;
    readExtras(directory, listing, index, extras);
  }
}

function readExtras(directory: Directory, listing: Listing, index: number, extras: ListExtras): void {
  const name = listing.name(index);
  try {
    if (extras.targets && listing.isSymlink(index)) listing.setTarget(index, directory.readLink(name));
    if (extras.xattrs !== undefined) listing.setXattrs(index, directory.xattrs(name, extras.xattrs));
  } catch (thrown) {
    listing.setError(index, asSyncError(thrown));
  }
}
