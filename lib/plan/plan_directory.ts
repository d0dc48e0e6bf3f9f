/**
 * Decides what has to be done in one directory: see `directory_plan.ts` for the result.
 *
 * @module
 */
import { CONTENT_DIFFERENCES, DIFFERENCE, differenceNames, differences } from "../compare/differences.ts";
import { type Entry, TYPE_FILE } from "../model/entry.ts";
import { type Listing, matchListings } from "../model/listing.ts";
import type { RelPath } from "../model/rel_path.ts";
import type { Steps } from "../model/steps.ts";
import type { Change, Reason, SetMetadata } from "./action.ts";
import { asWritten } from "./basis.ts";
import { isPassedOver } from "./choice.ts";
import { type DirectoryPlan, emptyPlan, pathIn, type PlanRules, sortPlan } from "./directory_plan.ts";
import type { Selection } from "./selection.ts";
import { SharedEntries } from "./shared_entries.ts";

/** Compares the contents of the files of one name, of equal size, on both sides; `at` and `other` are their entries. */
export type SameContent = (name: string, at: number, other: number) => Steps<boolean>;

/** The two sides of the directory at hand, and its plan. */
interface Sides {
  readonly plan: DirectoryPlan;
  readonly source: Listing;
  readonly destination: Listing;
  readonly selection: Selection | undefined;
  readonly basis: Listing | undefined;
}

/** What the source has under the name of an entry of the destination: nothing, something, or what takes no part. */
const MATCH = { none: 0, found: 1, hidden: 2 } as const;

/** A file that only its content can decide. */
interface Undecided {
  readonly at: number;
  readonly other: number;
  readonly found: number;
  /** Whether it is left as it is, and judged only because it may go from the source. */
  readonly isPassedOver: boolean;
}

/** Plans directories one after the other, with scratch space of its own. */
export class DirectoryPlanner {
  readonly #rules: PlanRules;
  #matches: Int32Array = new Int32Array(256);
  #matched: Uint8Array = new Uint8Array(256);
  #basisMatches: Int32Array = new Int32Array(256);
  #sharedMemory: Int32Array = new Int32Array(512);

  /** Makes a planner. One per thread. */
  constructor(rules: PlanRules) {
    this.#rules = rules;
  }

  /**
   * Plans one directory.
   *
   * @param path The directory.
   * @param source What it holds at the source.
   * @param destination What it holds at the destination; empty for a directory that is not there yet.
   * @param sameContent Called for files whose metadata cannot decide.
   * @param selection Which entries take part. @default {all}
   * @param basis What a basis holds, when files that the destination lacks become further names of its files without
   * any more ado. @default {undefined}
   * @returns Steps; the result is the plan, everything in byte order.
   */
  *plan(
    path: RelPath,
    source: Listing,
    destination: Listing,
    sameContent: SameContent,
    selection?: Selection,
    basis?: Listing,
  ): Steps<DirectoryPlan> {
    const sides: Sides = { plan: emptyPlan(path), source, destination, selection, basis };
    const undecided = this.#planEntries(sides);
    for (const { at, other, found, isPassedOver } of undecided) {
      yield;
      const same = yield* sameContent(source.name(at), at, other);
      const all = same ? found : found | DIFFERENCE.content;
      if (isPassedOver) this.#addMoving(sides, at, true, all);
      else this.#decide(sides, at, other, all);
    }
    sortPlan(sides.plan);
    return sides.plan;
  }

