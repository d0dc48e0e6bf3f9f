/**
 * Files that other trees hold already: what `--compare-dest`, `--copy-dest` and `--link-dest` make of a change.
 *
 * @module
 */
import { CONTENT_DIFFERENCES, DIFFERENCE, differences } from "../compare/differences.ts";
import type { CompareRules } from "../compare/rules.ts";
import type { Entry } from "../model/entry.ts";
import { Listing } from "../model/listing.ts";
import type { Basis, Change, WriteFile } from "./action.ts";

/** What is done with a file that a basis holds. */
export type BasisUse =
  /** It is not needed. */
  | "compare"
  /** Its content is taken from there. */
  | "copy"
  /** It becomes a further name of the file there. */
  | "link";

/** Rules about other trees; plain data. */
export interface BasisRules {
  /** What they are for. */
  readonly use: BasisUse;
  /** What counts as a difference. */
  readonly compare: CompareRules;
  /** Whether files of equal size have equal contents. */
  readonly sizeOnly: boolean;
  /** Whether nobody changes the trees, so that what was found there is there when it is linked. @default {false} */
  readonly atRest?: boolean;
  /** Where it is noted which files are lent already. @default {nobody asks} */
  readonly lent?: SharedArrayBuffer | undefined;
}

/** How much a basis has of what is wanted. */
export type Likeness =
  /** Something else. */
  | "other"
  /** The same content with other metadata. */
  | "content"
  /** All of it. */
  | "exact"
  /** The same metadata and perhaps the same content: it has to be compared. */
  | "undecided";

const NAME = new Uint8Array([0x2e]);
const NO_IDENTITY = { device: 0, inode: 0, links: 1 };

/** Judges what a basis holds. One per thread: it has scratch space of its own. */
export class BasisJudge {
  readonly #rules: BasisRules;
  readonly #one = new Listing();
  readonly #other = new Listing();

  /** Takes the rules. */
  constructor(rules: BasisRules) {
    this.#rules = rules;
  }

  /**
   * How much of what is wanted is there.
   *
   * @param want What the source has.
   * @param found What a basis has under the same path, with what is compared.
   * @param sameContent What is known of the contents. @default {nothing}
   * @returns The likeness; `"undecided"` only while nothing is known of the contents.
   */
  likeness(want: Entry, found: Entry, sameContent?: boolean): Likeness {
    const { compare, sizeOnly } = this.#rules;
    if (want.kind !== found.kind || want.kind === "directory") return "other";
    const differing = differences(only(this.#one, want), 0, only(this.#other, found), 0, compare);
    if ((differing & CONTENT_DIFFERENCES) !== 0 || sameContent === false) return "other";
    const relevant = compare.times ? differing : differing & ~DIFFERENCE.time;
    if (want.kind === "file" && !sizeOnly) {
      const judgedByContent = compare.content || (!compare.times && (differing & DIFFERENCE.time) !== 0);
      if (judgedByContent && sameContent === undefined) return "undecided";
      if (!judgedByContent && (relevant & DIFFERENCE.time) !== 0) return "other";
    }
    return relevant === 0 ? "exact" : "content";
  }
}

function only(listing: Listing, entry: Entry): Listing {
  listing.clear();
  listing.addEntry(NAME, entry, NO_IDENTITY);
  return listing;
}

/**
 * The change that is left when a basis holds what is wanted.
 *
 * @param use What the basis is for.
 * @param change The change without it.
 * @param basis Where it was found.
 * @param exact Whether the basis has the same metadata, too.
 * @returns The change; `undefined` when there is nothing to do.
 */
export function withBasis(use: BasisUse, change: Change, basis: Basis, exact: boolean): Change | undefined {
  const isNew = change.have === undefined;
  // What the destination has is brought up to date, never taken away.
  if (use === "compare" && exact && isNew) return undefined;
  if (change.want.kind !== "file" || change.op === "link" || change.op === "create-directory") return change;
  if (use === "link" && exact) return { ...asWritten(change), basis: { ...basis, links: true } };
  return change.op === "write-file" && isNew && isSameState(change.want, basis.found) ? { ...change, basis } : change;
}

/**
 * A change of metadata as a file that is written anew, so that a file that shares its inode with a basis is left alone.
 *
 * @param change The change of a file.
 * @returns The same for what is written anyway.
 */
export function asWritten(change: Change): WriteFile {
  const { path, want, have, reasons } = change;
  return { op: "write-file", path, want, ...(have === undefined ? {} : { have }), reasons };
}

/** Only then it can be told, when it is copied, that it has not changed. */
function isSameState(want: Entry, found: Entry): boolean {
  return want.size === found.size && want.mtimeSeconds === found.mtimeSeconds &&
    want.mtimeNanoseconds === found.mtimeNanoseconds;
}
