/**
 * Tables for people about the snapshots of a store: the versions of a file, and what snapshots take.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { formatBytes, formatCount, formatNumberOf } from "../bytes/quantities.ts";
import type { Entry } from "../model/entry.ts";
import type { Paint } from "../report/paint.ts";
import { KIND_WORDS, REASON_WORDS } from "../report/words.ts";
import { localTime } from "./calendar.ts";
import type { FileVersion } from "./path_history.ts";
import type { TimelineSnapshot } from "./timeline.ts";

/**
 * The versions of a file, a line each.
 *
 * @param versions The versions.
 * @param paint Colours.
 * @returns Lines with their ends.
 */
export function historyText(versions: readonly FileVersion[], paint: Paint): string {
  const rows = versions.map((version) => {
    const { first, last, snapshots, entry } = version;
    const when = first === last ? first : `${first} .. ${last}`;
    return [when, formatNumberOf(snapshots, "snapshot"), ...entryCells(entry), paint("dim", changeText(version))];
  });
  return tableText(rows, [false, true, false, true, false, false]);
}

function entryCells(entry: Entry | undefined): string[] {
  if (entry === undefined) return ["nothing", "", ""];
  const { kind, size, mtimeSeconds, target } = entry;
  const leads = target === undefined ? "" : ` -> ${printable(target)}`;
  return [`${KIND_WORDS[kind]}${leads}`, kind === "file" ? formatBytes(size) : "", timeText(mtimeSeconds)];
}

/** A time that no calendar holds is possible in a file system. */
function timeText(seconds: number): string {
  return Math.abs(seconds) > 8.64e12 ? `${seconds} s` : `${localTime(seconds * 1000, "UTC")}Z`;
}

function changeText({ change, reasons }: FileVersion): string {
  if (change === "changed") return `changed: ${reasons.map((reason) => REASON_WORDS[reason]).join(", ")}`;
  return change === "first" ? "" : change;
}

/**
 * What snapshots take, a line each under a head.
 *
 * @param snapshots The snapshots.
 * @param paint Colours.
 * @returns Lines with their ends.
 */
export function usageText(snapshots: readonly TimelineSnapshot[], paint: Paint): string {
  const head = ["SNAPSHOT", "ALL", "OWN", "NEW", "SHARED", "DROPPED", "ENTRIES"];
  const rows = snapshots.map(({ name, bytes, ownBytes, newBytes, sharedBytes, droppedBytes, entries }) => [
    name,
    ...[bytes, ownBytes, newBytes, sharedBytes, droppedBytes].map(formatBytes),
    formatCount(entries),
  ]);
  const right = [false, true, true, true, true, true, true];
  const [first = "", ...lines] = tableText([head, ...rows], right).split("\n");
  return [paint("dim", first), ...lines].join("\n");
}

/** Lays cells out in columns; the last column is not filled up. */
function tableText(rows: readonly (readonly string[])[], right: readonly boolean[]): string {
  const widths = right.map((_, at) => Math.max(0, ...rows.map((row) => row[at]!.length)));
  return rows.map((row) => {
    const cells = row.map((cell, at) => right[at] === true ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!));
    return `${cells.join("  ").trimEnd()}\n`;
  }).join("");
}