  /** Decides everything that metadata can decide; returns the rest. */
  #planEntries(sides: Sides): Undecided[] {
    const { plan, source, destination, selection } = sides;
    const undecided: Undecided[] = [];
    this.#matches = matchListings(source, destination, this.#matches);
    if (this.#matched.length < destination.count) this.#matched = new Uint8Array(destination.count * 2);
    this.#matched.fill(MATCH.none, 0, destination.count);
    if (sides.basis !== undefined) this.#basisMatches = matchListings(source, sides.basis, this.#basisMatches);
    let complete = true;
    // What costs nothing must not cost asking a filter.
    const asksLess = selection !== undefined && !selection.asksOfEqual(this.#rules.deletes);
    for (let at = 0; at < source.count; at++) {
      const other = this.#matches[at]!;
      const error = source.error(at) ?? (other < 0 ? undefined : destination.error(other));
      // A name that could not be read right may be any name of the destination.
      if (error?.code === "name-not-representable") complete = false;
      if (asksLess && other >= 0 && error === undefined && this.#isEqualFile(source, at, destination, other)) {
        this.#matched[other] = MATCH.found;
        continue;
      }
      const isHidden = selection !== undefined && selection.hides(source, at);
      // What is known of an entry that cannot be read is not enough to call its counterpart extraneous.
      if (other >= 0) this.#matched[other] = isHidden && error === undefined ? MATCH.hidden : MATCH.found;
      if (isHidden || (selection !== undefined && selection.spares(source, at))) continue;
      if (error !== undefined) {
        const side = source.error(at) === undefined ? "destination" : "source";
        plan.problems.push({ path: pathIn(plan, source.name(at)), error, side });
      } else if (!source.isTemporary(at)) {
        this.#planEntry(sides, at, other, undecided);
      }
    }
    this.#planRest(sides, complete);
    return undecided;
  }

  /** Whether there is nothing to do for a file, whatever filters say: it is a file on both sides, alike and alone. */
  #isEqualFile(source: Listing, at: number, destination: Listing, other: number): boolean {
    const { carried, choice, compare, removesSources } = this.#rules;
    if (source.type(at) !== TYPE_FILE || destination.type(other) !== TYPE_FILE || removesSources === true) return false;
    if (carried.hardLinks && (source.links(at) > 1 || destination.links(other) > 1)) return false;
    if (choice?.ignoreTimes === true || this.#needsContent(source, at, 0)) return false;
    return differences(source, at, destination, other, compare) === 0;
  }

  #planEntry(sides: Sides, at: number, other: number, undecided: Undecided[]): void {
    const { plan, source, destination } = sides;
    if (!source.isDirectory(at) && !this.#isCarried(plan, source, at)) return;
    const { choice, compare } = this.#rules;
    const isPassed = choice !== undefined &&
      isPassedOver(choice, source, at, destination, other, compare.windowNanoseconds);
    // What is left as it is may be right all the same, and go from the source then.
    if (isPassed && (other < 0 || this.#rules.removesSources !== true)) return;
    const sameKind = other >= 0 && source.type(at) === destination.type(other);
    let found = sameKind ? differences(source, at, destination, other, compare) : 0;
    // The size of what was passed over says nothing, either: it was not made right.
    const isForced = choice?.ignoreTimes === true || (isPassed && choice.sizeOnly);
    if (isForced && sameKind && source.type(at) === TYPE_FILE) found |= DIFFERENCE.forced;
    if (sameKind && this.#needsContent(source, at, found)) {
      undecided.push({ at, other, found, isPassedOver: isPassed });
    } else if (isPassed) this.#addMoving(sides, at, sameKind, found);
    else this.#decide(sides, at, other, found);
  }

  /** Whether the metadata of two files leaves open if their contents agree. */
  #needsContent(source: Listing, at: number, found: number): boolean {
    const { compare, choice } = this.#rules;
    if ((compare.times && !compare.content) || choice?.sizeOnly === true) return false;
    if (source.type(at) !== TYPE_FILE || (found & (DIFFERENCE.size | DIFFERENCE.forced)) !== 0) return false;
    return compare.content || (found & DIFFERENCE.time) !== 0;
  }

  #decide(sides: Sides, at: number, other: number, differing: number): void {
    const { plan, source, destination } = sides;
    const found = this.#rules.compare.times ? differing : differing & ~DIFFERENCE.time;
    const sameKind = other >= 0 && source.type(at) === destination.type(other);
    if (source.isDirectory(at)) {
      plan.children.push({ name: source.name(at), fresh: !sameKind, settle: !sameKind || found !== 0 });
    } else {
      this.#addMoving(sides, at, sameKind, differing);
      if (sameKind && this.#cannotGrow(sides, at, other, found)) return;
    }
    if (other < 0 && sides.basis !== undefined && this.#shares(sides, at, sides.basis)) return;
    if (
      !source.isDirectory(at) && this.#rules.carried.hardLinks &&
      (source.links(at) > 1 || (sameKind && destination.links(other) > 1))
    ) {
      this.#addCandidate(sides, at, other, sameKind, found);
      return;
    }
    if (!sameKind || found !== 0) plan.actions.push(this.#change(sides, at, other, found));
  }

  /** Whether a file would have to become another one, where files are only appended to. */
  #cannotGrow({ source, destination }: Sides, at: number, other: number, found: number): boolean {
    if (this.#rules.choice?.appends !== true || source.type(at) !== TYPE_FILE) return false;
    const isWritten = (found & CONTENT_DIFFERENCES) !== 0 ||
      ((found & DIFFERENCE.time) !== 0 && !this.#contentCompared);
    return isWritten && destination.size(other) >= source.size(at);
  }

  get #contentCompared(): boolean {
    const { compare, choice } = this.#rules;
    return compare.content || !compare.times || choice?.sizeOnly === true;
  }

  /** Whether a basis has exactly a file that the destination lacks; of several names the group decides. */
  #shares({ plan, source }: Sides, at: number, basis: Listing): boolean {
    const { carried, compare } = this.#rules;
    const found = this.#basisMatches[at]!;
    if (found < 0 || source.type(at) !== TYPE_FILE || basis.type(found) !== TYPE_FILE) return false;
    if ((carried.hardLinks && source.links(at) > 1) || differences(source, at, basis, found, compare) !== 0) {
      return false;
    }
    if (plan.shared === undefined) {
      plan.shared = new SharedEntries(source, basis, this.#sharedMemory);
      this.#sharedMemory = plan.shared.memory;
    }
    plan.shared.add(at, found);
    return true;
  }

  #isCarried(plan: DirectoryPlan, source: Listing, at: number): boolean {
    const { carried } = this.#rules;
    switch (source.kind(at)) {
      case "file":
        return true;
      case "symlink":
        return carried.symlinks || counted(plan, "symlinks");
      case "fifo":
      case "socket":
        return carried.specials || counted(plan, "specials");
      default:
        return carried.devices || counted(plan, "devices");
    }
  }

  #change({ plan, source, destination }: Sides, at: number, other: number, found: number): Change {
    const have = other < 0 ? undefined : destination.entry(other);
    const change = changeFor(pathIn(plan, source.name(at)), source.entry(at), have, found, this.#contentCompared);
    const mayBeShared = this.#rules.detaches === true && change.op === "set-metadata" &&
      change.want.kind === "file" && destination.links(other) > 1;
    return mayBeShared ? asWritten(change) : change;
  }

  #addMoving({ plan, source }: Sides, at: number, sameKind: boolean, differing: number): void {
    if (this.#rules.removesSources !== true || source.isDirectory(at)) return;
    const path = pathIn(plan, source.name(at));
    const ignored = DIFFERENCE.forced | (this.#rules.compare.times ? 0 : DIFFERENCE.time);
    const arrived = sameKind && (differing & ~ignored) === 0;
    const isUnproven = (differing & DIFFERENCE.forced) !== 0;
    plan.moving.push({ path, want: source.entry(at), identity: source.identity(at), arrived, isUnproven });
  }

  #addCandidate(sides: Sides, at: number, other: number, sameKind: boolean, found: number): void {
    const { plan, source, destination } = sides;
    plan.linked.push({
      path: pathIn(plan, source.name(at)),
      identity: source.identity(at),
      existing: sameKind ? destination.identity(other) : undefined,
      alone: sameKind && found === 0 ? undefined : this.#change(sides, at, other, found),
      want: source.entry(at),
      have: other < 0 ? undefined : destination.entry(other),
    });
  }

  #reason(index: number): "extraneous" | "excluded" {
    return this.#matched[index] === MATCH.hidden ? "excluded" : "extraneous";
  }

  /** What only the destination has: leftovers are swept always, the rest is extraneous. */
  #planRest({ plan, destination, selection }: Sides, complete: boolean): void {
    for (let index = 0; index < destination.count; index++) {
      if (destination.isTemporary(index)) {
        const path = pathIn(plan, destination.name(index));
        plan.actions.push({ op: "sweep", path, have: destination.entry(index), reasons: ["leftover"] });
      } else if (complete && this.#rules.deletes && this.#matched[index] !== MATCH.found) {
        if (selection !== undefined && selection.protects(destination, index)) continue;
        const path = pathIn(plan, destination.name(index));
        const error = destination.error(index);
        if (error === undefined) {
          plan.extraneous.push({ path, have: destination.entry(index), reason: this.#reason(index) });
        } else plan.problems.push({ path, error, side: "destination" });
      }
    }
  }
}

/**
 * The change that makes one entry right.
 *
 * @param path Path of the entry.
 * @param want What the source has.
 * @param have What the destination has, if anything.
 * @param found Bits of `DIFFERENCE`; used when both are of one kind.
 * @param contentCompared Whether contents were compared, so that another time alone is no reason to write a file.
 * @returns The action, with its reasons.
 */
export function changeFor(
  path: RelPath,
  want: Entry,
  have: Entry | undefined,
  found: number,
  contentCompared: boolean,
): Change {
  const reasons: readonly Reason[] = have === undefined
    ? ["missing"]
    : have.kind !== want.kind
    ? ["kind"]
    : differenceNames(found);
  if (have !== undefined && have.kind === want.kind && !needsRewrite(want, found, contentCompared)) {
    return { op: "set-metadata", path, want, have, reasons } satisfies SetMetadata;
  }
  return { op: creationOf(want), path, want, ...(have === undefined ? {} : { have }), reasons };
}

/** A file of other size, content or time is written again; metadata alone is set in place. */
function needsRewrite(want: Entry, found: number, contentCompared: boolean): boolean {
  if ((found & CONTENT_DIFFERENCES) !== 0) return true;
  return want.kind === "file" && (found & DIFFERENCE.time) !== 0 && !contentCompared;
}

/**
 * The action that makes an entry anew.
 *
 * @param want What is to be made.
 * @returns Name of the action.
 */
export function creationOf(want: Entry): "create-directory" | "write-file" | "create-symlink" | "create-special" {
  if (want.kind === "directory") return "create-directory";
  if (want.kind === "file") return "write-file";
  return want.kind === "symlink" ? "create-symlink" : "create-special";
}

function counted(plan: DirectoryPlan, what: keyof DirectoryPlan["skipped"]): false {
  plan.skipped[what]++;
  return false;
}
