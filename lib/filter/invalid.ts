/**
 * What is said of a rule that cannot be used. A rule that came from a merge file is not quoted: the file may be one
 * that the reader of the message must not see.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { SyncError } from "../errors.ts";
import { formatPlace, type Place } from "./rule.ts";

/** A text that should be a rule. */
export interface RuleText {
  /** The text, without the end of its line. */
  readonly text: string;
  /** Where it was written. */
  readonly place: Place;
  /** It was read from a merge file and is not repeated in messages. */
  readonly isSecret: boolean;
}

/** Characters of a rule that are quoted. */
const QUOTED = 200;

/**
 * Says why a rule cannot be used.
 *
 * @param rule The rule.
 * @param why What is wrong, without any part of the rule.
 * @param at Offset in the text where it went wrong. @default {0}
 * @returns The error, to be thrown.
 */
export function invalidRule({ text, place, isSecret }: RuleText, why: string, at = 0): SyncError {
  const start = place.column ?? 1;
  const where = formatPlace(isSecret ? lineOf(place) : { ...place, column: start + at });
  const what = isSecret ? "the rule" : `rule "${quoted(text)}"`;
  return new SyncError("filter-invalid", `Cannot use ${what} at ${printable(where)}: ${why}`, { path: place.source });
}

/**
 * Says why a rule file cannot be used.
 *
 * @param file Its name.
 * @param why What is wrong.
 * @returns The error, to be thrown.
 */
export function invalidFile(file: string, why: string): SyncError {
  return new SyncError("filter-invalid", `Cannot use the rules of "${printable(file)}": ${why}`, { path: file });
}

function lineOf({ source, line }: Place): Place {
  return line === undefined ? { source } : { source, line };
}

function quoted(text: string): string {
  return printable(text.length <= QUOTED ? text : `${text.slice(0, QUOTED)}...`);
}
