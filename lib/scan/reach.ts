/**
 * How far a mirror reaches: not onto other file systems, not along symlinks that lead out, not into directories with
 * nothing in them. Put around what filters say.
 *
 * @module
 */
import type { Listing } from "../model/listing.ts";
import { childPath, type RelPath } from "../model/rel_path.ts";
import type { Directory, Tree } from "../model/tree.ts";
import { isSafeTarget } from "../model/safe_link.ts";
import type { Selection } from "../plan/selection.ts";
import { carriesAnything, deviceOf, type HiddenIn, isOn } from "./carries.ts";
import type { Keeper } from "./subtree.ts";

/** How far; plain data. */
export interface ReachRules {
  /** The file systems of both roots, when others are not entered. */
  readonly devices: { readonly source: number; readonly destination: number } | undefined;
  /** Whether symlinks that lead out of the tree are left alone. */
  readonly safeLinks: boolean;
  /** Whether directories without anything below them are left out. */
  readonly pruneEmpty: boolean;
}

/** What a thread needs to look around. */
export interface Surroundings {
  /** The source. */
  readonly source: Tree;
  /** What takes part, for looking ahead. */
  readonly hiddenIn: HiddenIn;
}

/** Decides for one directory. */
export class ReachSelection implements Selection, Keeper {
  readonly #rules: ReachRules;
  readonly #around: Surroundings;
  readonly #path: RelPath;
  readonly #inner: (Selection & Keeper) | undefined;
  readonly #elsewhere: boolean;

  /**
   * Decides for the entries of a directory.
   *
   * @param rules How far.
   * @param around What is asked for that.
   * @param path The directory.
   * @param destination The same at the destination, open, if it is there.
   * @param inner What else decides. @default {nothing}
   */
  constructor(
    rules: ReachRules,
    around: Surroundings,
    path: RelPath,
    destination: Directory | undefined,
    inner?: Selection & Keeper,
  ) {
    this.#rules = rules;
    this.#around = around;
    this.#path = path;
    this.#inner = inner;
    this.#elsewhere = destination !== undefined && isElsewhere(destination, rules.devices?.destination);
  }

  /** Whether what is removed stays under another name. */
  get beside(): boolean {
    return this.#inner?.beside === true;
  }

  /** Whether this directory stays, whatever is in it. */
  get stays(): boolean {
    return this.#inner?.stays === true;
  }

  /** See {@linkcode Selection}. Only directories and symlinks are hidden or spared here. */
  asksOfEqual(deletes: boolean): boolean {
    return this.#inner?.asksOfEqual(deletes) === true;
  }

  /** See {@linkcode Selection}. */
  hides(source: Listing, index: number): boolean {
    if (this.#inner?.hides(source, index) === true) return true;
    if (!this.#rules.pruneEmpty || !source.isDirectory(index) || source.error(index) !== undefined) return false;
    const device = this.#rules.devices?.source;
    const { source: tree, hiddenIn } = this.#around;
    return !isOn(source, index, device) ||
      !carriesAnything(tree, childPath(this.#path, source.name(index)), device, hiddenIn);
  }

  /** See {@linkcode Selection}. */
  spares(source: Listing, index: number): boolean {
    if (this.#inner?.spares(source, index) === true) return true;
    if (!this.#rules.safeLinks || !source.isSymlink(index)) return false;
    const target = source.target(index);
    return target !== undefined && !isSafeTarget(target, depthOf(this.#path));
  }

  /** See {@linkcode Selection}. */
  protects(destination: Listing, index: number): boolean {
    if (this.#elsewhere || this.#inner?.protects(destination, index) === true) return true;
    // Files of one file system may have several numbers (overlayfs); directories do not.
    return destination.isDirectory(index) && !isOn(destination, index, this.#rules.devices?.destination);
  }

  /** The same for a directory that only the destination has. */
  descend(name: string, directory: Directory): ReachSelection {
    const inner = this.#inner?.descend(name, directory) as (Selection & Keeper) | undefined;
    return new ReachSelection(this.#rules, this.#around, childPath(this.#path, name), directory, inner);
  }
}

/**
 * Whether a directory is on another file system than its root.
 *
 * @param directory An open directory.
 * @param device Number of the root's file system; `undefined` when that does not matter.
 * @returns Whether something is mounted there, or above it.
 */
export function isElsewhere(directory: Directory, device: number | undefined): boolean {
  return device !== undefined && deviceOf(directory) !== device;
}

function depthOf(path: RelPath): number {
  return path === "" ? 0 : path.split("/").length;
}
