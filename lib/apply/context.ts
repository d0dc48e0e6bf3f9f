/**
 * What carrying out a plan needs: two trees, rules, and someone to tell.
 *
 * @module
 */
import type { SimilarFile } from "../delta/similar_file.ts";
import type { SyncError } from "../errors.ts";
import type { Entry } from "../model/entry.ts";
import { TemporaryNames } from "../model/leftover.ts";
import { parentPath, type RelPath, ROOT } from "../model/rel_path.ts";
import type { Steps } from "../model/steps.ts";
import type { Directory, Tree, XattrScope } from "../model/tree.ts";
import type { Action } from "../plan/action.ts";
import type { LentFiles } from "./lent_files.ts";
import type { JointComparison } from "./joint_comparison.ts";
import type { Staging } from "./staging.ts";

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
  /** Whether even the smallest file is to have its content in common with its basis. @default {false} */
  readonly clones?: boolean;
  /** How files get new content that are there already; absent when they are replaced by complete new ones. */
  readonly content?: ContentRules | undefined;
}

/** How files get new content that are there already; plain data. */
export interface ContentRules {
  /** Whether they are changed where they are. */
  readonly inPlace: boolean;
  /** Whether what they lack at their end is added, with or without a look at what they have. @default {it is not} */
  readonly append?: "unchecked" | "checked" | undefined;
  /** Whether new ones are made of pieces of the old ones where these have them. @default {false} */
  readonly delta?: boolean;
  /** Whether a file that is not there yet is made of pieces of a similar one. @default {false} */
  readonly fuzzy?: boolean;
}

/** Hears of everything that was done. Paths are complete. */
export interface Outcome {
  /** An action was carried out. */
  applied(action: Action): void;
  /** An entry could not be made right; the run goes on. */
  failed(path: RelPath, error: SyncError): void;
  /** That many bytes of content arrived. */
  copied(bytes: number): void;
  /** That many bytes of content were there already, and were not written. */
  spared?(bytes: number): void;
  /** A file could not be changed where it is, and is replaced. */
  notInPlace?(): void;
  /** An old directory was moved aside in this directory and is to be removed with the deletions. */
  leftBehind(directory: RelPath): void;
  /** A file could not become a further name of a basis, and is copied. */
  notLinked?(): void;
  /** That many files have become further names of a basis. @default {each is told as an action} */
  shared?(files: number, bytes: number): void;
  /** A file that a basis has was written: its content is in common with the file there, or it is copied. */
  fromBasis?(bytes: number, isCloned: boolean): void;
  /** Whether something may be deleted now; not while it is open what the source has. */
  mayDelete(): boolean;
}

/** Keeps old entries: see `preserver.ts`. What cannot be kept is an error, and must be left as it is. */
export interface Preserving {
  /** Whether an old entry stays in its directory, under another name. */
  readonly beside: boolean;
  /** Keeps one entry; of a directory only that there was one. */
  keep(directory: Directory, path: RelPath, have: Entry): Steps;
  /** Keeps a copy of a file that will be changed where it is. */
  keepCopy(directory: Directory, path: RelPath, have: Entry): Steps;
  /** Keeps an entry with all that is below it. */
  keepTree(directory: Directory, path: RelPath, have: Entry): Steps;
  /** The name under which an entry is kept in its own directory. */
  nameBeside(path: RelPath): string;
  /** Closes what is held open. */
  close(): void;
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
  /** Other trees that files may be found in. */
  bases: readonly (Tree | undefined)[] = [];
  /** Which files of the other trees are lent already; `undefined` when none can be asked for twice. */
  lent: LentFiles | undefined;
  /** Whether sharing content between files is still worth trying. */
  cloning = true;
  /** Whether the content of the last file that was copied is in common with where it is from. */
  cloned = false;
  /** Whether new files are made without a name first. */
  naming = true;
  /** Keeps what is replaced or removed; `undefined` when it may go. */
  preserver: Preserving | undefined;
  /** Holds what is finished until everything is; `undefined` when each entry is put into place at once. */
  staging: Staging | undefined;
  /** Files of open directories that new ones may be made of, once somebody asks. */
  readonly similar = new WeakMap<Directory, readonly SimilarFile[]>();
  /** Compares large files together with other threads, if there are any. */
  joint: JointComparison | undefined;
  /** Names of what is not finished. */
  readonly names: TemporaryNames;
  readonly #unmade = new Set<RelPath>();

  /** Makes the surroundings; `run` is twelve hexadecimal digits of this thread's own, or names that are shared. */
  constructor(source: Tree, destination: Tree, rules: ApplyRules, outcome: Outcome, run: string | TemporaryNames) {
    this.source = source;
    this.destination = destination;
    this.rules = rules;
    this.outcome = outcome;
    this.names = typeof run === "string" ? new TemporaryNames(run) : run;
  }

  /** Whether a directory with entries may give way to something else. */
  get mayDelete(): boolean {
    return this.rules.deletes && this.outcome.mayDelete();
  }

  /** Whether what is made in the directory at hand waits under another name. */
  get waits(): boolean {
    return this.staging !== undefined && !this.staging.inside;
  }

  /** A name that nothing else has. */
  temporaryName(): string {
    return this.names.next();
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

  /** Whether a directory, or one above it, could not be made right: what is in it is of what was there before. */
  isBelowUnmade(path: RelPath): boolean {
    for (let at = path; at !== ROOT; at = parentPath(at)) {
      if (this.#unmade.has(at)) return true;
    }
    return false;
  }
}
