/**
 * The words of all reports, in one place: what a step does, what it does it to, and why. The tables are complete by
 * their types, so that the compiler names what a new operation, kind or reason still lacks.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import type { Entry, Kind } from "../model/entry.ts";
import type { Action, Reason } from "../plan/action.ts";
import type { PlanSummary } from "../plan/summary.ts";
import type { Ending } from "./document.ts";
import type { Style } from "./paint.ts";

/** What a step does to its entry, in the classes that totals are counted by. */
export type Deed = "create" | "update" | "adjust" | "move" | "delete" | "sweep" | "remove";

/** How a deed is told. */
export interface DeedWords {
  /** Its count in the totals. */
  readonly total:
    & keyof PlanSummary
    & ("created" | "updated" | "metadata" | "moved" | "deleted" | "swept" | "sourceRemoved");
  /** A character for it where there is no room for the word. */
  readonly sign: string;
  /** What will be done. */
  readonly plan: string;
  /** What was done. */
  readonly done: string;
  /** Colour on a terminal. */
  readonly style: Style;
  /** How much it asks for a second look; the highest comes first where only some are shown. */
  readonly weight: number;
}

/** All deeds, in the order in which totals list them. */
export const DEEDS: Readonly<Record<Deed, DeedWords>> = {
  create: { total: "created", sign: "+", plan: "create", done: "created", style: "green", weight: 1 },
  update: { total: "updated", sign: "~", plan: "update", done: "updated", style: "yellow", weight: 3 },
  adjust: { total: "metadata", sign: "*", plan: "adjust", done: "adjusted", style: "yellow", weight: 0 },
  move: { total: "moved", sign: "→", plan: "move", done: "moved", style: "cyan", weight: 1 },
  delete: { total: "deleted", sign: "−", plan: "delete", done: "deleted", style: "red", weight: 5 },
  sweep: { total: "swept", sign: "x", plan: "sweep", done: "swept", style: "red", weight: 2 },
  remove: {
    ...{ total: "sourceRemoved", sign: "<", plan: "remove from source", done: "removed from source" },
    ...{ style: "red", weight: 4 },
  },
};

/** Names of all deeds, in order. */
export const DEED_NAMES: readonly Deed[] = Object.keys(DEEDS) as Deed[];

/** Deeds whose totals are told even when there are none. */
const ALWAYS_TOLD: readonly Deed[] = ["create", "update", "delete"];

/**
 * The deeds that a table of totals has.
 *
 * @param totals The totals.
 * @returns What people look for first, and what else there is, in order.
 */
export function deedsToTell(totals: PlanSummary): Deed[] {
  return DEED_NAMES.filter((deed) => ALWAYS_TOLD.includes(deed) || totals[DEEDS[deed].total] > 0);
}

/** How a task ended, in words. */
export const OUTCOME_WORDS: Readonly<Record<Ending, string>> = {
  done: "done",
  planned: "planned",
  partial: "some entries failed",
  stopped: "stopped",
  refused: "refused",
  different: "different",
};

/**
 * What an error meant for a task, in words.
 *
 * @param outcome How the task ended.
 * @returns For a plan, what would become of it; for what was done, that it is not what was expected.
 */
export function refusalWord(outcome: Ending): string {
  if (outcome === "planned") return "would be refused";
  // A task that went through to its end has an error when it did not do what was expected.
  return outcome === "done" || outcome === "partial" ? "not as expected" : OUTCOME_WORDS[outcome];
}

/** Kinds of entries in words. */
export const KIND_WORDS: Readonly<Record<Kind, string>> = {
  "file": "file",
  "directory": "directory",
  "symlink": "symlink",
  "fifo": "fifo",
  "socket": "socket",
  "block-device": "device",
  "character-device": "device",
};

/** Reasons in words. */
export const REASON_WORDS: Readonly<Record<Reason, string>> = {
  missing: "new",
  kind: "other kind",
  link: "hard link",
  extraneous: "not in the source",
  excluded: "excluded from the source",
  leftover: "left by an interrupted run",
  arrived: "at the destination",
  moved: "under another name",
  size: "size",
  time: "time",
  mode: "permissions",
  owner: "owner",
  group: "group",
  xattrs: "attributes",
  target: "target",
  device: "device number",
  content: "content",
  forced: "times ignored",
};

