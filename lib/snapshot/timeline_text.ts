/**
 * Snapshots along time for people at a terminal: a line each, with what is new, shared and freed as a bar. A long time
 * without a snapshot is told between the lines.
 *
 * @module
 */
import { formatBytes, formatNumberOf } from "../bytes/quantities.ts";
import { type Paint, painter, type Style } from "../report/paint.ts";
import { timeSpanText } from "../report/time_span.ts";
import { barOf, type BarPart, longGaps } from "./timeline_scale.ts";
import type { TimelineSnapshot } from "./timeline.ts";

const LEAST_BAR = 10;
const MOST_BAR = 120;
const CELL_WIDTH = 9;

const LOOKS: Readonly<Record<BarPart, { readonly plain: string; readonly block: string; readonly style: Style }>> = {
  shared: { plain: "=", block: "█", style: "dim" },
  fresh: { plain: "#", block: "█", style: "green" },
  freed: { plain: "-", block: "▒", style: "red" },
};

/** How it is drawn. */
export interface TimelineTextOptions {
  /** Columns of the terminal. */
  readonly columns: number;
  /** Whether it is coloured; bars are drawn in blocks then. @default {false} */
  readonly colored?: boolean;
}

/**
 * Draws the timeline.
 *
 * @param snapshots The snapshots, oldest first.
 * @param options How it is drawn.
 * @returns Lines with their ends; none without a snapshot.
 */
export function timelineText(
  snapshots: readonly TimelineSnapshot[],
  { columns, colored = false }: TimelineTextOptions,
): string {
  if (snapshots.length === 0) return "";
  const paint = painter(colored);
  const nameWidth = Math.max(...snapshots.map(({ name }) => name.length));
  const width = Math.min(MOST_BAR, Math.max(LEAST_BAR, columns - nameWidth - 3 * (CELL_WIDTH + 1) - 3));
  const most = Math.max(...snapshots.map(({ bytes, droppedBytes }) => bytes + droppedBytes));
  const gaps = longGaps(snapshots);
  const head = `${"".padEnd(nameWidth)} ${["NEW", "FREED", "ALL"].map((word) => word.padStart(CELL_WIDTH)).join(" ")}`;
  const lines = snapshots.flatMap((snapshot, at) => {
    const { name, newBytes, droppedBytes, bytes, failures = 0 } = snapshot;
    const cells = [newBytes, droppedBytes, bytes].map((size) => formatBytes(size).padStart(CELL_WIDTH)).join(" ");
    const failed = failures === 0 ? "" : paint("red", `  ${formatNumberOf(failures, "failure")}`);
    const bar = barOf(snapshot, most, width).map(([part, length]) => sign(part, length, colored, paint)).join("");
    const line = `${name.padEnd(nameWidth)} ${paint("dim", cells)}  ${bar}${failed}`;
    return gaps.has(at) ? [paint("dim", gapText(snapshots[at - 1]!, snapshot, nameWidth)), line] : [line];
  });
  return [paint("dim", head), ...lines, "", legend(colored, paint)].map((line) => `${line.trimEnd()}\n`).join("");
}

function sign(part: BarPart, length: number, colored: boolean, paint: Paint): string {
  const { plain, block, style } = LOOKS[part];
  return colored ? paint(style, block.repeat(length)) : plain.repeat(length);
}

function gapText(before: TimelineSnapshot, after: TimelineSnapshot, width: number): string {
  const moment = ({ takenMs }: TimelineSnapshot) => ({ mtimeSeconds: Math.floor(takenMs / 1000), mtimeNanoseconds: 0 });
  return `${timeSpanText(moment(after), moment(before)).replace("newer by ", "")} without one`.padStart(width);
}

function legend(colored: boolean, paint: Paint): string {
  const words = [["shared", "shared with the one before"], ["fresh", "new"], ["freed", "no longer there"]] as const;
  return words.map(([part, word]) => `${sign(part, 1, colored, paint)} ${word}`).join("   ");
}
