/**
 * The memory that one thread passes to the C library, and the few calls that every native file shares: names as C
 * strings, `statx` results, times. Everything here is used and read before the next call; nothing is kept.
 *
 * @module
 */
import { encodeNameInto } from "../bytes/name.ts";
import { printable } from "../bytes/printable.ts";
import { SyncError } from "../errors.ts";
import { type Entry, kindOfMode, type MetadataPatch, PERMISSION_MASK } from "../model/entry.ts";
import { type Listing, WORD, WORDS } from "../model/listing.ts";
import { INODE_HIGH_MASK, type Stamp } from "../model/stamp.ts";
import type { Address, Memory } from "./ffi.ts";
import { C, libc, type LoadedLibc } from "./libc.ts";
import { ERRNO, systemError } from "./system_error.ts";

/** Longest path that one call takes, with its final NUL. */
export const PATH_LIMIT = 4096;
/** Size of the buffer for directory entries: about 2,000 names. */
export const DIRENT_BYTES = 65_536;
/** Size of each of the two buffers for content. */
export const CONTENT_BYTES = 1 << 20;

const TWO_32 = 4_294_967_296;
const SECTOR = 512;

/** Words of `struct statx` (include/uapi/linux/stat.h), 32 bits each. */
const STATX = {
  links: 4,
  uid: 5,
  gid: 6,
  mode: 7,
  inode: 8,
  size: 10,
  blocks: 12,
  ctime: 24,
  ctimeNanoseconds: 26,
  mtime: 28,
  mtimeNanoseconds: 30,
  rdevMajor: 32,
  rdevMinor: 33,
  deviceMajor: 34,
  deviceMinor: 35,
} as const;

/** Buffers and calls of one thread. */
export class NativeCalls {
  /** The C library. */
  readonly c: LoadedLibc = libc();
  /** Directory entries as the kernel writes them. */
  readonly dirents: Memory = this.c.allocate(DIRENT_BYTES);
  readonly #name: Memory = this.c.allocate(PATH_LIMIT);
  readonly #otherName: Memory = this.c.allocate(PATH_LIMIT);
  readonly #empty: Memory = this.c.allocate(8);
  readonly #statx: Memory = this.c.allocate(256);
  readonly #stat = new Uint32Array(this.#statx.bytes.buffer);
  readonly #times: Memory = this.c.allocate(32);
  readonly #timeWords = new Int32Array(this.#times.bytes.buffer);
  #content: readonly [Memory, Memory] | undefined;

  /** Two large buffers for content, made when first needed. */
  get content(): readonly [Memory, Memory] {
    this.#content ??= [this.c.allocate(CONTENT_BYTES), this.c.allocate(CONTENT_BYTES)];
    return this.#content;
  }

  /** Address of an empty C string. */
  get emptyName(): Address {
    return this.#empty.address;
  }

