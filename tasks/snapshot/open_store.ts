/**
 * Opens a store, and keeps it for one process at a time. Beside the lock that names its holder, the native layer holds
 * a lock of the system, which ends with the process.
 *
 * @module
 */
import { printable } from "../../lib/bytes/printable.ts";
import { asSyncError, SyncError } from "../../lib/errors.ts";
import type { Env } from "../../lib/model/env.ts";
import type { Tree } from "../../lib/model/tree.ts";
import { type LayerChoice, makeRoot, openTree, pathFrom, tryLockTree } from "../../lib/os/open_tree.ts";
import { isGone, thisProcess } from "../../lib/os/process_identity.ts";
import { type HeldLock, type LockHolder, takeLock } from "../../lib/snapshot/lock.ts";
import { HIDDEN, prepareStore, refuseOthers, requireStore } from "../../lib/snapshot/store.ts";

/** How a store is opened. */
export interface StoreAccess {
  /** Path of the store. */
  readonly store: string;
  /** Which implementation of the file system is used. */
  readonly layer: LayerChoice;
  /** The world. */
  readonly env: Env;
}

/** How the lock is waited for. */
export interface LockPatience {
  /** Seconds to wait for another run. */
  readonly lockWait: number;
  /** Ends the wait. */
  readonly signal: AbortSignal;
}

const POLL_MS = 100;

/**
 * Opens a store to look at it.
 *
 * @param access Which one.
 * @returns Its tree; close it when done.
 * @throws {SyncError} code `"store-unusable"` when there is none.
 */
export function openStore({ store, layer }: StoreAccess): Tree {
  let tree: Tree;
  try {
    tree = openTree(store, layer);
  } catch (thrown) {
    throw unusable(store, thrown);
  }
  try {
    requireStore(tree, store);
    return tree;
  } catch (thrown) {
    tree.close();
    throw thrown;
  }
}

/**
 * Looks at what a store is, or may become.
 *
 * @param access Which one.
 * @returns Its tree, or `undefined` when there is none yet; close it when done.
 * @throws {SyncError} code `"store-unusable"` when there is something else.
 */
export function openStoreToBe({ store, layer }: StoreAccess): Tree | undefined {
  let tree: Tree;
  try {
    tree = openTree(store, layer);
  } catch (thrown) {
    if (asSyncError(thrown).code === "vanished") return undefined;
    throw unusable(store, thrown);
  }
  try {
    if (refuseOthers(tree, store) === "store") return tree;
  } catch (thrown) {
    tree.close();
    throw thrown;
  }
  tree.close();
  return undefined;
}

/**
 * Opens a store to put something into it; makes one where there is an empty directory, or nothing.
 *
 * @param access Which one.
 * @returns Its tree; close it when done.
 * @throws {SyncError} code `"store-unusable"` when there is something else.
 */
export function openOrMakeStore({ store, layer }: StoreAccess): Tree {
  let tree: Tree;
  try {
    tree = openOrMakeFolder(store, layer);
  } catch (thrown) {
    throw unusable(store, thrown);
  }
  try {
    prepareStore(tree, store);
    return tree;
  } catch (thrown) {
    tree.close();
    throw thrown;
  }
}

function openOrMakeFolder(path: string, layer: LayerChoice): Tree {
  try {
    return openTree(path, layer);
  } catch (thrown) {
    if (asSyncError(thrown).code !== "vanished") throw thrown;
    makeRoot(path);
    return openTree(path, layer);
  }
}

function unusable(store: string, thrown: unknown): SyncError {
  const error = asSyncError(thrown);
  const why = error.code === "vanished"
    ? "there is no such directory"
    : error.code === "not-directory"
    ? "it is not a directory"
    : undefined;
  if (why === undefined) return error;
  return new SyncError("store-unusable", `Cannot use store "${printable(store)}": ${why}`, {
    path: store,
    hint: "check the path, and that its disk is mounted",
    cause: error,
  });
}

/**
 * Keeps a store for this task alone.
 *
 * @param tree The store.
 * @param access Which one it is.
 * @param patience How long to wait for another run.
 * @returns The lock; release it when done.
 * @throws {SyncError} code `"destination-busy"` when another run has it for longer, `"cancelled"` when stopped.
 */
export async function lockStore(
  tree: Tree,
  { store, layer, env }: StoreAccess,
  { lockWait, signal }: LockPatience,
): Promise<HeldLock> {
  const end = env.now() + lockWait * 1000;
  for (;;) {
    if (signal.aborted) throw new SyncError("cancelled", "Cannot lock the store: it was stopped");
    const taken = tryLock(tree, { store, layer, env });
    if (taken !== undefined && "release" in taken) return taken;
    if (env.now() >= end) throw busy(store, taken);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/**
 * Takes both locks, or neither. The one of the system ends with its process, so whoever gets it knows that another
 * holder of it is gone, even where nothing can be asked about processes.
 */
function tryLock(tree: Tree, { store, layer, env }: StoreAccess): HeldLock | LockHolder | undefined {
  const folder = openTree(pathFrom(HIDDEN, store), layer);
  try {
    const held = tryLockTree(folder);
    const me = { ...thisProcess(), since: env.wallClock(), isHeld: held === true };
    // Somebody has the lock of the system: the other one tells who, and is not to be taken away.
    const hasLostIt = (other: LockHolder) => held === true && other.isHeld && other.host === me.host;
    const isStale = (other: LockHolder) => held !== false && (hasLostIt(other) || isGone(other));
    const taken = takeLock(tree, { me, isGone: isStale, nonce: env.randomHex(12) });
    if ("release" in taken && held !== false) return heldTwice(taken, folder);
    if ("release" in taken) taken.release();
    folder.close();
    return "release" in taken ? undefined : taken;
  } catch (thrown) {
    folder.close();
    throw thrown;
  }
}

function heldTwice(lock: HeldLock, folder: Tree): HeldLock {
  return {
    release() {
      lock.release();
      folder.close();
    },
  };
}

function busy(store: string, holder: LockHolder | undefined): SyncError {
  return new SyncError(
    "destination-busy",
    `Cannot change store "${printable(store)}": ${holder === undefined ? "another run" : shown(holder)} is changing it`,
    {
      path: store,
      hint: "wait for it with --lock-wait SECONDS (API: lockWait); if it does not exist any more, remove .undrift/lock",
    },
  );
}

function shown({ pid, host, since }: LockHolder): string {
  const where = host === "" ? "" : ` on ${printable(host)}`;
  return `process ${pid}${where}, since ${new Date(since).toISOString().slice(0, 19)}Z,`;
}
