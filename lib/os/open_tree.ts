/**
 * Opens trees by path: through the C library where that is possible, otherwise through `node:fs`.
 *
 * @module
 */
import { lstatSync, mkdirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, parse, relative, resolve } from "node:path";
import { SyncError } from "../errors.ts";
import { printable } from "../bytes/printable.ts";
import type { Space } from "../model/space.ts";
import type { FileReader, Tree } from "../model/tree.ts";
import type { SymlinkPolicy } from "./following.ts";
import { isWithin, placeOf, readMounts } from "./mounts.ts";
import { nativeCalls } from "./native_calls.ts";
import { NativeFileReader } from "./native_file.ts";
import { adoptNativeTree, type NativeTicket, NativeTree, openNativeTree } from "./native_tree.ts";
import { openPortableTree } from "./portable_tree.ts";
import { nodeError } from "./system_error.ts";

/** Which implementation is wanted. `auto` takes the native one where it works. */
export type LayerChoice = "auto" | "native" | "portable";

/**
 * Opens a tree.
 *
 * @param path Path of its root; a symlink there is followed.
 * @param layer Which implementation.
 * @param symlinks What is done with symlinks below it. @default {all are refused}
 * @returns The tree; close it when done.
 * @throws {SyncError} code `"vanished"`, `"not-directory"` or `"permission"` when the root cannot be opened,
 * `"unsupported"` when the native implementation was asked for and is not there.
 */
export function openTree(path: string, layer: LayerChoice = "auto", symlinks?: SymlinkPolicy): Tree {
  if (layer === "portable") return openPortableTree(path, symlinks);
  try {
    return openNativeTree(path, symlinks);
  } catch (thrown) {
    if (layer === "native" || !(thrown instanceof SyncError) || thrown.code !== "unsupported") throw thrown;
    return openPortableTree(path, symlinks);
  }
}

/**
 * What another thread needs to use a tree.
 *
 * @param tree An open tree.
 * @returns A value that can be sent, or `undefined` when this tree stays in its thread.
 */
export function ticketOf(tree: Tree): NativeTicket | undefined {
  return tree instanceof NativeTree ? tree.ticket : undefined;
}

/**
 * Uses a tree that another thread opened.
 *
 * @param ticket What {@linkcode ticketOf} gave there.
 * @returns A tree over the same root.
 */
export function adoptTree(ticket: NativeTicket): Tree {
  return adoptNativeTree(ticket);
}

/** Open files between the threads of this process: a descriptor is the same in all of them. */
export const FILE_TICKETS = {
  /** The descriptor, where files have one. */
  ticketOf: (file: FileReader): number | undefined => file instanceof NativeFileReader ? file.descriptor : undefined,
  /** A file over it; not to be closed. */
  adopt: (ticket: number): FileReader => new NativeFileReader(nativeCalls(), ticket, ""),
} as const;

/**
 * Makes a directory for a tree. What is above it must exist.
 *
 * @param path Path of the new directory.
 * @throws {SyncError} code `"vanished"` when there is nothing above it, `"permission"`, `"read-only"`, `"no-space"`.
 */
export function makeRoot(path: string): void {
  try {
    mkdirSync(path);
  } catch (thrown) {
    throw nodeError("make directory", path, thrown);
  }
}

/**
 * How much room there is where a directory is to be made.
 *
 * @param path Path of a directory that does not exist.
 * @param layer Which implementation.
 * @returns The room of the nearest directory above it, or `undefined` when it cannot be asked.
 */
export function spaceAbove(path: string, layer: LayerChoice = "auto"): Space | undefined {
  try {
    const above = openTree(splitPath(path).existing, layer);
    try {
      return above.space();
    } finally {
      above.close();
    }
  } catch {
    return undefined; // whoever makes the directory will say why
  }
}

/**
 * Whether something is mounted below a directory, so that its file system does not hold all of it.
 *
 * @param path Path of a directory.
 * @returns `true` also when it cannot be found out.
 */
export function mayHoldMounts(path: string): boolean {
  const mounts = readMounts();
  const real = realPath(resolve(path));
  return mounts.length === 0 || mounts.some(({ point }) => point !== real && isWithin(point, real));
}

/**
 * Keeps a tree for this process until it is closed, so that two runs do not sweep each other's work.
 *
 * @param tree An open tree; only the native layer can keep it.
 * @param path Its path, for the message.
 * @throws {SyncError} code `"destination-busy"` when another process has it.
 */
export function lockTree(tree: Tree, path: string): void {
  if (tryLockTree(tree) !== false) return;
  throw new SyncError("destination-busy", `Cannot mirror to "${printable(path)}": another run is changing it`, {
    path,
    hint: "wait until it has ended",
  });
}

/**
 * Keeps a tree for this process until it is closed or the process ends, however that comes.
 *
 * @param tree An open tree.
 * @returns `false` when another process has it; `undefined` when it cannot be kept: by the portable layer, or on a file
 * system without locks.
 */
