/**
 * The directories of a store: each stands for one of the destination, and is made when something goes into it, with the
 * permissions and owner of the one it stands for.
 *
 * @module
 */
import { asSyncError } from "../errors.ts";
import type { Entry } from "../model/entry.ts";
import { baseName, childPath, parentPath, type RelPath, ROOT } from "../model/rel_path.ts";
import type { Directory, Tree } from "../model/tree.ts";
import type { ApplyContext } from "./context.ts";
import { LastDirectory } from "./last_directory.ts";
import { patchForNew } from "./metadata.ts";
import { removeQuietly, swap } from "./place.ts";
import { claimFolder, type RunFolder } from "./run_folder.ts";

/** Which part of the store's tree is used. */
export interface StoreRules {
  /** The folder, from the root of the tree that was opened; it need not exist. */
  readonly folder: RelPath;
  /** Decides the name of a folder that is this run's own, below `folder`; `undefined` when `folder` itself is used. */
  readonly own: RunFolder | undefined;
  /** The folder from the root of the destination, when it is there. */
  readonly within: RelPath | undefined;
}

/** Permissions that a directory of a store has at least: more is kept in it. */
const OWNER_MAY_CHANGE = 0o700;

/** See the module comment. */
export class StoreFolders {
  readonly #copying: ApplyContext;
  readonly #store: Tree;
  readonly #rules: StoreRules;
  readonly #last: LastDirectory;
  #folder: RelPath | undefined;

  /**
   * Makes nothing yet.
   *
   * @param copying From the destination into the store.
   * @param store Its tree.
   * @param rules Which part of it is used.
   */
  constructor(copying: ApplyContext, store: Tree, rules: StoreRules) {
    this.#copying = copying;
    this.#store = store;
    this.#rules = rules;
    this.#last = new LastDirectory(store);
  }

  /** Where the counterpart of a directory is, from the root of the store's tree. */
  pathOf(path: RelPath): RelPath {
    const folder = this.#folder ??= this.#claim();
    return folder === "" ? path : path === "" ? folder : `${folder}/${path}` as RelPath;
  }

  /** The counterpart of a directory, open until the next call; made when it is not there. */
  open(path: RelPath): Directory {
    const whole = this.pathOf(path);
    try {
      return this.#last.open(whole);
    } catch (thrown) {
      const { code } = asSyncError(thrown);
      if (code !== "vanished" && code !== "not-directory" && code !== "symlink-refused") throw thrown;
    }
    this.#makeFolder();
    this.#makeOne(this.pathOf(ROOT), ROOT);
    let original = ROOT;
    for (const name of path === "" ? [] : path.split("/")) {
      original = childPath(original, name);
      this.#makeOne(this.pathOf(original), original);
    }
    return this.#last.open(whole);
  }

  /** Closes what is held open. */
  close(): void {
    this.#last.close();
  }

  #claim(): RelPath {
    const { folder, own } = this.#rules;
    if (own === undefined) return folder;
    this.#makeFolder();
    return childPath(folder, claimFolder(own, (name) => this.#makeNew(childPath(folder, name))));
  }

  /** Makes the folder of the store, with all above it. */
  #makeFolder(): void {
    let at = ROOT;
    for (const name of this.#rules.folder === "" ? [] : this.#rules.folder.split("/")) {
      at = childPath(at, name);
      this.#makeOne(at, ROOT);
    }
  }

  #makeNew(at: RelPath): void {
    this.#within(at, (holder, name) => this.#makeDirectory(holder, name, ROOT));
  }

  #makeOne(at: RelPath, original: RelPath): void {
    if (at === "") return;
    this.#within(at, (holder, name) => {
      const there = holder.lookup(name);
      if (there === undefined) this.#makeIfMissing(holder, name, original);
      else if (there.kind !== "directory") this.#makeInstead(holder, name, original);
    });
  }

  #within(at: RelPath, work: (holder: Directory, name: string) => void): void {
    const holder = this.#store.open(parentPath(at));
    try {
      work(holder, baseName(at));
    } finally {
      holder.close();
    }
  }

  #makeIfMissing(holder: Directory, name: string, original: RelPath): void {
    try {
      this.#makeDirectory(holder, name, original);
    } catch (thrown) {
      // Another thread was first.
      if (asSyncError(thrown).code !== "exists") throw thrown;
    }
  }

  /** An earlier run kept something else under the name. */
  #makeInstead(holder: Directory, name: string, original: RelPath): void {
    const temporary = this.#copying.temporaryName();
    this.#makeDirectory(holder, temporary, original);
    removeQuietly(holder, swap(this.#copying, holder, temporary, name));
  }

  #makeDirectory(holder: Directory, name: string, original: RelPath): void {
    const want = this.#originalOf(original);
    holder.makeDirectory(name, OWNER_MAY_CHANGE);
    const patch = patchForNew(want, undefined, { ...this.#copying.rules, times: false });
    holder.setMetadata(name, { ...patch, mode: want.mode | OWNER_MAY_CHANGE });
  }

  #originalOf(path: RelPath): Entry {
    const directory = this.#copying.source.open(path);
    try {
      return directory.entry();
    } finally {
      directory.close();
    }
  }
}
