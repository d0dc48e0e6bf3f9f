/**
 * Compares two subtrees of one tree, such as two snapshots of a store. What is one inode is the same, without a look;
 * otherwise metadata is compared, and contents only where that is asked for or a move is to be confirmed. The
 * differences are remembered until the end, since a move has two ends; what is the same costs no memory.
 *
 * @module
 */
import { DIFFERENCE, differenceNames, differences } from "../compare/differences.ts";
import { asSyncError, atPath } from "../errors.ts";
import { TYPE_FILE } from "../model/entry.ts";
import { Listing, matchListings } from "../model/listing.ts";
import { baseName, childPath, comparePaths, parentPath, type RelPath } from "../model/rel_path.ts";
import type { Steps } from "../model/steps.ts";
import type { Directory, EntryFailure, FileReader, Tree } from "../model/tree.ts";
import { entryDifferences, SNAPSHOT_RULES } from "./entry_differences.ts";
import { type Lone, withMoves } from "./moved_files.ts";
import type { TreeChange } from "./tree_change.ts";
import { below, type Place, walkTogether } from "./walk_together.ts";

/** How two trees are compared. */
export interface DiffInit {
  /** The tree that holds both. */
  readonly tree: Tree;
  /** The earlier one. */
  readonly before: RelPath;
  /** The later one. */
  readonly after: RelPath;
  /** Whether files of equal size that are not one inode are compared byte by byte. */
  readonly contents: boolean;
  /** Compares the contents of two open files of a size. */
  readonly sameContent: (one: FileReader, other: FileReader, size: number) => Steps<boolean>;
  /** Receives what could not be looked at, by its path in the tree. */
  readonly failures: EntryFailure[];
}

/** What was found. */
export interface DiffFound {
  /** The differences, in tree order. */
  readonly changes: readonly TreeChange[];
  /** How many entries do not differ. */
  readonly unchanged: number;
}

/**
 * Compares.
 *
 * @param init What is compared, and how.
 * @returns Steps; the result is what differs.
 */
export function* diffTrees(init: DiffInit): Steps<DiffFound> {
  const { tree, before, after, failures } = init;
  const diff = new TreeDiff(init);
  yield* walkTogether(tree, [before, after], diff, failures);
  return yield* diff.finish();
}

class TreeDiff {
  readonly #init: DiffInit;
  readonly #removed: Lone[] = [];
  readonly #added: Lone[] = [];
  readonly #changed: TreeChange[] = [];
  readonly #nothing = new Listing();
  #matches: Int32Array = new Int32Array(256);
  #unchanged = 0;
  #isBlind = false;

  constructor(init: DiffInit) {
    this.#init = init;
  }

  *visit(path: RelPath, places: readonly Place[], isPartial: boolean): Steps {
    // What could not be listed on one side is unknown, and not added or removed.
    this.#isBlind = isPartial;
    if (isPartial) return;
    const before = places.find(({ top }) => top === 0);
    const after = places.find(({ top }) => top === 1);
    const had = before?.listing ?? this.#nothing;
    const has = after?.listing ?? this.#nothing;
    this.#matches = matchListings(had, has, this.#matches);
    const found = new Uint8Array(has.count);
    for (let index = 0; index < had.count; index++) {
      const other = this.#matches[index]!;
      if (other >= 0) found[other] = 1;
      if (other < 0) this.#keepLone(this.#removed, this.#init.before, path, before!, index);
      else if (had.identity(index) === has.identity(other)) this.#unchanged++;
      else yield* this.#compare(path, before!, index, after!, other);
    }
    for (let index = 0; index < has.count; index++) {
      if (found[index] === 0) this.#keepLone(this.#added, this.#init.after, path, after!, index);
    }
  }

  descends(): boolean {
    return !this.#isBlind;
  }

