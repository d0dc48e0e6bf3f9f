/**
 * Looks at one directory: lists both sides, asks what takes part, and plans. One for each thread; the listings are used
 * again for the next directory.
 *
 * @module
 */
import { asSyncError, atPath, atSide, type SyncError } from "../../../lib/errors.ts";
import { Listing } from "../../../lib/model/listing.ts";
import { childPath, type RelPath } from "../../../lib/model/rel_path.ts";
import type { Steps } from "../../../lib/model/steps.ts";
import type { Directory, Tree } from "../../../lib/model/tree.ts";
import { type DirectoryPlan, emptyPlan } from "../../../lib/plan/directory_plan.ts";
import { DirectoryPlanner } from "../../../lib/plan/plan_directory.ts";
import type { Selection } from "../../../lib/plan/selection.ts";
import { BasisSearch } from "../../../lib/scan/basis_search.ts";
import type { HiddenIn } from "../../../lib/scan/carries.ts";
import type { Pending } from "../../../lib/scan/frontier.ts";
import { keepDirlinks } from "../../../lib/scan/keep_dirlinks.ts";
import { KeptSelection } from "../../../lib/scan/kept_selection.ts";
import { listDirectory, type ListExtras } from "../../../lib/scan/list_directory.ts";
import { isElsewhere, ReachSelection } from "../../../lib/scan/reach.ts";
import type { Keeper } from "../../../lib/scan/subtree.ts";
import type { Ledger } from "../checksums/ledger.ts";
import type { SelectorMaker } from "../selection/filter_traits.ts";
import { BasisLook } from "./basis_look.ts";
import { keepReplaced } from "./keep_replaced.ts";
import { VISIT } from "../threads/passes.ts";
import { keepsBeside, type MirrorRules } from "../rules.ts";
import { sameContent } from "./same_content.ts";
import type { Selector } from "../selection/selector.ts";
import { leaveOutAbsent } from "./source_removal.ts";

/** What a thread looks with. */
export interface LookInit {
  /** The source. */
  readonly source: Tree;
  /** The destination; absent when there is none. */
  readonly destination: Tree | undefined;
  /** Other trees that files may be found in. @default {[]} */
  readonly bases?: readonly (Tree | undefined)[] | undefined;
  /** The rules of the run. */
  readonly rules: MirrorRules;
  /** Whether every action is told for a plan, so that none is only counted. */
  readonly keepActions: boolean;
  /** Makes what selects. @default {everything takes part} */
  readonly makeSelector?: SelectorMaker | undefined;
  /** Compares by known checksums. @default {contents are compared} */
  readonly ledger?: Ledger | undefined;
}

/** Hears of a look. */
export interface LookEvents {
  /** Entries of the source were looked at. */
  looked(entries: number): void;
  /** Two files could not be compared. */
  failed(path: RelPath, error: SyncError): void;
}

/** One thread's eyes. */
export class Look {
  /** What takes part in the directory at hand, and what is kept of it. */
  selection: (Selection & Keeper) | undefined;
  readonly #source: Tree;
  readonly #destination: Tree | undefined;
  readonly #rules: MirrorRules;
  readonly #events: LookEvents;
  readonly #planner: DirectoryPlanner;
  readonly #extras: ListExtras;
  readonly #selector: Selector | undefined;
  readonly #ledger: Ledger | undefined;
  readonly #basisSearch: BasisSearch | undefined;
  readonly #sourceListing = new Listing();
  readonly #destinationListing = new Listing();
  readonly #basisLook: BasisLook | undefined;

  /** Prepares to look at directories. */
  constructor(
    { source, destination, bases = [], rules, keepActions, makeSelector, ledger }: LookInit,
    events: LookEvents,
  ) {
    this.#ledger = ledger;
    this.#source = source;
    this.#destination = destination;
    this.#rules = rules;
    this.#events = events;
    this.#planner = new DirectoryPlanner(rules.plan);
    this.#extras = { targets: rules.plan.carried.symlinks, xattrs: rules.xattrs };
    const { basis, xattrs } = rules;
    this.#basisSearch = basis && new BasisSearch({ rules: basis, trees: bases, xattrs, sameContent });
    this.#selector = makeSelector?.(source);
    if (keepActions !== true && BasisLook.suits(rules)) this.#basisLook = new BasisLook(bases);
  }

