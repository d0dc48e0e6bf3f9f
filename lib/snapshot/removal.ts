/**
 * Takes snapshots out of a store. A snapshot is no part of the store any more with one rename, into the hidden folder;
 * removing it from there may take as long as it likes, and die: whoever comes next finishes.
 *
 * @module
 */
import { asSyncError } from "../errors.ts";
import { baseName, childPath, type RelPath, ROOT } from "../model/rel_path.ts";
import type { Directory, Tree } from "../model/tree.ts";
import { LATEST, parseSnapshotName, type SnapshotName, snapshotTime } from "./name.ts";
import type { Candidate } from "./retention.ts";
import { REMOVED, removeRecord, snapshotNames, type StoredSnapshot } from "./store.ts";
import { entriesOf, makeFolder, within } from "./store_files.ts";

const OWNER_MAY_CHANGE = 0o700;
/** Names that are tried for one snapshot: the first is free unless something of its name could not be removed. */
const MOST_TRIES = 1000;

/**
 * Moves a snapshot to what is to be removed. Its record goes with it.
 *
 * @param tree The store.
 * @param name Which snapshot.
 * @returns Where it is now.
 * @throws {SyncError} when it cannot be moved; it is as it was then.
 */
export function setAside(tree: Tree, name: SnapshotName): RelPath {
  makeFolder(tree, REMOVED);
  const path = within(tree, ROOT, (root) => within(tree, REMOVED, (removed) => moveAside(removed, root, name)));
  removeRecord(tree, name);
  return path;
}

function moveAside(removed: Directory, root: Directory, name: SnapshotName): RelPath {
  for (let tries = 0;; tries++) {
    const aside = tries === 0 ? name : `${name}.${tries}`;
    try {
      moveOpened(removed, aside, root, name);
      return childPath(REMOVED, aside);
    } catch (thrown) {
      if (asSyncError(thrown).code !== "exists" || tries === MOST_TRIES) throw thrown;
    }
  }
}

/** A directory that is closed to its owner cannot be moved elsewhere, since that changes its `..`. */
function moveOpened(removed: Directory, aside: string, root: Directory, name: SnapshotName): void {
  try {
    return removed.moveHere(aside, root, name);
  } catch (thrown) {
    const mode = root.lookup(name)?.mode ?? OWNER_MAY_CHANGE;
    if (asSyncError(thrown).code !== "permission" || (mode & OWNER_MAY_CHANGE) === OWNER_MAY_CHANGE) throw thrown;
    setMode(root, name, mode | OWNER_MAY_CHANGE, thrown);
    try {
      removed.moveHere(aside, root, name);
    } catch (again) {
      setMode(root, name, mode, again);
      throw again;
    }
  }
}

function setMode(root: Directory, name: SnapshotName, mode: number, reason: unknown): void {
  try {
    root.setMetadata(name, { mode });
  } catch {
    throw reason; // not ours: why it cannot be moved is what matters
  }
}

/**
 * Lists what was set aside and is still there, from a run that died or was stopped.
 *
 * @param tree The store.
 * @returns Where it is.
 * @throws {SyncError} when it cannot be listed.
 */
export function setAsideBefore(tree: Tree): RelPath[] {
  try {
    return entriesOf(tree, REMOVED).map(({ name }) => childPath(REMOVED, name)).sort();
  } catch (thrown) {
    if (asSyncError(thrown).code === "vanished") return [];
    throw thrown;
  }
}

/**
 * Removes the record of a snapshot that was set aside by a run that died before it came to that.
 *
 * @param tree The store.
 * @param path Where the snapshot is now, as {@linkcode setAsideBefore} gave it.
 * @throws {SyncError} when the record cannot be removed.
 */
export function forgetSetAside(tree: Tree, path: RelPath): void {
  const name = parseSnapshotName(baseName(path).replace(/\.\d+$/, ""));
  if (name !== undefined && !snapshotNames(tree).includes(name)) removeRecord(tree, name);
}

/**
 * What the policy needs to know of the snapshots of a store.
 *
 * @param tree The store.
 * @param snapshots Its snapshots.
 * @returns A candidate for each.
 * @throws {SyncError} when `latest` cannot be looked at.
 */
export function candidatesOf(tree: Tree, snapshots: readonly StoredSnapshot[]): Candidate[] {
  const latest = latestName(tree);
  return snapshots.map(({ name, record }) => ({
    name,
    takenMs: snapshotTime(name),
    tags: record?.tags ?? [],
    whole: record?.failures === 0,
    pinned: name === latest,
  }));
}

function latestName(tree: Tree): SnapshotName | undefined {
  return within(tree, ROOT, (root) => {
    if (root.lookup(LATEST)?.kind !== "symlink") return undefined;
    return parseSnapshotName(root.readLink(LATEST).replace(/^\.\//, "").replace(/\/+$/, ""));
  });
}
