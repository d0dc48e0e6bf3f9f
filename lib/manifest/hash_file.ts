/**
 * The checksum of one file of a tree, through its directory.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { SyncError } from "../errors.ts";
import type { Entry } from "../model/entry.ts";
import { sameStamp, type Stamp } from "../model/stamp.ts";
import type { Steps } from "../model/steps.ts";
import type { Directory, FileReader } from "../model/tree.ts";
import type { FileHash } from "./algorithm.ts";

/** Bytes that are read at once: they stay in the cache of a core until they are hashed. */
export const READ_BYTES = 262_144;
/** Bytes that are hashed between two steps. */
const STEP_BYTES = 8 << 20;

/** A file and its checksum. */
export interface HashedFile {
  /** The file as it was before and after it was read. */
  readonly entry: Entry;
  /** What tells whether it is another later; `undefined` when its time of change was another after it was read, as
   * after a change of permissions. */
  readonly stamp: Stamp | undefined;
  /** Its checksum. */
  readonly digest: Uint8Array;
}

/**
 * Hashes a file.
 *
 * @param directory Its directory.
 * @param name Its name.
 * @param hash Computes the checksum.
 * @param buffer Room for what is read, at least one byte.
 * @returns Steps; the result is the checksum, and what the file looked like all the time.
 * @throws {SyncError} code `"changed-while-read"` when its size or time changed meanwhile; what opening or reading says
 * otherwise.
 */
export function* hashFile(
  directory: Directory,
  name: string,
  hash: FileHash,
  buffer: Uint8Array,
): Steps<HashedFile> {
  const file = directory.openFile(name);
  try {
    const entry = file.entry();
    const stamp = file.stamp();
    const length = yield* feed(file, hash, buffer);
    if (length !== entry.size || !isAtRest(entry, file.entry())) {
      throw new SyncError("changed-while-read", `Cannot hash "${printable(name)}": it changed while it was read`, {
        path: name,
        hint: "run again when nobody writes to it",
      });
    }
    return { entry, stamp: sameStamp(stamp, file.stamp()) ? stamp : undefined, digest: hash.digest() };
  } finally {
    file.close();
  }
}

/** Hands all of a file to a hash; returns how many bytes that was. */
function* feed(file: FileReader, hash: FileHash, buffer: Uint8Array): Steps<number> {
  hash.begin();
  for (let at = 0, pause = STEP_BYTES;;) {
    const count = file.read(buffer, at);
    if (count === 0) return at;
    hash.update(buffer.subarray(0, count));
    at += count;
    if (at < pause) continue;
    pause = at + STEP_BYTES;
    yield;
  }
}

function isAtRest(before: Entry, after: Entry): boolean {
  return before.size === after.size && before.mtimeSeconds === after.mtimeSeconds &&
    before.mtimeNanoseconds === after.mtimeNanoseconds;
}