  /** The basis of the directory at hand, open, when files are linked to it without any more ado. */
  get basis(): { readonly index: number; readonly directory: Directory } | undefined {
    return this.#basisLook?.found;
  }

  /** Closes what was opened for the directory at hand. */
  close(): void {
    this.#basisLook?.close();
  }

  /** Entries of the source in the directory at hand. */
  get sourceEntries(): number {
    return this.#sourceListing.count;
  }

  /** Entries of the destination in the directory at hand. */
  get destinationEntries(): number {
    return this.#destinationListing.count;
  }

  /**
   * Plans a directory.
   *
   * @param pending The directory.
   * @param source Its counterpart in the source.
   * @param destination Its counterpart in the destination, if there is one.
   * @returns Steps; the result is the plan.
   */
  *plan(pending: Pending, source: Directory, destination: Directory | undefined): Steps<DirectoryPlan> {
    const there = this.#destinationListing;
    if (isElsewhere(source, this.#rules.reach?.devices?.source)) {
      // A mount point: it is there, and nothing is said of what is in it.
      this.#sourceListing.clear();
      there.clear();
      return emptyPlan(pending.path);
    }
    yield* this.#listSource(source);
    if (destination === undefined || (pending.flags & VISIT.fresh) !== 0) there.clear();
    else yield* listDirectory(destination, there, this.#extras);
    if (this.#rules.keepDirlinks && destination !== undefined) {
      keepDirlinks(this.#destination!, pending.path, this.#sourceListing, there, this.#rules.xattrs);
    }
    this.#events.looked(this.#sourceListing.count);
    const selection = this.#selectionIn(pending.path, source, destination);
    this.selection = selection;
    const plan = yield* this.#planner.plan(
      pending.path,
      this.#sourceListing,
      there,
      (name, at, other) => this.#sameContent(pending.path, source, destination!, { name, at, other }),
      selection,
      // Where the destination has everything, there is nothing to be linked.
      there.count >= this.#sourceListing.count ? undefined : yield* this.#listBasis(pending.path),
    );
    if (this.#basisSearch !== undefined) yield* this.#basisSearch.improve(plan, source, destination);
    const mayReplace = selection === undefined || !this.#rules.plan.deletes || keepsBeside(this.#rules);
    if (!mayReplace) keepReplaced(plan, this.#destination, selection);
    leaveOutAbsent(plan);
    return plan;
  }

  *#listBasis(path: RelPath): Steps<Listing | undefined> {
    return this.#basisLook === undefined ? undefined : yield* this.#basisLook.list(path);
  }

  *#listSource(source: Directory): Steps {
    try {
      yield* listDirectory(source, this.#sourceListing, this.#extras);
    } catch (thrown) {
      throw atSide(asSyncError(thrown), "source");
    }
  }

  /** A file that cannot be compared is told and left as it is. */
  *#sameContent(
    path: RelPath,
    source: Directory,
    destination: Directory,
    { name, at, other }: { readonly name: string; readonly at: number; readonly other: number },
  ): Steps<boolean> {
    try {
      if (this.#ledger === undefined) return yield* sameContent(source, destination, name);
      return yield* this.#ledger.sameContent(path, name, {
        source: { directory: source, stamp: this.#sourceListing.stamp(at) },
        destination: { directory: destination, stamp: this.#destinationListing.stamp(other) },
      });
    } catch (thrown) {
      const failed = childPath(path, name);
      this.#events.failed(failed, atPath(asSyncError(thrown), failed));
      return true;
    }
  }

  /** What takes part in a directory, and what is kept of it. */
  #selectionIn(path: RelPath, source: Directory, destination?: Directory): (Selection & Keeper) | undefined {
    const filter = this.#selector?.in(path, source);
    const { kept } = this.#rules;
    return this.within(path, destination, kept === undefined ? filter : new KeptSelection(kept, path, filter));
  }

  /**
   * What is kept of a directory for want of reach: mounts, and what else a run does not enter.
   *
   * @param path The directory.
   * @param destination Its counterpart in the destination, if it is open.
   * @param inner What decides beside.
   * @returns Both together.
   */
  within(path: RelPath, destination: Directory | undefined, inner?: Selection & Keeper): typeof inner {
    const { reach } = this.#rules;
    if (reach === undefined) return inner;
    const hiddenIn: HiddenIn = (below, directory) => this.#selector?.in(below, directory);
    return new ReachSelection(reach, { source: this.#source, hiddenIn }, path, destination, inner);
  }
}
