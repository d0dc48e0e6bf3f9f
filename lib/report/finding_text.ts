/**
 * Findings of a comparison in words: a line for each, which begins with a sign, and the totals.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { formatBytes, formatCount, formatDuration, formatNumberOf } from "../bytes/quantities.ts";
import {
  type CheckTotals,
  differenceCount,
  type Finding,
  FINDING_KINDS,
  type FindingKind,
} from "../compare/finding.ts";
import { type Paint, painter, type Style } from "./paint.ts";
import { KIND_WORDS, oneLine, REASON_WORDS } from "./words.ts";

/** How a kind of finding is shown. */
export interface FindingWords {
  /** One character: `-` only the first side has it, `+` only the second, `*` both differ, `!` it is damaged or cannot be
   * read, `=` nothing differs. */
  readonly sign: "-" | "+" | "*" | "!" | "=";
  /** In a word or two, for totals. */
  readonly word: string;
  /** Colour. */
  readonly style: Style;
}

/** How each kind is shown. */
export const FINDING_WORDS: Readonly<Record<FindingKind, FindingWords>> = {
  missing: { sign: "-", word: "missing", style: "red" },
  extra: { sign: "+", word: "extra", style: "green" },
  type: { sign: "*", word: "of another type", style: "yellow" },
  content: { sign: "*", word: "of other content", style: "yellow" },
  changed: { sign: "*", word: "changed", style: "yellow" },
  metadata: { sign: "*", word: "of other metadata", style: "yellow" },
  rotten: { sign: "!", word: "rotten", style: "red" },
  unreadable: { sign: "!", word: "unreadable", style: "red" },
  same: { sign: "=", word: "the same", style: "dim" },
};

const PLAIN: Paint = painter(false);

/**
 * The line for one finding, without its end.
 *
 * @param finding What was found.
 * @param paint Colours. @default {none}
 * @returns Sign, path, and in parentheses what differs, when the sign does not say it.
 */
export function findingText(finding: Finding, paint: Paint = PLAIN): string {
  const { sign, style } = FINDING_WORDS[finding.finding];
  const isPlain = sign === "-" || sign === "+" || sign === "=";
  const why = isPlain ? "" : paint("dim", `  (${findingWhy(finding)})`);
  return `${paint(style, sign)} ${findingPath(finding)}${why}`;
}

/**
 * The path of a finding, as it is shown.
 *
 * @param finding What was found.
 * @returns Escaped, with a slash behind a directory; the root is `./`.
 */
export function findingPath({ path, want, have }: Finding): string {
  const isDirectory = (want ?? have)?.kind === "directory";
  return path === "" ? "./" : `${printable(path)}${isDirectory ? "/" : ""}`;
}

/**
 * What was found, in words.
 *
 * @param finding What was found.
 * @returns For example `"size and content differ"`.
 */
export function findingWhy({ finding, want, have, differences, failure }: Finding): string {
  switch (finding) {
    case "missing":
      return "only the first side has it";
    case "extra":
      return "only the second side has it";
    case "type":
      return `${KIND_WORDS[have!.kind]}, not ${KIND_WORDS[want!.kind]}`;
    case "content":
      return differences.map((each) => REASON_WORDS[each]).join(", ");
    case "changed":
      return [...differences.filter((each) => each !== "time"), "time" as const].map((each) => REASON_WORDS[each]).join(
        ", ",
      );
    case "metadata":
      return differences.map((each) => REASON_WORDS[each]).join(", ");
    case "rotten":
      return "rotten: other content, though size and times have not changed";
    case "unreadable":
      return failure === undefined ? "cannot be read" : oneLine(failure.message);
    case "same":
      return "nothing differs";
  }
}

/**
 * Totals of a comparison in one line.
 *
 * @param totals The totals.
 * @param durationMs How long it took. @default {it is not told}
 * @returns For example `"verify: 3 of 20 differ: 1 missing, 2 changed; 12 files, 1.5 MiB compared in 38 ms"`.
 */
export function checkText(totals: CheckTotals, durationMs?: number): string {
  const differ = differenceCount(totals);
  const counts = toldKinds(totals).map((kind) => `${formatCount(totals[kind])} ${FINDING_WORDS[kind].word}`);
  const head = differ === 0
    ? `${formatNumberOf(totals.entries, "entry", "entries")}, all the same`
    : `${formatCount(differ)} of ${formatNumberOf(totals.entries, "entry", "entries")}: ${counts.join(", ")}`;
  const took = durationMs === undefined ? "" : ` in ${formatDuration(durationMs)}`;
  return `verify: ${head}; ${formatNumberOf(totals.files, "file")}, ${formatBytes(totals.bytes)} compared${took}`;
}

/**
 * The kinds of differences that there are.
 *
 * @param totals The totals.
 * @returns Those that ask most for a look first.
 */
export function toldKinds(totals: CheckTotals): FindingKind[] {
  return FINDING_KINDS.filter((kind) => kind !== "same" && totals[kind] > 0);
}
