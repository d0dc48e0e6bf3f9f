/**
 * The options that tasks share which read trees and change nothing.
 *
 * @module
 */
import { ALGORITHM_NAMES, type HashAlgorithm, isAlgorithm } from "../../lib/manifest/algorithm.ts";
import type { LayerChoice } from "../../lib/os/open_tree.ts";
import type { FilterOptions } from "../mirror/options/filter_options.ts";

/** What reads trees, and what of them. */
export interface ReadingOptions extends Omit<FilterOptions, "deleteExcluded"> {
  /** Threads that read at the same time. @default {the number of cores} */
  readonly jobs?: number;
  /** Which implementation of the file system is used. @default {"auto"} */
  readonly layer?: LayerChoice;
  /** Stops the task, beside the signal of a run. @default {undefined} */
  readonly signal?: AbortSignal;
}

const MOST_JOBS = 256;

/**
 * Refuses a number of threads that makes no sense.
 *
 * @param jobs The number.
 * @throws {RangeError} when it is out of its range.
 */
export function checkJobs(jobs: number): void {
  if (Number.isInteger(jobs) && jobs >= 1 && jobs <= MOST_JOBS) return;
  throw new RangeError(`Cannot use jobs ${jobs}: it must be a whole number from 1 to ${MOST_JOBS}`);
}

/**
 * Refuses an algorithm that there is not.
 *
 * @param algorithm Its name.
 * @throws {RangeError} with the names that there are.
 */
export function checkAlgorithm(algorithm: HashAlgorithm): void {
  if (isAlgorithm(algorithm)) return;
  throw new RangeError(`Cannot use algorithm ${JSON.stringify(algorithm)}: it must be ${ALGORITHM_NAMES.join(", ")}`);
}
