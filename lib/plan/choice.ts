/**
 * Which files are left alone whatever differs, and which are written again whatever agrees: the rules behind
 * `--update`, `--existing`, `--ignore-existing`, `--size-only` and `--ignore-times`.
 *
 * @module
 */
import { timeDiffers, timeOrder } from "../compare/differences.ts";
import { TYPE_FILE } from "../model/entry.ts";
import type { Listing } from "../model/listing.ts";

/** What is chosen beside what differs. */
export interface ChoiceRules {
  /** Files that are newer at the destination are left alone. */
  readonly update: boolean;
  /** Nothing is made that the destination does not have under that name. */
  readonly existing: boolean;
  /** Nothing is changed that the destination has under that name, except directories. */
  readonly ignoreExisting: boolean;
  /** Files of equal size have equal contents. */
  readonly sizeOnly: boolean;
  /** No file counts as right before it was written. */
  readonly ignoreTimes: boolean;
  /** Files only grow: one whose content is not right and that is as long or longer is left alone. @default {false} */
  readonly appends?: boolean;
}

/**
 * The rules, if they change anything.
 *
 * @param rules What is wanted.
 * @returns The same, or `undefined` when all are off, so that the planner has nothing to ask.
 */
export function choiceOf(rules: ChoiceRules): ChoiceRules | undefined {
  return Object.values(rules).includes(true) ? rules : undefined;
}

/**
 * Whether an entry is left as it is at the destination, be it there or not.
 *
 * @param rules What is chosen.
 * @param source Listing of the source.
 * @param at Its entry.
 * @param destination Listing of the destination.
 * @param other Its entry of the same name, or -1.
 * @param window Largest difference of two times that counts as none, in nanoseconds.
 * @returns `true` for an entry that is neither changed nor entered.
 */
export function isPassedOver(
  rules: ChoiceRules,
  source: Listing,
  at: number,
  destination: Listing,
  other: number,
  window: number,
): boolean {
  if (other < 0) return rules.existing;
  const type = source.type(at);
  const sameKind = type === destination.type(other);
  if (rules.ignoreExisting && !(sameKind && source.isDirectory(at))) return true;
  return rules.update && sameKind && type === TYPE_FILE && isNewer(destination, other, source, at, window);
}

function isNewer(one: Listing, i: number, other: Listing, j: number, window: number): boolean {
  return timeDiffers(one, i, other, j, window) && timeOrder(one, i, other, j) > 0;
}
