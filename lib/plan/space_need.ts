/**
 * How much room a plan needs at the destination, and what is refused for want of it.
 *
 * What counts: a new file takes the room of its content in whole blocks, without its holes where they are kept. A file
 * that is replaced is written before the old one goes, so it needs what it has more than the old one for good, and the
 * rest for as long as it is written; as many files are written at once as there are threads. Growth counts as if it all
 * came before anything shrinks. A further hard link costs nothing but in tmpfs, and deletions come last, so they free nothing in
 * time. What an interrupted run left is swept on the way, and is given credit for. Not counted: what directories and
 * attributes take beyond one block a directory, and what quotas forbid.
 *
 * @module
 */
import { formatBytes, formatCount } from "../bytes/quantities.ts";
import { SyncError } from "../errors.ts";
import type { Entry } from "../model/entry.ts";
import type { Space } from "../model/space.ts";
import type { Action, WriteFile } from "./action.ts";

/** What decides how much room an entry takes; plain data. */
export interface SpaceRules {
  /** Content takes room in multiples of this many bytes. */
  readonly blockBytes: number;
  /** What a new directory takes. */
  readonly directoryBytes: number;
  /** Entries that a further hard link takes. */
  readonly linkEntries: number;
  /** Whether holes stay holes. */
  readonly sparse: boolean;
  /** Whether content may be shared with the source and take no room. */
  readonly shares: boolean;
  /** The same for content of another tree that lies on the file system of the destination. */
  readonly sharesWithin: boolean;
  /** Whether what is replaced is kept, for good or until everything is there, so that nothing is freed in time. */
  readonly keepsOld: boolean;
  /** Whether files are changed where they are, so that they need only what they grow by. */
  readonly inPlace?: boolean;
  /** Files that are written at the same time. */
  readonly width: number;
}

/** Room that is needed beyond what is taken already. */
export interface SpaceNeed {
  /** Bytes. */
  readonly bytes: number;
  /** Entries (inodes). */
  readonly entries: number;
}

/** The same while it is being added up; plain data. */
export interface RunningNeed {
  /** Bytes that are needed for good, less what is swept. */
  bytes: number;
  /** Entries that are needed for good, less what is swept. */
  entries: number;
  /** The largest files of those that are written beside the old one: what each needs only meanwhile, in order. */
  passing: number[];
}

/**
 * Nothing needed yet.
 *
 * @returns A need to add to.
 */
export function noNeed(): RunningNeed {
  return { bytes: 0, entries: 0, passing: [] };
}

/** A symlink up to this length is kept in its inode. */
const SHORT_TARGET = 59;

/**
 * Adds what one action needs.
 *
 * @param need What is needed so far; changed in place.
 * @param action The action.
 * @param rules What decides.
 */
export function addNeed(need: RunningNeed, action: Action, rules: SpaceRules): void {
  switch (action.op) {
    case "write-file":
      return addWritten(need, action, rules);
    case "create-directory":
    case "create-symlink":
    case "create-special":
      return addMade(need, action.want, action.have, rules);
    case "sweep":
      if (action.have.kind === "directory") return;
      need.bytes -= action.have.kind === "file" ? action.have.allocated : 0;
      need.entries -= 1;
      return;
    case "link":
      return addLinked(need, action.have, rules);
    case "set-metadata":
    case "move":
    case "delete":
      return;
  }
}

function addWritten(need: RunningNeed, { want, have, basis }: WriteFile, rules: SpaceRules): void {
  if (rules.inPlace === true && have?.kind === "file" && basis?.links !== true) {
    return addChanged(need, want, have, rules);
  }
  if (basis === undefined) return addMade(need, want, have, rules);
  if (basis.links) return addLinked(need, have, rules);
  addMade(need, want, have, { ...rules, shares: rules.sharesWithin });
}

