/**
 * Finds the first rule that matches a name. The rules of a directory are sorted by what they can be found with: whole
 * names by a look-up, endings by their last byte, beginnings by their first, and only the rest is tried, in order, as
 * long as it could come before the best that was found.
 *
 * @module
 */
import { firstBytes, lastBytes, matchesName, type NamePattern } from "./name_pattern.ts";

/** A rule as a table sees it. */
export interface TableRule {
  /** Patterns of which any may match. */
  readonly patterns: readonly NamePattern[];
  /** It takes effect where none of them matches. */
  readonly isNegated: boolean;
}

/** A pattern, and the position of its rule. */
interface Entry {
  readonly position: number;
  readonly pattern: NamePattern;
}

/** A rule that has to be tried. */
interface Trial {
  readonly position: number;
  readonly patterns: readonly NamePattern[];
  readonly isNegated: boolean;
}

const NONE = 0x7fff_ffff;

/** Stands for every bucket that is empty. */
const NO_ENTRIES: Entry[] = [];

/** Rules in their order, made ready for one kind of entry. */
export class NameTable {
  readonly #exact: Buckets | undefined;
  readonly #bySuffix: Buckets | undefined;
  readonly #byPrefix: Buckets | undefined;
  readonly #trials: readonly Trial[];
  /** Position of the first rule that every name matches. */
  readonly #any: number;
  /** No rule is in it. */
  readonly isEmpty: boolean;

  /**
   * Makes a table.
   *
   * @param rules The rules in their order.
   * @param isDirectory Whether it is for directories, or for all other entries.
   */
  constructor(rules: readonly TableRule[], isDirectory: boolean) {
    const exact: Entry[] = [];
    const suffix: Entry[] = [];
    const prefix: Entry[] = [];
    const trials: Trial[] = [];
    let any = NONE;
    for (let position = 0; position < rules.length && any === NONE; position++) {
      const { isNegated, patterns: all } = rules[position]!;
      const patterns = all.filter(({ isDirectoryOnly }) => isDirectory || !isDirectoryOnly);
      const isAny = patterns.some(({ shape }) => shape === "any");
      if (isNegated) {
        if (patterns.length === 0) any = position;
        else if (!isAny) trials.push({ position, patterns, isNegated });
        continue;
      }
      if (isAny) any = position;
      for (const pattern of isAny ? [] : patterns) {
        const entry = { position, pattern };
        if (pattern.shape === "exact") exact.push(entry);
        else this.#place(entry, { prefix, suffix, trials });
      }
    }
    const count = bucketCount(exact.length);
    this.#exact = buckets(exact, count, ({ bytes }) => [exactBucket(bytes, 0, bytes.length) & (count - 1)]);
    this.#bySuffix = buckets(suffix, 256, lastBytes);
    this.#byPrefix = buckets(prefix, 256, firstBytes);
    this.#trials = trials;
    this.#any = any;
    this.isEmpty = any === NONE && [exact, suffix, prefix, trials].every((entries) => entries.length === 0);
  }

  /** A pattern is found by the end of a name that tells more. */
  #place(entry: Entry, into: { prefix: Entry[]; suffix: Entry[]; trials: Trial[] }): void {
    const { pattern, position } = entry;
    const [first, last] = [firstBytes(pattern).length, lastBytes(pattern).length];
    if (Math.min(first, last) === 256) into.trials.push({ position, patterns: [pattern], isNegated: false });
    else if (first < last || (first === last && pattern.shape !== "suffix")) into.prefix.push(entry);
    else into.suffix.push(entry);
  }

  /**
   * Finds the first rule that matches a name.
   *
   * @param names Buffer that holds the name.
   * @param start Offset of its first byte.
   * @param end Offset after its last byte.
   * @returns Position of the rule, or -1.
   */
  find(names: Uint8Array, start: number, end: number): number {
    let best = this.#any;
    if (this.#exact !== undefined) {
      const bucket = this.#exact[exactBucket(names, start, end) & (this.#exact.length - 1)]!;
      if (bucket.length > 0) best = firstIn(bucket, best, names, start, end);
    }
    if (this.#bySuffix !== undefined) {
      const bucket = this.#bySuffix[names[end - 1]!]!;
      if (bucket.length > 0) best = firstIn(bucket, best, names, start, end);
    }
    if (this.#byPrefix !== undefined) {
      const bucket = this.#byPrefix[names[start]!]!;
      if (bucket.length > 0) best = firstIn(bucket, best, names, start, end);
    }
    for (let at = 0; at < this.#trials.length; at++) {
      const { position, patterns, isNegated } = this.#trials[at]!;
      if (position >= best) break;
      if (matchesAny(patterns, names, start, end) !== isNegated) best = position;
    }
    return best === NONE ? -1 : best;
  }
}

function firstIn(entries: readonly Entry[], best: number, names: Uint8Array, start: number, end: number): number {
  for (let at = 0; at < entries.length; at++) {
    const { position, pattern } = entries[at]!;
    if (position >= best) return best;
    if (matchesName(pattern, names, start, end)) return position;
  }
  return best;
}

function matchesAny(patterns: readonly NamePattern[], names: Uint8Array, start: number, end: number): boolean {
  if (patterns.length === 1) return matchesName(patterns[0]!, names, start, end);
  for (let at = 0; at < patterns.length; at++) if (matchesName(patterns[at]!, names, start, end)) return true;
  return false;
}

/** Whole names are spread by their length and both ends. */
function exactBucket(names: Uint8Array, start: number, end: number): number {
  return names[start]! * 7 + names[end - 1]! * 31 + (end - start) * 101;
}

function bucketCount(entries: number): number {
  let count = 64;
  while (count < entries * 2) count *= 2;
  return count;
}

type Buckets = readonly (readonly Entry[])[];

function buckets(
  entries: readonly Entry[],
  count: number,
  bucketsOf: (pattern: NamePattern) => readonly number[],
): Buckets | undefined {
  if (entries.length === 0) return undefined;
  const all: Entry[][] = new Array(count).fill(NO_ENTRIES);
  for (const entry of entries) {
    for (const bucket of bucketsOf(entry.pattern)) {
      if (all[bucket] === NO_ENTRIES) all[bucket] = [entry];
      else all[bucket]!.push(entry);
    }
  }
  return all;
}
