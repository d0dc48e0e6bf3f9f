/**
 * Publishes what was built: what was written is on the disk before, one rename, then `latest`.
 *
 * @module
 */
import { asSyncError } from "../../lib/errors.ts";
import type { SnapshotFacts } from "../../lib/report/document.ts";
import type { SharedCounts } from "../../lib/snapshot/census.ts";
import { LATEST, type SnapshotName } from "../../lib/snapshot/name.ts";
import { pointLatest } from "../../lib/snapshot/store.ts";
import { publish } from "../../lib/snapshot/working.ts";
import type { MirrorReport } from "../mirror/report.ts";
import type { Taking } from "./taking.ts";

/**
 * Publishes the working folder.
 *
 * @param taking The snapshot on its way.
 * @param report What its mirrors did.
 * @param counts What is in it.
 * @returns What it is.
 * @throws {SyncError} when it cannot be published; the working folder stays then.
 */
export function publishWorking(
  { pair, tree, bases, leftover, started, telling }: Taking,
  report: MirrorReport,
  counts: SharedCounts,
): SnapshotFacts {
  const { options, env, source } = pair;
  // Links and names are kept in order by the journal of the file system; contents that were written are not.
  if (options.mirror.fsync || counts.newFiles > 0) tree.flush();
  const { innerLinks, entries, ...shares } = counts;
  const name = publish(tree, started, () => ({
    started,
    finished: env.wallClock(),
    source,
    entries,
    ...shares,
    innerLinks,
    failures: report.failureCount,
    verified: options.verify,
    tags: options.tags,
  }));
  point(name, () => pointLatest(tree, name), (message) => telling.warn({ name: "latest-not-set", message }));
  if (options.mirror.fsync) tree.flush();
  return {
    name,
    ...(bases.newest === undefined || options.share === "copy" ? {} : { basis: bases.newest }),
    resumed: leftover !== "none",
    verified: options.verify,
    ...shares,
  };
}

/** The snapshot is there, whatever becomes of the symlink. */
function point(name: SnapshotName, set: () => boolean, warn: (message: string) => void): void {
  try {
    if (!set()) warn(`"${LATEST}" does not lead to ${name}: something that is no symlink has its name`);
  } catch (thrown) {
    const error = asSyncError(thrown);
    if (error.code === "internal") throw error;
    warn(`"${LATEST}" does not lead to ${name}: ${error.message}`);
  }
}
