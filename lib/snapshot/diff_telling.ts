/**
 * The differences between two snapshots in words and as records.
 *
 * @module
 */
import { jsonPath, printable } from "../bytes/printable.ts";
import { formatBytes, formatCount, formatNumberOf } from "../bytes/quantities.ts";
import { entryRecord, named, record } from "../report/ndjson.ts";
import { type Paint, painter, type Style } from "../report/paint.ts";
import { KIND_WORDS, REASON_WORDS } from "../report/words.ts";
import { CHANGE_NAMES, type ChangeTotals, type TreeChange } from "./tree_change.ts";

const VERB_WIDTH = 7;
const WHAT_WIDTH = 9;
const SIZE_WIDTH = 8;

const STYLES: Readonly<Record<TreeChange["change"], Style>> = {
  added: "green",
  changed: "yellow",
  moved: "cyan",
  removed: "red",
};

/**
 * The line for one difference.
 *
 * @param change The difference.
 * @param paint Colours. @default {none}
 * @returns One line without its end.
 */
export function changeText(change: TreeChange, paint: Paint = painter(false)): string {
  const entry = change.change === "removed" ? change.before : change.after;
  const size = entry.kind === "file" ? formatBytes(entry.size) : "";
  const head = paint(STYLES[change.change], change.change.padEnd(VERB_WIDTH));
  const what = KIND_WORDS[entry.kind].padEnd(WHAT_WIDTH);
  const path = `${printable(change.path)}${entry.kind === "directory" ? "/" : ""}`;
  const target = entry.target === undefined ? "" : ` -> ${printable(entry.target)}`;
  const from = change.change === "moved" ? ` <= ${printable(change.from)}` : "";
  const why = whyText(change);
  return `${head}  ${what}  ${paint("dim", size.padStart(SIZE_WIDTH))}  ${path}${target}${from}${paint("dim", why)}`;
}

function whyText(change: TreeChange): string {
  if (change.change === "added" || change.change === "removed" || change.reasons.length === 0) return "";
  const { before } = change;
  const texts = change.reasons.map((reason) => {
    if (reason === "size") return `size was ${formatBytes(before.size)}`;
    return reason === "kind" ? `was a ${KIND_WORDS[before.kind]}` : REASON_WORDS[reason];
  });
  return `  (${texts.join(", ")})`;
}

/**
 * The totals in one line.
 *
 * @param totals The totals.
 * @returns For example `"3 added, 5.0 KiB; 1 removed, 2 B; 40 unchanged"`.
 */
export function totalsText(totals: ChangeTotals): string {
  const parts = CHANGE_NAMES.filter((name) => totals[name] > 0).map((name) => {
    const bytes = totals[`${name}Bytes`];
    return `${formatCount(totals[name])} ${name}${bytes === 0 ? "" : `, ${formatBytes(bytes)}`}`;
  });
  const same = formatNumberOf(totals.unchanged, "entry is the same", "entries are the same");
  return [...parts, same].join("; ");
}

/**
 * The record for one difference.
 *
 * @param change The difference.
 * @returns One line with its end.
 */
export function changeRecord(change: TreeChange): string {
  return record("change", {
    change: change.change,
    ...jsonPath(change.path),
    ...(change.change === "moved" ? named("from", change.from) : {}),
    ...("reasons" in change ? { reasons: change.reasons } : {}),
    ...("before" in change ? { before: entryRecord(change.before) } : {}),
    ...("after" in change ? { after: entryRecord(change.after) } : {}),
  });
}
