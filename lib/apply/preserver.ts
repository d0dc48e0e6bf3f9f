/**
 * Keeps old entries before they are replaced or removed: under a further name in their own directory, or below a
 * folder of a tree of its own (the store). A further name is a hard link, so there is no moment without the entry; where
 * there can be no link, such as on another file system, the entry is copied completely, and gets its name when it is
 * whole. What an earlier run kept under the same name gives way at that moment.
 *
 * Directories of the store are made when something goes into them, with the permissions and owners of the directories
 * that they stand for: what nobody could look into stays so.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { asSyncError, atPath, SyncError } from "../errors.ts";
import type { Entry } from "../model/entry.ts";
import { baseName, childPath, parentPath, type RelPath } from "../model/rel_path.ts";
import type { Steps } from "../model/steps.ts";
import type { Directory, EntryFailure, Tree } from "../model/tree.ts";
import { ApplyContext, type Preserving } from "./context.ts";
import { copyEntry } from "./copy_entry.ts";
import { LastDirectory } from "./last_directory.ts";
import { removeQuietly } from "./place.ts";
import { removeTree, type WalkBelow } from "./remove.ts";
import { StoreFolders, type StoreRules } from "./store_folders.ts";

/** Where and under which names old entries are kept; plain data. */
export interface KeepRules {
  /** What their names end with; may be empty for a store. */
  readonly suffix: string;
  /** Where they go; `undefined` for their own directories. */
  readonly store: StoreRules | undefined;
}

/** What a preserver works with. */
export interface PreserverInit {
  /** The surroundings of the run. */
  readonly context: ApplyContext;
  /** Where and how. */
  readonly rules: KeepRules;
  /** The tree of the store; `undefined` when entries stay in their own directories. */
  readonly store: Tree | undefined;
  /** How a tree is walked. */
  readonly walk: WalkBelow;
}

/** Links cannot be made for these reasons, and copies may be. */
const CANNOT_LINK: readonly string[] = ["unsupported", "permission", "too-many-links"];

/** See the module comment. */
export class Preserver implements Preserving {
  readonly #init: PreserverInit;
  readonly #copying: ApplyContext;
  readonly #folders: StoreFolders | undefined;
  readonly #sources: LastDirectory;

  /** Prepares to keep; nothing is made yet. */
  constructor(init: PreserverInit) {
    const { context, store } = init;
    this.#init = init;
    this.#sources = new LastDirectory(context.source);
    const { rules } = context;
    this.#copying = new ApplyContext(
      context.destination,
      store ?? context.destination,
      {
        ...rules,
        modes: true,
        times: true,
        owners: rules.privileged,
        groups: true,
        deletes: false,
        content: undefined,
      },
      { applied() {}, failed() {}, copied() {}, leftBehind() {}, mayDelete: () => false },
      context.names,
    );
    const place = init.rules.store;
    this.#folders = place === undefined || store === undefined
      ? undefined
      : new StoreFolders(this.#copying, store, place);
  }

  /** Whether there is no store. */
  get beside(): boolean {
    return this.#folders === undefined;
  }

  /** Keeps one entry. */
  *keep(directory: Directory, path: RelPath, have: Entry): Steps {
    try {
      if (have.kind === "directory") this.#folders?.open(path);
      else yield* this.#keepEntry(directory, path, have, true);
    } catch (thrown) {
      throw cannotKeep(path, asSyncError(thrown));
    }
  }

  /** Keeps a copy: a further name would change with the file. */
  *keepCopy(directory: Directory, path: RelPath, have: Entry): Steps {
    try {
      yield* this.#keepEntry(directory, path, have, false);
    } catch (thrown) {
      throw cannotKeep(path, asSyncError(thrown));
    }
  }

