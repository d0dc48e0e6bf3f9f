/**
 * Open regular files through the C library. Small content passes through one buffer of the thread; large content is
 * copied by the kernel (`copy_file_range`) where the file systems allow it.
 *
 * @module
 */
import { SyncError } from "../errors.ts";
import type { Entry, MetadataPatch, Xattrs } from "../model/entry.ts";
import type { Stamp } from "../model/stamp.ts";
import type { FileReader, FileWriter, XattrScope } from "../model/tree.ts";
import { C } from "./libc.ts";
import { CONTENT_BYTES, type NativeCalls } from "./native_calls.ts";
import { setXattrsAt } from "./native_xattrs.ts";
import { ERRNO, systemError } from "./system_error.ts";

/** Up to this many bytes, read and write are cheaper than asking the kernel to copy (measured on tmpfs and ext4). */
const KERNEL_COPY_FROM = 262_144;
/** Bytes of each file that are compared at once: both stay in the cache of a core. */
const COMPARE_BYTES = 131_072;

/** A file that is open for reading. */
export class NativeFileReader implements FileReader {
  readonly #calls: NativeCalls;
  readonly #name: string;
  /** The descriptor, or -1 once closed. */
  descriptor: number;

  /** Takes over an open descriptor. */
  constructor(calls: NativeCalls, descriptor: number, name: string) {
    this.#calls = calls;
    this.descriptor = descriptor;
    this.#name = name;
  }

  entry(): Entry {
    this.#calls.statDescriptor(this.descriptor, this.#name);
    return this.#calls.statEntry();
  }

  stamp(): Stamp {
    this.#calls.statDescriptor(this.descriptor, this.#name);
    return this.#calls.statStamp();
  }

  read(into: Uint8Array, position: number): number {
    const length = Math.min(into.length, CONTENT_BYTES);
    const buffer = this.#calls.content[0];
    const count = this.#calls.retry(() => this.#calls.c.calls.pread(this.descriptor, buffer.address, length, position));
    if (count < 0) this.#calls.fail("read", this.#name);
    into.set(buffer.bytes.subarray(0, count));
    return count;
  }

