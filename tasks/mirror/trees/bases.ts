/**
 * The other trees of `--compare-dest`, `--copy-dest` and `--link-dest`: opened once, as trees of their own.
 *
 * @module
 */
import { printable } from "../../../lib/bytes/printable.ts";
import type { CompareRules } from "../../../lib/compare/rules.ts";
import { asSyncError, SyncError } from "../../../lib/errors.ts";
import type { Degradation } from "../../../lib/model/capabilities.ts";
import type { Tree } from "../../../lib/model/tree.ts";
import { type LayerChoice, openTree, pathFrom, relationOf } from "../../../lib/os/open_tree.ts";
import type { BasisRules, BasisUse } from "../../../lib/plan/basis.ts";
import { clash } from "../options/clashes.ts";
import type { SharedRules } from "./shared_rules.ts";

/** The options that this is about, complete. */
export interface BasisOptions {
  /** Trees in which what is found need not be copied. */
  readonly compareDest: readonly string[];
  /** Trees from which content is taken. */
  readonly copyDest: readonly string[];
  /** Trees to whose files hard links are made. */
  readonly linkDest: readonly string[];
  /** Whether files of equal size are equal. */
  readonly sizeOnly: boolean;
  /** Whether no file counts as right. */
  readonly ignoreTimes: boolean;
  /** Which implementation of the file system is used. */
  readonly layer: LayerChoice;
}

/** The other trees of a run. */
export interface Bases {
  /** The trees in the order of the options; a place is empty when there is no such directory. */
  readonly trees: readonly (Tree | undefined)[];
  /** What is to be said of those that are not there. */
  readonly warnings: readonly Degradation[];
  /** Closes all. */
  close(): void;
}

/** As many as rsync takes. */
const MOST = 20;
const USES = { compareDest: "compare", copyDest: "copy", linkDest: "link" } as const;
const NAMES = ["compareDest", "copyDest", "linkDest"] as const;

/**
 * Checks what can be checked without looking.
 *
 * @param options Complete options.
 * @throws {RangeError} when several kinds are mixed, or there are too many.
 */
export function checkBases(options: BasisOptions): void {
  const [name, other] = NAMES.filter((each) => options[each].length > 0);
  if (name === undefined) return;
  if (other !== undefined) throw clash(name, other, "files that are found are treated in one way");
  if (options[name].length > MOST) throw new RangeError(`Cannot use ${name}: there are more than ${MOST} directories`);
  if (options[name].includes("")) throw new RangeError(`Cannot use ${name} "": it must name a directory`);
}

/**
 * What is done with files that are found.
 *
 * @param options Complete options.
 * @param compare What counts as a difference.
 * @param shared How files are shared with trees that nobody changes. @default {undefined}
 * @returns The rules; `undefined` when there are no other trees, or no file counts as right.
 */
export function basisRules(
  options: BasisOptions,
  compare: CompareRules,
  shared?: SharedRules,
): BasisRules | undefined {
  const name = NAMES.find((each) => options[each].length > 0);
  if (name === undefined || options.ignoreTimes) return undefined;
  const whole = shared === undefined ? {} : { atRest: true, lent: shared.lent };
  return { use: USES[name] satisfies BasisUse, compare, sizeOnly: options.sizeOnly, ...whole };
}

/**
 * Opens the other trees.
 *
 * @param options Complete options.
 * @param destination Path of the destination; relative paths begin there.
 * @returns The trees.
 * @throws {SyncError} code `"overlap"` when one is the destination or below it, or the failure to open one.
 */
export function openBases(options: BasisOptions, destination: string): Bases {
  const trees: (Tree | undefined)[] = [];
  const warnings: Degradation[] = [];
  const close = () => {
    for (const tree of trees) tree?.close();
  };
  try {
    for (const given of NAMES.flatMap((name) => options[name])) {
      const path = pathFrom(given, destination);
      guardBasis(path, destination);
      const tree = openIfDirectory(path, options.layer);
      trees.push(tree);
      if (tree === undefined) {
        warnings.push({
          name: "basis-missing",
          message: `There is no directory "${printable(path)}" to find files in`,
        });
      }
    }
  } catch (thrown) {
    close();
    throw thrown;
  }
  return { trees, warnings, close };
}

function guardBasis(path: string, destination: string): void {
  const relation = relationOf(path, destination);
  if (relation !== "same" && relation !== "inside") return;
  throw new SyncError("overlap", `Cannot find files in "${printable(path)}": it is in the destination`, {
    path,
    hint: "name a directory beside it",
  });
}

function openIfDirectory(path: string, layer: LayerChoice): Tree | undefined {
  try {
    return openTree(path, layer);
  } catch (thrown) {
    if (asSyncError(thrown).code === "vanished") return undefined;
    throw thrown;
  }
}
