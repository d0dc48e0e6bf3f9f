/**
 * The working folder of a store: what a run that died left there, and how what is complete becomes a snapshot.
 *
 * @module
 */
import { asSyncError } from "../errors.ts";
import type { Entry } from "../model/entry.ts";
import { baseName, ROOT } from "../model/rel_path.ts";
import type { Directory, Tree } from "../model/tree.ts";
import { nextSnapshotName, parseSnapshotName, type SnapshotName } from "./name.ts";
import type { SnapshotRecord } from "./record.ts";
import { HIDDEN, RECORDS, removeRecord, snapshotNames, WORKING, writeRecord } from "./store.ts";
import { entriesOf, readText, within, writeText } from "./store_files.ts";

/** Name of the file that tells under which start of the system the working folder was begun. */
const NOTE_NAME = "working.json";
const NOTE_LIMIT = 4096;
const OWNER_MAY_CHANGE = 0o700;

/** What an earlier run left. */
export type Leftover =
  /** Nothing. */
  | "none"
  /** A tree whose files are what they seem to be. */
  | "sound"
  /** A tree from before the system was started again: what was not on the disk then may be damaged. */
  | "doubtful";

/**
 * Looks what an earlier run left in the working folder, and notes that this one begins.
 *
 * @param tree The store, locked.
 * @param boot The start of the system; empty when it is not known.
 * @returns What is there.
 * @throws {SyncError} when the note cannot be written.
 */
export function beginWork(tree: Tree, boot: string): Leftover {
  const isThere = entriesOf(tree, HIDDEN).some(({ name }) => name === baseName(WORKING));
  const note = `${JSON.stringify({ boot })}\n`;
  if (!isThere) {
    writeText(tree, HIDDEN, NOTE_NAME, note);
    return "none";
  }
  // A doubtful folder stays so until a run has looked at all of it: the note is only renewed by one that publishes.
  return boot !== "" && readText(tree, HIDDEN, NOTE_NAME, NOTE_LIMIT) === note ? "sound" : "doubtful";
}

/**
 * Removes records of snapshots that are not there: a run may have died between writing one and publishing.
 *
 * @param tree The store, locked.
 * @throws {SyncError} when they cannot be listed or removed.
 */
export function removeLostRecords(tree: Tree): void {
  const there = new Set<string>(snapshotNames(tree));
  for (const { name } of entriesOf(tree, RECORDS)) {
    const parsed = parseSnapshotName(name.replace(/\.json$/, ""));
    if (parsed !== undefined && !there.has(parsed)) removeRecord(tree, parsed);
  }
}

/**
 * Makes a snapshot of the working folder, by one rename. Its record is there before it, so no reader finds it without.
 *
 * @param tree The store, locked.
 * @param now When the snapshot was begun.
 * @param recordFor What is written down of it.
 * @returns Its name.
 * @throws {SyncError} when it cannot be published; the working folder stays then.
 */
export function publish(tree: Tree, now: number, recordFor: (name: SnapshotName) => SnapshotRecord): SnapshotName {
  for (let newest = snapshotNames(tree).at(-1);;) {
    const name = nextSnapshotName(now, newest);
    writeRecord(tree, name, recordFor(name));
    try {
      within(tree, ROOT, (root) => within(tree, HIDDEN, (hidden) => moveOut(root, hidden, name)));
      return name;
    } catch (thrown) {
      removeRecord(tree, name);
      // Something that is no snapshot has the name.
      if (asSyncError(thrown).code !== "exists") throw thrown;
      newest = name;
    }
  }
}

/** Moves the working folder; a directory that its owner may not change cannot move, so it is opened up for the moment. */
function moveOut(root: Directory, hidden: Directory, name: SnapshotName): void {
  const from = baseName(WORKING);
  const before = hidden.lookup(from)!;
  try {
    root.moveHere(name, hidden, from);
  } catch (thrown) {
    if (asSyncError(thrown).code !== "permission" || (before.mode & OWNER_MAY_CHANGE) === OWNER_MAY_CHANGE) {
      throw thrown;
    }
    hidden.setMetadata(from, { mode: before.mode | OWNER_MAY_CHANGE });
    moveOpened(root, hidden, name, before);
  }
  settleMoved(root, name, before);
}

function moveOpened(root: Directory, hidden: Directory, name: SnapshotName, before: Entry): void {
  const from = baseName(WORKING);
  try {
    root.moveHere(name, hidden, from);
  } catch (thrown) {
    hidden.setMetadata(from, { mode: before.mode });
    throw thrown;
  }
  root.setMetadata(name, { mode: before.mode });
}

/** Some file systems give a directory that moves another time. */
function settleMoved(root: Directory, name: SnapshotName, before: Entry): void {
  const { mtimeSeconds, mtimeNanoseconds } = before;
  const now = root.lookup(name)!;
  if (now.mtimeSeconds === mtimeSeconds && now.mtimeNanoseconds === mtimeNanoseconds) return;
  root.setMetadata(name, { mtimeSeconds, mtimeNanoseconds });
}
