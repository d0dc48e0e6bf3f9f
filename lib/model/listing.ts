/**
 * The entries of one directory, in the order the file system gave them, as columns: names in one byte buffer, metadata
 * in one array of 32-bit words. A listing is filled by an adapter, read by the planner and used again for the next
 * directory, so an entry that did not change costs no allocation. It does not sort: two listings are matched by name
 * ({@linkcode matchListings}), and only what changed is put in order.
 *
 * @module
 */
import { decodeName } from "../bytes/name.ts";
import type { SyncError } from "../errors.ts";
import {
  type Entry,
  type Kind,
  kindOfMode,
  PERMISSION_MASK,
  TYPE_DIRECTORY,
  TYPE_MASK,
  TYPE_SYMLINK,
  typeBits,
  type Xattrs,
} from "./entry.ts";
import { isTemporaryName, TEMPORARY_PREFIX } from "./leftover.ts";
import { INODE_HIGH_MASK, type Stamp } from "./stamp.ts";

/** Words of metadata per entry. */
export const WORDS = 19;

/** Position of each word of an entry. Wide numbers are two words, low first. */
export const WORD = {
  mode: 0,
  links: 1,
  uid: 2,
  gid: 3,
  sizeLow: 4,
  sizeHigh: 5,
  mtimeLow: 6,
  mtimeHigh: 7,
  mtimeNanoseconds: 8,
  inodeLow: 9,
  inodeHigh: 10,
  device: 11,
  rdevMajor: 12,
  rdevMinor: 13,
  blocksLow: 14,
  blocksHigh: 15,
  ctimeLow: 16,
  ctimeHigh: 17,
  ctimeNanoseconds: 18,
} as const;

const TWO_32 = 4_294_967_296;
const SECTOR = 512;
const PREFIX_BYTES = new TextEncoder().encode(TEMPORARY_PREFIX);

/** What an inode has beside the metadata of an {@linkcode Entry}. */
export interface Identity {
  /** Number of its device. */
  readonly device: number;
  /** Its own number. */
  readonly inode: number;
  /** How many names it has. */
  readonly links: number;
  /** Time of last change: whole seconds since 1970. @default {0} */
  readonly ctimeSeconds?: number;
  /** Nanoseconds to add. @default {0} */
  readonly ctimeNanoseconds?: number;
}

/** One directory's entries. See the module comment. */
export class Listing {
  /** Number of entries. */
  count = 0;
  /** Bytes of all names, one after the other. */
  names: Uint8Array = new Uint8Array(16_384);
  /** Offset of each name in `names`, and one more: where the last ends. */
  starts: Uint32Array = new Uint32Array(257);
  /** Metadata, {@linkcode WORDS} words an entry. */
  words: Uint32Array = new Uint32Array(256 * WORDS);
  #errors: Map<number, SyncError> | undefined;
  #targets: Map<number, string> | undefined;
  #xattrs: Map<number, Xattrs> | undefined;
  #index: NameIndex | undefined;

  /** Empties the listing and keeps its buffers. */
  clear(): void {
    this.count = 0;
    this.starts[0] = 0;
    this.#errors = undefined;
    this.#targets = undefined;
    this.#xattrs = undefined;
    this.#index = undefined;
  }

  /**
   * Adds an entry whose words the caller then writes at `index * WORDS`.
   *
   * @param bytes Buffer that holds the name.
   * @param start Offset of its first byte.
   * @param end Offset after its last byte.
   * @returns Index of the entry.
   */
  add(bytes: Uint8Array, start: number, end: number): number {
    const index = this.count;
    const at = this.starts[index]!;
    const after = at + end - start;
    if (after > this.names.length) this.names = grown(this.names, new Uint8Array(after * 2));
    if (index + 2 > this.starts.length) this.starts = grown(this.starts, new Uint32Array(this.starts.length * 2));
    if ((index + 1) * WORDS > this.words.length) this.words = grown(this.words, new Uint32Array(this.words.length * 2));
    const names = this.names;
    for (let from = start, to = at; from < end; from++, to++) names[to] = bytes[from]!;
    this.starts[index + 1] = after;
    this.count = index + 1;
    this.#index = undefined;
    return index;
  }

