/**
 * Names shown to people and to programs that read lines. A file name is text that anyone may have chosen: it may hold
 * newlines, terminal escapes or bidirectional controls. Nothing here is for the file system.
 *
 * @module
 */
import { encodeName, isUnicodeName } from "./name.ts";

// C0, DEL, C1, backslash, line and paragraph separators, bidirectional controls, byte order mark, lone surrogates.
// deno-lint-ignore no-control-regex
const UNSAFE_REGEXP = /[\x00-\x1f\x7f-\x9f\\\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]|\p{Cs}/gu;

/**
 * Escapes what a terminal or a line reader could misread.
 *
 * @param name A name or path.
 * @returns The same text, with `\n`, `\t`, `\\`, `\xHH` for control characters and undecodable bytes, and `\u{H}` for
 * invisible controls.
 */
export function printable(name: string): string {
  return name.replace(UNSAFE_REGEXP, escapeCharacter);
}

function escapeCharacter(character: string): string {
  const point = character.codePointAt(0)!;
  if (character === "\n") return "\\n";
  if (character === "\t") return "\\t";
  if (character === "\r") return "\\r";
  if (character === "\\") return "\\\\";
  if (point >= 0xdc80 && point <= 0xdcff) return `\\x${hexByte(point - 0xdc00)}`;
  return point < 0x80 ? `\\x${hexByte(point)}` : `\\u{${point.toString(16)}}`;
}

function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

/** JSON form of a path: printable text, and the exact bytes when the text is not all of it. */
export interface JsonPath {
  /** The path as text; undecodable bytes as `\xHH`. */
  readonly path: string;
  /** Base64 of the exact bytes; present only when the path is not UTF-8. */
  readonly pathBytes?: string;
}

/**
 * Gives the JSON form of a path.
 *
 * @param path The path.
 * @returns `path` as it is for UTF-8, otherwise its printable form and `pathBytes`.
 */
export function jsonPath(path: string): JsonPath {
  if (isUnicodeName(path)) return { path };
  return { path: printable(path), pathBytes: encodeName(path).toBase64() };
}
