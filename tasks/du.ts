/**
 * The du task: what the snapshots of a store take.
 *
 * @module
 */
import { snapshotTime } from "../lib/snapshot/name.ts";
import { snapshotPath, storedSnapshots } from "../lib/snapshot/store.ts";
import type { TimelineSnapshot } from "../lib/snapshot/timeline.ts";
import { measureStore } from "../lib/snapshot/usage.ts";
import { type LookOptions, type LookReport, type LookTask, lookTask } from "./looking/look.ts";

/** What a store takes. */
export interface DuReport extends LookReport {
  /** Always `"du"`. */
  readonly task: "du";
  /** The snapshots, oldest first. */
  readonly snapshots: readonly TimelineSnapshot[];
  /** Bytes that all take together, everything once. */
  readonly bytes: number;
}

/** Inodes with names in several directories that are remembered at one time. */
const MOST_INODES = 1 << 20;

/**
 * Measures what every snapshot takes, what it alone holds, and what is new, shared and dropped from one to the next.
 * Counted are allocated bytes, by inodes: what several names share counts once.
 *
 * @param store Path of the store.
 * @param options How the store is opened.
 * @returns A task. Its methods throw {@linkcode SyncError} code `"store-unusable"` when there is no store,
 * `"cancelled"` when it was stopped.
 *
 * @example Which snapshot would free most?
 * ```ts
 * import { du } from "undrift";
 *
 * const { snapshots } = await du("/backup/photos").run();
 * const [largest] = snapshots.toSorted((a, b) => b.ownBytes - a.ownBytes);
 * console.log(largest?.name, largest?.ownBytes);
 * ```
 */
export function du(store: string, options: LookOptions = {}): LookTask<DuReport> {
  return lookTask<DuReport>("du", store, options, function* (tree, failures) {
    const stored = storedSnapshots(tree);
    const paths = stored.map(({ name }) => snapshotPath(name));
    const { snapshots, bytes } = yield* measureStore({ tree, snapshots: paths, most: MOST_INODES, failures });
    const told = stored.map(({ name, record }, index): TimelineSnapshot => ({
      name,
      takenMs: snapshotTime(name),
      ...snapshots[index]!,
      ...(record === undefined ? {} : { failures: record.failures, tags: record.tags }),
    }));
    return { snapshots: told, bytes };
  });
}