  /**
   * Adds an entry from plain data.
   *
   * @param name Bytes of the name.
   * @param entry Its metadata.
   * @param identity What else an inode has.
   * @returns Index of the entry.
   */
  addEntry(name: Uint8Array, entry: Entry, identity: Identity): number {
    const index = this.add(name, 0, name.length);
    this.setEntry(index, entry, identity);
    return index;
  }

  /**
   * Gives an entry other metadata.
   *
   * @param index Which one.
   * @param entry The metadata.
   * @param identity What else an inode has.
   */
  setEntry(index: number, entry: Entry, identity: Identity): void {
    const words = this.words.subarray(index * WORDS, (index + 1) * WORDS);
    words[WORD.mode] = entry.mode | typeBits(entry.kind);
    words[WORD.links] = identity.links;
    words[WORD.uid] = entry.uid;
    words[WORD.gid] = entry.gid;
    words[WORD.sizeLow] = entry.size % TWO_32;
    words[WORD.sizeHigh] = Math.floor(entry.size / TWO_32);
    words[WORD.mtimeLow] = modulo32(entry.mtimeSeconds);
    words[WORD.mtimeHigh] = Math.floor(entry.mtimeSeconds / TWO_32);
    words[WORD.mtimeNanoseconds] = entry.mtimeNanoseconds;
    words[WORD.inodeLow] = identity.inode % TWO_32;
    words[WORD.inodeHigh] = Math.floor(identity.inode / TWO_32);
    words[WORD.device] = identity.device;
    words[WORD.rdevMajor] = entry.device?.[0] ?? 0;
    words[WORD.rdevMinor] = entry.device?.[1] ?? 0;
    const blocks = Math.ceil(entry.allocated / SECTOR);
    words[WORD.blocksLow] = blocks % TWO_32;
    words[WORD.blocksHigh] = Math.floor(blocks / TWO_32);
    const { ctimeSeconds = 0, ctimeNanoseconds = 0 } = identity;
    words[WORD.ctimeLow] = modulo32(ctimeSeconds);
    words[WORD.ctimeHigh] = Math.floor(ctimeSeconds / TWO_32);
    words[WORD.ctimeNanoseconds] = ctimeNanoseconds;
    if (entry.target !== undefined) this.setTarget(index, entry.target);
    else this.#targets?.delete(index);
    if (entry.xattrs !== undefined) this.setXattrs(index, entry.xattrs);
  }

  /** Name of an entry. */
  name(index: number): string {
    return decodeName(this.names, this.starts[index]!, this.starts[index + 1]!);
  }

  /** Kind of an entry. */
  kind(index: number): Kind {
    return kindOfMode(this.words[index * WORDS]!);
  }

  /** Type bits of an entry's mode. */
  type(index: number): number {
    return this.words[index * WORDS]! & TYPE_MASK;
  }

  /** Whether an entry is a directory. */
  isDirectory(index: number): boolean {
    return (this.words[index * WORDS]! & TYPE_MASK) === TYPE_DIRECTORY;
  }

  /** Whether an entry is a symlink. */
  isSymlink(index: number): boolean {
    return (this.words[index * WORDS]! & TYPE_MASK) === TYPE_SYMLINK;
  }

  /** Length of an entry in bytes. */
  size(index: number): number {
    const at = index * WORDS;
    return this.words[at + WORD.sizeHigh]! * TWO_32 + this.words[at + WORD.sizeLow]!;
  }

  /** Whole seconds of an entry's time of modification. */
  mtimeSeconds(index: number): number {
    const at = index * WORDS;
    return (this.words[at + WORD.mtimeHigh]! | 0) * TWO_32 + this.words[at + WORD.mtimeLow]!;
  }

