/**
 * Classes of characters in a pattern, such as `[a-z]`, `[^[:digit:]]` or `[\]]`, as sets of bytes. No class matches `/`.
 *
 * @module
 */

/** A set of bytes: 1 at each that is in it. */
export type ByteClass = Uint8Array;

/** A class, and where the pattern goes on behind it. */
export interface ReadClass {
  /** The set; `undefined` when the class is malformed, so that the whole pattern matches nothing. */
  readonly members: ByteClass | undefined;
  /** Offset behind the closing bracket. */
  readonly end: number;
}

const SLASH = 0x2f;
const BACKSLASH = 0x5c;
const CLOSING = 0x5d;
const OPENING = 0x5b;
const COLON = 0x3a;
const DASH = 0x2d;

/** The named classes, of ASCII alone: beyond it a byte is no character. */
const NAMED: Readonly<Record<string, RegExp>> = {
  "alnum": /[A-Za-z0-9]/,
  "alpha": /[A-Za-z]/,
  "blank": /[ \t]/,
  // deno-lint-ignore no-control-regex
  "cntrl": /[\x00-\x1f\x7f]/,
  "digit": /[0-9]/,
  "graph": /[!-~]/,
  "lower": /[a-z]/,
  "print": /[ -~]/,
  "punct": /[!-/:-@[-`{-~]/,
  "space": /[ \t-\r]/,
  "upper": /[A-Z]/,
  "xdigit": /[A-Fa-f0-9]/,
};

/**
 * Reads a class.
 *
 * @param pattern Bytes of the pattern.
 * @param at Offset of the opening bracket.
 * @returns The class.
 */
export function readClass(pattern: Uint8Array, at: number): ReadClass {
  const members = new Uint8Array(256);
  const first = pattern[at + 1];
  const isNegated = first === 0x21 || first === 0x5e;
  const end = fill(members, pattern, isNegated ? at + 2 : at + 1);
  if (end < 0) return { members: undefined, end: pattern.length };
  if (isNegated) members.forEach((is, byte) => members[byte] = 1 - is);
  members[SLASH] = 0;
  return { members, end };
}

/** Adds what is in the brackets; returns the offset behind them, or -1 when they are malformed. */
function fill(members: ByteClass, pattern: Uint8Array, from: number): number {
  let previous = -1;
  for (let at = from; at < pattern.length;) {
    const byte = pattern[at]!;
    if (byte === CLOSING && at > from) return at + 1;
    if (byte === OPENING && pattern[at + 1] === COLON) {
      const end = namedEnd(pattern, at + 2);
      if (end < 0) return -1;
      if (end > 0) {
        if (!addNamed(members, pattern, at + 2, end)) return -1;
        at = end + 2;
        previous = -1;
        continue;
      }
    }
    const next = pattern[at + 1];
    if (byte === DASH && previous >= 0 && next !== undefined && next !== CLOSING) {
      at = next === BACKSLASH ? at + 2 : at + 1;
      if (at >= pattern.length) return -1;
      members.fill(1, previous, Math.max(previous, pattern[at]! + 1));
      previous = -1;
    } else {
      if (byte === BACKSLASH) at += 1;
      if (at >= pattern.length) return -1;
      previous = pattern[at]!;
      members[previous] = 1;
    }
    at += 1;
  }
  return -1;
}

/** Offset of the `:]` that ends the name of a class; 0 when `[:` starts none, -1 when the pattern ends before. */
function namedEnd(pattern: Uint8Array, from: number): number {
  const closing = pattern.indexOf(CLOSING, from);
  if (closing < 0) return -1;
  return closing > from && pattern[closing - 1] === COLON ? closing - 1 : 0;
}

function addNamed(members: ByteClass, pattern: Uint8Array, from: number, end: number): boolean {
  const name = String.fromCharCode(...pattern.subarray(from, Math.min(end, from + 8)));
  const regexp = Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
  if (regexp === undefined) return false;
  for (let byte = 0; byte < 0x80; byte++) if (regexp.test(String.fromCharCode(byte))) members[byte] = 1;
  return true;
}
