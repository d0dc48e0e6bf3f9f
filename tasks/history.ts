/**
 * The history task: the versions of one file of a store.
 *
 * @module
 */
import { asSyncError, atPath } from "../lib/errors.ts";
import { parseRelPath, type RelPath } from "../lib/model/rel_path.ts";
import { type FileVersion, type Sighting, sightingIn, versionsOf } from "../lib/snapshot/path_history.ts";
import { snapshotNames } from "../lib/snapshot/store.ts";
import { type LookOptions, type LookReport, type LookTask, lookTask } from "./looking/look.ts";

/** The versions of one file. */
export interface HistoryReport extends LookReport {
  /** Always `"history"`. */
  readonly task: "history";
  /** The path, from the root of a snapshot. */
  readonly path: RelPath;
  /** The versions, oldest first; none when the store is empty. */
  readonly versions: readonly FileVersion[];
}

/**
 * Tells the versions of a file: which snapshots have which, and in what each differs from the one before.
 *
 * @param store Path of the store.
 * @param path The file, from the root of a snapshot.
 * @param options How the store is opened.
 * @returns A task. Its methods throw {@linkcode SyncError} code `"store-unusable"` when there is no store,
 * `"cancelled"` when it was stopped.
 * @throws {SyncError} code `"path-escape"` when the path leads out of a snapshot.
 *
 * @example Find the version to go back to
 * ```ts
 * import { history } from "undrift";
 *
 * const { versions } = await history("/backup/home", "notes.txt").run();
 * for (const { first, last, entry } of versions) console.log(first, last, entry?.size);
 * ```
 */
export function history(store: string, path: string, options: LookOptions = {}): LookTask<HistoryReport> {
  const proven = parseRelPath(path.replace(/^(?:\.\/)+/, "").replace(/\/+$/, ""));
  return lookTask<HistoryReport>("history", store, options, function* (tree, failures) {
    const sightings: Sighting[] = [];
    for (const name of snapshotNames(tree)) {
      try {
        sightings.push(sightingIn(tree, name, proven));
      } catch (thrown) {
        const where = `${name}/${proven}` as RelPath;
        failures.push({ path: where, error: atPath(asSyncError(thrown), where) });
      }
      yield;
    }
    return { path: proven, versions: versionsOf(sightings) };
  });
}
