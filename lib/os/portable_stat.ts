/**
 * What `lstat` of `node:fs` says, as entries, identities and words of a listing.
 *
 * @module
 */
import { type BigIntStats, lstatSync } from "node:fs";
import { type Entry, type Kind, kindOfMode, PERMISSION_MASK } from "../model/entry.ts";
import { type Listing, WORD, WORDS } from "../model/listing.ts";
import { INODE_HIGH_MASK, type Stamp } from "../model/stamp.ts";
import { attempt, PLATFORM, systemPath, TIME_STEP } from "./portable_runtime.ts";
import { timeOf } from "./portable_time.ts";

const LOW_32 = 0xffff_ffffn;
const SECTOR = 512;

/** Windows has neither permission bits nor owners; these stand for them, the same on both sides of a comparison. */
const WINDOWS_MODE: Readonly<Partial<Record<Kind, number>>> = { directory: 0o755, symlink: 0o777 };

/**
 * Metadata of what a path names; a symlink itself.
 *
 * @param path Path of the entry.
 * @param name Its last name, for errors.
 * @returns The metadata, or `undefined` when nothing has that name.
 * @throws {SyncError} when it cannot be read.
 */
export function statOf(path: string, name: string): BigIntStats | undefined {
  const target = systemPath(path, name);
  return attempt("read the metadata of", name, () => lstatSync(target, { bigint: true, throwIfNoEntry: false }));
}

/** Kind that a `stat` says. */
export function kindOfStat(stat: BigIntStats): Kind {
  return kindOfMode(Number(stat.mode));
}

/** Device and inode, in the form of {@linkcode Listing.identity}. */
export function identityOfStat(stat: BigIntStats): string {
  return `${deviceWord(stat)}:${stat.ino >> 32n & LOW_32}:${stat.ino & LOW_32}`;
}

/** Whether the file system tells entries apart by their inode. Some on Windows and some network ones do not. */
export function hasIdentity(stat: BigIntStats): boolean {
  return stat.ino !== 0n;
}

/** Metadata as plain data. */
export function entryOfStat(stat: BigIntStats): Entry {
  const kind = kindOfStat(stat);
  const time = timeOf(stat.mtimeNs, TIME_STEP);
  const size = Number(stat.size);
  const entry: Entry = {
    kind,
    mode: permissionsOf(stat, kind),
    uid: PLATFORM === "windows" ? 0 : Number(stat.uid),
    gid: PLATFORM === "windows" ? 0 : Number(stat.gid),
    size,
    mtimeSeconds: time.seconds,
    mtimeNanoseconds: time.nanoseconds,
    allocated: allocatedOf(stat),
  };
  if (kind !== "block-device" && kind !== "character-device") return entry;
  return { ...entry, device: deviceNumbers(stat.rdev) };
}

/** What an ordinary write changes, as plain data. */
export function stampOfStat(stat: BigIntStats): Stamp {
  const { seconds, nanoseconds } = timeOf(stat.mtimeNs, TIME_STEP);
  const ctime = timeOf(stat.ctimeNs, 1);
  return {
    size: Number(stat.size),
    mtimeSeconds: seconds,
    mtimeNanoseconds: nanoseconds,
    ctimeSeconds: ctime.seconds,
    ctimeNanoseconds: ctime.nanoseconds,
    inode: Number(stat.ino & (BigInt(INODE_HIGH_MASK) << 32n | LOW_32)),
  };
}

/**
 * Adds an entry to a listing.
 *
 * @param into The listing.
 * @param name Bytes of the name.
 * @param stat Metadata, or `undefined` for an entry that could not be read: all words are then zero.
 * @returns Index of the entry.
 */
export function addStat(into: Listing, name: Uint8Array, stat: BigIntStats | undefined): number {
  const index = into.add(name, 0, name.length);
  into.words.fill(0, index * WORDS, (index + 1) * WORDS);
  if (stat !== undefined) setStat(into, index, stat);
  return index;
}

/**
 * Writes metadata into an entry of a listing.
 *
 * @param into The listing.
 * @param index The entry.
 * @param stat The metadata.
 */
export function setStat(into: Listing, index: number, stat: BigIntStats): void {
  const at = index * WORDS;
  const entry = entryOfStat(stat);
  const words = into.words;
  words[at + WORD.mode] = Number(stat.mode) & ~PERMISSION_MASK | entry.mode;
  words[at + WORD.links] = Number(stat.nlink ?? 1n);
  words[at + WORD.uid] = entry.uid;
  words[at + WORD.gid] = entry.gid;
  setWide(words, at + WORD.sizeLow, BigInt(stat.size));
  setWide(words, at + WORD.mtimeLow, BigInt(entry.mtimeSeconds));
  words[at + WORD.mtimeNanoseconds] = entry.mtimeNanoseconds;
  setWide(words, at + WORD.inodeLow, stat.ino);
  words[at + WORD.device] = deviceWord(stat);
  words[at + WORD.rdevMajor] = entry.device?.[0] ?? 0;
  words[at + WORD.rdevMinor] = entry.device?.[1] ?? 0;
  setWide(words, at + WORD.blocksLow, BigInt(Math.ceil(entry.allocated / SECTOR)));
  const ctime = timeOf(stat.ctimeNs, 1);
  setWide(words, at + WORD.ctimeLow, BigInt(ctime.seconds));
  words[at + WORD.ctimeNanoseconds] = ctime.nanoseconds;
}

function setWide(words: Uint32Array, low: number, value: bigint): void {
  words[low] = Number(value & LOW_32);
  words[low + 1] = Number(value >> 32n & LOW_32);
}

function permissionsOf(stat: BigIntStats, kind: Kind): number {
  return PLATFORM === "windows" ? WINDOWS_MODE[kind] ?? 0o644 : Number(stat.mode) & PERMISSION_MASK;
}

/** Windows has no count of blocks; there a file takes what it holds. */
function allocatedOf(stat: BigIntStats): number {
  return PLATFORM === "windows" ? Number(stat.size) : Number(stat.blocks) * SECTOR;
}

/** Numbers of devices are 64 bits wide on Windows; folded they still tell the few devices of a machine apart. */
function deviceWord(stat: BigIntStats): number {
  return Number((stat.dev ^ stat.dev >> 32n) & LOW_32);
}

/** Splits a device number as the C library of the platform does. */
function deviceNumbers(device: bigint): readonly [major: number, minor: number] {
  if (PLATFORM === "darwin") return [Number(device >> 24n & 0xffn), Number(device & 0xff_ffffn)];
  const major = device >> 8n & 0xfffn | device >> 32n & 0xffff_f000n;
  const minor = device & 0xffn | device >> 12n & 0xffff_ff00n;
  return [Number(major), Number(minor)];
}