  /** Writes a single name as a C string. A name that is not single is refused here, in front of every call. */
  name(name: string): Address {
    return singleName(this.#name, name);
  }

  /** The same in a second buffer, for calls with two names. */
  otherName(name: string): Address {
    return singleName(this.#otherName, name);
  }

  /** Writes a name of a listing as a C string, as the kernel gave it. */
  listedName({ names, starts }: Listing, index: number): Address {
    const { bytes, address } = this.#name;
    let to = 0;
    for (let at = starts[index]!; at < starts[index + 1]!; at++) bytes[to++] = names[at]!;
    bytes[to] = 0;
    return address;
  }

  /** Writes a text of any form, such as the target of a symlink or a path of several names. */
  text(text: string, second = false): Address {
    return cString(second ? this.#otherName : this.#name, text);
  }

  /** Reads metadata; the answer stays in this object until the next call. */
  stat(directory: number, name: Address, flags: number): number {
    return this.c.calls.statx(directory, name, flags | C.AT_NO_AUTOMOUNT, C.STATX_BASIC_STATS, this.#statx.address);
  }

  /** Metadata of an open descriptor. */
  statDescriptor(descriptor: number, what: string): void {
    if (this.stat(descriptor, this.emptyName, C.AT_EMPTY_PATH) < 0) this.fail("read the metadata of", what);
  }

  /** The last `stat` as an entry. */
  statEntry(): Entry {
    const stat = this.#stat;
    const mode = stat[STATX.mode]! & 0xffff;
    const kind = kindOfMode(mode);
    const entry: Entry = {
      kind,
      mode: mode & PERMISSION_MASK,
      uid: stat[STATX.uid]!,
      gid: stat[STATX.gid]!,
      size: stat[STATX.size + 1]! * TWO_32 + stat[STATX.size]!,
      mtimeSeconds: (stat[STATX.mtime + 1]! | 0) * TWO_32 + stat[STATX.mtime]!,
      mtimeNanoseconds: stat[STATX.mtimeNanoseconds]!,
      allocated: (stat[STATX.blocks + 1]! * TWO_32 + stat[STATX.blocks]!) * SECTOR,
    };
    if (kind !== "block-device" && kind !== "character-device") return entry;
    return { ...entry, device: [stat[STATX.rdevMajor]!, stat[STATX.rdevMinor]!] };
  }

  /** How many names the file of the last `stat` has. */
  statLinks(): number {
    return this.#stat[STATX.links]!;
  }

  /** Device and inode of the last `stat`, in the form of {@linkcode Listing.identity}. */
  statIdentity(): string {
    const stat = this.#stat;
    return `${this.#device()}:${stat[STATX.inode + 1]!}:${stat[STATX.inode]!}`;
  }

  /** The last `stat` as a stamp. */
  statStamp(): Stamp {
    const stat = this.#stat;
    return {
      size: stat[STATX.size + 1]! * TWO_32 + stat[STATX.size]!,
      mtimeSeconds: (stat[STATX.mtime + 1]! | 0) * TWO_32 + stat[STATX.mtime]!,
      mtimeNanoseconds: stat[STATX.mtimeNanoseconds]!,
      ctimeSeconds: (stat[STATX.ctime + 1]! | 0) * TWO_32 + stat[STATX.ctime]!,
      ctimeNanoseconds: stat[STATX.ctimeNanoseconds]!,
      inode: (stat[STATX.inode + 1]! & INODE_HIGH_MASK) * TWO_32 + stat[STATX.inode]!,
    };
  }

  #device(): number {
    return ((this.#stat[STATX.deviceMajor]! << 20) | this.#stat[STATX.deviceMinor]!) >>> 0;
  }

  /** Writes the last `stat` into the words of a listing's entry. */
  statInto(listing: Listing, index: number): void {
    const stat = this.#stat;
    const words = listing.words;
    const at = index * WORDS;
    words[at + WORD.mode] = stat[STATX.mode]! & 0xffff;
    words[at + WORD.links] = stat[STATX.links]!;
    words[at + WORD.uid] = stat[STATX.uid]!;
    words[at + WORD.gid] = stat[STATX.gid]!;
    words[at + WORD.sizeLow] = stat[STATX.size]!;
    words[at + WORD.sizeHigh] = stat[STATX.size + 1]!;
    words[at + WORD.mtimeLow] = stat[STATX.mtime]!;
    words[at + WORD.mtimeHigh] = stat[STATX.mtime + 1]!;
    words[at + WORD.mtimeNanoseconds] = stat[STATX.mtimeNanoseconds]!;
    words[at + WORD.inodeLow] = stat[STATX.inode]!;
    words[at + WORD.inodeHigh] = stat[STATX.inode + 1]!;
    words[at + WORD.device] = this.#device();
    words[at + WORD.rdevMajor] = stat[STATX.rdevMajor]!;
    words[at + WORD.rdevMinor] = stat[STATX.rdevMinor]!;
    words[at + WORD.blocksLow] = stat[STATX.blocks]!;
    words[at + WORD.blocksHigh] = stat[STATX.blocks + 1]!;
    words[at + WORD.ctimeLow] = stat[STATX.ctime]!;
    words[at + WORD.ctimeHigh] = stat[STATX.ctime + 1]!;
    words[at + WORD.ctimeNanoseconds] = stat[STATX.ctimeNanoseconds]!;
  }

  /** A pair of `struct timespec`: access time left alone, modification time as the patch says. */
  times(patch: MetadataPatch): Address {
    const words = this.#timeWords;
    const seconds = patch.mtimeSeconds ?? 0;
    words[2] = C.UTIME_OMIT;
    words[4] = seconds | 0;
    words[5] = Math.floor(seconds / TWO_32);
    words[6] = patch.mtimeNanoseconds ?? 0;
    return this.#times.address;
  }

  /** Throws the error of the last failed call. */
  fail(verb: string, name: string): never {
    throw systemError(verb, name, this.c.errno());
  }

  /** Repeats a call that a signal interrupted. */
  retry(call: () => number): number {
    for (;;) {
      const result = call();
      if (result >= 0 || this.c.errno() !== ERRNO.EINTR) return result;
    }
  }
}

let shared: NativeCalls | undefined;

/**
 * The buffers of this thread.
 *
 * @returns The same value at every call.
 * @throws {SyncError} code `"unsupported"` when the C library cannot be used.
 */
export function nativeCalls(): NativeCalls {
  shared ??= new NativeCalls();
  return shared;
}

function singleName(memory: Memory, name: string): Address {
  if (name === "" || name === "." || name === ".." || name.includes("/")) {
    throw new SyncError("path-escape", `Cannot use name "${printable(name)}": it must be a single name`, {
      path: name,
    });
  }
  return cString(memory, name);
}

function cString(memory: Memory, text: string): Address {
  // Three bytes a character at most, and the final NUL.
  if (text.length * 3 >= PATH_LIMIT && encodedLength(text) >= PATH_LIMIT) {
    throw systemError("use", text, ERRNO.ENAMETOOLONG);
  }
  const end = encodeNameInto(text, memory.bytes, 0);
  memory.bytes[end] = 0;
  if (text.includes("\0")) {
    throw new SyncError("path-escape", `Cannot use name "${printable(text)}": it holds NUL`, { path: text });
  }
  return memory.address;
}

function encodedLength(text: string): number {
  return encodeNameInto(text, new Uint8Array(text.length * 3));
}