  /**
   * What tells whether a file may hold other content by now.
   *
   * @param index Which one.
   * @returns A value of its own, independent of the listing.
   */
  stamp(index: number): Stamp {
    const words = this.words;
    const at = index * WORDS;
    return {
      size: this.size(index),
      mtimeSeconds: this.mtimeSeconds(index),
      mtimeNanoseconds: words[at + WORD.mtimeNanoseconds]!,
      ctimeSeconds: (words[at + WORD.ctimeHigh]! | 0) * TWO_32 + words[at + WORD.ctimeLow]!,
      ctimeNanoseconds: words[at + WORD.ctimeNanoseconds]!,
      inode: (words[at + WORD.inodeHigh]! & INODE_HIGH_MASK) * TWO_32 + words[at + WORD.inodeLow]!,
    };
  }

  /** How many names the entry's inode has. */
  links(index: number): number {
    return this.words[index * WORDS + WORD.links]!;
  }

  /** Device and inode of an entry as one text, equal for hard links of one file. */
  identity(index: number): string {
    const at = index * WORDS;
    const words = this.words;
    return `${words[at + WORD.device]!}:${words[at + WORD.inodeHigh]!}:${words[at + WORD.inodeLow]!}`;
  }

  /**
   * One entry as plain data.
   *
   * @param index Which one.
   * @returns A value of its own, independent of the listing.
   */
  entry(index: number): Entry {
    const words = this.words;
    const at = index * WORDS;
    const mode = words[at]!;
    const kind = kindOfMode(mode);
    const entry: Entry = {
      kind,
      mode: mode & PERMISSION_MASK,
      uid: words[at + WORD.uid]!,
      gid: words[at + WORD.gid]!,
      size: this.size(index),
      mtimeSeconds: this.mtimeSeconds(index),
      mtimeNanoseconds: words[at + WORD.mtimeNanoseconds]!,
      allocated: (words[at + WORD.blocksHigh]! * TWO_32 + words[at + WORD.blocksLow]!) * SECTOR,
    };
    return kind === "file" && this.#xattrs === undefined ? entry : this.#withExtras(index, entry);
  }

