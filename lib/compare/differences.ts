/**
 * In what two entries of the same name and kind differ, as a set of bits. This is the hot path of a run with nothing to
 * do: it reads words of two listings and allocates nothing.
 *
 * @module
 */
import { PERMISSION_MASK, TYPE_DIRECTORY, TYPE_FILE, TYPE_MASK, TYPE_SYMLINK, type Xattrs } from "../model/entry.ts";
import { type Listing, WORD, WORDS } from "../model/listing.ts";
import type { CompareRules } from "./rules.ts";

/** Bits of a set of differences. */
export const DIFFERENCE = {
  size: 1,
  time: 2,
  mode: 4,
  owner: 8,
  group: 16,
  xattrs: 32,
  target: 64,
  device: 128,
  content: 256,
  forced: 512,
} as const satisfies Readonly<Record<Difference, number>>;

/** In what two entries of one kind can differ; for reasons and reports. */
export type Difference =
  | "size"
  | "time"
  | "mode"
  | "owner"
  | "group"
  | "xattrs"
  | "target"
  | "device"
  | "content"
  /** Nothing need differ: the file is written because every file is. */
  | "forced";

/** Differences for which an entry is made anew. */
export const CONTENT_DIFFERENCES = DIFFERENCE.size | DIFFERENCE.target | DIFFERENCE.device | DIFFERENCE.content |
  DIFFERENCE.forced;

const NANOSECONDS = 1_000_000_000;

/**
 * Compares the metadata of two entries of one kind.
 *
 * @param source Listing of the source.
 * @param at Its entry.
 * @param destination Listing of the destination.
 * @param other Its entry.
 * @param rules What counts.
 * @returns Bits of {@linkcode DIFFERENCE}; 0 when nothing differs. Contents are not looked at.
 */
export function differences(
  source: Listing,
  at: number,
  destination: Listing,
  other: number,
  rules: CompareRules,
): number {
  const a = source.words;
  const b = destination.words;
  const i = at * WORDS;
  const j = other * WORDS;
  const mode = a[i]!;
  const type = mode & TYPE_MASK;
  let found = 0;
  if (type === TYPE_FILE) {
    if (a[i + WORD.sizeLow] !== b[j + WORD.sizeLow] || a[i + WORD.sizeHigh] !== b[j + WORD.sizeHigh]) {
      found |= DIFFERENCE.size;
    }
  } else if (type !== TYPE_DIRECTORY) {
    found |= specialDifferences(source, at, destination, other, type);
  }
  if (wordsDiffer(a, i, b, j, rules.windowNanoseconds)) found |= DIFFERENCE.time;
  if (rules.modes && type !== TYPE_SYMLINK && ((mode ^ b[j]!) & PERMISSION_MASK) !== 0) found |= DIFFERENCE.mode;
  if (rules.owners && a[i + WORD.uid] !== b[j + WORD.uid]) found |= DIFFERENCE.owner;
  if (rules.groups && a[i + WORD.gid] !== b[j + WORD.gid] && maySetGroup(rules, a[i + WORD.gid]!)) {
    found |= DIFFERENCE.group;
  }
  if (rules.xattrs && !sameXattrs(source.xattrs(at), destination.xattrs(other))) found |= DIFFERENCE.xattrs;
  return found;
}

function specialDifferences(a: Listing, i: number, b: Listing, j: number, type: number): number {
  if (type === TYPE_SYMLINK) return a.target(i) === b.target(j) ? 0 : DIFFERENCE.target;
  const x = i * WORDS;
  const y = j * WORDS;
  const same = a.words[x + WORD.rdevMajor] === b.words[y + WORD.rdevMajor] &&
    a.words[x + WORD.rdevMinor] === b.words[y + WORD.rdevMinor];
  return same ? 0 : DIFFERENCE.device;
}

/**
 * Whether the times of two entries differ.
 *
 * @param a A listing.
 * @param at Its entry.
 * @param b Another listing.
 * @param other Its entry.
 * @param window Largest difference that counts as none, in nanoseconds.
 * @returns Whether it is larger.
 */
export function timeDiffers(a: Listing, at: number, b: Listing, other: number, window: number): boolean {
  return wordsDiffer(a.words, at * WORDS, b.words, other * WORDS, window);
}

/**
 * Which of two entries is newer.
 *
 * @param a A listing.
 * @param at Its entry.
 * @param b Another listing.
 * @param other Its entry.
 * @returns More than 0 when the first is newer, less than 0 when the second is.
 */
export function timeOrder(a: Listing, at: number, b: Listing, other: number): number {
  const seconds = a.mtimeSeconds(at) - b.mtimeSeconds(other);
  if (seconds !== 0) return seconds;
  return a.words[at * WORDS + WORD.mtimeNanoseconds]! - b.words[other * WORDS + WORD.mtimeNanoseconds]!;
}

function wordsDiffer(a: Uint32Array, i: number, b: Uint32Array, j: number, window: number): boolean {
  if (
    a[i + WORD.mtimeNanoseconds] === b[j + WORD.mtimeNanoseconds] &&
    a[i + WORD.mtimeLow] === b[j + WORD.mtimeLow] && a[i + WORD.mtimeHigh] === b[j + WORD.mtimeHigh]
  ) return false;
  return window === 0 || !withinWindow(a, i, b, j, window);
}

function withinWindow(a: Uint32Array, i: number, b: Uint32Array, j: number, window: number): boolean {
  const high = (a[i + WORD.mtimeHigh]! | 0) - (b[j + WORD.mtimeHigh]! | 0);
  const seconds = high * 4_294_967_296 + (a[i + WORD.mtimeLow]! - b[j + WORD.mtimeLow]!);
  const nanoseconds = a[i + WORD.mtimeNanoseconds]! - b[j + WORD.mtimeNanoseconds]!;
  return Math.abs(seconds * NANOSECONDS + nanoseconds) <= window;
}

/**
 * Whether this process can give a file to a group.
 *
 * @param rules Rules of the run.
 * @param gid Number of the group.
 * @returns `false` for a group that an unprivileged process is not a member of.
 */
export function maySetGroup(rules: CompareRules, gid: number): boolean {
  return rules.settableGroups === undefined || rules.settableGroups.has(gid);
}

/**
 * Whether two sets of extended attributes are the same.
 *
 * @param a One; absent counts as empty.
 * @param b The other.
 * @returns Whether all names and values agree.
 */
export function sameXattrs(a: Xattrs | undefined, b: Xattrs | undefined): boolean {
  const mine = Object.entries(a ?? {});
  const theirs = b ?? {};
  return mine.length === Object.keys(theirs).length && mine.every(([name, value]) => theirs[name] === value);
}

/**
 * The names of the bits of a set.
 *
 * @param bits Bits of {@linkcode DIFFERENCE}.
 * @returns Names in the order of the table.
 */
export function differenceNames(bits: number): Difference[] {
  const names = Object.keys(DIFFERENCE) as Difference[];
  return names.filter((name) => (bits & DIFFERENCE[name]) !== 0);
}