  nextData(position: number): number | undefined {
    const found = this.#calls.c.calls.lseek(this.descriptor, position, C.SEEK_DATA);
    if (found >= 0) return found;
    const errno = this.#calls.c.errno();
    if (errno === ERRNO.ENXIO) return undefined;
    if (errno === ERRNO.EINVAL || errno === ERRNO.EOPNOTSUPP) return position;
    throw systemError("find data in", this.#name, errno);
  }

  nextHole(position: number): number {
    const found = this.#calls.c.calls.lseek(this.descriptor, position, C.SEEK_HOLE);
    if (found >= 0) return found;
    const errno = this.#calls.c.errno();
    if (errno === ERRNO.ENXIO || errno === ERRNO.EINVAL || errno === ERRNO.EOPNOTSUPP) return this.entry().size;
    throw systemError("find holes in", this.#name, errno);
  }

  sameBytes(other: FileReader, position: number, length: number): boolean {
    if (!(other instanceof NativeFileReader)) throw foreignFile("compare", this.#name);
    const [mine, theirs] = this.#calls.content;
    for (let at = position; at < position + length;) {
      const wanted = Math.min(COMPARE_BYTES, position + length - at);
      const count = this.fill(mine.address, wanted, at);
      if (count !== other.fill(theirs.address, wanted, at) || count === 0) return false;
      if (this.#calls.c.calls.memcmp(mine.address, theirs.address, count) !== 0) return false;
      at += count;
    }
    return true;
  }

  /** Reads until `length` bytes are there or the file ends. */
  fill(address: number, length: number, position: number): number {
    let done = 0;
    while (done < length) {
      const count = this.#calls.retry(() =>
        this.#calls.c.calls.pread(this.descriptor, address + done, length - done, position + done)
      );
      if (count < 0) this.#calls.fail("read", this.#name);
      if (count === 0) break;
      done += count;
    }
    return done;
  }

  close(): void {
    if (this.descriptor < 0) return;
    this.#calls.c.calls.close(this.descriptor);
    this.descriptor = -1;
  }
}

/** Metadata that a new file has by itself. */
export type Birth = Pick<Entry, "uid" | "gid" | "mode">;

/** A new file that is open for writing. */
export class NativeFileWriter implements FileWriter {
  readonly #calls: NativeCalls;
  readonly #name: string;
  readonly #birth: Birth | undefined;
  #descriptor: number;
  #kernelCopies = true;

  /** Takes over an open descriptor; what the file has by itself is not set again. */
  constructor(calls: NativeCalls, descriptor: number, name: string, birth?: Birth) {
    this.#calls = calls;
    this.#descriptor = descriptor;
    this.#name = name;
    this.#birth = birth;
  }

  /** The descriptor, for giving the file a name. */
  get descriptor(): number {
    return this.#descriptor;
  }

  cloneFrom(source: FileReader): boolean {
    if (!(source instanceof NativeFileReader)) return false;
    return this.#calls.c.calls.ioctl(this.#descriptor, C.FICLONE, source.descriptor) === 0;
  }

  copyFrom(source: FileReader, position: number, length: number): number {
    if (!(source instanceof NativeFileReader)) return this.#copyForeign(source, position, length);
    return this.#copy(source, position, position, length, KERNEL_COPY_FROM);
  }

  copyRange(source: FileReader, from: number, to: number, length: number): number {
    if (!(source instanceof NativeFileReader)) throw foreignFile("copy from", this.#name);
    return this.#copy(source, from, to, length, 0);
  }

  #copy(source: NativeFileReader, from: number, to: number, length: number, kernelCopyFrom: number): number {
    if (length > kernelCopyFrom && this.#kernelCopies) {
      const count = this.#copyByKernel(source, from, to, length);
      if (count !== undefined) return count;
    }
    return this.#copyThroughBuffer(source, from, to, length);
  }

  /** Lets the kernel copy; `undefined` when it cannot between these two files. */
  #copyByKernel(source: NativeFileReader, from: number, to: number, length: number): number | undefined {
    const { c } = this.#calls;
    if (c.calls.lseek(this.#descriptor, to, 0) < 0) this.#calls.fail("seek in", this.#name);
    if (c.calls.lseek(source.descriptor, from, 0) < 0) this.#calls.fail("seek in", this.#name);
    const count = this.#calls.retry(() =>
      c.calls.syscall(c.machine.copyFileRange, source.descriptor, 0, this.#descriptor, 0, length, 0)
    );
    // 0 is the end of the file, and also what some kernels answer for files that have no size of their own (/proc).
    if (count > 0) return count;
    if (count < 0 && !this.#isCopyRefusal(c.errno())) this.#calls.fail("write", this.#name);
    this.#kernelCopies = false;
    return undefined;
  }

  #isCopyRefusal(errno: number): boolean {
    return errno === ERRNO.EXDEV || errno === ERRNO.EINVAL || errno === ERRNO.ENOSYS || errno === ERRNO.EOPNOTSUPP ||
      errno === ERRNO.EPERM || errno === ERRNO.EIO;
  }

  #copyThroughBuffer(source: NativeFileReader, from: number, to: number, length: number): number {
    const buffer = this.#calls.content[0];
    let done = 0;
    while (done < length) {
      const wanted = Math.min(CONTENT_BYTES, length - done);
      const count = source.fill(buffer.address, wanted, from + done);
      this.writeFrom(buffer.address, count, to + done);
      done += count;
      if (count < wanted) break;
    }
    return done;
  }

  #copyForeign(source: FileReader, position: number, length: number): number {
    const buffer = new Uint8Array(Math.min(length, CONTENT_BYTES));
    const count = source.read(buffer, position);
    this.write(buffer.subarray(0, count), position);
    return count;
  }

  write(bytes: Uint8Array, position: number): void {
    const buffer = this.#calls.content[0];
    for (let at = 0; at < bytes.length; at += CONTENT_BYTES) {
      const part = bytes.subarray(at, at + CONTENT_BYTES);
      buffer.bytes.set(part);
      this.writeFrom(buffer.address, part.length, position + at);
    }
  }

  /** Writes all bytes at an address. */
  writeFrom(address: number, length: number, position: number): void {
    let done = 0;
    while (done < length) {
      const count = this.#calls.retry(() =>
        this.#calls.c.calls.pwrite(this.#descriptor, address + done, length - done, position + done)
      );
      if (count < 0) this.#calls.fail("write", this.#name);
      done += count;
    }
  }

  truncate(size: number): void {
    if (this.#calls.c.calls.ftruncate(this.#descriptor, size) < 0) this.#calls.fail("set the length of", this.#name);
  }

  setMetadata(patch: MetadataPatch): void {
    const { calls } = this.#calls.c;
    const { uid, gid, mode } = patch;
    const birth = this.#birth;
    if (uid !== undefined && gid !== undefined && (uid !== birth?.uid || gid !== birth.gid)) {
      if (calls.fchown(this.#descriptor, uid, gid) < 0) this.#calls.fail("set the owner of", this.#name);
    }
    if (mode !== undefined && mode !== birth?.mode && calls.fchmod(this.#descriptor, mode) < 0) {
      this.#calls.fail("set the permissions of", this.#name);
    }
    if (patch.mtimeSeconds === undefined) return;
    if (calls.futimens(this.#descriptor, this.#calls.times(patch)) < 0) this.#calls.fail("set the time of", this.#name);
  }

  setXattrs(scope: XattrScope, xattrs: Xattrs): void {
    setXattrsAt(this.#calls, this.#descriptor, this.#name, scope, xattrs);
  }

  flush(): void {
    if (this.#calls.c.calls.fsync(this.#descriptor) < 0) this.#calls.fail("write to the disk", this.#name);
  }

  close(): void {
    if (this.#descriptor < 0) return;
    const result = this.#calls.c.calls.close(this.#descriptor);
    this.#descriptor = -1;
    if (result < 0) this.#calls.fail("finish writing", this.#name);
  }
}

/**
 * What is said of a file that this implementation cannot work with.
 *
 * @param verb What was to be done.
 * @param name Name of the file that is ours.
 * @returns The error.
 */
export function foreignFile(verb: string, name: string): SyncError {
  return new SyncError("internal", `Cannot ${verb} "${name}": the other file is of another implementation`);
}
