/**
 * What a filter is asked, and what it says.
 *
 * @module
 */
import type { Kind } from "../model/entry.ts";
import type { Rule } from "./rule.ts";

/** One of the two sides of a run: the source is the sender, the destination the receiver. */
export type Side = "sender" | "receiver";

/** What a decision may depend on. */
export interface FilterEntry {
  /** What it is. */
  readonly kind: Kind;
  /** Size in bytes. @default {limits of size are not asked} */
  readonly size?: number;
  /** Time of modification in seconds since 1970. @default {limits of age are not asked} */
  readonly mtimeSeconds?: number;
  /** Nanoseconds to add. @default {0} */
  readonly mtimeNanoseconds?: number;
}

/** What decided: a rule, the predicate, the list of paths, a limit of size or age, or nothing. */
export type DecisionCause = "rule" | "predicate" | "list" | "limit" | "default";

/** What a filter says of an entry. */
export interface Decision {
  /**
   * `"include"`: transferred on the sender, at risk on the receiver. `"exclude"`: hidden on the sender, protected on the
   * receiver. `"spare"`: beyond a limit, neither transferred nor deleted.
   */
  readonly verdict: "include" | "exclude" | "spare";
  /** What decided; `"default"` when nothing matched. */
  readonly cause: DecisionCause;
  /** The rule that decided, with its place. */
  readonly rule?: Rule;
  /** The directory above the entry that is excluded and takes all below it along. */
  readonly ancestor?: string;
}

/** An entry as a predicate sees it. */
export interface PredicateEntry extends FilterEntry {
  /** Path below the root. */
  readonly path: string;
  /** Its last name. */
  readonly name: string;
}

/**
 * Decides about an entry; `undefined` leaves it to the rules. It is asked on both sides, so what it excludes is neither
 * transferred nor deleted, and it is not asked for what lies in a directory that it excludes.
 */
export type FilterPredicate = (entry: PredicateEntry) => "include" | "exclude" | undefined;
