/**
 * Judges the results of test files and puts them into the lines that the runner prints.
 *
 * A file passes only when its process says so, at least one test ran or was skipped, and each skip is expected.
 * Functions over values; starting processes is the runner's part.
 */
import type { TestResult } from "./junit.ts";

/** What one process did with one test file. */
export interface FileRun {
  /** The runtime. */
  readonly runtime: string;
  /** Path of the file, from the project's folder. */
  readonly file: string;
  /** Exit code of the process; a signal counts as 128 and its number. */
  readonly exitCode: number;
  /** Whether the runner ended it because it took too long. */
  readonly timedOut: boolean;
  /** Its results; empty when it wrote none. */
  readonly results: readonly TestResult[];
  /** What it printed. */
  readonly output: string;
}

/** A failure, with what is needed to understand it from a log. */
export interface Failure {
  /** Runtime, file and test. */
  readonly title: string;
  /** Message and stack. */
  readonly detail: string;
}

/** Numbers, and the failures behind one of them. */
export interface Tally {
  /** Tests that passed. */
  readonly passed: number;
  /** Tests that were skipped as expected. */
  readonly skipped: number;
  /** Tests that failed, files that did not load, skips that were not expected. */
  readonly failures: readonly Failure[];
}

/** Nothing counted yet. */
export const EMPTY_TALLY: Tally = { passed: 0, skipped: 0, failures: [] };

/** What Bun prints above an error in a hook or while loading, which its results leave out. */
export const UNHANDLED_ERROR = "# Unhandled error between tests";

/** Lines of a process's output that are shown when no test explains its failure. */
const OUTPUT_LINES = 60;

/** Judges one file. `skipIsAllowed` is asked for each skipped test. */
export function tallyFile(run: FileRun, skipIsAllowed: (name: string) => boolean): Tally {
  const title = (name: string) => `${run.runtime} ${run.file} > ${name}`;
  const failed = run.results.filter(({ outcome }) => outcome === "failed");
  const skipped = run.results.filter(({ outcome }) => outcome === "skipped");
  const unexpected = skipped.filter(({ name }) => !skipIsAllowed(name));
  const failures = [
    ...failed.map(({ name, detail }) => ({ title: title(name), detail })),
    ...unexpected.map(({ name }) => ({
      title: title(name),
      detail: "skipped, but tests/skips/allowed.ts does not say so",
    })),
  ];
  const problem = problemOf(run, failed.length);
  if (problem !== undefined) failures.push({ title: `${run.runtime} ${run.file}`, detail: problem });
  const passed = run.results.length - failed.length - skipped.length;
  return { passed, skipped: skipped.length - unexpected.length, failures };
}

/** Adds tallies up. */
export function addTallies(tallies: readonly Tally[]): Tally {
  return tallies.reduce((sum, next) => ({
    passed: sum.passed + next.passed,
    skipped: sum.skipped + next.skipped,
    failures: [...sum.failures, ...next.failures],
  }), EMPTY_TALLY);
}

/** Returns `N passed, N failed`, with the number of skips when there are any. */
export function summaryLine({ passed, failures, skipped }: Tally): string {
  return `${passed} passed, ${failures.length} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/** Returns the exit code of the whole run: a run without a single passed test has failed. */
export function exitCodeOf({ passed, failures }: Tally): 0 | 1 {
  return passed > 0 && failures.length === 0 ? 0 : 1;
}

/** Returns what is wrong with the file as a whole and is not told by a failed test. */
function problemOf(run: FileRun, failedTests: number): string | undefined {
  const tail = run.output.trimEnd().split("\n").slice(-OUTPUT_LINES).join("\n");
  if (run.timedOut) return `took too long and was ended\n${tail}`;
  if (run.exitCode !== 0 && failedTests === 0) return `exit code ${run.exitCode}, and no test failed\n${tail}`;
  if (run.exitCode !== 0 && run.exitCode !== 1) return `exit code ${run.exitCode}\n${tail}`;
  if (run.exitCode === 0 && failedTests > 0) return `exit code 0, although tests failed\n${tail}`;
  if (run.output.includes(UNHANDLED_ERROR)) return `an error outside of the tests\n${tail}`;
  if (run.results.length === 0) return `no test ran\n${tail}`;
  return undefined;
}
