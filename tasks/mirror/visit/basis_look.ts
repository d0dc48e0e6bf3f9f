/**
 * Looks at the directory of a basis that belongs to the one at hand, as a whole: files that it has exactly are linked in
 * one go. Only for trees that nobody changes; what is found otherwise is looked up file by file (`basis_search.ts`).
 *
 * @module
 */
import { asSyncError } from "../../../lib/errors.ts";
import { Listing } from "../../../lib/model/listing.ts";
import type { RelPath } from "../../../lib/model/rel_path.ts";
import type { Steps } from "../../../lib/model/steps.ts";
import type { Directory, Tree } from "../../../lib/model/tree.ts";
import { openIfThere } from "../../../lib/scan/open_if_there.ts";
import type { MirrorRules } from "../rules.ts";

/** One thread's look at the bases. */
export class BasisLook {
  /** The directory that was listed last, open until {@linkcode close}. */
  found: { readonly index: number; readonly directory: Directory } | undefined;
  readonly #bases: readonly (Tree | undefined)[];
  readonly #listing = new Listing();

  /** Takes the trees in the order in which they are asked. */
  constructor(bases: readonly (Tree | undefined)[]) {
    this.#bases = bases;
  }

  /**
   * Whether metadata alone says which files can be linked, whatever else the run does.
   *
   * @param rules The rules of the run.
   * @returns Whether this look is of use.
   */
  static suits({ basis, plan, xattrs, delays, keep }: MirrorRules): boolean {
    return basis?.use === "link" && basis.atRest === true && !basis.sizeOnly && xattrs === undefined && !delays &&
      keep === undefined && plan.choice === undefined && plan.compare.times && !plan.compare.content &&
      plan.removesSources !== true;
  }

  /**
   * Lists the directory of the first basis that has it.
   *
   * @param path The directory.
   * @returns Steps; the result is what it holds, without what cannot be used, or `undefined` when no basis has it.
   */
  *list(path: RelPath): Steps<Listing | undefined> {
    this.close();
    for (const [index, tree] of this.#bases.entries()) {
      const directory = tree === undefined ? undefined : open(tree, path);
      if (directory === undefined) continue;
      this.found = { index, directory };
      try {
        this.#listing.clear();
        while (directory.list(this.#listing)) yield;
        return this.#listing;
      } catch (thrown) {
        if (asSyncError(thrown).code === "internal") throw thrown;
        this.close(); // what cannot be read is of no use; everything is copied
      }
    }
    return undefined;
  }

  /** Closes the directory. */
  close(): void {
    this.found?.directory.close();
    this.found = undefined;
  }
}

function open(tree: Tree, path: RelPath): Directory | undefined {
  try {
    return openIfThere(tree, path);
  } catch (thrown) {
    if (asSyncError(thrown).code === "internal") throw thrown;
    return undefined;
  }
}
