/**
 * The diff task: what is different between two snapshots of a store.
 *
 * @module
 */
import { sameContent } from "../lib/apply/same_content.ts";
import { chooseSnapshot, type SnapshotName } from "../lib/snapshot/name.ts";
import { snapshotNames, snapshotPath } from "../lib/snapshot/store.ts";
import { type ChangeTotals, totalsOf, type TreeChange } from "../lib/snapshot/tree_change.ts";
import { diffTrees } from "../lib/snapshot/tree_diff.ts";
import { type LookOptions, type LookReport, type LookTask, lookTask } from "./looking/look.ts";

/** Options of {@linkcode diff}. */
export interface DiffOptions extends LookOptions {
  /** Compare files of equal size and time byte by byte, unless they are one inode. @default {false} */
  readonly checksum?: boolean;
}

/** What is different. */
export interface DiffReport extends LookReport {
  /** Always `"diff"`. */
  readonly task: "diff";
  /** Name of the earlier snapshot. */
  readonly before: SnapshotName;
  /** Name of the later one. */
  readonly after: SnapshotName;
  /** The differences, in tree order. */
  readonly changes: readonly TreeChange[];
  /** Totals. */
  readonly totals: ChangeTotals;
}

/**
 * Tells what is different between two snapshots: what was added, removed, changed and moved. What both share by hard
 * link is the same without a look. A file that has another name is found by its inode, or by size, time and content.
 *
 * @param store Path of the store.
 * @param before The earlier snapshot: its name, the beginning of it, or `latest`.
 * @param after The later one.
 * @param options How they are compared.
 * @returns A task. Its methods throw {@linkcode SyncError} code `"store-unusable"` when there is no store,
 * `"snapshot-missing"` when there is no such snapshot, `"cancelled"` when it was stopped.
 *
 * @example What changed since yesterday
 * ```ts
 * import { diff } from "undrift";
 *
 * const { changes } = await diff("/backup/photos", "2026-11-23", "latest").run();
 * for (const { change, path } of changes) console.log(change, path);
 * ```
 */
export function diff(store: string, before: string, after: string, options: DiffOptions = {}): LookTask<DiffReport> {
  const { checksum = false } = options;
  return lookTask<DiffReport>("diff", store, options, function* (tree, failures) {
    const names = snapshotNames(tree);
    const [first, second] = [chooseSnapshot(names, before), chooseSnapshot(names, after)];
    const { changes, unchanged } = yield* diffTrees({
      tree,
      before: snapshotPath(first),
      after: snapshotPath(second),
      contents: checksum,
      sameContent,
      failures,
    });
    return { before: first, after: second, changes, totals: totalsOf(changes, unchanged) };
  });
}
