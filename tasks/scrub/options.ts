/**
 * Options of a scrub.
 *
 * @module
 */
import { ALGORITHM_NAMES, type HashAlgorithm } from "../../lib/manifest/algorithm.ts";
import type { LayerChoice } from "../../lib/os/open_tree.ts";
import { checkAlgorithm, checkJobs } from "../checking/options.ts";
import { type Budget, budgetOf } from "./budget.ts";

/** Options of {@linkcode scrub}. */
export interface ScrubOptions {
  /** Path of the catalog, outside of the tree; it is made when it is missing. */
  readonly catalog: string;
  /** Which checksums are kept; `mirror` and `manifest` share those of the default. @default {"sha256"} */
  readonly algorithm?: HashAlgorithm;
  /**
   * How much one run may read: a time such as `"30m"`, a size such as `"100GB"`, or numbers. The next run goes on where
   * this one stopped. A file that was begun is read to its end.
   * @default {no limit}
   */
  readonly budget?: string | Budget;
  /** Begin with what was verified longest ago, after what is new or changed. @default {true with a budget} */
  readonly oldestFirst?: boolean;
  /**
   * Another tree with the same files: what decayed is restored from there when its content there is proven by the
   * checksum that is known. @default {undefined}
   */
  readonly repairFrom?: string;
  /** Threads that read at the same time. @default {the number of cores} */
  readonly jobs?: number;
  /** Which implementation of the file system is used. @default {"auto"} */
  readonly layer?: LayerChoice;
  /** Stops the scrub, beside the signal of a run. @default {undefined} */
  readonly signal?: AbortSignal;
}

/** Complete options. */
export interface ResolvedScrub {
  readonly catalog: string;
  readonly algorithm: HashAlgorithm;
  readonly budget: Budget;
  readonly oldestFirst: boolean;
  readonly repairFrom: string | undefined;
  readonly jobs: number;
  readonly layer: LayerChoice;
  readonly signal: AbortSignal | undefined;
}

/**
 * Checks options and fills in defaults.
 *
 * @param options What the caller wants.
 * @param cores Number of cores.
 * @returns Complete options.
 * @throws {RangeError} when one is out of its range, or two make no sense together.
 */
export function resolveScrub(options: ScrubOptions, cores: number): ResolvedScrub {
  const { catalog, algorithm = ALGORITHM_NAMES[0]!, budget, jobs = cores, layer = "auto", repairFrom, signal } =
    options;
  if (typeof catalog !== "string" || catalog === "") {
    throw new RangeError(`Cannot use catalog ${JSON.stringify(catalog)}: it must be the path of a file`);
  }
  checkAlgorithm(algorithm);
  checkJobs(jobs);
  const { oldestFirst = budget !== undefined } = options;
  if (budget !== undefined && !oldestFirst) {
    throw new RangeError(
      "Cannot use --budget with --no-oldest-first (API: budget, oldestFirst: false): a run could not go on where the " +
        "last one stopped",
    );
  }
  return Object.freeze({
    catalog,
    algorithm,
    budget: budget === undefined ? {} : budgetOf(budget),
    oldestFirst,
    repairFrom,
    jobs,
    layer,
    signal,
  });
}
