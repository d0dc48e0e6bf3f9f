/**
 * One thread's reading: hashes files of a tree, compares files of two. Directories stay open while files in them follow.
 *
 * @module
 */
import { asSyncError, atPath, atSide, type Side, SyncError } from "../../lib/errors.ts";
import type { FileHash } from "../../lib/manifest/algorithm.ts";
import { hashFile, READ_BYTES } from "../../lib/manifest/hash_file.ts";
import { toFailure } from "../../lib/model/event.ts";
import { baseName, parentPath, type RelPath } from "../../lib/model/rel_path.ts";
import type { Steps } from "../../lib/model/steps.ts";
import type { Directory, FileReader, Tree } from "../../lib/model/tree.ts";
import type { ComparePart, FileResult, Job, Look } from "./job.ts";
import { printable } from "../../lib/bytes/printable.ts";

/** Bytes that are compared between two steps. */
const STEP_BYTES = 8 << 20;

/** What a thread reads. */
export interface FileWorkInit {
  /** One tree for checksums; the source and the destination for comparing. */
  readonly trees: readonly Tree[];
  /** Computes the checksums. @default {nothing is hashed} */
  readonly hash?: FileHash | undefined;
}

/** A directory of one tree, kept open. */
class OpenDirectory {
  readonly #tree: Tree;
  #path: RelPath | undefined;
  #directory: Directory | undefined;

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  of(path: RelPath): Directory {
    const parent = parentPath(path);
    if (this.#directory !== undefined && this.#path === parent) return this.#directory;
    this.close();
    this.#directory = this.#tree.open(parent);
    this.#path = parent;
    return this.#directory;
  }

  close(): void {
    this.#directory?.close();
    this.#directory = undefined;
  }
}

/** See the module comment. */
export class FileWork {
  readonly #directories: readonly OpenDirectory[];
  readonly #hash: FileHash | undefined;
  readonly #buffer = new Uint8Array(READ_BYTES);

  /** Takes what is read. */
  constructor({ trees, hash }: FileWorkInit) {
    this.#directories = trees.map((tree) => new OpenDirectory(tree));
    this.#hash = hash;
  }

  /**
   * Does a job.
   *
   * @param job What is to be read.
   * @returns Steps; the result tells of each file or range, in order. What cannot be read is told, not thrown.
   */
  *do(job: Job): Steps<FileResult[]> {
    const results: FileResult[] = [];
    try {
      if (job.work === "hash") { for (const path of job.files) results.push(yield* this.#hashed(path)); }
      else for (const part of job.parts) results.push(yield* this.#compared(part));
    } finally {
      for (const directory of this.#directories) directory.close();
    }
    return results;
  }

  *#hashed(path: RelPath): Steps<FileResult> {
    try {
      const directory = this.#directories.at(-1)!.of(path);
      const { digest, entry, stamp } = yield* hashFile(directory, baseName(path), this.#hash!, this.#buffer);
      return { digest: digest.toHex(), entry, stamp };
    } catch (thrown) {
      return failed(path, thrown);
    }
  }

  *#compared(part: ComparePart): Steps<FileResult> {
    const files: FileReader[] = [];
    try {
      for (const index of part.looks.keys()) files.push(this.#open(part.path, index));
      const [mine, theirs] = files as [FileReader, FileReader];
      const same = yield* sameRange(mine, theirs, part);
      for (const [index, look] of part.looks.entries()) checkLook(part.path, files[index]!, look, sideOf(index));
      return { same };
    } catch (thrown) {
      return failed(part.path, thrown);
    } finally {
      for (const file of files) file.close();
    }
  }

  #open(path: RelPath, index: number): FileReader {
    try {
      return this.#directories[index]!.of(path).openFile(baseName(path));
    } catch (thrown) {
      throw atSide(asSyncError(thrown), sideOf(index));
    }
  }
}

function sideOf(index: number): Side {
  return index === 0 ? "source" : "destination";
}

function* sameRange(one: FileReader, other: FileReader, { position, length }: ComparePart): Steps<boolean> {
  for (let at = 0; at < length; at += STEP_BYTES) {
    if (at > 0) yield;
    if (!one.sameBytes(other, position + at, Math.min(STEP_BYTES, length - at))) return false;
  }
  return true;
}

/** Afterwards is enough: what has changed since the listing, before or while it was read, has another look then. */
function checkLook(path: RelPath, file: FileReader, look: Look, side: Side): void {
  const now = file.entry();
  const isAtRest = now.size === look.size && now.mtimeSeconds === look.mtimeSeconds &&
    now.mtimeNanoseconds === look.mtimeNanoseconds;
  if (isAtRest) return;
  throw new SyncError("changed-while-read", `Cannot compare "${printable(path)}": it changed meanwhile`, {
    path,
    side,
    hint: "run again when nobody writes to it",
  });
}

function failed(path: RelPath, thrown: unknown): FileResult {
  const error = asSyncError(thrown);
  if (error.code === "internal") throw error;
  return { failure: toFailure(path, atPath(error, path)) };
}