/** What is kept of a file that changes is a copy of it. */
function addChanged(need: RunningNeed, want: Entry, have: Entry, rules: SpaceRules): void {
  need.bytes += Math.max(0, roomOf(want, { ...rules, shares: false }) - have.allocated);
  if (!rules.keepsOld) return;
  need.bytes += roomOf(have, { ...rules, shares: rules.sharesWithin });
  need.entries += 1;
}

function addLinked(need: RunningNeed, have: Entry | undefined, { linkEntries }: SpaceRules): void {
  need.entries += have === undefined ? linkEntries : 0;
}

function addMade(need: RunningNeed, want: Entry, have: Entry | undefined, rules: SpaceRules): void {
  const room = roomOf(want, rules);
  // A directory that gives way is removed with the deletions, since it has to be emptied first.
  if (have === undefined || have.kind === "directory" || rules.keepsOld) {
    need.bytes += room;
    need.entries += 1;
    return;
  }
  const freed = have.kind === "file" ? Math.min(have.allocated, room) : 0;
  need.bytes += room - freed;
  keepLargest(need.passing, freed, rules.width);
}

/** Keeps a list of the largest numbers, the largest first. */
function keepLargest(largest: number[], value: number, count: number): void {
  if (largest.length >= count && value <= largest[count - 1]!) return;
  const at = largest.findIndex((other) => other < value);
  largest.splice(at < 0 ? largest.length : at, 0, value);
  if (largest.length > count) largest.pop();
}

function roomOf(want: Entry, { blockBytes, directoryBytes, sparse, shares }: SpaceRules): number {
  switch (want.kind) {
    case "file":
      return shares ? 0 : inBlocks(sparse ? Math.min(want.size, want.allocated) : want.size, blockBytes);
    case "directory":
      return directoryBytes;
    case "symlink":
      return want.size > SHORT_TARGET ? inBlocks(want.size, blockBytes) : 0;
    default:
      return 0;
  }
}

function inBlocks(bytes: number, block: number): number {
  return Math.ceil(bytes / block) * block;
}

/**
 * Adds what another thread found.
 *
 * @param into Changed in place.
 * @param more What is added.
 * @param width Files that are written at the same time.
 */
export function addNeeds(into: RunningNeed, more: RunningNeed, width: number): void {
  into.bytes += more.bytes;
  into.entries += more.entries;
  for (const each of more.passing) keepLargest(into.passing, each, width);
}

/**
 * The sum.
 *
 * @param need What was added up.
 * @returns What is needed at the worst moment; never less than nothing.
 */
export function totalNeed({ bytes, entries, passing }: RunningNeed): SpaceNeed {
  const meanwhile = passing.reduce((sum, each) => sum + each, 0);
  return { bytes: Math.max(0, bytes + meanwhile), entries: Math.max(0, entries + passing.length) };
}

/**
 * Refuses what does not fit.
 *
 * @param need What is needed.
 * @param space What there is.
 * @param deletions Entries that would be deleted, which frees nothing in time.
 * @throws {SyncError} code `"no-space"`, with both numbers.
 */
export function guardSpace(need: SpaceNeed, space: Space, deletions: number): void {
  const free = space.freeEntries ?? Infinity;
  const lacksBytes = need.bytes > space.freeBytes;
  if (!lacksBytes && need.entries <= free) return;
  const what = lacksBytes
    ? `it needs ${shownBytes(need.bytes)}, ${shownBytes(space.freeBytes)} are free`
    : `it needs ${formatCount(need.entries)} new entries (inodes), ${formatCount(free)} are free`;
  const deleting = deletions === 0 ? "" : "; deletions come last and free nothing in time";
  throw new SyncError("no-space", `Cannot fit the mirror into the destination: ${what}${deleting}`, {
    hint: "make room there, or start all the same with --no-preflight (API: preflight: false)",
  });
}

function shownBytes(bytes: number): string {
  return bytes < 1024 ? `${bytes} bytes` : `${formatBytes(bytes)} (${formatCount(bytes)} bytes)`;
}
