/**
 * From counters to what is shown: counts that never go back, the share that is done, a rate that does not jump, and the
 * time that is left. The clock is given.
 *
 * @module
 */
import type { Progress } from "../model/event.ts";

/** Work that a file is, beside its bytes: making and renaming it costs about as much as writing this many. */
const BYTES_PER_FILE = 32_768;
/** After this many seconds, a change of the rate is seen to about two thirds. */
const SMOOTHING_SECONDS = 5;
/** A rate over less time than this says nothing. */
const LEAST_SECONDS = 0.5;

/** What is known of a run at one moment. Every count only grows, and so does `share`. */
export interface ProgressState {
  /** When the run started, in milliseconds of any clock. */
  readonly startedAt: number;
  /** Time of the newest counts. */
  readonly at: number;
  /** The counts. */
  readonly counts: Progress;
  /** Done part of the whole run, 0 to 1; `undefined` while the whole is not known. */
  readonly share: number | undefined;
  /** Bytes per second, smoothed; `undefined` in the first moments. */
  readonly bytesPerSecond: number | undefined;
  /** Seconds that are left; `undefined` while that cannot be told. */
  readonly secondsLeft: number | undefined;
  /** Where the rates were measured last. */
  readonly mark: Mark;
}

/** Counts and rates at the last measurement. */
interface Mark {
  readonly since: number;
  readonly at: number;
  readonly bytes: number;
  readonly work: number;
  readonly workPerSecond: number | undefined;
}

const NOTHING: Progress = { entries: 0, files: 0, bytes: 0, deleted: 0 };

/**
 * The state at the start of a run.
 *
 * @param now Milliseconds of any clock that does not go back.
 * @returns Nothing done, nothing known.
 */
export function startProgress(now: number): ProgressState {
  return {
    startedAt: now,
    at: now,
    counts: NOTHING,
    share: undefined,
    bytesPerSecond: undefined,
    secondsLeft: undefined,
    mark: { since: now, at: now, bytes: 0, work: 0, workPerSecond: undefined },
  };
}

/**
 * Takes new counts in. Counts that are lower than known ones, and a clock that goes back, change nothing.
 *
 * @param state What was known.
 * @param progress The new counts.
 * @param now Time of the counts, on the clock of the start.
 * @returns What is known now.
 */
export function advance(state: ProgressState, progress: Progress, now: number): ProgressState {
  const at = Math.max(state.at, now);
  const counts = mergeCounts(state.counts, progress);
  const work = workOf(counts.files, counts.bytes);
  // Before the totals are known, a run only counts; that time says nothing of the rate.
  const begins = state.counts.totalFiles === undefined && counts.totalFiles !== undefined;
  const measured = begins ? startMeasuring(counts.bytes, work, at) : measure(state, counts.bytes, work, at);
  return {
    startedAt: state.startedAt,
    at,
    counts,
    ...measured,
    share: shareOf(state, counts, work),
    secondsLeft: secondsLeft(counts, work, measured.mark.workPerSecond),
  };
}

function mergeCounts(known: Progress, next: Progress): Progress {
  const files = Math.max(known.files, next.files);
  const bytes = Math.max(known.bytes, next.bytes);
  const totalFiles = largest(known.totalFiles, next.totalFiles, files);
  const totalBytes = largest(known.totalBytes, next.totalBytes, bytes);
  return {
    entries: Math.max(known.entries, next.entries),
    files,
    bytes,
    deleted: Math.max(known.deleted, next.deleted),
    ...(totalFiles === undefined ? {} : { totalFiles }),
    ...(totalBytes === undefined ? {} : { totalBytes }),
  };
}

/** A total never falls, and is never less than what is done: files may have grown since they were counted. */
function largest(known: number | undefined, next: number | undefined, done: number): number | undefined {
  return known === undefined && next === undefined ? undefined : Math.max(known ?? 0, next ?? 0, done);
}

function workOf(files: number, bytes: number): number {
  return bytes + files * BYTES_PER_FILE;
}

function shareOf(state: ProgressState, counts: Progress, work: number): number | undefined {
  if (counts.totalFiles === undefined || counts.totalBytes === undefined) return state.share;
  const total = workOf(counts.totalFiles, counts.totalBytes);
  return Math.max(state.share ?? 0, total === 0 ? 1 : Math.min(1, work / total));
}

type Measured = Pick<ProgressState, "bytesPerSecond" | "mark">;

function startMeasuring(bytes: number, work: number, at: number): Measured {
  return { bytesPerSecond: undefined, mark: { since: at, at, bytes, work, workPerSecond: undefined } };
}

/**
 * Rates since the last mark, mixed into the older ones by how much time has passed: at first all of it counts alike,
 * later the last seconds.
 */
function measure(state: ProgressState, bytes: number, work: number, at: number): Measured {
  const { mark } = state;
  const seconds = (at - mark.at) / 1000;
  if (seconds < LEAST_SECONDS) return { bytesPerSecond: state.bytesPerSecond, mark };
  const fresh = Math.max(1 - Math.exp(-seconds / SMOOTHING_SECONDS), seconds / ((at - mark.since) / 1000));
  const mix = (old: number | undefined, now: number) => old === undefined ? now : old + (now - old) * fresh;
  const workPerSecond = mix(mark.workPerSecond, (work - mark.work) / seconds);
  return {
    bytesPerSecond: mix(state.bytesPerSecond, (bytes - mark.bytes) / seconds),
    mark: { since: mark.since, at, bytes, work, workPerSecond },
  };
}

function secondsLeft(counts: Progress, work: number, workPerSecond: number | undefined): number | undefined {
  if (counts.totalFiles === undefined || counts.totalBytes === undefined) return undefined;
  const left = Math.max(0, workOf(counts.totalFiles, counts.totalBytes) - work);
  if (left === 0) return 0;
  return workPerSecond === undefined || workPerSecond <= 0 ? undefined : left / workPerSecond;
}
