/**
 * Symlinks of a source that are followed because the caller asks for it: all of them, or those that lead out of the
 * tree. A directory knows the directories above it, so that a symlink that leads back up is told and not followed.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { SyncError } from "../errors.ts";
import { isSafeTarget } from "../model/safe_link.ts";

/** Which symlinks are followed. */
export type FollowMode = "all" | "unsafe";

/** What a tree does with symlinks: follows them, or passes through those that stay beneath its root. */
export type SymlinkMode = FollowMode | "keep";

/** The same with a directory that is never entered; plain data. */
export interface SymlinkPolicy {
  /** What is done. */
  readonly mode: SymlinkMode;
  /** Device and inode of the directory that is written to: a symlink to it would never end. */
  never: string | undefined;
}

/** What a directory knows of the way to it. */
export class Following {
  readonly #policy: SymlinkPolicy;
  readonly #above: readonly string[];

  /**
   * Starts at a root.
   *
   * @param policy Which symlinks are followed.
   * @param above Identities of the directories from the root to this one. @default {none: it is the root}
   */
  constructor(policy: SymlinkPolicy, above: readonly string[] = []) {
    this.#policy = policy;
    this.#above = above;
  }

  /**
   * Whether a symlink in this directory is followed.
   *
   * @param target Reads where it points; not called when that does not matter.
   */
  follows(target: () => string): boolean {
    return this.#policy.mode === "all" || !isSafeTarget(target(), Math.max(this.#above.length - 1, 0));
  }

  /**
   * What a directory in this one knows.
   *
   * @param identity Its device and inode.
   * @param name Its name.
   * @throws {SyncError} code `"symlink-refused"` when it is one of the directories above.
   */
  into(identity: string, name: string): Following {
    if (this.isAbove(identity)) throw loop(name);
    return new Following(this.#policy, [...this.#above, identity]);
  }

  /** Whether a directory is this one or above it, or the one that is written to. */
  isAbove(identity: string): boolean {
    return identity === this.#policy.never || this.#above.includes(identity);
  }

  /**
   * Whether what a symlink leads to is below the directory that is written to: it would grow while it is copied.
   *
   * @param identities Device and inode of every directory above it; not asked for when nothing is written.
   */
  isWritten(identities: () => Iterable<string>): boolean {
    const { never } = this.#policy;
    if (never === undefined) return false;
    for (const identity of identities()) if (identity === never) return true;
    return false;
  }
}

/**
 * What is said of a symlink that leads to a directory above it.
 *
 * @param name Its name.
 * @returns The error.
 */
export function loop(name: string): SyncError {
  return new SyncError(
    "symlink-refused",
    `Cannot follow the symlink "${
      printable(name)
    }": it leads to a directory that it is in, or to the destination, without an end`,
    { path: name, hint: "exclude it, or carry symlinks as they are" },
  );
}

/**
 * What is said of a symlink that leads nowhere.
 *
 * @param name Its name.
 * @returns The error.
 */
export function dangling(name: string): SyncError {
  return new SyncError(
    "unsupported",
    `Cannot follow the symlink "${printable(name)}": there is nothing where it points`,
    { path: name, hint: "exclude it, or carry symlinks as they are" },
  );
}
