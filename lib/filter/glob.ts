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
  const { tokens } = glob;
  const seen = new Uint8Array(tokens.length + 1);
  const active: number[] = [];
  enter(tokens, 0, active, seen);
  // A pattern that starts with ** may take the slash before the first name for its own.
  if (glob.isFloating && tokens[0] === TOKEN.deep) active.push(...stepped(glob, [...active], SLASH, seen));
  return active.sort((a, b) => a - b);
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
  const { tokens } = glob;
  let current = states;
  let seen: Uint8Array | undefined;
  for (let at = 0; at <= name.length; at++) {
    const byte = at < name.length ? name[at]! : SLASH;
    if (areDeadAt(tokens, current, byte)) return NO_STATES;
    seen = seen === undefined ? new Uint8Array(tokens.length + 1) : seen.fill(0);
    current = stepped(glob, current, byte, seen);
  }
  return current.length < 2 ? current : [...current].sort((a, b) => a - b);
}

const NO_STATES: States = [];

/** What almost every state of almost every pattern is at the first byte of a name. */
function areDeadAt(tokens: readonly number[], states: States, byte: number): boolean {
  for (let at = 0; at < states.length; at++) {
    const token = tokens[states[at]!];
    if (token !== undefined && (token > 255 || token === byte)) return false;
  }
  return true;
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

/** The states after one byte; `seen` is all zeros and as long as the pattern, and its end. */
function stepped({ tokens, classes }: Glob, states: States, byte: number, seen: Uint8Array): number[] {
  const next: number[] = [];
  for (let at = 0; at < states.length; at++) {
    const state = states[at]!;
    const token = tokens[state];
    if (token === undefined) continue;
    if (token === TOKEN.deep || (token === TOKEN.star && byte !== SLASH)) enter(tokens, state, next, seen);
    else if (token === TOKEN.gap) enter(tokens, byte === SLASH ? state : state + 1, next, seen);
    else if (token === TOKEN.inGap) enter(tokens, byte === SLASH ? state - 1 : state, next, seen);
    else if (token !== TOKEN.star && tokenTakes(token, byte, classes)) enter(tokens, state + 1, next, seen);
  }
  return next;
}

/** Adds a state, and those that are reached from it by matching nothing. */
function enter(tokens: readonly number[], state: number, active: number[], seen: Uint8Array): void {
  for (let at = state; seen[at] === 0;) {
    seen[at] = 1;
    active.push(at);
    const token = tokens[at];
    if (token === TOKEN.star || token === TOKEN.deep) at += 1;
    else if (token === TOKEN.gap) at += 2;
  }
}
