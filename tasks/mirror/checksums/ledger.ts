/**
 * A thread's view of the catalog: compares files by checksums that are known or computed, finds files of the source that
 * decayed before they are carried, and notes what it has read.
 *
 * What is checked when: before the first change every file of the source that is to be written, and that the catalog
 * knows as it is now by size, times and inode, is read and must have the content that is known. With `checksum` files
 * of equal size are compared by their checksums, read only where the catalog does not know them as they are (all of
 * them with `paranoid`). A file that is not written is not read otherwise, and overwrites nothing.
 *
 * @module
 */
import type { Catalog } from "../../../lib/catalog/catalog.ts";
import { judge } from "../../../lib/catalog/judge.ts";
import { type Known, sameChecksum } from "../../../lib/catalog/known.ts";
import { asSyncError, atSide, type Side } from "../../../lib/errors.ts";
import type { FileHash } from "../../../lib/manifest/algorithm.ts";
import { type HashedFile, hashFile, READ_BYTES } from "../../../lib/manifest/hash_file.ts";
import type { Env } from "../../../lib/model/env.ts";
import { baseName, childPath, type RelPath } from "../../../lib/model/rel_path.ts";
import { sameStamp, type Stamp } from "../../../lib/model/stamp.ts";
import type { Steps } from "../../../lib/model/steps.ts";
import type { Directory } from "../../../lib/model/tree.ts";
import type { Action } from "../../../lib/plan/action.ts";
import { addRotten, type ChecksumFindings, type ChecksumRules, emptyChecksumFindings } from "./rules.ts";

/** What a ledger is made with. */
export interface LedgerInit {
  /** The rules of the run. */
  readonly rules: ChecksumRules;
  /** The catalog, of this thread. */
  readonly catalog: Catalog;
  /** Computes checksums, for this thread. */
  readonly hash: FileHash;
  /** The world. */
  readonly env: Env;
  /** What became of the catalog; filled by whoever opened it. */
  readonly warnings: ChecksumFindings["warnings"];
}

/** A file of one side. */
interface SidedFile {
  readonly side: Side;
  readonly path: RelPath;
  readonly directory: Directory;
  readonly name: string;
}

/** The pages of one directory of one side. */
interface Page {
  readonly path: RelPath;
  readonly known: ReadonlyMap<string, Known>;
}

/** See the module comment. */
export class Ledger {
  readonly #rules: ChecksumRules;
  readonly #catalog: Catalog;
  readonly #hash: FileHash;
  readonly #env: Env;
  readonly #warnings: ChecksumFindings["warnings"];
  readonly #buffer = new Uint8Array(READ_BYTES);
  readonly #pages = new Map<Side, Page>();
  #findings = emptyChecksumFindings();

  /** Takes over what it is made with. */
  constructor({ rules, catalog, hash, env, warnings }: LedgerInit) {
    this.#rules = rules;
    this.#catalog = catalog;
    this.#hash = hash;
    this.#env = env;
    this.#warnings = warnings;
  }

  /** Hands over what was found, writes what was noted, and starts anew. */
  take(): ChecksumFindings {
    this.#pages.clear();
    this.#catalog.flush();
    const found = this.#findings;
    found.warnings.push(...this.#warnings.splice(0));
    this.#findings = emptyChecksumFindings();
    return found;
  }

  /** Writes what was noted, and releases the catalog. */
  close(): void {
    this.#catalog.close();
  }

  /**
   * Whether a file of the source and one of the destination have the same checksum.
   *
   * @param path Their directory.
   * @param name Their name.
   * @param sides Both directories, and what was listed of the files.
   * @returns Steps; the result is the answer.
   * @throws {SyncError} when one of them cannot be read.
   */
  *sameContent(
    path: RelPath,
    name: string,
    sides: Readonly<Record<Side, { readonly directory: Directory; readonly stamp: Stamp }>>,
  ): Steps<boolean> {
    const { source, destination } = sides;
    const mine = yield* this.#checksumOf({ side: "source", path, name, directory: source.directory }, source.stamp);
    const theirs = yield* this.#checksumOf(
      { side: "destination", path, name, directory: destination.directory },
      destination.stamp,
    );
    return sameChecksum(mine, theirs);
  }

