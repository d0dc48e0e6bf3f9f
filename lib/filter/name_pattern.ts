/**
 * What is left of a pattern within one directory: a pattern for single names, in which there is no `/`. Most are one of
 * four simple shapes, which are looked up and not tried.
 *
 * @module
 */
import type { ByteClass } from "./byte_class.ts";
import { type Glob, SLASH, type States, TOKEN, tokenTakes } from "./glob.ts";

/** A pattern for single names. */
export interface NamePattern {
  /**
   * `exact` is `bytes`, `prefix` starts with them, `suffix` ends with them, `middle` has them anywhere, `any` is every
   * name, `glob` the rest.
   */
  readonly shape: "exact" | "prefix" | "suffix" | "middle" | "any" | "glob";
  /** What the name is, starts with, ends with or has; for a `glob` what it starts with. */
  readonly bytes: Uint8Array;
  /** What has to match. */
  readonly tokens: readonly number[];
  /** How many of the last tokens stand for one byte each, so that the end of a name decides quickly. */
  readonly tail: number;
  /** The classes that tokens name. */
  readonly classes: readonly ByteClass[];
  /** It concerns directories alone. */
  readonly isDirectoryOnly: boolean;
}

/**
 * What is left of a pattern in a directory.
 *
 * @param glob The pattern.
 * @param states Its states there.
 * @returns Patterns of which any may match; none when no name in the directory can.
 */
export function namePatterns(glob: Glob, states: States): NamePattern[] {
  const { tokens, classes, isDirectoryOnly } = glob;
  const patterns: NamePattern[] = [];
  for (const state of states) {
    const before = tokens[state - 1];
    // What a star may skip, the star before it has tried already.
    if ((before === TOKEN.star || before === TOKEN.deep) && states.includes(state - 1)) continue;
    // Within a name a gap is nothing; where one starts, the state behind it is there, too.
    const rest = tokens[state] === TOKEN.gap ? [] : tokens.slice(state).filter((token) => !isGap(token));
    if (rest.length === 0 || rest.includes(SLASH) || rest.includes(TOKEN.never)) continue;
    const own = rest.map((token) => token === TOKEN.deep ? TOKEN.star : token)
      .filter((token, at, all) => token !== TOKEN.star || all[at - 1] !== TOKEN.star);
    const tail = own.length - 1 - own.lastIndexOf(TOKEN.star);
    patterns.push({ ...shapeOf(own), tokens: own, tail, classes, isDirectoryOnly });
  }
  return patterns;
}

function isGap(token: number): boolean {
  return token === TOKEN.gap || token === TOKEN.inGap;
}

function shapeOf(tokens: readonly number[]): Pick<NamePattern, "shape" | "bytes"> {
  const wild = tokens.findIndex((token) => token > 255);
  const last = tokens.findLastIndex((token) => token > 255);
  if (wild < 0) return { shape: "exact", bytes: Uint8Array.from(tokens) };
  const head = Uint8Array.from(tokens.slice(0, wild));
  const middle = tokens.slice(1, -1);
  if (tokens.length > 2 && tokens[0] === TOKEN.star && tokens[last] === TOKEN.star && last === tokens.length - 1) {
    if (middle.every((token) => token < 256)) return { shape: "middle", bytes: Uint8Array.from(middle) };
  }
  if (wild !== last || tokens[wild] !== TOKEN.star) return { shape: "glob", bytes: head };
  if (tokens.length === 1) return { shape: "any", bytes: head };
  if (wild === tokens.length - 1) return { shape: "prefix", bytes: head };
  return wild === 0 ? { shape: "suffix", bytes: Uint8Array.from(tokens.slice(1)) } : { shape: "glob", bytes: head };
}

/**
 * The bytes that a name may start with.
 *
 * @param pattern A pattern with something in it.
 * @returns Every first byte of a name that matches.
 */
export function firstBytes({ tokens, classes }: NamePattern): readonly number[] {
  return bytesOf(tokens[0]!, classes);
}

/**
 * The bytes that a name may end with.
 *
 * @param pattern A pattern with something in it.
 * @returns Every last byte of a name that matches.
 */
export function lastBytes({ tokens, classes }: NamePattern): readonly number[] {
  return bytesOf(tokens[tokens.length - 1]!, classes);
}

function bytesOf(token: number, classes: readonly ByteClass[]): readonly number[] {
  if (token < 256) return [token];
  if (token < TOKEN.classes) return BYTES;
  const members = classes[token - TOKEN.classes]!;
  const known = MEMBERS.get(members);
  if (known !== undefined) return known;
  const bytes = BYTES.filter((byte) => members[byte] === 1);
  MEMBERS.set(members, bytes);
  return bytes;
}

const BYTES: readonly number[] = Array.from({ length: 256 }, (_, byte) => byte);
/** A class is asked for its bytes for every table that it is in. */
const MEMBERS = new WeakMap<ByteClass, readonly number[]>();

/**
 * Tells whether a name matches.
 *
 * @param pattern The pattern.
 * @param names Buffer that holds the name.
 * @param start Offset of its first byte.
 * @param end Offset after its last byte.
 * @returns `true` when it does.
 */
export function matchesName(pattern: NamePattern, names: Uint8Array, start: number, end: number): boolean {
  const { shape, bytes } = pattern;
  const length = end - start;
  if (bytes.length > length || (shape === "exact" && bytes.length !== length)) return false;
  if (shape === "middle") return holdsBytes(bytes, names, start, end);
  const from = shape === "suffix" ? end - bytes.length : start;
  for (let at = 0; at < bytes.length; at++) if (bytes[at] !== names[from + at]) return false;
  return shape !== "glob" ||
    (matchesTail(pattern, names, start, end) && matchesTokens(pattern, names, start + bytes.length, end));
}

function holdsBytes(bytes: Uint8Array, names: Uint8Array, start: number, end: number): boolean {
  const first = bytes[0];
  const { length } = bytes;
  for (let from = start; from <= end - length; from++) {
    if (names[from] !== first) continue;
    let at = 1;
    while (at < length && names[from + at] === bytes[at]) at++;
    if (at === length) return true;
  }
  return false;
}

/** Most names are refused by their last bytes: `*.[oa]` need not be tried at every position of a name. */
function matchesTail({ tokens, tail, classes }: NamePattern, names: Uint8Array, start: number, end: number): boolean {
  if (tail > end - start || (tail === tokens.length && tail !== end - start)) return false;
  for (let back = 1; back <= tail; back++) {
    if (!tokenTakes(tokens[tokens.length - back]!, names[end - back]!, classes)) return false;
  }
  return true;
}

/** Goes back to the last star alone: an earlier one could only skip what this one may skip, too. */
function matchesTokens({ tokens, classes, bytes }: NamePattern, names: Uint8Array, from: number, end: number): boolean {
  let token = bytes.length;
  let at = from;
  let star = -1;
  let retry = 0;
  while (at < end) {
    const wanted = tokens[token];
    // Behind a star most bytes of a name are not the one that has to come next.
    if (star >= 0 && token === star + 1 && wanted !== undefined && wanted < 256) {
      while (at < end && names[at] !== wanted) at++;
      if (at === end) return false;
      retry = at;
    }
    if (wanted === TOKEN.star) {
      star = token++;
      retry = at;
    } else if (wanted !== undefined && tokenTakes(wanted, names[at]!, classes)) {
      token++;
      at++;
    } else if (star < 0) return false;
    else {
      token = star + 1;
      at = ++retry;
    }
  }
  while (tokens[token] === TOKEN.star) token++;
  return token === tokens.length;
}
