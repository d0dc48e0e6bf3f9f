/**
 * The versions of one file: what every snapshot has under a path, told once for as long as it stays the same.
 *
 * @module
 */
import type { Difference } from "../compare/differences.ts";
import { asSyncError } from "../errors.ts";
import type { Entry } from "../model/entry.ts";
import { baseName, parentPath, type RelPath } from "../model/rel_path.ts";
import type { Directory, Tree } from "../model/tree.ts";
import { entryDifferences } from "./entry_differences.ts";
import type { SnapshotName } from "./name.ts";
import { below } from "./walk_together.ts";

/** What one snapshot has under a path. */
export interface Sighting {
  /** The snapshot. */
  readonly name: SnapshotName;
  /** What it has; `undefined` when there is nothing of that name. */
  readonly entry: Entry | undefined;
  /** Device and inode; empty when there is nothing. */
  readonly identity: string;
}

/** One version: what a row of snapshots has in common. */
export interface FileVersion {
  /** The first snapshot that has it. */
  readonly first: SnapshotName;
  /** The last one. */
  readonly last: SnapshotName;
  /** How many have it. */
  readonly snapshots: number;
  /** What it is; `undefined` while there was nothing of that name. */
  readonly entry: Entry | undefined;
  /** What became of the version before. */
  readonly change: "first" | "appeared" | "vanished" | "changed";
  /** In what it differs from the version before; empty unless it changed. */
  readonly reasons: readonly (Difference | "kind")[];
}

/**
 * Looks a path up in one snapshot.
 *
 * @param tree The store.
 * @param name The snapshot.
 * @param path The path in it; empty for its root.
 * @returns What is there.
 * @throws {SyncError} when that cannot be found out.
 */
export function sightingIn(tree: Tree, name: SnapshotName, path: RelPath): Sighting {
  const whole = below(name as string as RelPath, path);
  let directory: Directory | undefined;
  try {
    directory = tree.open(parentPath(whole));
    const own = baseName(whole);
    const entry = directory.lookup(own);
    if (entry === undefined) return { name, entry, identity: "" };
    const target = entry.kind === "symlink" ? { target: directory.readLink(own) } : {};
    return { name, entry: { ...entry, ...target }, identity: directory.identityOf(own) ?? "" };
  } catch (thrown) {
    // One of the names above it was none, or something else at that time.
    if (NOT_THERE.includes(asSyncError(thrown).code)) return { name, entry: undefined, identity: "" };
    throw thrown;
  } finally {
    directory?.close();
  }
}

const NOT_THERE: readonly string[] = ["vanished", "not-directory", "symlink-refused"];

/**
 * Puts what is the same together.
 *
 * @param sightings What every snapshot has, oldest first.
 * @returns The versions, oldest first. Before the first appearance and after the last there may be one without entry.
 */
export function versionsOf(sightings: readonly Sighting[]): FileVersion[] {
  const versions: FileVersion[] = [];
  let before: Sighting | undefined;
  for (const sighting of sightings) {
    const reasons = before === undefined ? [] : reasonsBetween(before, sighting);
    const last = versions.at(-1);
    if (last !== undefined && before !== undefined && isSame(before, sighting, reasons)) {
      versions[versions.length - 1] = { ...last, last: sighting.name, snapshots: last.snapshots + 1 };
    } else {
      const { name, entry } = sighting;
      versions.push({ first: name, last: name, snapshots: 1, entry, change: changeOf(before, sighting), reasons });
    }
    before = sighting;
  }
  return versions;
}

function isSame(before: Sighting, after: Sighting, reasons: FileVersion["reasons"]): boolean {
  return (before.entry === undefined) === (after.entry === undefined) && reasons.length === 0;
}

function changeOf(before: Sighting | undefined, after: Sighting): FileVersion["change"] {
  if (before === undefined) return "first";
  if (before.entry === undefined) return "appeared";
  return after.entry === undefined ? "vanished" : "changed";
}

function reasonsBetween(before: Sighting, after: Sighting): FileVersion["reasons"] {
  const [had, has] = [before.entry, after.entry];
  if (had === undefined || has === undefined || before.identity === after.identity) return [];
  if (had.kind !== has.kind) return ["kind"];
  return entryDifferences(had, has);
}
