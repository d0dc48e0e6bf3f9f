/**
 * The text of a gitignore file to rules. In such a file the last line that matches decides, so its rules come in
 * reverse order here, where the first does. The npm library `ignore` was tried first: it matches characters where git
 * matches bytes, knows reversed ranges, misses what git makes of two stars within a name, and does not tell which line decided.
 *
 * @module
 */
import { decodeName } from "../bytes/name.ts";
import { invalidFile } from "./invalid.ts";
import { MAX_RULE_FILE_BYTES } from "./rule_entries.ts";
import type { PatternRule } from "./rule.ts";

/** Name of the files. */
export const GITIGNORE = ".gitignore";

/**
 * Parses a gitignore file.
 *
 * @param bytes What is in the file.
 * @param source Its name, for people.
 * @returns Its rules, the last line first.
 * @throws {SyncError} code `"filter-invalid"` when the file is too large.
 */
export function parseGitignore(bytes: Uint8Array, source: string): PatternRule[] {
  if (bytes.length > MAX_RULE_FILE_BYTES) {
    throw invalidFile(source, `it has ${bytes.length} bytes, at most ${MAX_RULE_FILE_BYTES} are read`);
  }
  const text = decodeName(bytes).replace(/^\ufeff/, "");
  return text.split("\n").flatMap((line, index) => parseLine(line, source, index + 1)).reverse();
}

function parseLine(line: string, source: string, number: number): PatternRule[] {
  const text = withoutTrailingBlanks(line.endsWith("\r") ? line.slice(0, -1) : line);
  if (text === "" || text.startsWith("#")) return [];
  const isNegated = text.startsWith("!");
  const pattern = isNegated ? text.slice(1) : text;
  if (pattern === "") return [];
  const place = { source, line: number };
  return [{ type: isNegated ? "include" : "exclude", pattern, side: "unsaid", git: true, place }];
}

/** A blank behind a backslash stays. */
function withoutTrailingBlanks(line: string): string {
  return /^(?:[^\\ ]|\\.| +(?! |$))*\\?/s.exec(line)?.[0] ?? "";
}
