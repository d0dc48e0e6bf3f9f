/**
 * A store of snapshots: a folder of dated plain trees, `latest`, and one hidden folder with a marker that makes it a
 * store, a lock, records, and the trees that are no snapshot: the one being built and those being removed. What is a
 * snapshot is found by listing it; records add facts only.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { asSyncError, SyncError } from "../errors.ts";
import { childPath, parseRelPath, type RelPath, ROOT } from "../model/rel_path.ts";
import type { Tree } from "../model/tree.ts";
import { compareSnapshotNames, LATEST, parseSnapshotName, type SnapshotName } from "./name.ts";
import { decodeRecord, encodeRecord, RECORD_LIMIT, type SnapshotRecord } from "./record.ts";
import { entriesOf, makeFolder, readText, within, writeText } from "./store_files.ts";

/** The hidden folder of a store. */
export const HIDDEN: RelPath = parseRelPath(".undrift");
/** The tree that is being built, below the root of the store. */
export const WORKING: RelPath = parseRelPath(".undrift/working");
/** Where snapshots are moved to before they are removed. */
export const REMOVED: RelPath = parseRelPath(".undrift/removed");
/** Where records are. */
export const RECORDS: RelPath = parseRelPath(".undrift/records");
/** Name of the file that is locked, in {@linkcode HIDDEN}. */
export const LOCK_NAME = "lock";

const MARKER_NAME = "store.json";
const MARKER_FORMAT = 1;
const MARKER = `${JSON.stringify({ undrift: "snapshots", format: MARKER_FORMAT })}\n`;
const MARKER_LIMIT = 4096;
/** What a fresh file system has, and no store is afraid of. */
const HARMLESS: readonly string[] = ["lost+found"];

/** One snapshot of a store. */
export interface StoredSnapshot {
  /** Its name, and the name of its folder. */
  readonly name: SnapshotName;
  /** What is written down of it; absent when another tool made it, or the record is damaged. */
  readonly record: SnapshotRecord | undefined;
}

/** What a folder is. */
export type StoreState =
  /** A store. */
  | "store"
  /** Nothing yet: it can become one. */
  | "empty"
  /** Something else, which must not become one. */
  | "other";

/**
 * Tells what a folder is.
 *
 * @param tree The folder.
 * @param path Its path, for messages.
 * @returns What it is.
 * @throws {SyncError} code `"store-unusable"` when it is a store of a format that is not known, or the failure to look.
 */
export function stateOfStore(tree: Tree, path: string): StoreState {
  const marker = readText(tree, HIDDEN, MARKER_NAME, MARKER_LIMIT);
  if (marker === undefined) return isUntouched(tree) ? "empty" : "other";
  if (marker === MARKER) return "store";
  throw new SyncError("store-unusable", `Cannot use store "${printable(path)}": its format is not known`, {
    path,
    hint: "it was made by a newer version, or its marker .undrift/store.json is damaged",
  });
}

/**
 * Makes sure that a folder is a store.
 *
 * @param tree The folder.
 * @param path Its path, for messages.
 * @throws {SyncError} code `"store-unusable"` when it is not.
 */
export function requireStore(tree: Tree, path: string): void {
  if (stateOfStore(tree, path) === "store") return;
  throw new SyncError("store-unusable", `Cannot use "${printable(path)}": it is not a store of snapshots`, {
    path,
    hint: "a store is made by the first snapshot into an empty directory",
  });
}

/**
 * Makes a store of an empty folder, and whatever a store lacks.
 *
 * @param tree The folder.
 * @param path Its path, for messages.
 * @throws {SyncError} code `"store-unusable"` when there is something else in it, or the failure to make it.
 */
export function prepareStore(tree: Tree, path: string): void {
  const state = refuseOthers(tree, path);
  makeFolder(tree, HIDDEN);
  for (const folder of [RECORDS, REMOVED]) makeFolder(tree, folder);
  if (state === "empty") writeText(tree, HIDDEN, MARKER_NAME, MARKER);
}

/**
 * Lists the snapshots of a store by their names alone.
 *
 * @param tree The store.
 * @returns The names of all directories that are named as a snapshot is, oldest first.
 * @throws {SyncError} when the store cannot be listed.
 */