  *#keepEntry(directory: Directory, path: RelPath, have: Entry, mayLink: boolean): Steps {
    const folders = this.#folders;
    const holder = folders === undefined ? directory : folders.open(parentPath(path));
    const name = folders === undefined ? this.nameBeside(path) : baseName(path) + this.#init.rules.suffix;
    const older = holder.lookup(name);
    if (older?.kind === "directory") yield* this.#makeRoom(holder, name, path, older);
    if (mayLink && this.#link(holder, name, directory, baseName(path))) return;
    const want = this.#wholeEntry(directory, baseName(path), have);
    if (want === undefined) return;
    yield* copyEntry(this.#copying, { source: directory, destination: holder }, baseName(path), name, want);
  }

  /** Keeps an entry and all below it. */
  *keepTree(directory: Directory, path: RelPath, have: Entry): Steps {
    if (have.kind !== "directory") return yield* this.keep(directory, path, have);
    this.#refuseStore(path);
    const failures: EntryFailure[] = [];
    const parents = new LastDirectory(this.#init.context.destination);
    try {
      for (const { path: each, entry } of this.#init.walk(this.#init.context.destination, path, have, failures)) {
        const [failure] = failures;
        if (failure !== undefined) throw cannotKeep(failure.path, failure.error);
        yield* this.keep(parents.open(parentPath(each)), each, entry);
        yield;
      }
    } finally {
      parents.close();
    }
  }

  /** A name that the source has, too, is not free: its entry is no backup. */
  nameBeside(path: RelPath): string {
    const { suffix } = this.#init.rules;
    const source = this.#sourceOf(parentPath(path));
    let name = baseName(path) + suffix;
    while (source?.lookup(name) !== undefined) name += suffix;
    return name;
  }

  /** Closes what is held open. */
  close(): void {
    this.#folders?.close();
    this.#sources.close();
  }

  #sourceOf(path: RelPath): Directory | undefined {
    try {
      return this.#sources.open(path);
    } catch (thrown) {
      const { code } = asSyncError(thrown);
      if (code === "vanished" || code === "not-directory" || code === "symlink-refused") return undefined;
      throw thrown;
    }
  }

  /** What is kept must not go with a directory that is replaced. */
  #refuseStore(path: RelPath): void {
    const within = this.#init.rules.store?.within;
    if (within === undefined || (within !== path && !within.startsWith(`${path}/`))) return;
    throw new SyncError("not-empty", `Cannot replace directory "${printable(path)}": old entries are kept in it`, {
      path,
      hint: "keep them elsewhere",
    });
  }

  /** A directory that was kept under the name is removed; anything else is renamed over. */
  *#makeRoom(holder: Directory, name: string, path: RelPath, older: Entry): Steps {
    if (this.#folders === undefined) {
      throw new SyncError("is-directory", `Cannot replace "${printable(name)}": it is a directory`, { path: name });
    }
    // Out of the way first: what is half removed must not look like something that is kept.
    const aside = this.#copying.temporaryName();
    holder.rename(name, aside);
    let failed: SyncError | undefined;
    const top = childPath(this.#folders.pathOf(parentPath(path)), aside);
    yield* removeTree(this.#copying.destination, top, older, this.#init.walk, {
      removed() {},
      failed: (_path, error) => failed ??= error,
    });
    if (failed !== undefined) throw failed;
  }

  /** Gives an entry a further name; answers `false` where that is not possible. */
  #link(holder: Directory, name: string, directory: Directory, existing: string): boolean {
    try {
      this.#linkOver(holder, name, directory, existing);
      return true;
    } catch (thrown) {
      const { code } = asSyncError(thrown);
      // Gone already: there is nothing to keep.
      if (code === "vanished" && directory.lookup(existing) === undefined) return true;
      if (CANNOT_LINK.includes(code)) return false;
      throw thrown;
    }
  }

  #linkOver(holder: Directory, name: string, directory: Directory, existing: string): void {
    try {
      return holder.link(name, directory, existing);
    } catch (thrown) {
      if (asSyncError(thrown).code !== "exists") throw thrown;
    }
    const temporary = this.#copying.temporaryName();
    holder.link(temporary, directory, existing);
    try {
      holder.rename(temporary, name);
    } finally {
      // Two names of one file already: rename(2) leaves both.
      removeQuietly(holder, temporary);
    }
  }

  /** The entry as it is now, with everything that a copy needs. */
  #wholeEntry(directory: Directory, name: string, have: Entry): Entry | undefined {
    const now = directory.lookup(name);
    if (now === undefined) return undefined;
    if (now.kind !== have.kind) {
      throw new SyncError("drift", `Cannot copy "${printable(name)}": it is a ${now.kind} now, not a ${have.kind}`, {
        path: name,
      });
    }
    const { xattrs } = this.#init.context.rules;
    return {
      ...now,
      ...(now.kind === "symlink" ? { target: directory.readLink(name) } : {}),
      ...(xattrs === undefined ? {} : { xattrs: directory.xattrs(name, xattrs) }),
    };
  }
}

function cannotKeep(path: RelPath, error: SyncError): SyncError {
  if (error.code === "internal") return atPath(error, path);
  const { code, hint, message } = error;
  // What is the source of a copy here is the destination of the run.
  return new SyncError(
    code === "source-vanished" ? "vanished" : code,
    `Cannot keep the old "${printable(baseName(path))}", so it stays: ${message}`,
    {
      path,
      hint,
      cause: error,
    },
  );
}
