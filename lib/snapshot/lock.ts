/**
 * The lock of a store: one small file that names the process that changes the store. It appears with its content, at
 * once, so a reader never finds half of it; what a process that is gone left is taken away.
 *
 * @module
 */
import { asSyncError, SyncError } from "../errors.ts";
import type { ProcessIdentity } from "../model/process_identity.ts";
import type { Directory, Tree } from "../model/tree.ts";
import { HIDDEN, LOCK_NAME } from "./store.ts";
import { readText, within, writeNew } from "./store_files.ts";

/** What a lock says of who holds it. */
export interface LockHolder extends ProcessIdentity {
  /** When it was taken, milliseconds since 1970. */
  readonly since: number;
  /** Whether it holds a lock of the system beside, which ends with the process. */
  readonly isHeld: boolean;
}

/** What taking a lock needs to know. */
export interface LockWorld {
  /** Who takes it. */
  readonly me: LockHolder;
  /** Whether a process is gone for certain. */
  readonly isGone: (other: LockHolder) => boolean;
  /** A word that nobody else has. */
  readonly nonce: string;
}

/** A lock that is held. */
export interface HeldLock {
  /** Gives it back; a lock that is not ours any more is left alone. */
  release(): void;
}

const LOCK_LIMIT = 4096;
/** So often a lock may be taken or left by others while this process tries. */
const MOST_TRIES = 20;

/**
 * Takes the lock of a store, if nobody has it.
 *
 * @param tree The store; its hidden folder exists.
 * @param world Who takes it, and who may be gone.
 * @returns The lock, or who holds it.
 * @throws {SyncError} when the lock cannot be written.
 */
export function takeLock(tree: Tree, world: LockWorld): HeldLock | LockHolder {
  const mine = `${JSON.stringify({ ...world.me, nonce: world.nonce })}\n`;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    if (placeLock(tree, mine, world.nonce) && readText(tree, HIDDEN, LOCK_NAME, LOCK_LIMIT) === mine) {
      return { release: () => releaseLock(tree, mine) };
    }
    const found = readText(tree, HIDDEN, LOCK_NAME, LOCK_LIMIT);
    if (found === undefined) continue;
    const holder = parseHolder(found);
    if (holder !== undefined && !world.isGone(holder)) return holder;
    takeAway(tree, found, world.nonce);
  }
  throw new SyncError("destination-busy", "Cannot lock the store: others keep taking its lock", {
    hint: "run again later",
  });
}

/** Puts a whole file in place, unless there is one. */
function placeLock(tree: Tree, text: string, nonce: string): boolean {
  return within(tree, HIDDEN, (hidden) => {
    const temporary = `${LOCK_NAME}-${nonce}.new`;
    writeNew(hidden, temporary, text);
    try {
      makeKnown(hidden, temporary);
      return true;
    } catch (thrown) {
      if (asSyncError(thrown).code !== "exists") throw thrown;
      return false;
    } finally {
      if (hidden.lookup(temporary) !== undefined) hidden.removeFile(temporary);
    }
  });
}

const WITHOUT_LINKS: readonly string[] = ["unsupported", "permission", "too-many-links"];

function makeKnown(hidden: Directory, temporary: string): void {
  try {
    hidden.link(LOCK_NAME, hidden, temporary);
  } catch (thrown) {
    if (!WITHOUT_LINKS.includes(asSyncError(thrown).code)) throw thrown;
    hidden.renameNew(temporary, LOCK_NAME);
  }
}

/** Takes a lock away that was judged to be of no use, and no other one that has come in its place since. */
function takeAway(tree: Tree, judged: string, nonce: string): void {
  within(tree, HIDDEN, (hidden) => {
    const aside = `${LOCK_NAME}-${nonce}.stale`;
    try {
      hidden.rename(LOCK_NAME, aside);
    } catch (thrown) {
      if (asSyncError(thrown).code === "vanished") return;
      throw thrown;
    }
    try {
      if (readText(tree, HIDDEN, aside, LOCK_LIMIT) !== judged) hidden.renameNew(aside, LOCK_NAME);
    } catch (thrown) {
      if (asSyncError(thrown).code !== "exists") throw thrown;
    } finally {
      if (hidden.lookup(aside) !== undefined) hidden.removeFile(aside);
    }
  });
}

function releaseLock(tree: Tree, mine: string): void {
  if (readText(tree, HIDDEN, LOCK_NAME, LOCK_LIMIT) !== mine) return;
  within(tree, HIDDEN, (hidden) => hidden.removeFile(LOCK_NAME));
}

/** A lock that cannot be read belongs to nobody: it was whole when it appeared, and a crash of the system damaged it. */
function parseHolder(text: string): LockHolder | undefined {
  try {
    const { pid, started, boot, host, since, isHeld } = JSON.parse(text) as Record<string, unknown>;
    const isWhole = Number.isSafeInteger(pid) && typeof started === "string" && typeof boot === "string" &&
      typeof host === "string" && typeof since === "number" && Math.abs(since) <= 8.64e15;
    return isWhole ? { pid: pid as number, started, boot, host, since, isHeld: isHeld === true } : undefined;
  } catch {
    return undefined;
  }
}
