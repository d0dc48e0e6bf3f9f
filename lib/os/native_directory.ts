/**
 * Open directories through the C library. Every call is relative to the descriptor and none follows a symlink.
 *
 * @module
 */
import { decodeName } from "../bytes/name.ts";
import { printable } from "../bytes/printable.ts";
import { asSyncError, SyncError } from "../errors.ts";
import { type Entry, type MetadataPatch, typeBits, type Xattrs } from "../model/entry.ts";
import type { Listing } from "../model/listing.ts";
import type { Directory, FileReader, FileUpdater, FileWriter, XattrScope } from "../model/tree.ts";
import { dangling, type Following, loop } from "./following.ts";
import { C } from "./libc.ts";
import { DIRENT_BYTES, type NativeCalls } from "./native_calls.ts";
import { type Birth, NativeFileReader, NativeFileWriter } from "./native_file.ts";
import { NativeFileUpdater } from "./native_updater.ts";
import { setXattrsAt, type XattrPlace, xattrsAt } from "./native_xattrs.ts";
import { ERRNO, systemError } from "./system_error.ts";

/** Offset of the record length and of the name in `struct linux_dirent64`. */
const DIRENT_LENGTH = 16;
const DIRENT_NAME = 19;
/** Offset of the type, and the type of a directory; a file system that keeps no types says 0. */
const DIRENT_TYPE = 18;
const DT_DIR = 4;
const DOT = 0x2e;
/** Longest symlink target that Linux stores. */
const TARGET_LIMIT = 4096;

/** Whether a descriptor can be linked without its path; found out at the first call. */
let emptyPathLinks = true;

/** A directory that is held open by its descriptor. */
export class NativeDirectory implements Directory {
  readonly #calls: NativeCalls;
  #descriptor: number;
  readonly #shared: boolean;
  readonly #following: Following | undefined;
  #unnamedWorks = true;
  #births: Map<number, Birth> | undefined;

  /**
   * Takes over an open descriptor.
   *
   * @param calls Buffers of this thread.
   * @param descriptor An open directory.
   * @param shared Whether somebody else closes it.
   * @param following Which symlinks in it are followed. @default {none}
   */
  constructor(calls: NativeCalls, descriptor: number, shared = false, following?: Following) {
    this.#calls = calls;
    this.#descriptor = descriptor;
    this.#shared = shared;
    this.#following = following;
  }

  /** The descriptor, for calls that take two directories. */
  get descriptor(): number {
    return this.#descriptor;
  }

  identity(): string {
    this.#calls.statDescriptor(this.#descriptor, "");
    return this.#calls.statIdentity();
  }

  entry(): Entry {
    this.#calls.statDescriptor(this.#descriptor, "");
    return this.#calls.statEntry();
  }