  #withExtras(index: number, entry: Entry): Entry {
    const at = index * WORDS;
    const target = this.#targets?.get(index);
    const xattrs = this.#xattrs?.get(index);
    const isDevice = entry.kind === "block-device" || entry.kind === "character-device";
    return {
      ...entry,
      ...(target === undefined ? {} : { target }),
      ...(xattrs === undefined ? {} : { xattrs }),
      ...(isDevice ? { device: [this.words[at + WORD.rdevMajor]!, this.words[at + WORD.rdevMinor]!] as const } : {}),
    };
  }

  /** Target of a symlink, if the scan read it. */
  target(index: number): string | undefined {
    return this.#targets?.get(index);
  }

  /** Keeps the target of a symlink. */
  setTarget(index: number, target: string): void {
    (this.#targets ??= new Map()).set(index, target);
  }

  /** Extended attributes of an entry, if the scan read them. */
  xattrs(index: number): Xattrs | undefined {
    return this.#xattrs?.get(index);
  }

  /** Keeps the extended attributes of an entry. */
  setXattrs(index: number, xattrs: Xattrs): void {
    (this.#xattrs ??= new Map()).set(index, xattrs);
  }

  /** Why the metadata of an entry could not be read, if it could not. */
  error(index: number): SyncError | undefined {
    return this.#errors?.get(index);
  }

  /** Marks an entry whose metadata could not be read: what an earlier entry left in its place becomes zeros. */
  setError(index: number, error: SyncError): void {
    this.words.fill(0, index * WORDS, (index + 1) * WORDS);
    this.words.fill(0, index * WORDS, (index + 1) * WORDS);
    (this.#errors ??= new Map()).set(index, error);
  }

  /** Whether the name of an entry is a temporary name of this toolkit. */
  isTemporary(index: number): boolean {
    const start = this.starts[index]!;
    if (this.names[start] !== PREFIX_BYTES[0]) return false;
    for (let at = 1; at < PREFIX_BYTES.length; at++) {
      if (this.names[start + at] !== PREFIX_BYTES[at]) return false;
    }
    return isTemporaryName(this.name(index));
  }

  /** Whether an entry has the same name as an entry of another listing. */
  sameName(index: number, other: Listing, otherIndex: number): boolean {
    const start = this.starts[index]!;
    const length = this.starts[index + 1]! - start;
    const otherStart = other.starts[otherIndex]!;
    if (other.starts[otherIndex + 1]! - otherStart !== length) return false;
    const mine = this.names;
    const theirs = other.names;
    for (let at = 0; at < length; at++) {
      if (mine[start + at] !== theirs[otherStart + at]) return false;
    }
    return true;
  }

  /**
   * Finds the entry that has the name of an entry of another listing.
   *
   * @param other The other listing.
   * @param otherIndex Its entry.
   * @returns Index here, or -1.
   */
  find(other: Listing, otherIndex: number): number {
    this.#index ??= new NameIndex(this);
    return this.#index.find(other, otherIndex);
  }
}

/**
 * Finds for each entry of one listing the entry of the same name in another. The two are often in the same order, or
 * one in the reverse order of the other, so the neighbour of the last hit is tried before the hash index is built.
 *
 * @param left One listing.
 * @param right The other.
 * @param into For each entry of `left` its index in `right`, or -1; grown when it is too small.
 * @returns `into`, or a larger array in its place.
 */
export function matchListings(left: Listing, right: Listing, into: Int32Array): Int32Array {
  const matches = into.length >= left.count ? into : new Int32Array(left.count * 2);
  let last = -1;
  let step = 1;
  for (let index = 0; index < left.count; index++) {
    let found = last + step;
    if (found < 0 || found >= right.count || !left.sameName(index, right, found)) {
      found = right.count === 0 ? -1 : right.find(left, index);
      if (found >= 0 && found === last - 1) step = -1;
      else if (found >= 0) step = found + 1 < right.count ? 1 : -1;
    }
    if (found >= 0) last = found;
    matches[index] = found;
  }
  return matches;
}

/** Open-addressing hash table from name bytes to index. */
class NameIndex {
  readonly #listing: Listing;
  readonly #slots: Int32Array;
  readonly #mask: number;

  constructor(listing: Listing) {
    let size = 16;
    while (size < listing.count * 2) size *= 2;
    this.#listing = listing;
    this.#slots = new Int32Array(size).fill(-1);
    this.#mask = size - 1;
    for (let index = 0; index < listing.count; index++) {
      let slot = hashName(listing, index) & this.#mask;
      while (this.#slots[slot]! >= 0) slot = (slot + 1) & this.#mask;
      this.#slots[slot] = index;
    }
  }

  find(other: Listing, otherIndex: number): number {
    let slot = hashName(other, otherIndex) & this.#mask;
    for (;;) {
      const index = this.#slots[slot]!;
      if (index < 0) return -1;
      if (this.#listing.sameName(index, other, otherIndex)) return index;
      slot = (slot + 1) & this.#mask;
    }
  }
}

/** FNV-1a with a final mix; an attacker who floods one slot costs time in one directory, never correctness. */
function hashName(listing: Listing, index: number): number {
  const end = listing.starts[index + 1]!;
  let hash = 0x811c9dc5;
  for (let at = listing.starts[index]!; at < end; at++) {
    hash = Math.imul(hash ^ listing.names[at]!, 0x01000193);
  }
  return (hash ^ (hash >>> 15)) >>> 0;
}

function modulo32(value: number): number {
  return ((value % TWO_32) + TWO_32) % TWO_32;
}

function grown<T extends Uint8Array | Uint32Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