  *finish(): Steps<DiffFound> {
    const { tree, before, after, failures, sameContent } = this.#init;
    const lone = yield* withMoves(this.#removed, this.#added, function* (old, path) {
      return yield* sameFiles(tree, below(before, old), below(after, path), sameContent, failures);
    }, (one, other) => entryDifferences(one.entry, other.entry));
    const changes = [...this.#changed, ...lone].sort((a, b) => comparePaths(a.path, b.path));
    return { changes, unchanged: this.#unchanged };
  }

  #keepLone(into: Lone[], top: RelPath, path: RelPath, { listing, directory }: Place, index: number): void {
    if (this.#hasFailed(top, path, listing, index)) return;
    const child = childPath(path, listing.name(index));
    if (listing.isSymlink(index)) this.#readTarget(directory, listing, index, below(top, child));
    into.push({ path: child, entry: listing.entry(index), identity: listing.identity(index) });
  }

  *#compare(path: RelPath, before: Place, index: number, after: Place, other: number): Steps {
    const [had, has] = [before.listing, after.listing];
    const { before: old, after: young, contents, sameContent, tree, failures } = this.#init;
    if (this.#hasFailed(old, path, had, index) || this.#hasFailed(young, path, has, other)) return;
    const child = childPath(path, had.name(index));
    if (had.isSymlink(index)) this.#readTarget(before.directory, had, index, below(old, child));
    if (has.isSymlink(other)) this.#readTarget(after.directory, has, other, below(young, child));
    if (had.type(index) !== has.type(other)) {
      this.#changed.push({
        ...{ change: "changed", path: child, reasons: ["kind"] },
        ...{ before: had.entry(index), after: has.entry(other) },
      });
      return;
    }
    let bits = differences(has, other, had, index, SNAPSHOT_RULES);
    // A directory's time says only that entries came or went, which is told of these.
    if (had.isDirectory(index)) bits &= ~DIFFERENCE.time;
    const looks = contents && had.type(index) === TYPE_FILE && (bits & DIFFERENCE.size) === 0;
    if (looks && !(yield* sameFiles(tree, below(old, child), below(young, child), sameContent, failures))) {
      bits |= DIFFERENCE.content;
    }
    if (bits === 0) {
      this.#unchanged++;
      return;
    }
    const reasons = differenceNames(bits);
    this.#changed.push({
      ...{ change: "changed", path: child, before: had.entry(index), after: has.entry(other), reasons },
    });
  }

  #hasFailed(top: RelPath, path: RelPath, listing: Listing, index: number): boolean {
    const error = listing.error(index);
    if (error === undefined) return false;
    const where = below(top, childPath(path, listing.name(index)));
    this.#init.failures.push({ path: where, error: atPath(error, where) });
    return true;
  }

  #readTarget(directory: Directory, listing: Listing, index: number, where: RelPath): void {
    try {
      listing.setTarget(index, directory.readLink(listing.name(index)));
    } catch (thrown) {
      this.#init.failures.push({ path: where, error: atPath(asSyncError(thrown), where) });
    }
  }
}

/** Whether two files hold the same bytes; one that cannot be read is told, and is not the same. */
function* sameFiles(
  tree: Tree,
  one: RelPath,
  other: RelPath,
  sameContent: DiffInit["sameContent"],
  failures: EntryFailure[],
): Steps<boolean> {
  const opened: FileReader[] = [];
  for (const path of [one, other]) {
    try {
      opened.push(openFile(tree, path));
    } catch (thrown) {
      failures.push({ path, error: atPath(asSyncError(thrown), path) });
    }
  }
  const [first, second] = opened;
  try {
    if (first === undefined || second === undefined) return false;
    return yield* sameContent(first, second, first.entry().size);
  } finally {
    for (const file of opened) file.close();
  }
}

function openFile(tree: Tree, path: RelPath): FileReader {
  const directory = tree.open(parentPath(path));
  try {
    return directory.openFile(baseName(path));
  } finally {
    directory.close();
  }
}
