/**
 * What a filter says of paths, for people.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { type Paint, painter } from "./paint.ts";

/** What a filter says on one side. */
export interface ToldDecision {
  /** Whether the entry takes part there; `"spare"` leaves it alone on both sides. */
  readonly verdict: "include" | "exclude" | "spare";
  /** What decided. */
  readonly cause: "rule" | "predicate" | "list" | "limit" | "default";
  /** The rule that decided, as it is written. */
  readonly rule?: string;
  /** Where it was written. */
  readonly place?: string;
  /** The directory above that decides about all that is in it. */
  readonly ancestor?: string;
}

/** What a filter says of one path. */
export interface ToldPath {
  /** The path. */
  readonly path: string;
  /** Whether the source has it. */
  readonly exists: boolean;
  /** What it is, or would be. */
  readonly kind: string;
  /** Whether it is mirrored. */
  readonly sending: ToldDecision;
  /** Whether it is kept when only the destination has it. */
  readonly deletion: ToldDecision;
}

const PLAIN: Paint = painter(false);

const SENDING: Readonly<Record<ToldDecision["verdict"], string>> = {
  include: "mirrored",
  exclude: "left out",
  spare: "left alone, and so is what the destination has of it",
};

/**
 * The lines for one path.
 *
 * @param told What the filter says of it.
 * @param paint Colours. @default {none}
 * @returns Three lines with their ends: the path, what happens to it, and what --delete does with it.
 */
export function explainText(told: ToldPath, paint: Paint = PLAIN): string {
  const { path, exists, kind, sending, deletion } = told;
  const shown = path === "" ? "." : printable(path);
  const note = exists ? "" : paint("dim", ` (not in the source, taken for a ${kind})`);
  const style = sending.verdict === "include" ? "green" : "yellow";
  return [
    `${paint("bold", shown)}${note}`,
    `  source       ${paint(style, SENDING[sending.verdict])}: ${reasonOf(sending, path)}`,
    `  destination  ${destinationText(sending, deletion)}: ${reasonOf(deletion, path)}`,
    "",
  ].join("\n");
}

function destinationText({ verdict }: ToldDecision, deletion: ToldDecision): string {
  if (deletion.verdict === "exclude") return "kept with --delete";
  return verdict === "exclude" ? "removed with --delete" : "removed with --delete when the source does not have it";
}

function reasonOf({ cause, rule = "", place = "", ancestor }: ToldDecision, path: string): string {
  switch (cause) {
    case "rule": {
      const about = ancestor === undefined || ancestor === path ? "" : `, which is about "${printable(ancestor)}"`;
      return `${printable(rule)} (${printable(place)})${about}`;
    }
    case "predicate":
      return "the predicate says so";
    case "list":
      return "of the list of paths";
    case "limit":
      return "it is beyond a limit of size or age";
    case "default":
      return "no rule is about it";
  }
}
