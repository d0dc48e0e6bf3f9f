/**
 * A tree through `node:fs`: for Deno scripts without FFI permission, and for macOS and Windows. It is correct, slower
 * than the native one, and says in its capabilities what it cannot promise. Under Deno it needs `--allow-read`, and for
 * changes `--allow-write`, of its root; symlinks can be made only when both are given without paths.
 *
 * @module
 */
import {
  type BigIntStats,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  realpathSync,
  statfsSync,
  statSync,
} from "node:fs";
import type { Capabilities } from "../model/capabilities.ts";
import type { RelPath } from "../model/rel_path.ts";
import type { Space } from "../model/space.ts";
import type { Directory, Tree } from "../model/tree.ts";
import { spaceOf } from "./file_systems.ts";
import { Following, type SymlinkPolicy } from "./following.ts";
import { PortableDirectory } from "./portable_directory.ts";
import { identityOfStat } from "./portable_stat.ts";
import { attempt, mayAskSystem, PLATFORM, portableCapabilities, systemPath } from "./portable_runtime.ts";

/**
 * Opens a tree.
 *
 * @param path Path of its root. Symlinks in it are followed: the root is the caller's choice, what is below is not.
 * @param symlinks What is done with symlinks below it. @default {all are refused}
 * @returns The tree.
 * @throws {SyncError} code `"vanished"` when there is nothing, `"not-directory"` when it is not a directory.
 */
export function openPortableTree(path: string, symlinks?: SymlinkPolicy): Tree {
  return new PortableTree(path, symlinks);
}

class PortableTree implements Tree {
  readonly capabilities: Capabilities = portableCapabilities();
  readonly #path: string;
  readonly #root: PortableDirectory;

  constructor(path: string, symlinks: SymlinkPolicy | undefined) {
    this.#path = withoutSlashes(path);
    this.#root = new PortableDirectory({
      path: this.#path,
      name: "",
      parent: undefined,
      stat: () => statFollowing(this.#path),
      ...(symlinks === undefined
        ? {}
        : symlinks.mode === "keep"
        ? { beneath: realRoot(this.#path) }
        : { following: followingRoot(this.#path, symlinks) }),
    });
  }

  open(path: RelPath): Directory {
    // A handle of its own each time: it keeps its place in the listing.
    let directory: Directory = this.#root.another();
    if (path === "") return directory;
    for (const name of path.split("/")) directory = directory.openDirectory(name);
    return directory;
  }

  /** There is no call for a whole file system; what files were written are flushed one by one where that is asked. */
  flush(): void {
    if (PLATFORM === "windows") return;
    const descriptor = attempt("open", "", () => openSync(systemPath(this.#path, ""), constants.O_RDONLY));
    try {
      attempt("write to the disk", "", () => fsyncSync(descriptor));
    } finally {
      closeSync(descriptor);
    }
  }

  space(): Space | undefined {
    if (!mayAskSystem()) return undefined;
    try {
      const { type, bsize, blocks, bfree, bavail, files, ffree } = statfsSync(systemPath(this.#path, ""));
      const counts = { blocks, freeBlocks: bfree, availableBlocks: bavail, inodes: files, freeInodes: ffree };
      // Which file system it is cannot be asked.
      return spaceOf({ type, id: "", blockBytes: bsize, ...counts }, this.capabilities.privileged);
    } catch {
      return undefined; // not on this platform, or not permitted
    }
  }

  close(): void {
    this.#root.close();
  }
}

/** What the root knows of itself. */
function followingRoot(path: string, policy: SymlinkPolicy): Following {
  const stat = statFollowing(path);
  return new Following(policy, stat === undefined ? [] : [identityOfStat(stat)]);
}

function realRoot(path: string): string {
  return attempt("open", "", () => realpathSync(path));
}

function statFollowing(path: string): BigIntStats | undefined {
  const target = systemPath(path, "");
  return attempt("open", "", () => statSync(target, { bigint: true, throwIfNoEntry: false }));
}

function withoutSlashes(path: string): string {
  const cut = path.replace(/\/+$/, "");
  return cut === "" ? "/" : cut;
}