  /**
   * Looks for files of the source that decayed among those that are to be written.
   *
   * @param path A directory.
   * @param directory The same, open at the source.
   * @param actions What is to be done there.
   * @returns Steps.
   */
  *guard(path: RelPath, directory: Directory, actions: Iterable<Action | undefined>): Steps {
    if (!this.#rules.guards) return;
    for (const action of actions) {
      if (action === undefined || !readsSource(action)) continue;
      const file: SidedFile = { side: "source", path, directory, name: baseName(action.path) };
      if (this.#knownOf(file) !== undefined && (yield* this.#isRotten(file))) {
        addRotten(this.#findings, childPath(path, file.name));
      }
    }
  }

  /**
   * Notes files of the source that were written to the destination.
   *
   * @param path A directory.
   * @param directory The same, open at the source.
   * @param actions What was done there.
   * @param failed Paths of what failed.
   * @returns Steps.
   */
  *learn(path: RelPath, directory: Directory, actions: Iterable<Action>, failed: ReadonlySet<RelPath>): Steps {
    for (const action of actions) {
      if (!readsSource(action) || failed.has(action.path)) continue;
      yield* this.#learnOne({ side: "source", path, directory, name: baseName(action.path) });
    }
  }

  *#learnOne(file: SidedFile): Steps {
    try {
      const known = this.#knownOf(file);
      if (known === undefined || !sameStamp(known.stamp, stampOf(file))) yield* this.#read(file);
    } catch (thrown) {
      // It was carried as it was; what became of it meanwhile is a matter of the next run.
      if (asSyncError(thrown).code === "internal") throw thrown;
    }
  }

  *#checksumOf(file: SidedFile, stamp: Stamp): Steps<Uint8Array> {
    const known = this.#rules.paranoid ? undefined : this.#knownOf(file);
    if (known !== undefined && sameStamp(known.stamp, stamp)) return known.checksum;
    return (yield* this.#read(file)).digest;
  }

  /** A file that cannot be read, or is written to, is told when it is carried. */
  *#isRotten(file: SidedFile): Steps<boolean> {
    const known = this.#knownOf(file)!;
    try {
      if (!sameStamp(known.stamp, stampOf(file))) return false;
      const { stamp, digest } = yield* this.#read(file);
      return stamp !== undefined && judge(known, { stamp, checksum: digest }) === "rotten";
    } catch (thrown) {
      if (asSyncError(thrown).code === "internal") throw thrown;
      return false;
    }
  }

  *#read(file: SidedFile): Steps<HashedFile> {
    const startedMs = this.#env.wallClock();
    try {
      const read = yield* hashFile(file.directory, file.name, this.#hash, this.#buffer);
      this.#note(file, read, startedMs);
      return read;
    } catch (thrown) {
      throw atSide(asSyncError(thrown), file.side);
    }
  }

  /** What would be told of a file that decayed stays as it is known, so that it can be restored. */
  #note(file: SidedFile, { stamp, digest }: HashedFile, startedMs: number): void {
    if (stamp === undefined) return;
    const reading = { stamp, checksum: digest };
    const root = this.#rules.roots[file.side];
    switch (judge(this.#knownOf(file), reading)) {
      case "rotten":
      case "suspect":
        return;
      case "same":
        return this.#catalog.verified(root, file.path, file.name, startedMs);
      default:
        this.#catalog.record(root, file.path, file.name, reading, startedMs);
    }
  }

  #knownOf({ side, path, name }: SidedFile): Known | undefined {
    let page = this.#pages.get(side);
    if (page?.path !== path) {
      page = { path, known: this.#catalog.directory(this.#rules.roots[side], path) };
      this.#pages.set(side, page);
    }
    return page.known.get(name);
  }
}

/** What is said of a file as it is now. */
function stampOf({ directory, name }: SidedFile): Stamp {
  const reader = directory.openFile(name);
  try {
    return reader.stamp();
  } finally {
    reader.close();
  }
}

/** Whether an action carries content of the source itself. */
function readsSource(action: Action): boolean {
  return action.op === "write-file" && action.basis === undefined;
}