export function tryLockTree(tree: Tree): boolean | undefined {
  return tree instanceof NativeTree ? tree.lock() : undefined;
}

/**
 * Whether a path is the root of the file system.
 *
 * @param path Any path.
 * @returns Whether nothing is above it.
 */
export function isFileSystemRoot(path: string): boolean {
  const real = realPath(resolve(path));
  return identityOf(real) === identityOf(parse(real).root);
}

/**
 * A path that may be relative to a directory.
 *
 * @param path Any path.
 * @param from The directory.
 * @returns The absolute path.
 */
export function pathFrom(path: string, from: string): string {
  return resolve(from, path);
}

/** A directory that need not exist, as the part of it that does and the rest. */
export interface SplitPath {
  /** The deepest directory of the path that exists. */
  readonly existing: string;
  /** What is below it, names with `/` between them; empty when all of it exists. */
  readonly missing: string;
}

/**
 * Tells which part of a path exists.
 *
 * @param path Any path.
 * @returns Both parts.
 */
export function splitPath(path: string): SplitPath {
  let existing = resolve(path);
  const missing: string[] = [];
  while (!existsAtAll(existing) && dirname(existing) !== existing) {
    missing.unshift(basename(existing));
    existing = dirname(existing);
  }
  return { existing, missing: missing.join("/") };
}

function existsAtAll(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

/**
 * Where a path is below a directory, by what both are and not by how they are written.
 *
 * @param path Any path; it need not exist.
 * @param root A directory; it need not exist.
 * @returns Names with `/` between them, empty for the directory itself; `undefined` when it is not below it.
 */
export function pathBelow(path: string, root: string): string | undefined {
  const [mine, top] = [realPath(resolve(path)), realPath(resolve(root))];
  if (mine === top) return "";
  const below = relative(top, mine);
  return below === ".." || below.startsWith("../") || isAbsolute(below) ? undefined : below;
}

/**
 * Where a path is below a directory, by how both are written.
 *
 * @param path Any path; it need not exist.
 * @param root A directory; it need not exist.
 * @returns Names with `/` between them, empty for the directory itself; `undefined` when it is not written below it.
 */
export function pathWrittenBelow(path: string, root: string): string | undefined {
  const below = relative(resolve(root), resolve(path));
  return below === ".." || below.startsWith("../") || isAbsolute(below) ? undefined : below;
}

/**
 * The first symlink on the way from a directory down to a path.
 *
 * @param root The directory.
 * @param below The path from there, names with `/` between them.
 * @returns The path of the symlink from `root`, or `undefined` when there is none.
 */
export function symlinkOnTheWay(root: string, below: string): string | undefined {
  const names = below.split("/");
  return names.map((_, at) => names.slice(0, at + 1).join("/")).find((path) => isSymlink(resolve(root, path)));
}

function isSymlink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false; // not there, which whoever opens it sees, too
  }
}

/**
 * The name by which a directory is known over many runs: its absolute path without symlinks.
 *
 * @param path Path of a directory, which need not exist.
 * @returns The path.
 */
export function canonicalPath(path: string): string {
  return realPath(resolve(path));
}

/** How two directories lie to each other. */
export type Relation = "apart" | "same" | "inside" | "around";

/**
 * Tells how one directory lies to another, by what they are and not by how they are written.
 *
 * @param path A directory, which need not exist.
 * @param other Another, which need not exist.
 * @returns `"inside"` when `path` is below `other`, `"around"` when `other` is below `path`.
 */
export function relationOf(path: string, other: string): Relation {
  const mine = ancestorsOf(path);
  const theirs = ancestorsOf(other);
  if (mine[0] === theirs[0]) return "same";
  if (mine.includes(theirs[0]!)) return "inside";
  return theirs.includes(mine[0]!) ? "around" : relationOfPlaces(path, other);
}

/** The same by where both are on their file system: one may be mounted a second time elsewhere. */
function relationOfPlaces(path: string, other: string): Relation {
  const mounts = readMounts();
  const mine = placeOf(realPath(resolve(path)), mounts);
  const theirs = placeOf(realPath(resolve(other)), mounts);
  if (mine === undefined || theirs === undefined || mine.device !== theirs.device) return "apart";
  if (mine.path === theirs.path) return "same";
  if (isWithin(mine.path, theirs.path)) return "inside";
  return isWithin(theirs.path, mine.path) ? "around" : "apart";
}

/** Identities of a directory and of everything above it. A part that does not exist stands for itself by its path. */
function ancestorsOf(path: string): string[] {
  const found: string[] = [];
  let at = realPath(resolve(path));
  for (;;) {
    found.push(identityOf(at));
    const above = dirname(at);
    if (above === at) return found;
    at = above;
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : resolve(realPath(above), path.slice(above.length).replace(/^[\\/]+/, ""));
  }
}

function identityOf(path: string): string {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return ino === 0n ? path : `${dev}:${ino}`;
  } catch {
    // Not there, or not ours to look at: its path has to do.
    return path;
  }
}
