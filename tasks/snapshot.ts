/**
 * Snapshots: dated, complete, plain trees in a store, in which unchanged files are shared.
 *
 * @module
 */
import { environment } from "../lib/os/env.ts";
import type { LayerChoice } from "../lib/os/open_tree.ts";
import { type SnapshotName, snapshotTime } from "../lib/snapshot/name.ts";
import type { SnapshotRecord } from "../lib/snapshot/record.ts";
import { storedSnapshots } from "../lib/snapshot/store.ts";
import { openStore } from "./snapshot/open_store.ts";
import { resolveSnapshotOptions, type SnapshotOptions } from "./snapshot/options.ts";
import { planSnapshot } from "./snapshot/plan.ts";
import type {
  SnapshotEvent,
  SnapshotPlan,
  SnapshotReport,
  SnapshotRunOptions,
  SnapshotWatch,
} from "./snapshot/report.ts";
import { runSnapshot } from "./snapshot/run.ts";
import { streamOf } from "./stream.ts";

/** A snapshot that can be looked at, taken, or watched. Nothing happens before one of its methods is called. */
export interface SnapshotTask {
  /** Where entries come from. */
  readonly source: string;
  /** The store that it goes into. */
  readonly store: string;
  /** Looks at both and changes nothing. */
  plan(options?: SnapshotWatch): Promise<SnapshotPlan>;
  /** Takes the snapshot. */
  run(options?: SnapshotRunOptions): Promise<SnapshotReport>;
  /** The same as {@linkcode run}, as a stream of events; leaving the loop stops the run. */
  stream(options?: Omit<SnapshotRunOptions, "onEvent">): AsyncIterable<SnapshotEvent>;
}

/**
 * Takes a dated snapshot of `source`: a complete, plain tree in `store`, named by the time in UTC
 * (`2026-11-22T01-06-11Z`). Files that did not change are hard links to those of the newest snapshot; one that differs
 * in anything, metadata included, is a file of its own, so no older snapshot ever changes.
 *
 * It is built in a hidden working folder and published by one rename, then `latest` leads to it. A run that ends before
 * leaves the working folder to the next one, which goes on with it. One run at a time changes a store.
 *
 * @param source Path of a directory.
 * @param store Path of a store, an empty directory, or one whose last name is missing.
 * @param options What is carried, and how it is shared.
 * @returns A task. Its methods throw {@linkcode SyncError} with code `"store-unusable"` for a directory with other
 * entries, `"destination-busy"` while another run changes the store, `"source-empty"` when the source has no entries
 * although older snapshots have, `"no-space"` when the disk is full.
 * @throws {RangeError} when an option is out of its range.
 *
 * @example Take a snapshot every night
 * ```ts
 * import { snapshot } from "undrift";
 *
 * const { snapshot: taken } = await snapshot("home", "/backup/home", { tags: ["nightly"] }).run();
 * console.log(taken?.name, taken?.sharedFiles, "files shared,", taken?.newFiles, "new");
 * ```
 */
export function snapshot(source: string, store: string, options: SnapshotOptions = {}): SnapshotTask {
  const env = environment();
  const pair = { source, store, options: resolveSnapshotOptions(options, env.cores), env };
  return {
    source,
    store,
    plan: (watch = {}) => planSnapshot(pair, watch),
    run: (watch = {}) => runSnapshot(pair, watch),
    stream: (watch = {}) => streamOf((inner: SnapshotRunOptions) => runSnapshot(pair, inner), watch),
  };
}

/** One snapshot of a store. */
export interface SnapshotInfo {
  /** Its name, which is the name of its folder. */
  readonly name: SnapshotName;
  /** When it was begun, by its name: milliseconds since 1970. */
  readonly time: number;
  /** What was written down of it; absent when another tool made it. */
  readonly record: SnapshotRecord | undefined;
}

/**
 * Lists the snapshots of a store, oldest first. Only complete ones are there to be listed.
 *
 * @param store Path of a store.
 * @param options How it is looked at.
 * @returns The snapshots.
 * @throws {SyncError} code `"store-unusable"` when there is no store.
 *
 * @example How large each one is by itself
 * ```ts
 * import { snapshots } from "undrift";
 *
 * for (const { name, record } of await snapshots("/backup/home")) console.log(name, record?.newBytes);
 * ```
 */
export function snapshots(store: string, options: { readonly layer?: LayerChoice } = {}): Promise<SnapshotInfo[]> {
  return Promise.try(() => {
    const tree = openStore({ store, layer: options.layer ?? "auto", env: environment() });
    try {
      return storedSnapshots(tree).map(({ name, record }) => ({ name, time: snapshotTime(name), record }));
    } finally {
      tree.close();
    }
  });
}
