/**
 * Actions as lines that this program has written or checked itself: read again without being checked again, and those
 * that are not wanted without being parsed.
 *
 * @module
 */
import type { Action, Operation } from "./action.ts";
import { decodeAction, encodeAction } from "./codec_action.ts";
import { Fields } from "./codec_fields.ts";
import { LineCutter } from "./codec_lines.ts";

const encoder = new TextEncoder();
const OPERATION_FIRST = encoder.encode('{"op":"');
/** What is in every line that does not hold an action as it is. */
const CODED_REGEXP = /Bytes":|"xattrs":/;

/**
 * The line of an action in a saved plan.
 *
 * @param action The action.
 * @returns JSON and a newline; it begins with the operation.
 */
export function actionLine(action: Action): string {
  return `${JSON.stringify(encodeAction(action))}\n`;
}

/**
 * An action from a line that {@linkcode actionLine} wrote.
 *
 * @param text The line.
 * @returns The action.
 */
export function actionOfLine(text: string): Action {
  const value: unknown = JSON.parse(text);
  // Only names that are not UTF-8 and attributes have another form in a plan.
  return CODED_REGEXP.test(text) ? decodeAction(new Fields(value)) : value as Action;
}

/**
 * Reads lines again.
 *
 * @param pieces Their bytes, in pieces of any size; nothing but lines of actions is among them.
 * @param longest Bytes of the longest line.
 * @param parse Makes an action of a line.
 * @param wanted Operations that are wanted. @default {all}
 * @returns The actions.
 */
export function* readActionLines(
  pieces: Iterable<Uint8Array>,
  longest: number,
  parse: (text: string) => Action,
  wanted?: readonly Operation[],
): Generator<Action, void, undefined> {
  const lines = new LineCutter(longest);
  const decoder = new TextDecoder();
  const prefixes = wanted?.map((op) => encoder.encode(`{"op":"${op}"`));
  for (const piece of pieces) {
    for (const line of lines.push(piece)) {
      if (prefixes !== undefined && startsWith(line, OPERATION_FIRST)) {
        if (!prefixes.some((prefix) => startsWith(line, prefix))) continue;
      }
      const action = parse(decoder.decode(line));
      if (wanted === undefined || wanted.includes(action.op)) yield action;
    }
  }
}

function startsWith(line: Uint8Array, prefix: Uint8Array): boolean {
  if (line.length < prefix.length) return false;
  for (let at = 0; at < prefix.length; at++) {
    if (line[at] !== prefix[at]) return false;
  }
  return true;
}
