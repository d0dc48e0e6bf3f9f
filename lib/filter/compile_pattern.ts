/**
 * The text of a pattern to its {@linkcode Glob}, as rsync reads it (PATTERN MATCHING RULES of its manual) and as git
 * reads it (PATTERN FORMAT of gitignore).
 *
 * @module
 */
import { encodeName } from "../bytes/name.ts";
import { type ByteClass, readClass } from "./byte_class.ts";
import { type Glob, SLASH, TOKEN } from "./glob.ts";

const STAR = 0x2a;
const QUESTION = 0x3f;
const OPENING = 0x5b;
const BACKSLASH = 0x5c;

/**
 * Compiles a pattern of a filter rule.
 *
 * @param pattern The pattern.
 * @returns What matches it, any of these: `name/***` is the directory, and what is in it.
 */
export function compilePattern(pattern: string): Glob[] {
  let bytes = encodeName(pattern);
  const isFloating = bytes[0] !== SLASH;
  if (!isFloating) bytes = bytes.subarray(1);
  const isDirectoryOnly = bytes.at(-1) === SLASH;
  if (isDirectoryOnly) bytes = bytes.subarray(0, -1);
  const isWild = bytes.some((byte) => byte === STAR || byte === QUESTION || byte === OPENING);
  if (!isWild) return [{ tokens: [...bytes], classes: [], isFloating, isDirectoryOnly }];
  const whole = { ...tokenize(bytes, rsyncStars), isFloating, isDirectoryOnly };
  const { tokens } = whole;
  const isSlashed = tokens.at(-2) === SLASH && tokens.at(-1) === TOKEN.deep;
  if (!isSlashed || !/\*{3}\/?$/.test(pattern)) return [whole];
  return [{ ...whole, tokens: tokens.slice(0, -2), isDirectoryOnly: true }, whole];
}

/**
 * Compiles a pattern of a gitignore file.
 *
 * @param pattern The pattern, without the `!` before and the blanks behind it.
 * @returns The pattern.
 */
export function compileGitPattern(pattern: string): Glob {
  let bytes = encodeName(pattern);
  const isDirectoryOnly = bytes.at(-1) === SLASH;
  if (isDirectoryOnly) bytes = bytes.subarray(0, -1);
  const isFloating = !bytes.includes(SLASH);
  if (bytes[0] === SLASH) bytes = bytes.subarray(1);
  const stars: ReadStars = isFloating ? () => [TOKEN.star] : gitStars;
  return { ...tokenize(bytes, stars), isFloating, isDirectoryOnly };
}

/** What a run of stars stands for; a gap takes the slash behind the run, too. */
type ReadStars = (pattern: Uint8Array, from: number, end: number) => readonly number[];

function rsyncStars(_pattern: Uint8Array, from: number, end: number): readonly number[] {
  return [end - from > 1 ? TOKEN.deep : TOKEN.star];
}

/** Git matches what comes before the first special character by itself, so that `**` may stand directly behind it. */
function gitStars(pattern: Uint8Array, from: number, end: number): readonly number[] {
  const isFirst = !pattern.subarray(0, from).some(isSpecial);
  const isWhole = end - from > 1 && (isFirst || pattern[from - 1] === SLASH);
  if (isWhole && end === pattern.length) return [TOKEN.deep];
  return isWhole && pattern[end] === SLASH ? [TOKEN.gap, TOKEN.inGap] : [TOKEN.star];
}

function isSpecial(byte: number): boolean {
  return byte === STAR || byte === QUESTION || byte === OPENING || byte === BACKSLASH;
}

function tokenize(pattern: Uint8Array, readStars: ReadStars): Pick<Glob, "tokens" | "classes"> {
  const tokens: number[] = [];
  const classes: ByteClass[] = [];
  for (let at = 0; at < pattern.length;) {
    const byte = pattern[at]!;
    if (byte === STAR) {
      const start = at;
      while (pattern[at] === STAR) at++;
      const stars = readStars(pattern, start, at);
      tokens.push(...stars);
      if (stars.length > 1) at++;
    } else if (byte === OPENING) {
      const { members, end } = readClass(pattern, at);
      if (members === undefined) tokens.push(TOKEN.never);
      else tokens.push(TOKEN.classes + classes.push(members) - 1);
      at = end;
    } else if (byte === BACKSLASH) {
      tokens.push(pattern[at + 1] ?? TOKEN.never);
      at += 2;
    } else {
      tokens.push(byte === QUESTION ? TOKEN.any : byte);
      at += 1;
    }
  }
  return { tokens, classes };
}
