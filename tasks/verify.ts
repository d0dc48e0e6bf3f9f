/**
 * The verify task: holds a tree against another, or against a manifest, by content.
 *
 * @module
 */
import { environment } from "../lib/os/env.ts";
import { streamOf } from "./stream.ts";
import { type Expected, resolveVerify, type VerifyOptions } from "./verify/options.ts";
import type { VerifyEvent, VerifyReport } from "./verify/report.ts";
import { runVerify, type VerifyRunOptions } from "./verify/run_verify.ts";

/** A verification that can be run or watched. Nothing happens before one of its methods is called. */
export interface VerifyTask {
  /** What is held to be right: a tree, or a manifest. */
  readonly source: string;
  /** The tree that is held against it. */
  readonly destination: string;
  /** Compares everything. */
  run(options?: VerifyRunOptions): Promise<VerifyReport>;
  /** The same as {@linkcode run}, as a stream of events; leaving the loop stops it. */
  stream(options?: Omit<VerifyRunOptions, "onEvent">): AsyncIterable<VerifyEvent>;
}

/**
 * Compares a tree with another, byte by byte, or with a manifest, by checksums. It changes nothing, follows no symlink,
 * and tells apart what is missing, extra, of another type, of other content, changed (content and time), and what cannot
 * be read. Leftovers of interrupted runs are passed over.
 *
 * @param expected What is held to be right: the path of a directory, or `{ manifest: file }`, the manifest that
 * {@linkcode manifest}, `sha256sum` or the like wrote. One that lists files alone says nothing of other entries.
 * @param destination Path of the directory that is held against it.
 * @param options What is compared.
 * @returns A task. Its methods throw {@linkcode SyncError} code `"source-missing"` or `"source-not-directory"` when there
 * is nothing to compare, `"manifest-damaged"` with the lines that are wrong, `"filter-invalid"` when a filter cannot be
 * used, `"cancelled"` when it was stopped. Differences are no errors: they are in the report.
 * @throws {RangeError} when an option is out of its range, or two make no sense together.
 *
 * @example Is the backup what it should be?
 * ```ts
 * import { verify } from "undrift";
 *
 * const { outcome, findings } = await verify("photos", "backup").run();
 * if (outcome === "different") console.log(findings.map(({ finding, path }) => `${finding} ${path}`));
 * ```
 */
export function verify(expected: Expected, destination: string, options: VerifyOptions = {}): VerifyTask {
  const env = environment();
  const subject = { expected, destination, options: resolveVerify(expected, options, env.cores), env };
  const run = (watch: VerifyRunOptions = {}) => runVerify(subject, watch);
  return {
    source: typeof expected === "string" ? expected : expected.manifest,
    destination,
    run,
    stream: (watch = {}) => streamOf(run, watch),
  };
}
