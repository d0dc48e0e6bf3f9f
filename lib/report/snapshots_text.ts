/**
 * The snapshots of a store as a table, for people.
 *
 * @module
 */
import { formatBytes, formatCount } from "../bytes/quantities.ts";
import { printable } from "../bytes/printable.ts";
import { type Paint, painter } from "./paint.ts";

/** One snapshot, as far as it is told. */
export interface ToldSnapshot {
  /** Its name. */
  readonly name: string;
  /** What was written down of it, if anything was. */
  readonly record: {
    readonly entries: number;
    readonly newFiles: number;
    readonly newBytes: number;
    readonly sharedFiles: number;
    readonly failures: number;
    readonly verified: boolean;
    readonly tags: readonly string[];
  } | undefined;
}

const PLAIN: Paint = painter(false);
const HEAD = ["snapshot", "entries", "shared files", "new files", "new bytes", ""];

/**
 * The table.
 *
 * @param snapshots The snapshots, in order.
 * @param paint Colours. @default {none}
 * @returns Lines with their ends.
 */
export function snapshotsText(snapshots: readonly ToldSnapshot[], paint: Paint = PLAIN): string {
  if (snapshots.length === 0) return "no snapshots\n";
  const rows = [HEAD, ...snapshots.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row.map((cell, column) =>
      column === 0 || column === HEAD.length - 1 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)
    )
      .join("  ").trimEnd()
  );
  return `${[paint("dim", lines[0]!), ...lines.slice(1)].join("\n")}\n`;
}

function rowOf({ name, record }: ToldSnapshot): string[] {
  if (record === undefined) return [name, "-", "-", "-", "-", "(nothing is written down of it)"];
  const { entries, newFiles, newBytes, sharedFiles, failures, verified, tags } = record;
  const notes = [
    ...(failures === 0 ? [] : [`${formatCount(failures)} failed`]),
    ...(verified ? ["verified"] : []),
    ...tags.map((tag) => `#${printable(tag)}`),
  ];
  return [
    name,
    formatCount(entries),
    formatCount(sharedFiles),
    formatCount(newFiles),
    formatBytes(newBytes),
    notes.join(" "),
  ];
}
