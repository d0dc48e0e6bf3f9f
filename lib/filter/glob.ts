/**
 * Patterns over the bytes of a path, as a row of tokens that is walked by a set of states: each state says how much of
 * the pattern has matched so far. A directory's name moves the set once, so what is left to do for the entries in the
 * directory is to match single names (`name_pattern.ts`). The work is bounded by pattern times path, whatever the
 * pattern: there is nothing to try again.
 *
 * @module
 */
import type { ByteClass } from "./byte_class.ts";

/** Tokens below are bytes that match themselves. */
export const TOKEN = {
  /** One byte that is not `/`. */
  any: 256,
  /** Any bytes that are not `/`. */
  star: 257,
  /** Any bytes. */
  deep: 258,
  /** Any whole directories, each with its `/`; always followed by `inGap`. */
  gap: 259,
  /** Within the name of a directory of a gap. */
  inGap: 260,
  /** Matches nothing. */
  never: 261,
  /** First of the classes: the token minus this is the number of the class. */
  classes: 262,
} as const;

export const SLASH = 0x2f;

/** A pattern, compiled. */
export interface Glob {
  /** What has to match, in order. */
  readonly tokens: readonly number[];
  /** The classes that tokens name. */
  readonly classes: readonly ByteClass[];
  /** It may start at any directory on the way; otherwise at the directory of its rule alone. */
  readonly isFloating: boolean;
  /** It concerns directories alone. */
  readonly isDirectoryOnly: boolean;
}

/** How far a pattern has matched: positions in its tokens, in ascending order. */
export type States = readonly number[];

/**
 * The states of a pattern in the directory where its rule holds from.
 *
 * @param glob The pattern.
 * @returns The states before any name.
 */
export function startStates(glob: Glob): States {
  const active = new Set<number>();
  enter(glob, 0, active);
  // A pattern that starts with ** may take the slash before the first name for its own.
  if (glob.isFloating && glob.tokens[0] === TOKEN.deep) step(glob, [...active], SLASH, active);
  return sorted(active);
}

/**
 * Moves states down into a directory.
 *
 * @param glob The pattern.
 * @param states Its states in the directory that is left.
 * @param name Bytes of the name of the directory that is entered.
 * @returns Its states there, without those that it starts with at every directory when it is floating.
 */
export function descendStates(glob: Glob, states: States, name: Uint8Array): States {
  let current = states;
  for (let at = 0; at <= name.length; at++) {
    const byte = at < name.length ? name[at]! : SLASH;
    if (current.every((state) => isDeadAt(glob.tokens[state], byte))) return NO_STATES;
    const next = new Set<number>();
    step(glob, current, byte, next);
    current = [...next];
  }
  return sorted(new Set(current));
}

const NO_STATES: States = [];

/** What almost every state of almost every pattern is at the first byte of a name. */
function isDeadAt(token: number | undefined, byte: number): boolean {
  return token === undefined || (token < 256 && token !== byte);
}

/**
 * Tells whether a byte is what a token that stands for one byte asks for.
 *
 * @param token The token.
 * @param byte The byte.
 * @param classes The classes of its pattern.
 * @returns `true` when it is.
 */
export function tokenTakes(token: number, byte: number, classes: readonly ByteClass[]): boolean {
  if (token < 256) return token === byte;
  if (token === TOKEN.any) return byte !== SLASH;
  return token >= TOKEN.classes && classes[token - TOKEN.classes]![byte] === 1;
}

function step(glob: Glob, states: States, byte: number, next: Set<number>): void {
  for (const state of states) {
    const token = glob.tokens[state];
    if (token === undefined) continue;
    if (token === TOKEN.deep || (token === TOKEN.star && byte !== SLASH)) enter(glob, state, next);
    else if (token === TOKEN.gap) enter(glob, byte === SLASH ? state : state + 1, next);
    else if (token === TOKEN.inGap) enter(glob, byte === SLASH ? state - 1 : state, next);
    else if (token !== TOKEN.star && tokenTakes(token, byte, glob.classes)) enter(glob, state + 1, next);
  }
}

/** Adds a state, and those that are reached from it by matching nothing. */
function enter(glob: Glob, state: number, active: Set<number>): void {
  for (let at = state; !active.has(at);) {
    active.add(at);
    const token = glob.tokens[at];
    if (token === TOKEN.star || token === TOKEN.deep) at += 1;
    else if (token === TOKEN.gap) at += 2;
  }
}

function sorted(states: Set<number>): States {
  return [...states].sort((a, b) => a - b);
}
