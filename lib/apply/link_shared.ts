/**
 * Makes the files of a new directory further names of those of a basis, one call for each. What cannot be linked is
 * copied.
 *
 * @module
 */
import { asSyncError } from "../errors.ts";
import { childPath, type RelPath } from "../model/rel_path.ts";
import { WORD, WORDS } from "../model/listing.ts";
import type { Steps } from "../model/steps.ts";
import type { Directory } from "../model/tree.ts";
import type { WriteFile } from "../plan/action.ts";
import type { SharedEntries } from "../plan/shared_entries.ts";
import type { ApplyContext } from "./context.ts";

/** Why a file of a basis may be of no use: too many names, another file system, not ours to link, gone. */
export const CANNOT_LEND: ReadonlySet<string> = new Set([
  "too-many-links",
  "unsupported",
  "permission",
  "drift",
  "vanished",
]);

const STEP_EVERY = 64;

/** What is linked, and where. */
export interface Sharing {
  /** The files. */
  readonly shared: SharedEntries;
  /** Number of the basis. */
  readonly index: number;
  /** The directory of the basis. */
  readonly basis: Directory;
  /** The directory of the destination. */
  readonly destination: Directory;
  /** Its path. */
  readonly path: RelPath;
}

/**
 * Links files.
 *
 * @param context Surroundings.
 * @param sharing What and where.
 * @returns Steps; the result is what is left to be copied.
 * @throws {SyncError} code `"no-space"` when the destination is full.
 */
export function* linkShared(context: ApplyContext, sharing: Sharing): Steps<WriteFile[]> {
  const { shared } = sharing;
  const left: WriteFile[] = [];
  const told = { files: 0, bytes: 0 };
  try {
    for (let index = 0; index < shared.count; index++) {
      if (!isFree(context, shared, index) || !linkOne(context, sharing, index)) left.push(copyOf(sharing, index));
      else if (context.outcome.shared === undefined) context.outcome.applied(linkOf(sharing, index));
      else {
        told.files++;
        told.bytes += shared.source.size(shared.at(index));
      }
      if (index % STEP_EVERY === STEP_EVERY - 1) yield;
    }
  } finally {
    context.outcome.shared?.(told.files, told.bytes);
  }
  return left;
}

function isFree({ lent }: ApplyContext, shared: SharedEntries, index: number): boolean {
  if (lent === undefined) return true;
  const { words } = shared.basis;
  const at = shared.other(index) * WORDS;
  return lent.take(words[at + WORD.inodeLow]!, words[at + WORD.inodeHigh]!);
}

function linkOne(context: ApplyContext, { shared, basis, destination }: Sharing, index: number): boolean {
  const at = shared.at(index);
  try {
    if (destination.linkListed !== undefined) destination.linkListed(basis, shared.source, at);
    else {
      const name = shared.source.name(at);
      destination.link(name, basis, name);
    }
    return true;
  } catch (thrown) {
    if (!CANNOT_LEND.has(asSyncError(thrown).code)) throw thrown;
    context.outcome.notLinked?.();
    return false;
  }
}

function copyOf({ shared, path }: Sharing, index: number): WriteFile {
  const at = shared.at(index);
  return {
    op: "write-file",
    path: childPath(path, shared.source.name(at)),
    want: shared.source.entry(at),
    reasons: ["missing"],
  };
}

function linkOf(sharing: Sharing, index: number): WriteFile {
  const found = sharing.shared.basis.entry(sharing.shared.other(index));
  return { ...copyOf(sharing, index), basis: { index: sharing.index, found, links: true } };
}
