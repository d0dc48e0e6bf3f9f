/**
 * Trees through the C library of Linux. A directory below the root is opened with one `openat2` that refuses every
 * symlink on the way; where the kernel does not offer it, component by component with `O_NOFOLLOW`. So no handle but
 * the root is held, and a tree may be deeper than the number of descriptors and longer than `PATH_MAX`.
 *
 * @module
 */
import { encodeName } from "../bytes/name.ts";
import { SyncError } from "../errors.ts";
import type { Capabilities } from "../model/capabilities.ts";
import type { RelPath } from "../model/rel_path.ts";
import type { Space } from "../model/space.ts";
import type { Tree } from "../model/tree.ts";
import { readStatfs, spaceOf, STATFS_BYTES } from "./file_systems.ts";
import { C } from "./libc.ts";
import { type NativeCalls, nativeCalls, PATH_LIMIT } from "./native_calls.ts";
import { Following, type SymlinkPolicy } from "./following.ts";
import { followingDirectory, NativeDirectory } from "./native_directory.ts";
import { ERRNO, systemError } from "./system_error.ts";

/** What another thread needs to use the same open root. */
export interface NativeTicket {
  /** Descriptor of the root; threads of one process share descriptors. */
  readonly descriptor: number;
  /** What the tree offers. */
  readonly capabilities: Capabilities;
  /** What is done with symlinks. @default {all are refused} */
  readonly symlinks?: SymlinkPolicy | undefined;
}

/** Whether `openat2` works here; found out at the first call. */
let openat2Works = true;

/** A tree whose root is held open. */
export class NativeTree implements Tree {
  readonly capabilities: Capabilities;
  readonly #calls: NativeCalls;
  readonly #owned: boolean;
  readonly #symlinks: SymlinkPolicy | undefined;
  readonly #how: { address: number; words: Uint32Array };
  #root: number;

  /**
   * Takes over an open root.
   *
   * @param calls Buffers of this thread.
   * @param ticket The root and what the tree offers.
   * @param owned Whether closing the tree closes the root.
   */
  constructor(calls: NativeCalls, ticket: NativeTicket, owned: boolean) {
    this.#calls = calls;
    this.#root = ticket.descriptor;
    this.capabilities = ticket.capabilities;
    this.#owned = owned;
    this.#symlinks = ticket.symlinks;
    // struct open_how: flags, mode, resolve, 64 bits each (openat2(2)).
    const how = calls.c.allocate(24);
    this.#how = { address: how.address, words: new Uint32Array(how.bytes.buffer) };
    const keeps = ticket.symlinks?.mode === "keep";
    this.#how.words[0] = C.O_RDONLY | C.O_CLOEXEC | calls.c.machine.directory | (keeps ? 0 : calls.c.machine.noFollow);
    this.#how.words[4] = C.RESOLVE_BENEATH | (keeps ? 0 : C.RESOLVE_NO_SYMLINKS);
  }