  list(into: Listing): boolean {
    const { c, dirents } = this.#calls;
    const size = c.calls.syscall(c.machine.getdents64, this.#descriptor, dirents.address, DIRENT_BYTES, 0, 0, 0);
    if (size < 0) this.#calls.fail("list", "");
    const bytes = dirents.bytes;
    for (let record = 0; record < size;) {
      const length = bytes[record + DIRENT_LENGTH]! | (bytes[record + DIRENT_LENGTH + 1]! << 8);
      const start = record + DIRENT_NAME;
      let end = start;
      while (bytes[end] !== 0) end++;
      if (!isDots(bytes, start, end)) this.#addListed(into, start, end);
      record += length;
    }
    return size > 0;
  }

  #addListed(into: Listing, start: number, end: number): void {
    const { dirents, c } = this.#calls;
    const result = this.#calls.stat(this.#descriptor, dirents.address + start, C.AT_SYMLINK_NOFOLLOW);
    if (result === 0) {
      const index = into.add(dirents.bytes, start, end);
      this.#calls.statInto(into, index);
      if (this.#following !== undefined && into.isSymlink(index)) this.#addFollowed(into, index, this.#following);
      return;
    }
    const errno = c.errno();
    // Gone since the kernel listed it: as if it had never been there.
    if (errno === ERRNO.ENOENT) return;
    const index = into.add(dirents.bytes, start, end);
    into.setError(index, systemError("read the metadata of", decodeName(dirents.bytes, start, end), errno));
  }

  #addFollowed(into: Listing, index: number, following: Following): void {
    const name = into.name(index);
    try {
      if (!this.#follow(name, following)) return;
      this.#calls.statInto(into, index);
      if (!into.isDirectory(index)) return;
      if (following.isAbove(this.#calls.statIdentity())) throw loop(name);
      if (following.isWritten(() => this.#identitiesAbove(name))) throw loop(name);
    } catch (thrown) {
      into.setError(index, asSyncError(thrown));
    }
  }

  /** Looks at what a symlink leads to, if it is followed; the answer stays in the buffers. */
  #follow(name: string, following: Following): boolean {
    if (!following.follows(() => this.readLink(name))) return false;
    if (this.#calls.stat(this.#descriptor, this.#calls.name(name), 0) === 0) return true;
    if (this.#calls.c.errno() === ERRNO.ENOENT) throw dangling(name);
    this.#calls.fail("follow the symlink", name);
  }

  /** Device and inode of every directory above the one that a symlink leads to, up to the root of the system. */
  *#identitiesAbove(name: string): Generator<string> {
    const calls = this.#calls;
    const flags = C.O_RDONLY | C.O_CLOEXEC | calls.c.machine.directory;
    let at = calls.c.calls.openat(this.#descriptor, calls.name(name), flags, 0);
    try {
      for (let last = ""; at >= 0;) {
        calls.statDescriptor(at, name);
        const identity = calls.statIdentity();
        if (identity === last) return;
        yield last = identity;
        const above = calls.c.calls.openat(at, calls.text(".."), flags, 0);
        calls.c.calls.close(at);
        at = above;
      }
    } finally {
      if (at >= 0) calls.c.calls.close(at);
    }
  }

  /** Whether a name is that of a symlink that is followed. */
  #isFollowed(name: string): boolean {
    const following = this.#following;
    if (following === undefined) return false;
    if (this.#calls.stat(this.#descriptor, this.#calls.name(name), C.AT_SYMLINK_NOFOLLOW) !== 0) return false;
    return this.#calls.statEntry().kind === "symlink" && this.#follow(name, following);
  }

  lookup(name: string): Entry | undefined {
    return this.#statName(name) ? this.#calls.statEntry() : undefined;
  }

  identityOf(name: string): string | undefined {
    return this.#statName(name) ? this.#calls.statIdentity() : undefined;
  }

  #statName(name: string): boolean {
    if (this.#calls.stat(this.#descriptor, this.#calls.name(name), C.AT_SYMLINK_NOFOLLOW) !== 0) {
      if (this.#calls.c.errno() === ERRNO.ENOENT) return false;
      this.#calls.fail("read the metadata of", name);
    }
    const following = this.#following;
    // The answer in the buffers is that of the symlink, unless it is followed.
    if (following !== undefined && this.#calls.statEntry().kind === "symlink") this.#follow(name, following);
    return true;
  }

  readLink(name: string): string {
    const buffer = this.#calls.content[0];
    const { calls } = this.#calls.c;
    const size = calls.readlinkat(this.#descriptor, this.#calls.name(name), buffer.address, TARGET_LIMIT);
    if (size < 0) this.#calls.fail("read the symlink", name);
    return decodeName(buffer.bytes, 0, size);
  }

  openDirectory(name: string): NativeDirectory {
    const flags = C.O_RDONLY | C.O_CLOEXEC | this.#calls.c.machine.directory | this.#noFollow(name);
    const descriptor = this.#open("open", name, flags, 0);
    return this.#following === undefined
      ? new NativeDirectory(this.#calls, descriptor)
      : followingDirectory(this.#calls, descriptor, this.#following, name);
  }

  openFile(name: string): FileReader {
    // O_NONBLOCK: a FIFO that was swapped in must not make us wait for its other end.
    const flags = C.O_RDONLY | C.O_CLOEXEC | C.O_NONBLOCK | this.#noFollow(name);
    return new NativeFileReader(this.#calls, this.#open("open", name, flags, 0), name);
  }

  openToUpdate(name: string): FileUpdater | undefined {
    const calls = this.#calls;
    const flags = C.O_RDWR | C.O_CLOEXEC | C.O_NONBLOCK | calls.c.machine.noFollow;
    const descriptor = this.#open("open", name, flags, 0);
    try {
      calls.statDescriptor(descriptor, name);
      const { kind } = calls.statEntry();
      if (kind !== "file") throw new SyncError("drift", `Cannot update "${printable(name)}": it is a ${kind} now`);
      if (calls.statLinks() === 1) return new NativeFileUpdater(calls, descriptor, name);
    } catch (thrown) {
      calls.c.calls.close(descriptor);
      throw thrown;
    }
    calls.c.calls.close(descriptor);
    return undefined;
  }

  /** The flag that refuses symlinks, but for those that are followed. */
  #noFollow(name: string): number {
    return this.#isFollowed(name) ? 0 : this.#calls.c.machine.noFollow;
  }

  createUnnamedFile(mode: number, shownAs: string): FileWriter | undefined {
    if (!this.#unnamedWorks) return undefined;
    const { c } = this.#calls;
    const flags = C.O_RDWR | C.O_TMPFILE | C.O_CLOEXEC | c.machine.directory;
    const descriptor = c.calls.openat(this.#descriptor, this.#calls.text("."), flags, mode);
    if (descriptor >= 0) return new NativeFileWriter(this.#calls, descriptor, shownAs, this.#birthOf(descriptor, mode));
    const errno = c.errno();
    if (errno === ERRNO.ENOSPC || errno === ERRNO.EDQUOT) throw systemError("create", shownAs, errno);
    // Not on this file system; the reason for anything else shows when the file is made with a name.
    this.#unnamedWorks = false;
    return undefined;
  }

  /** What a new file has by itself: the same for all that are made here with one mode, so only the first is asked. */
  #birthOf(descriptor: number, mode: number): Birth {
    let birth = this.#births?.get(mode);
    if (birth === undefined) {
      this.#calls.statDescriptor(descriptor, "");
      birth = this.#calls.statEntry();
      (this.#births ??= new Map()).set(mode, birth);
    }
    return birth;
  }

  nameFile(file: FileWriter, name: string): void {
    const { c } = this.#calls;
    const descriptor = file instanceof NativeFileWriter ? file.descriptor : -1;
    const to = this.#calls.name(name);
    if (emptyPathLinks) {
      const flags = C.AT_EMPTY_PATH;
      if (c.calls.linkat(descriptor, this.#calls.emptyName, this.#descriptor, to, flags) === 0) return;
      if (c.errno() !== ERRNO.ENOENT) this.#calls.fail("create", name);
      // Older kernels want privileges for this.
      emptyPathLinks = false;
    }
    const from = this.#calls.text(`/proc/self/fd/${descriptor}`, true);
    if (c.calls.linkat(C.AT_FDCWD, from, this.#descriptor, to, C.AT_SYMLINK_FOLLOW) === 0) return;
    const errno = c.errno();
    if (errno !== ERRNO.ENOENT) throw systemError("create", name, errno);
    this.#unnamedWorks = false;
    throw systemError("create", name, ERRNO.EOPNOTSUPP);
  }

  createFile(name: string, mode: number, shownAs = name): FileWriter {
    const flags = C.O_RDWR | C.O_CREAT | C.O_EXCL | C.O_CLOEXEC | this.#calls.c.machine.noFollow;
    return new NativeFileWriter(this.#calls, this.#open("create", name, flags, mode, shownAs), shownAs);
  }

  #open(verb: string, name: string, flags: number, mode: number, shownAs = name): number {
    const address = this.#calls.name(name);
    const descriptor = this.#calls.c.calls.openat(this.#descriptor, address, flags, mode);
    if (descriptor >= 0) return descriptor;
    const errno = this.#calls.c.errno();
    // With O_DIRECTORY and O_NOFOLLOW together Linux answers "not a directory" for a symlink, too.
    const isLink = errno === ERRNO.ENOTDIR && this.lookup(name)?.kind === "symlink";
    throw systemError(verb, shownAs, isLink ? ERRNO.ELOOP : errno);
  }

  makeDirectory(name: string, mode: number): void {
    this.#check(this.#calls.c.calls.mkdirat(this.#descriptor, this.#calls.name(name), mode), "make directory", name);
  }

  makeSymlink(name: string, target: string): void {
    const address = this.#calls.text(target, true);
    const result = this.#calls.c.calls.symlinkat(address, this.#descriptor, this.#calls.name(name));
    this.#check(result, "make symlink", name);
  }

  makeSpecial(name: string, entry: Entry): void {
    const mode = typeBits(entry.kind) | entry.mode;
    const device = entry.device === undefined ? 0 : deviceNumber(...entry.device);
    const result = this.#calls.c.calls.mknodat(this.#descriptor, this.#calls.name(name), mode, device);
    this.#check(result, `make ${entry.kind}`, name);
  }

  link(name: string, directory: Directory, existing: string): void {
    const from = (directory as NativeDirectory).#descriptor;
    const { calls } = this.#calls.c;
    const result = calls.linkat(
      from,
      this.#calls.otherName(existing),
      this.#descriptor,
      this.#calls.name(name),
      0,
    );
    this.#check(result, "make hard link", name);
  }

  linkListed(directory: Directory, listing: Listing, index: number): void {
    const from = (directory as NativeDirectory).#descriptor;
    const name = this.#calls.listedName(listing, index);
    if (this.#calls.c.calls.linkat(from, name, this.#descriptor, name, 0) === 0) return;
    throw systemError("make hard link", listing.name(index), this.#calls.c.errno());
  }

  rename(from: string, to: string): void {
    const descriptor = this.#descriptor;
    const { calls } = this.#calls.c;
    const result = calls.renameat(descriptor, this.#calls.name(from), descriptor, this.#calls.otherName(to));
    this.#check(result, "replace", to);
  }

  renameNew(from: string, to: string): void {
    const { c } = this.#calls;
    const descriptor = this.#descriptor;
    const [old, name] = [this.#calls.name(from), this.#calls.otherName(to)];
    if (c.calls.syscall(c.machine.renameat2, descriptor, old, descriptor, name, C.RENAME_NOREPLACE, 0) === 0) return;
    const errno = c.errno();
    if (errno !== ERRNO.EINVAL && errno !== ERRNO.ENOSYS) throw systemError("create", to, errno);
    // A file system without it (NFS, some of FUSE): looking first is the best there is.
    if (this.#statName(to)) throw systemError("create", to, ERRNO.EEXIST);
    this.rename(from, to);
  }

  moveHere(name: string, directory: Directory, existing: string): void {
    const { c } = this.#calls;
    const [from, to] = [(directory as NativeDirectory).#descriptor, this.#descriptor];
    const [old, target] = [this.#calls.name(existing), this.#calls.otherName(name)];
    if (c.calls.syscall(c.machine.renameat2, from, old, to, target, C.RENAME_NOREPLACE, 0) === 0) return;
    const errno = c.errno();
    if (errno !== ERRNO.EINVAL && errno !== ERRNO.ENOSYS) throw systemError("move", name, errno);
    // A file system without it (NFS, some of FUSE): looking first is the best there is.
    if (this.#statName(name)) throw systemError("move", name, ERRNO.EEXIST);
    const result = c.calls.renameat(from, this.#calls.name(existing), to, this.#calls.otherName(name));
    this.#check(result, "move", name);
  }

  exchange(one: string, other: string): void {
    const { c } = this.#calls;
    const first = this.#calls.name(one);
    const second = this.#calls.otherName(other);
    const descriptor = this.#descriptor;
    const result = c.calls.syscall(c.machine.renameat2, descriptor, first, descriptor, second, C.RENAME_EXCHANGE, 0);
    this.#check(result, "exchange", other);
  }

  removeFile(name: string): void {
    this.#check(this.#calls.c.calls.unlinkat(this.#descriptor, this.#calls.name(name), 0), "remove", name);
  }

  removeFiles(directories: string[]): number {
    const { c, dirents } = this.#calls;
    const size = c.calls.syscall(c.machine.getdents64, this.#descriptor, dirents.address, DIRENT_BYTES, 0, 0, 0);
    if (size < 0) this.#calls.fail("list", "");
    if (size === 0) return -1;
    const bytes = dirents.bytes;
    let count = 0;
    for (let record = 0; record < size;) {
      const start = record + DIRENT_NAME;
      if (bytes[record + DIRENT_TYPE] === DT_DIR) addDirectoryName(bytes, start, directories);
      else if (c.calls.unlinkat(this.#descriptor, dirents.address + start, 0) === 0) count++;
      // A directory on a file system that keeps no types.
      else if (c.errno() === ERRNO.EISDIR) addDirectoryName(bytes, start, directories);
      record += bytes[record + DIRENT_LENGTH]! | (bytes[record + DIRENT_LENGTH + 1]! << 8);
    }
    return count;
  }

  removeDirectory(name: string): void {
    const result = this.#calls.c.calls.unlinkat(this.#descriptor, this.#calls.name(name), C.AT_REMOVEDIR);
    this.#check(result, "remove directory", name);
  }

  setMetadata(name: string | undefined, patch: MetadataPatch): void {
    if (name === undefined) return this.#setOwn(patch);
    const { calls } = this.#calls.c;
    const descriptor = this.#descriptor;
    const flags = C.AT_SYMLINK_NOFOLLOW;
    if (patch.uid !== undefined && patch.gid !== undefined) {
      const result = calls.fchownat(descriptor, this.#calls.name(name), patch.uid, patch.gid, flags);
      this.#check(result, "set the owner of", name);
    }
    if (patch.mode !== undefined) this.#setMode(name, patch.mode);
    if (patch.mtimeSeconds === undefined) return;
    const result = calls.utimensat(descriptor, this.#calls.name(name), this.#calls.times(patch), flags);
    this.#check(result, "set the time of", name);
  }

  #setMode(name: string, mode: number): void {
    const { c } = this.#calls;
    const result = c.calls.fchmodat(this.#descriptor, this.#calls.name(name), mode, C.AT_SYMLINK_NOFOLLOW);
    if (result === 0) return;
    const errno = c.errno();
    // The permissions of a symlink cannot be set on Linux and mean nothing.
    if (errno === ERRNO.EOPNOTSUPP && this.lookup(name)?.kind === "symlink") return;
    throw systemError("set the permissions of", name, errno);
  }

  #setOwn(patch: MetadataPatch): void {
    const { calls } = this.#calls.c;
    const descriptor = this.#descriptor;
    if (patch.uid !== undefined && patch.gid !== undefined) {
      this.#check(calls.fchown(descriptor, patch.uid, patch.gid), "set the owner of", "");
    }
    if (patch.mode !== undefined) this.#check(calls.fchmod(descriptor, patch.mode), "set the permissions of", "");
    if (patch.mtimeSeconds === undefined) return;
    this.#check(calls.futimens(descriptor, this.#calls.times(patch)), "set the time of", "");
  }

  xattrs(name: string | undefined, scope: XattrScope): Xattrs {
    if (name !== undefined && this.#isFollowed(name)) return this.#followedXattrs(name, scope);
    return xattrsAt(this.#calls, this.#place(name), name ?? "", scope);
  }

  #followedXattrs(name: string, scope: XattrScope): Xattrs {
    const descriptor = this.#open("open", name, C.O_RDONLY | C.O_CLOEXEC | C.O_NONBLOCK, 0);
    try {
      return xattrsAt(this.#calls, descriptor, name, scope);
    } finally {
      this.#calls.c.calls.close(descriptor);
    }
  }

  setXattrs(name: string | undefined, scope: XattrScope, xattrs: Xattrs): void {
    setXattrsAt(this.#calls, this.#place(name), name ?? "", scope, xattrs);
  }

  #place(name: string | undefined): XattrPlace {
    if (name === undefined) return this.#descriptor;
    this.#calls.name(name);
    return `/proc/self/fd/${this.#descriptor}/${name}`;
  }

  close(): void {
    if (this.#descriptor < 0) return;
    if (!this.#shared) this.#calls.c.calls.close(this.#descriptor);
    this.#descriptor = -1;
  }

  #check(result: number, verb: string, name: string): void {
    if (result < 0) this.#calls.fail(verb, name);
  }
}

/**
 * Takes over a directory in which symlinks are followed.
 *
 * @param calls Buffers of this thread.
 * @param descriptor An open directory; closed when it is refused.
 * @param above What the directory above it knows.
 * @param name Its name.
 * @returns The directory.
 * @throws {SyncError} code `"symlink-refused"` when it is one of those above it.
 */
export function followingDirectory(
  calls: NativeCalls,
  descriptor: number,
  above: Following,
  name: string,
): NativeDirectory {
  try {
    calls.statDescriptor(descriptor, name);
    return new NativeDirectory(calls, descriptor, false, above.into(calls.statIdentity(), name));
  } catch (thrown) {
    calls.c.calls.close(descriptor);
    throw thrown;
  }
}

function addDirectoryName(bytes: Uint8Array, start: number, into: string[]): void {
  const end = bytes.indexOf(0, start);
  if (!isDots(bytes, start, end)) into.push(decodeName(bytes, start, end));
}

function isDots(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[start] !== DOT) return false;
  return end === start + 1 || (end === start + 2 && bytes[start + 1] === DOT);
}

/** `makedev` of glibc (sys/sysmacros.h documents the layout): 12 bits of major between two halves of minor. */
function deviceNumber(major: number, minor: number): number {
  return (minor & 0xff) + (major & 0xfff) * 0x100 + Math.floor((minor & 0xffffff00) / 0x100) * 0x100000;
}
