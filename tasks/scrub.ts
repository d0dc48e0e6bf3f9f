/**
 * The scrub task: reads a tree against a catalog, and tells what decayed from what was changed.
 *
 * @module
 */
import { environment } from "../lib/os/env.ts";
import { resolveScrub, type ScrubOptions } from "./scrub/options.ts";
import type { ScrubEvent, ScrubReport } from "./scrub/report.ts";
import { runScrub, type ScrubRunOptions } from "./scrub/run_scrub.ts";
import { streamOf } from "./stream.ts";

/** A scrub that can be run or watched. Nothing happens before one of its methods is called. */
export interface ScrubTask {
  /** The directory. */
  readonly source: string;
  /** Reads what is due. */
  run(options?: ScrubRunOptions): Promise<ScrubReport>;
  /** The same as {@linkcode run}, as a stream of events; leaving the loop stops it. */
  stream(options?: Omit<ScrubRunOptions, "onEvent">): AsyncIterable<ScrubEvent>;
}

/**
 * Reads the files of a directory and compares them with what a catalog knows. What is new or was written is noted; a file
 * whose content is another although neither size nor any time of it changed has decayed (`"rotten"`), and one of the same
 * size and time of modification that was changed otherwise is `"suspect"`. Of both the catalog keeps what it knew, until
 * the file is repaired or written.
 *
 * @param source Path of the directory.
 * @param options Which catalog, how much is read, and from where it is repaired.
 * @returns A task. Its methods throw {@linkcode SyncError} code `"source-missing"` or `"source-not-directory"` when there
 * is no directory, `"overlap"` for a catalog or a replica in it, `"catalog-unusable"` when the catalog cannot be made,
 * `"destination-busy"` when it is to be repaired while a mirror writes it, `"cancelled"` when it was stopped. What decayed
 * is no error: it is in the report.
 * @throws {RangeError} when an option is out of its range.
 *
 * @example Half an hour each night, repaired from the backup
 * ```ts
 * import { scrub } from "undrift";
 *
 * const { counts, repaired } = await scrub("photos", {
 *   catalog: "photos.catalog",
 *   budget: "30m",
 *   repairFrom: "/backup/photos",
 * }).run();
 * if (counts.rotten > repaired) console.log("some files have decayed and no good copy was found");
 * ```
 */
export function scrub(source: string, options: ScrubOptions): ScrubTask {
  const env = environment();
  const subject = { source, options: resolveScrub(options, env.cores), env };
  const run = (watch: ScrubRunOptions = {}) => runScrub(subject, watch);
  return { source, run, stream: (watch = {}) => streamOf(run, watch) };
}