/**
 * What a step does.
 *
 * @param action A step of a plan.
 * @returns The class in which totals count it.
 */
export function deedOf(action: Action): Deed {
  switch (action.op) {
    case "delete":
      return "delete";
    case "sweep":
      return "sweep";
    case "remove-source":
      return "remove";
    case "set-metadata":
      return "adjust";
    case "move":
      return "move";
    case "create-directory":
    case "write-file":
    case "create-symlink":
    case "create-special":
    case "link":
      return action.have === undefined ? "create" : "update";
  }
}

/**
 * The entry that a step is about.
 *
 * @param action A step of a plan.
 * @returns What the source has; for what is removed, what the destination has.
 */
export function entryOf(action: Action): Entry {
  return "want" in action ? action.want : action.have;
}

/**
 * The bytes of content that a step concerns: those that are written, moved or removed. A further name concerns none.
 *
 * @param action A step of a plan.
 * @returns A number from 0.
 */
export function bytesOf(action: Action): number {
  switch (action.op) {
    case "write-file":
      return action.basis?.links === true ? 0 : action.want.size;
    case "move":
      return action.bytes;
    case "delete":
    case "sweep":
    case "remove-source": {
      const { kind, size } = entryOf(action);
      return kind === "file" ? size : 0;
    }
    case "create-directory":
    case "create-symlink":
    case "create-special":
    case "link":
    case "set-metadata":
      return 0;
  }
}

/**
 * The name of an entry as people read it.
 *
 * @param action A step of a plan.
 * @returns The whole path, escaped: a directory with `/` behind it, the root as `./`.
 */
export function shownPath(action: Action): string {
  if (action.path === "") return "./";
  return entryOf(action).kind === "directory" ? `${printable(action.path)}/` : printable(action.path);
}

/**
 * Where an entry leads or comes from: the target of a symlink, the first name of a hard link, the old name.
 *
 * @param action A step of a plan.
 * @returns For example `" -> target"`, `" => name"` or `" <= old name"`, escaped; empty for what leads nowhere.
 */
export function shownTarget(action: Action): string {
  if (action.op === "link") return ` => ${printable(action.to)}`;
  if (action.op === "move") return ` <= ${printable(action.from)}`;
  const { target } = entryOf(action);
  return target === undefined || action.op === "delete" || action.op === "remove-source"
    ? ""
    : ` -> ${printable(target)}`;
}

/**
 * Why a step is in a plan, each reason with both values where they are short.
 *
 * @param action A step of a plan.
 * @param leftOut Reasons that need not be told. @default {none}
 * @returns One text for each reason.
 */
export function reasonTexts(action: Action, leftOut: readonly Reason[] = []): string[] {
  return action.reasons.filter((reason) => !leftOut.includes(reason)).map((reason) => reasonText(reason, action));
}

function reasonText(reason: Reason, action: Action): string {
  const word = REASON_WORDS[reason];
  if (!("want" in action) || action.have === undefined) return word;
  const { want, have } = action;
  if (reason === "mode") return `${word} ${octal(have.mode)} to ${octal(want.mode)}`;
  if (reason === "owner") return `${word} ${have.uid} to ${want.uid}`;
  if (reason === "group") return `${word} ${have.gid} to ${want.gid}`;
  return reason === "kind" ? `was a ${KIND_WORDS[have.kind]}` : word;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}

/**
 * A message in one line. Names in our own messages are escaped already; those of other programs may hold anything.
 *
 * @param text The message.
 * @returns The same with spaces for line ends, and with what a terminal or a reader of lines could misread escaped.
 */
export function oneLine(text: string): string {
  // Backslashes are left: they may be those of escaped names.
  return text.replace(/\s*[\r\n]\s*/g, " ").split("\\").map(printable).join("\\");
}
