/**
 * Metadata as it is to be taken for: with other permissions and owners than the source has.
 *
 * @module
 */
import { type Entry, PERMISSION_MASK, TYPE_DIRECTORY, TYPE_MASK, TYPE_SYMLINK } from "../model/entry.ts";
import { type Listing, WORD, WORDS } from "../model/listing.ts";
import { changedMode, type ModeChange } from "./chmod.ts";
import { type IdRule, mappedId } from "./owner_map.ts";

/** What is seen differently; plain data. */
export interface LensRules {
  /** Changes of permissions. */
  readonly modes: readonly ModeChange[];
  /** Owners that are replaced. */
  readonly users: readonly IdRule[];
  /** Groups that are replaced. */
  readonly groups: readonly IdRule[];
}

/** Looks through the rules. One per thread: it remembers what it has seen. */
export class Lens {
  readonly #rules: LensRules;
  readonly #users = new Map<number, number>();
  readonly #groups = new Map<number, number>();

  /** Takes the rules. */
  constructor(rules: LensRules) {
    this.#rules = rules;
  }

  /** An entry as it is to be taken for. */
  entry(entry: Entry): Entry {
    return {
      ...entry,
      mode: this.#mode(entry.mode, entry.kind === "directory", entry.kind === "symlink"),
      uid: this.#id(entry.uid, this.#users, this.#rules.users),
      gid: this.#id(entry.gid, this.#groups, this.#rules.groups),
    };
  }

  /** Changes the entries of a listing from one on. */
  listing(listing: Listing, from: number): void {
    const { words } = listing;
    for (let index = from; index < listing.count; index++) {
      if (listing.error(index) !== undefined) continue;
      const at = index * WORDS;
      const mode = words[at + WORD.mode]!;
      const type = mode & TYPE_MASK;
      const changed = this.#mode(mode & PERMISSION_MASK, type === TYPE_DIRECTORY, type === TYPE_SYMLINK);
      words[at + WORD.mode] = mode & ~PERMISSION_MASK | changed;
      words[at + WORD.uid] = this.#id(words[at + WORD.uid]!, this.#users, this.#rules.users);
      words[at + WORD.gid] = this.#id(words[at + WORD.gid]!, this.#groups, this.#rules.groups);
    }
  }

  #mode(mode: number, isDirectory: boolean, isSymlink: boolean): number {
    return isSymlink ? mode : changedMode(mode, isDirectory, this.#rules.modes);
  }

  #id(id: number, known: Map<number, number>, rules: readonly IdRule[]): number {
    if (rules.length === 0) return id;
    let mapped = known.get(id);
    if (mapped === undefined) {
      mapped = mappedId(id, rules);
      known.set(id, mapped);
    }
    return mapped;
  }
}
