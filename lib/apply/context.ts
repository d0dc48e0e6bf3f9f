/**
 * What carrying out a plan needs: two trees, rules, and someone to tell.
 *
 * @module
 */
import type { SyncError } from "../errors.ts";
import { temporaryName } from "../model/leftover.ts";
import type { RelPath } from "../model/rel_path.ts";
import type { Tree, XattrScope } from "../model/tree.ts";
import type { Action } from "../plan/action.ts";

/** Failures that are remembered. */
const KEPT_UNMADE = 100_000;

/** What is carried, beside contents. */
export interface ApplyRules {
  /** Permissions. */
  readonly modes: boolean;
  /** Times of modification. */
  readonly times: boolean;
  /** Owners; only when the process may set them. */
  readonly owners: boolean;
  /** Groups. */
  readonly groups: boolean;
  /** The groups that can be given; `undefined` for all. */
  readonly settableGroups: ReadonlySet<number> | undefined;
  /** Whether holes stay holes. */
  readonly sparse: boolean;
  /** Extended attributes, if any. */
  readonly xattrs: XattrScope | undefined;
  /** Whether a directory with entries may give way to something else. */
  readonly deletes: boolean;
  /** Whether this process passes over permissions. */
  readonly privileged: boolean;
}

/** Hears of everything that was done. Paths are complete. */
export interface Outcome {
  /** An action was carried out. */
  applied(action: Action): void;
  /** An entry could not be made right; the run goes on. */
  failed(path: RelPath, error: SyncError): void;
  /** That many bytes of content arrived. */
  copied(bytes: number): void;
  /** An old directory was moved aside in this directory and is to be removed with the deletions. */
  leftBehind(directory: RelPath): void;
  /** Whether something may be deleted now; not while it is open what the source has. */
  mayDelete(): boolean;
}

/** The surroundings of one thread that carries out a plan. */
export class ApplyContext {
  /** Where content comes from. */
  readonly source: Tree;
  /** What is changed. */
  readonly destination: Tree;
  /** What is carried. */
  readonly rules: ApplyRules;
  /** Who hears of it. */
  readonly outcome: Outcome;
  /** Whether sharing content between files is still worth trying. */
  cloning = true;
  /** Whether new files are made without a name first. */
  naming = true;
  readonly #run: string;
  readonly #unmade = new Set<RelPath>();
  #serial = 0;

  /** Makes the surroundings; `run` is twelve hexadecimal digits of this thread's own. */
  constructor(source: Tree, destination: Tree, rules: ApplyRules, outcome: Outcome, run: string) {
    this.source = source;
    this.destination = destination;
    this.rules = rules;
    this.outcome = outcome;
    this.#run = run;
  }

  /** Whether a directory with entries may give way to something else. */
  get mayDelete(): boolean {
    return this.rules.deletes && this.outcome.mayDelete();
  }

  /** A name that nothing else has. */
  temporaryName(): string {
    return temporaryName(this.#run, this.#serial++);
  }

  /**
   * Tells that an entry could not be made right.
   *
   * @param path The entry.
   * @param error Why.
   */
  failed(path: RelPath, error: SyncError): void {
    this.markUnmade(path);
    this.outcome.failed(path, error);
  }

  /** Keeps in mind that an entry is not as it should be, whoever tells why. */
  markUnmade(path: RelPath): void {
    if (this.#unmade.size < KEPT_UNMADE) this.#unmade.add(path);
  }

  /** Whether an entry could not be made right: what is there is old, and nothing may become a further name of it. */
  isUnmade(path: RelPath): boolean {
    return this.#unmade.has(path);
  }
}
