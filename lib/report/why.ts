/**
 * Why a step is in a plan, in whole words with the values of both sides, for `--explain`. The tables are complete by
 * their types, so that the compiler names what a new reason still lacks.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { formatNumberOf } from "../bytes/quantities.ts";
import type { Entry, Xattrs } from "../model/entry.ts";
import type { Action, Reason } from "../plan/action.ts";
import { timeSpanText } from "./time_span.ts";
import { KIND_WORDS } from "./words.ts";

/** Names of attributes that are told. */
const SHOWN_NAMES = 5;

/** What a sentence about one reason can draw on; `want` is missing for what is removed, `have` for what is new. */
interface Sides {
  readonly action: Action;
  readonly want: Entry | undefined;
  readonly have: Entry | undefined;
}

/** Sentences that compare both sides. */
const COMPARED = {
  kind: (want, have) => `the source has ${aKind(want)} here, the destination ${aKind(have)}`,
  size: (want, have) => `size differs: ${bytes(want.size)} in the source, ${bytes(have.size)} in the destination`,
  time: (want, have) => `the source is ${timeSpanText(want, have)}`,
  mode: (want, have) => `permissions differ: ${octal(want.mode)} in the source, ${octal(have.mode)} in the destination`,
  owner: (want, have) => `owner differs: ${want.uid} in the source, ${have.uid} in the destination`,
  group: (want, have) => `group differs: ${want.gid} in the source, ${have.gid} in the destination`,
  xattrs: (want, have) => `attributes differ: ${attributeNames(want.xattrs ?? {}, have.xattrs ?? {})}`,
  target: (want, have) => `target differs: ${target(want)} in the source, ${target(have)} in the destination`,
  device: (want, have) => `device differs: ${device(want)} in the source, ${device(have)} in the destination`,
  content: (want, have) =>
    `content differs, although the size of ${bytes(want.size)} is the same and the source is ` +
    timeSpanText(want, have),
} as const satisfies Readonly<Partial<Record<Reason, (want: Entry, have: Entry) => string>>>;

/** Sentences about one side. */
const SINGLE: Readonly<Record<Exclude<Reason, keyof typeof COMPARED>, (sides: Sides) => string>> = {
  missing: () => "not in the destination",
  extraneous: () => "not in the source, deleted because of --delete",
  excluded: () => "excluded from the source, deleted because of --delete",
  leftover: () => "left by a run that was interrupted",
  arrived: () => "removed from the source because of --remove-source-files, once the destination has it",
  moved: ({ action }) =>
    action.op === "move"
      ? `the destination has it as "${printable(action.from)}", which is not in the source`
      : "moved",
  forced: () => "written whatever it holds, because of --ignore-times",
  link: ({ action }) =>
    action.op === "link"
      ? "the destination has a file of its own there"
      : "the destination has another name of a file there that belongs to others",
};

/**
 * Why a step is in a plan.
 *
 * @param action A step of a plan.
 * @returns One line without its end, for example `"size differs: 10 bytes in the source, 12 bytes in the destination"`;
 * several reasons are separated by `"; "`. Never empty, and safe to show whatever the names are.
 */
export function whyText(action: Action): string {
  const sides = { action, want: "want" in action ? action.want : undefined, have: action.have };
  const reasons = action.reasons.map((reason) => sentence(reason, sides));
  return [...meansTexts(action), ...reasons].join("; ");
}

function sentence(reason: Reason, sides: Sides): string {
  if (!isCompared(reason)) return SINGLE[reason](sides);
  const { want, have } = sides;
  return want === undefined || have === undefined ? `${reason} differs` : COMPARED[reason](want, have);
}

function isCompared(reason: Reason): reason is keyof typeof COMPARED {
  return Object.hasOwn(COMPARED, reason);
}

/** What it is made from, where that is not the source. */
function meansTexts(action: Action): string[] {
  if (action.op === "link") return [`linked to "${printable(action.to)}", as the source has it`];
  if (action.op !== "write-file" || action.basis === undefined) return [];
  const { index, links } = action.basis;
  const which = `the ${ordinal(index + 1)} other tree`;
  return [links ? `linked to the same file in ${which}` : `copied from the same file in ${which}`];
}

function ordinal(position: number): string {
  return ["first", "second", "third"][position - 1] ?? `${position}th`;
}

function aKind({ kind }: Entry): string {
  return `a ${KIND_WORDS[kind]}`;
}

function bytes(size: number): string {
  return formatNumberOf(size, "byte");
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}

function target(entry: Entry): string {
  return entry.target === undefined ? "unknown" : `"${printable(entry.target)}"`;
}

function device(entry: Entry): string {
  return entry.device === undefined ? "unknown" : entry.device.join(":");
}

function attributeNames(want: Xattrs, have: Xattrs): string {
  const names = [...new Set([...Object.keys(want), ...Object.keys(have)])].filter((name) => want[name] !== have[name]);
  const shown = names.slice(0, SHOWN_NAMES).map(printable).join(", ");
  return names.length > SHOWN_NAMES ? `${shown} and ${names.length - SHOWN_NAMES} more` : shown;
}
