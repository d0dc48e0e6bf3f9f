/**
 * What a mirror leaves alone because old entries are kept there: the folder that they go into, when it is below the
 * destination, and everything that has the suffix of kept entries. Put around what filters say.
 *
 * @module
 */
import { encodeName } from "../bytes/name.ts";
import type { Listing } from "../model/listing.ts";
import { baseName, childPath, parentPath, type RelPath } from "../model/rel_path.ts";
import type { Directory } from "../model/tree.ts";
import type { Selection } from "../plan/selection.ts";
import type { Keeper } from "./subtree.ts";

/** What is left alone; plain data. */
export interface KeptRules {
  /** What names of kept entries end with, when they stay in their own directories. */
  readonly suffix: string | undefined;
  /** The folder of kept entries, when it is below the root. */
  readonly within: RelPath | undefined;
}

/** Decides for one directory. */
export class KeptSelection implements Selection, Keeper {
  readonly #rules: KeptRules;
  readonly #path: RelPath;
  readonly #inner: (Selection & Keeper) | undefined;
  readonly #suffix: Uint8Array | undefined;
  readonly #folder: Uint8Array | undefined;

  /**
   * Decides for the entries of a directory.
   *
   * @param rules What is left alone.
   * @param path The directory.
   * @param inner What else is. @default {nothing}
   */
  constructor(rules: KeptRules, path: RelPath, inner?: Selection & Keeper) {
    const { suffix, within } = rules;
    this.#rules = rules;
    this.#path = path;
    this.#inner = inner;
    this.#suffix = suffix === undefined ? undefined : encodeName(suffix);
    this.#folder = within !== undefined && parentPath(within) === path ? encodeName(baseName(within)) : undefined;
  }

  /** Whether what is removed stays under another name. */
  get beside(): boolean {
    return this.#suffix !== undefined;
  }

  /** Whether the folder is to be made below this directory, even if it is not there yet. */
  get stays(): boolean {
    return this.#rules.within?.startsWith(`${this.#path}/`) === true || this.#inner?.stays === true;
  }

  /** See {@linkcode Selection}. */
  asksOfEqual(deletes: boolean): boolean {
    return this.#inner?.asksOfEqual(deletes) === true;
  }

  /** See {@linkcode Selection}. */
  hides(source: Listing, index: number): boolean {
    return this.#inner?.hides(source, index) === true;
  }

  /** See {@linkcode Selection}. */
  spares(source: Listing, index: number): boolean {
    return this.#isFolder(source, index) || this.#inner?.spares(source, index) === true;
  }

  /** See {@linkcode Selection}. */
  protects(destination: Listing, index: number): boolean {
    if (this.#isFolder(destination, index) || this.#inner?.protects(destination, index) === true) return true;
    const suffix = this.#suffix;
    if (suffix === undefined) return false;
    const start = destination.starts[index + 1]! - suffix.length;
    // A pattern `*~` matches the suffix alone, too.
    return start >= destination.starts[index]! && hasBytes(destination.names, start, suffix);
  }

  /** The same for a directory of this one. */
  descend(name: string, directory: Directory): KeptSelection {
    const inner = this.#inner?.descend(name, directory) as (Selection & Keeper) | undefined;
    return new KeptSelection(this.#rules, childPath(this.#path, name), inner);
  }

  #isFolder(listing: Listing, index: number): boolean {
    const folder = this.#folder;
    if (folder === undefined) return false;
    const start = listing.starts[index]!;
    return listing.starts[index + 1]! - start === folder.length && hasBytes(listing.names, start, folder);
  }
}

function hasBytes(bytes: Uint8Array, start: number, wanted: Uint8Array): boolean {
  for (let at = 0; at < wanted.length; at++) if (bytes[start + at] !== wanted[at]) return false;
  return true;
}
