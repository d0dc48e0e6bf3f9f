/**
 * The text of a rule file, cut into the texts of its rules: lines, words or what NUL ends. Every text knows its line.
 *
 * @module
 */
import { decodeName } from "../bytes/name.ts";
import { invalidFile, invalidRule, type RuleText } from "./invalid.ts";
import { isComment } from "./parse_rule.ts";

/** Bytes that a rule file may have. */
export const MAX_RULE_FILE_BYTES = 1_048_576;

/** How a rule file is cut. */
export interface Cut {
  /** Name of the file, for people. */
  readonly source: string;
  /** What it holds is not repeated in messages. */
  readonly isSecret: boolean;
  /** At NUL, not at the ends of lines. */
  readonly atNul: boolean;
}

/**
 * Cuts a file into lines and leaves out those that are empty or comments.
 *
 * @param bytes What is in the file.
 * @param cut How it is cut.
 * @returns The lines.
 * @throws {SyncError} code `"filter-invalid"` when the file is too large.
 */
export function cutLines(bytes: Uint8Array, { source, isSecret, atNul }: Cut): RuleText[] {
  const texts: RuleText[] = [];
  const lines = decoded(bytes, source).split(atNul ? "\0" : /\r\n|\n|\r/);
  for (const [index, text] of lines.entries()) {
    if (text === "" || isComment(text)) continue;
    const rule = { text, place: { source, line: index + 1 }, isSecret };
    if (text.includes("\0")) throw invalidRule(rule, "it holds NUL, rules that end with NUL are read with --from0");
    texts.push(rule);
  }
  return texts;
}

/**
 * Cuts a file into words.
 *
 * @param bytes What is in the file.
 * @param cut How it is cut.
 * @param hasSigns A sign of a rule takes the word behind it as its argument.
 * @returns The words.
 * @throws {SyncError} code `"filter-invalid"` when the file is too large.
 */
export function cutWords(bytes: Uint8Array, { source, isSecret }: Omit<Cut, "atNul">, hasSigns: boolean): RuleText[] {
  const texts: RuleText[] = [];
  const pattern = hasSigns ? SIGNED_WORD_REGEXP : WORD_REGEXP;
  for (const [index, line] of decoded(bytes, source).split(/\r\n|\n|\r/).entries()) {
    for (const { 0: text, index: at } of line.matchAll(pattern)) {
      texts.push({ text, place: { source, line: index + 1, column: at + 1 }, isSecret });
    }
  }
  return texts;
}

const WORD_REGEXP = /[^ \t-\r\0]+/g;

/** A rule without its argument, one blank, and the argument; or any word. */
const SIGNED_WORD_REGEXP =
  /(?:(?:[-+.:HSPR]|exclude|include|hide|show|protect|risk|merge|dir-merge)[^ \t-\r\0_]* )?[^ \t-\r\0]+/g;

function decoded(bytes: Uint8Array, source: string): string {
  if (bytes.length > MAX_RULE_FILE_BYTES) {
    throw invalidFile(source, `it has ${bytes.length} bytes, at most ${MAX_RULE_FILE_BYTES} are read`);
  }
  return decodeName(bytes);
}
