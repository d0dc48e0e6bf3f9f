/**
 * What is known of a run as one line: files, bytes, rate, time that is left, and how much of the whole is done.
 *
 * @module
 */
import { formatBytes, formatBytesOf, formatClock, formatCount, formatNumberOf } from "../bytes/quantities.ts";
import type { ProgressState } from "./state.ts";

/** Widths of the bar, the wider first; few, so that it does not jump when a number grows. */
const BAR_WIDTHS = [20, 10] as const;
/** Narrower than this, nothing useful fits. */
const LEAST_COLUMNS = 20;

/**
 * The line for a terminal.
 *
 * @param state What is known.
 * @param columns Width of the terminal.
 * @returns One line of ASCII that is shorter than `columns`; what matters least is left out first.
 */
export function progressLine(state: ProgressState, columns: number): string {
  const width = Math.max(LEAST_COLUMNS, columns) - 1;
  const { share } = state;
  const head = share === undefined ? [] : [percent(share)];
  const rest = parts(state);
  const bars = share === undefined ? [] : BAR_WIDTHS.map((bar) => [...head, drawBar(share, bar), ...rest]);
  // The most complete form that fits: the bar goes first, then the parts from the end.
  for (const shown of [...bars, ...shrinking([...head, ...rest])]) {
    const line = shown.join("  ");
    if (line.length <= width) return line;
  }
  return "";
}

/**
 * The line for a log: nothing is left out or drawn.
 *
 * @param state What is known.
 * @returns One line.
 */
export function plainProgressLine(state: ProgressState): string {
  const head = state.share === undefined ? [] : [percent(state.share).trim()];
  const past = state.secondsLeft === undefined ? [] : [`${formatClock((state.at - state.startedAt) / 1000)} so far`];
  return ["progress:", ...head, parts(state).concat(past).join(", ")].join(" ");
}

function shrinking(shown: readonly string[]): string[][] {
  return shown.map((_part, dropped) => shown.slice(0, shown.length - dropped));
}

/** Whole percent, rounded down: 100 is only said when all is done. */
function percent(share: number): string {
  return `${Math.floor(share * 100)}%`.padStart(4);
}

function drawBar(share: number, width: number): string {
  const filled = Math.floor(share * width);
  return `[${"#".repeat(filled)}${"-".repeat(width - filled)}]`;
}

/** Counts first, then rate and time, then what is told when there is room. */
function parts(state: ProgressState): string[] {
  const { counts } = state;
  if (counts.totalFiles === undefined && counts.files === 0 && counts.deleted === 0) {
    return [`${formatNumberOf(counts.entries, "entry", "entries")} looked at`, elapsed(state)];
  }
  const shown = [filesText(state), bytesText(state)];
  if (state.bytesPerSecond !== undefined) shown.push(`${formatBytes(state.bytesPerSecond)}/s`);
  shown.push(state.secondsLeft === undefined ? elapsed(state) : `${formatClock(state.secondsLeft)} left`);
  if (counts.deleted > 0) shown.push(`${formatCount(counts.deleted)} deleted`);
  return shown;
}

function filesText({ counts }: ProgressState): string {
  const { files, totalFiles } = counts;
  return totalFiles === undefined
    ? formatNumberOf(files, "file")
    : `${formatCount(files)}/${formatNumberOf(totalFiles, "file")}`;
}

function bytesText({ counts }: ProgressState): string {
  const { bytes, totalBytes } = counts;
  return totalBytes === undefined ? formatBytes(bytes) : formatBytesOf(bytes, totalBytes);
}

function elapsed(state: ProgressState): string {
  return formatClock((state.at - state.startedAt) / 1000);
}
