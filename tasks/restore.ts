/**
 * Restoring: a mirror out of a store, with all its guards.
 *
 * @module
 */
import { asSyncError, SyncError } from "../lib/errors.ts";
import { printable } from "../lib/bytes/printable.ts";
import { parseRelPath } from "../lib/model/rel_path.ts";
import { environment } from "../lib/os/env.ts";
import { pathFrom, relationOf } from "../lib/os/open_tree.ts";
import { chooseSnapshot } from "../lib/snapshot/name.ts";
import { readRecord, snapshotNames } from "../lib/snapshot/store.ts";
import { mirror, type MirrorTask } from "./mirror.ts";
import { type MirrorOptions, resolveOptions } from "./mirror/options/options.ts";
import { openStore } from "./snapshot/open_store.ts";

/** Options of {@linkcode restore}: those of a mirror, and what is restored. */
export interface RestoreOptions extends Omit<MirrorOptions, "removeSourceFiles" | "filesFrom" | "recursive"> {
  /** Paths below the snapshot; directories come with all that is in them. @default {everything} */
  readonly paths?: readonly string[];
}

/** A restore that can be looked at, run, or watched. */
export interface RestoreTask extends Omit<MirrorTask, "source"> {
  /** The store. */
  readonly store: string;
  /** Which snapshot, as it was given. */
  readonly name: string;
}

/**
 * Makes a directory as it was: a mirror from a snapshot, with all guards of a mirror.
 *
 * @param store Path of a store.
 * @param name Name of a snapshot, the beginning of one, or `"latest"`.
 * @param destination Path of a directory; entries that the snapshot lacks are kept unless `delete` is set.
 * @param options What is restored, and how.
 * @returns A task. Its methods throw {@linkcode SyncError} with code `"snapshot-missing"` when there is no such
 * snapshot, `"overlap"` when the destination is in the store, and as a mirror does.
 * @throws {RangeError} when an option is out of its range.
 *
 * @example Two folders of last month
 * ```ts
 * import { restore } from "undrift";
 *
 * await restore("/backup/home", "2026-10-22", "/tmp/back", { paths: ["letters", "photos/2026"] }).run();
 * ```
 */
export function restore(
  store: string,
  name: string,
  destination: string,
  options: RestoreOptions = {},
): RestoreTask {
  const { paths, ...mirrorOptions } = options;
  const selection = paths === undefined ? {} : { filesFrom: checkedPaths(paths), recursive: true };
  resolveOptions({ ...mirrorOptions, ...selection }, environment().cores);
  const task = () => mirrorFrom(store, name, destination, { ...mirrorOptions, ...selection });
  return {
    store,
    name,
    destination,
    plan: async (watch) => await task().plan(watch),
    run: async (watch) => await task().run(watch),
    stream: (watch) => ({ [Symbol.asyncIterator]: () => task().stream(watch)[Symbol.asyncIterator]() }),
  };
}

function mirrorFrom(store: string, name: string, destination: string, options: MirrorOptions): MirrorTask {
  guardDestination(store, destination);
  const tree = openStore({ store, layer: options.layer ?? "auto", env: environment() });
  try {
    const chosen = chooseSnapshot(snapshotNames(tree), name);
    const hasNoLinks = readRecord(tree, chosen)?.innerLinks === 0;
    return mirror(pathFrom(chosen, store), destination, {
      ...options,
      // Its names are shared with other snapshots, not with each other: nothing has to be remembered of them.
      ...(hasNoLinks ? { hardLinks: false } : {}),
      // A snapshot does not change. One that loses entries is being removed.
      policy: { vanished: "fail", ...options.policy },
    });
  } finally {
    tree.close();
  }
}

function guardDestination(store: string, destination: string): void {
  const relation = relationOf(destination, store);
  if (relation === "apart" || relation === "around") return;
  throw new SyncError("overlap", `Cannot restore into "${printable(destination)}": it is in the store`, {
    path: destination,
    hint: "name a directory outside of the store",
  });
}

/** Paths may be written with a slash at their end. */
function checkedPaths(paths: readonly string[]): string[] {
  return paths.map((path) => {
    try {
      return parseRelPath(path.replace(/\/+$/, ""));
    } catch (thrown) {
      throw new RangeError(`${asSyncError(thrown).message}; paths are those below the snapshot`);
    }
  });
}