export function snapshotNames(tree: Tree): SnapshotName[] {
  const names: SnapshotName[] = [];
  for (const { name, isDirectory } of entriesOf(tree, ROOT)) {
    const parsed = isDirectory ? parseSnapshotName(name) : undefined;
    if (parsed !== undefined) names.push(parsed);
  }
  return names.sort(compareSnapshotNames);
}

/**
 * Lists the snapshots of a store with what is known of them.
 *
 * @param tree The store.
 * @returns The snapshots, oldest first.
 * @throws {SyncError} when the store cannot be listed.
 */
export function storedSnapshots(tree: Tree): StoredSnapshot[] {
  return snapshotNames(tree).map((name) => ({ name, record: readRecord(tree, name) }));
}

/**
 * Reads what is written down of a snapshot.
 *
 * @param tree The store.
 * @param name Which snapshot.
 * @returns The record; `undefined` when there is none, or it is damaged.
 */
export function readRecord(tree: Tree, name: SnapshotName): SnapshotRecord | undefined {
  const text = readText(tree, RECORDS, `${name}.json`, RECORD_LIMIT);
  return text === undefined ? undefined : decodeRecord(text);
}

/**
 * Writes down what is known of a snapshot.
 *
 * @param tree The store.
 * @param name Which snapshot.
 * @param record The record.
 * @throws {SyncError} when it cannot be written; an old one is untouched then.
 */
export function writeRecord(tree: Tree, name: SnapshotName, record: SnapshotRecord): void {
  writeText(tree, RECORDS, `${name}.json`, encodeRecord(record));
}

/**
 * Removes what is written down of a snapshot, if anything is.
 *
 * @param tree The store.
 * @param name Which snapshot.
 * @throws {SyncError} when it cannot be removed.
 */
export function removeRecord(tree: Tree, name: SnapshotName): void {
  within(tree, RECORDS, (records) => {
    try {
      records.removeFile(`${name}.json`);
    } catch (thrown) {
      if (asSyncError(thrown).code !== "vanished") throw thrown;
    }
  });
}

/**
 * Lets `latest` lead to a snapshot; a reader finds the old one or the new one. Something else of that name is kept.
 *
 * @param tree The store.
 * @param newest The newest snapshot; without one, the symlink is removed.
 * @returns Whether it could be set: `false` when something that is no symlink has the name.
 * @throws {SyncError} when the symlink cannot be made.
 */
export function pointLatest(tree: Tree, newest: SnapshotName | undefined): boolean {
  return within(tree, ROOT, (root) => {
    const found = root.lookup(LATEST);
    if (found !== undefined && found.kind !== "symlink") return false;
    if (newest === undefined) {
      if (found !== undefined) root.removeFile(LATEST);
      return true;
    }
    if (found !== undefined && root.readLink(LATEST) === newest) return true;
    const temporary = `.${LATEST}.new`; // what a run that died left is replaced here
    if (root.lookup(temporary) !== undefined) root.removeFile(temporary);
    root.makeSymlink(temporary, newest);
    root.rename(temporary, LATEST);
    return true;
  });
}

/**
 * Refuses a folder that is no store and has something else in it.
 *
 * @param tree The folder.
 * @param path Its path, for messages.
 * @returns What it is.
 * @throws {SyncError} code `"store-unusable"`.
 */
export function refuseOthers(tree: Tree, path: string): "store" | "empty" {
  const state = stateOfStore(tree, path);
  if (state !== "other") return state;
  throw new SyncError("store-unusable", `Cannot make a store of "${printable(path)}": it has other entries`, {
    path,
    hint: "name a store, an empty directory, or one that does not exist",
  });
}

/** Whether there is nothing that anybody put here. */
function isUntouched(tree: Tree): boolean {
  const others = entriesOf(tree, ROOT).filter(({ name }) => !HARMLESS.includes(name));
  if (others.length === 0) return true;
  // A store whose making was interrupted has nothing but its empty folders yet.
  const [hidden, ...rest] = others;
  const begun: readonly string[] = ["records", "removed", `${MARKER_NAME}.new`];
  return rest.length === 0 && hidden!.name === HIDDEN && hidden!.isDirectory &&
    entriesOf(tree, HIDDEN).every(({ name }) => begun.includes(name));
}

/**
 * Where the tree of a snapshot is.
 *
 * @param name Which snapshot.
 * @returns Its path below the store.
 */
export function snapshotPath(name: SnapshotName): RelPath {
  return childPath(ROOT, name);
}
