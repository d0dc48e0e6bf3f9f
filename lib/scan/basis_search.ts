/**
 * Looks for files in other trees, one directory after the other, and only for those that would be made or changed.
 *
 * @module
 */
import { asSyncError } from "../errors.ts";
import type { Entry } from "../model/entry.ts";
import { baseName } from "../model/rel_path.ts";
import type { Steps } from "../model/steps.ts";
import type { Directory, Tree, XattrScope } from "../model/tree.ts";
import type { Change } from "../plan/action.ts";
import { asWritten, BasisJudge, type BasisRules, type Likeness, withBasis } from "../plan/basis.ts";
import type { DirectoryPlan } from "../plan/directory_plan.ts";
import { openIfThere } from "./open_if_there.ts";

/** Compares the contents of the files of one name in two directories, of equal size. */
export type SameContentIn = (one: Directory, other: Directory, name: string) => Steps<boolean>;

/** What is searched. */
export interface BasisSearchInit {
  /** The rules. */
  readonly rules: BasisRules;
  /** The other trees, in the order in which they are asked. */
  readonly trees: readonly (Tree | undefined)[];
  /** Which extended attributes are compared, if any. */
  readonly xattrs: XattrScope | undefined;
  /** How contents are compared. */
  readonly sameContent: SameContentIn;
}

/** A file of a basis. */
interface Match {
  readonly index: number;
  readonly found: Entry;
  readonly likeness: Likeness;
}

/** One thread's search. */
export class BasisSearch {
  readonly #init: BasisSearchInit;
  readonly #judge: BasisJudge;

  /** Prepares to search. */
  constructor(init: BasisSearchInit) {
    this.#init = init;
    this.#judge = new BasisJudge(init.rules);
  }

  /**
   * Lets a plan make use of the other trees.
   *
   * @param plan The plan of one directory; changed in place.
   * @param source The directory of the source, open.
   * @param destination The same of the destination, if it is there.
   * @returns Steps.
   */
  *improve(plan: DirectoryPlan, source: Directory, destination: Directory | undefined): Steps {
    const { actions, linked } = plan;
    if (!actions.some(isSearched) && !linked.some(({ alone }) => alone !== undefined)) return;
    const bases = this.#init.trees.map((tree) => tree && openIfThere(tree, plan.path));
    try {
      for (const action of actions.splice(0)) {
        const better = isSearched(action) ? yield* this.#better(action, bases, source, destination) : action;
        if (better !== undefined) actions.push(better);
      }
      for (const candidate of linked.splice(0)) {
        const { alone } = candidate;
        const better = alone === undefined ? undefined : yield* this.#better(alone, bases, source, destination);
        // A name that a basis has is left out; the others of its file are judged by themselves.
        if (alone === undefined || better !== undefined) linked.push({ ...candidate, alone: better });
      }
    } finally {
      for (const basis of bases) basis?.close();
    }
  }

  *#better(
    change: Change,
    bases: readonly (Directory | undefined)[],
    source: Directory,
    destination: Directory | undefined,
  ): Steps<Change | undefined> {
    const { use } = this.#init.rules;
    const match = yield* this.#find(change, bases, source);
    const better = match === undefined
      ? change
      : withBasis(use, change, { index: match.index, found: match.found, links: false }, match.likeness === "exact");
    return better?.op === "set-metadata" && sharesFile(better, bases, destination) ? asWritten(better) : better;
  }

  /** The first that has all of it, else the first that has the content. */
  *#find(change: Change, bases: readonly (Directory | undefined)[], source: Directory): Steps<Match | undefined> {
    let first: Match | undefined;
    for (const [index, basis] of bases.entries()) {
      const found = basis === undefined ? undefined : this.#lookup(basis, baseName(change.path));
      if (found === undefined) continue;
      const likeness = yield* this.#likeness(change, found, basis!, source);
      if (likeness === "exact") return { index, found, likeness };
      if (likeness === "content") first ??= { index, found, likeness };
    }
    return first;
  }

  *#likeness({ path, want }: Change, found: Entry, basis: Directory, source: Directory): Steps<Likeness> {
    const likeness = this.#judge.likeness(want, found);
    if (likeness !== "undecided") return likeness;
    try {
      return this.#judge.likeness(want, found, yield* this.#init.sameContent(source, basis, baseName(path)));
    } catch (thrown) {
      if (asSyncError(thrown).code === "internal") throw thrown;
      // Whatever cannot be compared is of no use; copying the file tells what is wrong with the source.
      return "other";
    }
  }

  #lookup(basis: Directory, name: string): Entry | undefined {
    const { xattrs } = this.#init;
    try {
      const found = basis.lookup(name);
      if (found === undefined || found.kind === "directory") return undefined;
      return {
        ...found,
        ...(found.kind === "symlink" ? { target: basis.readLink(name) } : {}),
        ...(xattrs === undefined ? {} : { xattrs: basis.xattrs(name, xattrs) }),
      };
    } catch (thrown) {
      if (asSyncError(thrown).code === "internal") throw thrown;
      return undefined;
    }
  }
}

function isSearched(action: DirectoryPlan["actions"][number]): action is Change {
  return action.op !== "sweep" && action.op !== "delete" && action.op !== "create-directory" &&
    action.want.kind !== "directory";
}

/** Whether a file of the destination has one of its names in a basis. */
function sharesFile(
  change: Change,
  bases: readonly (Directory | undefined)[],
  destination: Directory | undefined,
): boolean {
  if (change.want.kind !== "file") return false;
  const name = baseName(change.path);
  const identity = destination?.identityOf(name);
  return identity !== undefined && bases.some((basis) => basis?.identityOf(name) === identity);
}
