/**
 * The repairs of one scrub: files are restored from a replica as they are found to have decayed.
 *
 * @module
 */
import { repairFile } from "../../lib/apply/repair_file.ts";
import { type Known, sameChecksum } from "../../lib/catalog/known.ts";
import { printable } from "../../lib/bytes/printable.ts";
import { SyncError } from "../../lib/errors.ts";
import type { FileHash } from "../../lib/manifest/algorithm.ts";
import { hashFile, READ_BYTES } from "../../lib/manifest/hash_file.ts";
import type { Env } from "../../lib/model/env.ts";
import { TemporaryNames } from "../../lib/model/leftover.ts";
import { baseName, parentPath, type RelPath } from "../../lib/model/rel_path.ts";
import { sameStamp, type Stamp } from "../../lib/model/stamp.ts";
import type { Steps } from "../../lib/model/steps.ts";
import type { Directory, Tree } from "../../lib/model/tree.ts";
import { openIfThere } from "../../lib/scan/open_if_there.ts";

/** What repairs are made with. */
export interface RepairsInit {
  /** The tree with the files. */
  readonly tree: Tree;
  /** The tree that they are restored from. */
  readonly replica: Tree;
  /** Computes the checksums that the catalog keeps. */
  readonly hash: FileHash;
  /** The world. */
  readonly env: Env;
}

/** Attributes and lists belong to a file that is restored. */
const SCOPE = { attributes: true, lists: true };

/** See the module comment. */
export class Repairs {
  readonly #init: RepairsInit;
  readonly #names: TemporaryNames;
  readonly #buffer = new Uint8Array(READ_BYTES);
  /** What was restored, by what it was before: further names of one file become names of the restored one. */
  readonly #restored = new Map<string, RelPath>();

  /** Takes over what repairs are made with. */
  constructor(init: RepairsInit) {
    this.#init = init;
    this.#names = new TemporaryNames(init.env.randomHex(12));
  }

  /**
   * Whether a file is a further name of one that was restored: restoring it changed the time of change of the others.
   *
   * @param path The file.
   * @param known What is known of it.
   * @param stamp What it was when it was read.
   * @returns Whether it has decayed with the other.
   */
  isTwin(path: RelPath, known: Known, stamp: Stamp): boolean {
    const { ctimeSeconds, ctimeNanoseconds } = stamp;
    if (this.#restored.size === 0 || !sameStamp({ ...known.stamp, ctimeSeconds, ctimeNanoseconds }, stamp)) {
      return false;
    }
    const directory = this.#init.tree.open(parentPath(path));
    try {
      return this.#restored.has(directory.identityOf(baseName(path)) ?? "");
    } finally {
      directory.close();
    }
  }

  /**
   * Restores a file.
   *
   * @param path The file.
   * @param known What is known of it.
   * @returns Steps.
   * @throws {SyncError} code `"replica-unproven"` when the replica does not have it as it is known; it is untouched then.
   */
  *repair(path: RelPath, known: Known): Steps {
    const { tree, replica } = this.#init;
    const directory = tree.open(parentPath(path));
    let good: Directory | undefined;
    try {
      const identity = directory.identityOf(baseName(path));
      const twin = identity === undefined ? undefined : this.#restored.get(identity);
      good = twin === undefined ? openIfThere(replica, parentPath(path)) : tree.open(parentPath(twin));
      if (good === undefined) throw missing(path);
      yield* repairFile({
        path,
        directory,
        name: baseName(path),
        stamp: known.stamp,
        replica: { directory: good, name: baseName(twin ?? path) },
        isTwin: twin !== undefined,
        temporary: this.#names.next(),
        xattrs: tree.capabilities.xattrs ? SCOPE : undefined,
        isProven: (where, name) => this.#isProven(where, name, known),
      });
      if (identity !== undefined && twin === undefined) this.#restored.set(identity, path);
    } finally {
      directory.close();
      good?.close();
    }
  }

  *#isProven(directory: Directory, name: string, { checksum }: Known): Steps<boolean> {
    if (directory.lookup(name)?.kind !== "file") return false;
    return sameChecksum((yield* hashFile(directory, name, this.#init.hash, this.#buffer)).digest, checksum);
  }
}

function missing(path: RelPath): SyncError {
  return new SyncError("replica-unproven", `Cannot repair "${printable(path)}": the replica does not have it`, {
    path,
    hint: "name another replica",
  });
}
