/**
 * The directory that was opened last: work on entries in tree order stays in one for a while.
 *
 * @module
 */
import type { RelPath } from "../model/rel_path.ts";
import type { Directory, Tree } from "../model/tree.ts";

/** Opens directories of a tree and holds one of them. */
export class LastDirectory {
  readonly #tree: Tree;
  #path: RelPath | undefined;
  #open: Directory | undefined;

  /** Holds none yet. */
  constructor(tree: Tree) {
    this.#tree = tree;
  }

  /** The directory of a path, which stays open until another one is asked for. */
  open(path: RelPath): Directory {
    if (this.#open === undefined || this.#path !== path) {
      this.close();
      this.#open = this.#tree.open(path);
      this.#path = path;
    }
    return this.#open;
  }

  /** Releases the directory that is held. */
  close(): void {
    this.#open?.close();
    this.#open = undefined;
  }
}
