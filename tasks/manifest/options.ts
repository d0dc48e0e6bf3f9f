/**
 * Options of a manifest.
 *
 * @module
 */
import { ALGORITHM_NAMES, type HashAlgorithm } from "../../lib/manifest/algorithm.ts";
import type { ManifestForm } from "../../lib/manifest/write_line.ts";
import { type CatalogOptions, checkCatalogOptions } from "../catalog/known_digests.ts";
import { checkAlgorithm, checkJobs, type ReadingOptions } from "../checking/options.ts";
import { checkFilterOptions } from "../mirror/options/check_filter_options.ts";

/** Options of {@linkcode manifest}. */
export interface ManifestOptions extends ReadingOptions, CatalogOptions {
  /** Which checksums are taken. @default {"sha256"} */
  readonly algorithm?: HashAlgorithm;
  /** Write lines in BSD's form, `SHA256 (name) = checksum`, and not in GNU's. @default {false} */
  readonly tag?: boolean;
  /**
   * List what is no file, in comments that the tools of coreutils pass over. `b3sum` takes them for errors, and lists
   * files alone. @default {true, unless the algorithm is "blake3"}
   */
  readonly comments?: boolean;
  /** Keep size and time of each file in a comment, so that a later look can tell a file that was changed from one that
   * was damaged. @default {false} */
  readonly recordTimes?: boolean;
}

/** Complete options. */
export interface ResolvedManifest extends ReadingOptions, CatalogOptions {
  /** How lines are written. */
  readonly form: ManifestForm;
  /** Number of threads. */
  readonly jobs: number;
}

/**
 * Checks options and fills in defaults.
 *
 * @param options What the caller wants.
 * @param cores Number of cores.
 * @returns Complete options.
 * @throws {RangeError} when one is out of its range, or two make no sense together.
 */
export function resolveManifest(options: ManifestOptions, cores: number): ResolvedManifest {
  const { algorithm = ALGORITHM_NAMES[0]!, tag = false, recordTimes: times = false, jobs = cores, ...reading } =
    options;
  checkAlgorithm(algorithm);
  checkJobs(jobs);
  checkFilterOptions(reading, false);
  checkCatalogOptions(reading);
  const { comments = algorithm !== "blake3" || times } = options;
  if (times && !comments) {
    throw new RangeError(
      "Cannot use --record-times with --comments never (API: recordTimes, comments: false): times stand in comments",
    );
  }
  return Object.freeze({ ...reading, jobs, form: { algorithm, tag, comments, times } });
}
