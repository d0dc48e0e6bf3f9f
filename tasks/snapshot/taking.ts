/**
 * A snapshot on its way, from the lock to the rename.
 *
 * @module
 */
import type { Tree } from "../../lib/model/tree.ts";
import type { Leftover } from "../../lib/snapshot/working.ts";
import type { SnapshotBases, SnapshotPair } from "./pair.ts";
import type { Telling } from "./telling.ts";

/** A snapshot on its way. */
export interface Taking {
  /** What it is made of. */
  readonly pair: SnapshotPair;
  /** The store, locked. */
  readonly tree: Tree;
  /** What it shares with. */
  readonly bases: SnapshotBases;
  /** What an earlier run left. */
  readonly leftover: Leftover;
  /** When it was begun, milliseconds since 1970. */
  readonly started: number;
  /** Who is told. */
  readonly telling: Telling;
  /** Stops it. */
  readonly signal: AbortSignal;
}