  /** What a worker needs to use this tree. */
  get ticket(): NativeTicket {
    return { descriptor: this.#root, capabilities: this.capabilities, symlinks: this.#symlinks };
  }

  open(path: RelPath): NativeDirectory {
    const policy = this.#symlinks;
    if (policy !== undefined && policy.mode !== "keep") return this.#openFollowing(path, policy);
    if (path === "") return this.#openRoot();
    let from = this.#root;
    try {
      for (const part of partsWithin(path, PATH_LIMIT - 1)) {
        const next = this.#openPart(from, part, path);
        if (from !== this.#root) this.#calls.c.calls.close(from);
        from = next;
      }
      return new NativeDirectory(this.#calls, from);
    } catch (thrown) {
      if (from !== this.#root) this.#calls.c.calls.close(from);
      throw thrown;
    }
  }

  /** Level by level: each decides about the symlinks in it, and knows those above. */
  #openFollowing(path: RelPath, policy: SymlinkPolicy): NativeDirectory {
    const root = this.#openRoot();
    let at = followingDirectory(this.#calls, root.descriptor, new Following(policy), "");
    for (const name of path === "" ? [] : path.split("/")) {
      try {
        const next = at.openDirectory(name);
        at.close();
        at = next;
      } catch (thrown) {
        at.close();
        throw thrown;
      }
    }
    return at;
  }

  #openRoot(): NativeDirectory {
    const flags = C.O_RDONLY | C.O_CLOEXEC | this.#calls.c.machine.directory;
    const descriptor = this.#calls.c.calls.openat(this.#root, this.#calls.text("."), flags, 0);
    if (descriptor < 0) this.#calls.fail("open", "");
    return new NativeDirectory(this.#calls, descriptor);
  }

  /** Opens several levels at once. */
  #openPart(from: number, part: string, whole: string): number {
    const { c } = this.#calls;
    while (openat2Works) {
      const opened = c.calls.syscall(C.OPENAT2, from, this.#calls.text(part), this.#how.address, 24, 0, 0);
      if (opened >= 0) return opened;
      const errno = c.errno();
      // EAGAIN: something was renamed meanwhile and the kernel could not be sure; openat2(2) says to try again.
      if (errno === ERRNO.EAGAIN || errno === ERRNO.EINTR) continue;
      if (errno === ERRNO.EXDEV) throw systemError("open", whole, ERRNO.ELOOP);
      if (errno === ERRNO.ENOTDIR) break;
      if (errno !== ERRNO.ENOSYS && errno !== ERRNO.EPERM) throw systemError("open", whole, errno);
      openat2Works = false;
    }
    return this.#openStepwise(from, part, whole);
  }

  /** Opens level by level; also tells a symlink from another kind when `openat2` only says "not a directory". */
  #openStepwise(start: number, part: string, whole: string): number {
    let at = new NativeDirectory(this.#calls, start, true);
    for (const name of part.split("/")) {
      let next: NativeDirectory;
      try {
        next = at.openDirectory(name);
      } catch (thrown) {
        if (thrown instanceof SyncError) throw new SyncError(thrown.code, thrown.message, { path: whole });
        throw thrown;
      } finally {
        at.close();
      }
      at = next;
    }
    return at.descriptor;
  }

  /** Locks the root for this process (`flock`); answers `false` when another process has it, and `undefined` on a file
   * system without locks. */
  lock(): boolean | undefined {
    if (this.#calls.c.calls.flock(this.#root, C.LOCK_EXCLUSIVE_NOW) === 0) return true;
    return this.#calls.c.errno() === ERRNO.EAGAIN ? false : undefined;
  }

  space(): Space | undefined {
    const memory = this.#calls.c.allocate(STATFS_BYTES);
    if (this.#calls.c.calls.fstatfs(this.#root, memory.address) < 0) return undefined;
    return spaceOf(readStatfs(memory.bytes.buffer), this.capabilities.privileged);
  }

  flush(): void {
    if (this.#calls.c.calls.syncfs(this.#root) < 0) this.#calls.fail("write to the disk", "");
  }

  close(): void {
    if (this.#root >= 0 && this.#owned) this.#calls.c.calls.close(this.#root);
    this.#root = -1;
  }
}

/**
 * Cuts a path into pieces that one call takes.
 *
 * @param path The whole path.
 * @param limit Longest piece in bytes.
 * @returns The pieces, each of whole names.
 */
export function partsWithin(path: string, limit: number): readonly string[] {
  if (path.length * 3 <= limit || encodeName(path).length <= limit) return [path];
  const parts: string[] = [];
  let part = "";
  for (const name of path.split("/")) {
    const longer = part === "" ? name : `${part}/${name}`;
    if (part !== "" && encodeName(longer).length > limit) {
      parts.push(part);
      part = name;
    } else {
      part = longer;
    }
  }
  parts.push(part);
  return parts;
}

/**
 * Opens a tree by the path of its root. A symlink that the caller names is followed; nothing below it is, unless it is
 * asked for.
 *
 * @param path Path of a directory.
 * @param symlinks What is done with symlinks below it. @default {all are refused}
 * @returns The tree; close it when done.
 * @throws {SyncError} code `"unsupported"` when the C library cannot be used, `"vanished"` when there is nothing,
 * `"not-directory"` when it is not a directory, `"permission"` when it may not be read.
 */
export function openNativeTree(path: string, symlinks?: SymlinkPolicy): NativeTree {
  const calls = nativeCalls();
  const flags = C.O_RDONLY | C.O_CLOEXEC | calls.c.machine.directory;
  const descriptor = calls.c.calls.openat(C.AT_FDCWD, calls.text(path), flags, 0);
  if (descriptor < 0) throw systemError("open", path, calls.c.errno());
  return new NativeTree(calls, { descriptor, capabilities: nativeCapabilities(calls), symlinks }, true);
}

/**
 * Uses a tree that another thread of this process opened. The other thread closes it.
 *
 * @param ticket What the other thread's tree gave.
 * @returns A tree over the same root.
 */
export function adoptNativeTree(ticket: NativeTicket): NativeTree {
  return new NativeTree(nativeCalls(), ticket, false);
}

function nativeCapabilities(calls: NativeCalls): Capabilities {
  const privileged = calls.c.calls.geteuid() === 0;
  return {
    layer: "native",
    confined: true,
    byteNames: true,
    timeStepNanoseconds: 1,
    privileged,
    groups: groupsOf(calls),
    hardLinks: true,
    specials: true,
    holes: true,
    xattrs: true,
    kernelCopy: true,
    threads: true,
  };
}

function groupsOf(calls: NativeCalls): number[] {
  const memory = calls.c.allocate(4 * 65_536);
  const count = calls.c.calls.getgroups(65_536, memory.address);
  const groups = new Uint32Array(memory.bytes.buffer).subarray(0, Math.max(0, count));
  return [...new Set([calls.c.calls.getegid(), ...groups])].sort((a, b) => a - b);
}
