/**
 * The file lists of a session and the numbers of their entries. Both sides keep the same numbering: entries by their
 * order in the sorted lists, directories by the order in which they became known.
 *
 * Between the numbers of two incremental lists there is one that names the directory whose content the second one is.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import type { SyncError } from "../errors.ts";
import { parentPath, type RelPath, ROOT } from "../model/rel_path.ts";
import { orderKey, sortEntries } from "./entry_order.ts";
import { type FileEntry, isDirectory } from "./file_entry.ts";
import { breach } from "./input.ts";
import { PEER_LIMITS } from "./limits.ts";

/** Makes the error for lists that cannot be. */
export interface Blame {
  /** Says what should have come, and what came instead. */
  breach(expected: string, came: string): SyncError;
}

/** For lists of one's own. */
const OURS: Blame = { breach: (expected, came) => breach("the file lists of this side", 0, expected, came) };

/** One list. */
export interface FileList {
  /** Number of its first entry. */
  readonly start: number;
  /** Its entries by their numbers. */
  readonly entries: readonly FileEntry[];
  /** The directory whose content it is; `undefined` for the first list. */
  readonly directory: RelPath | undefined;
  /** The entry of that directory; for the first list the root's, if it is there. */
  readonly own: FileEntry | undefined;
  /** Places in the list that count for nothing, because another entry has the same name. */
  readonly dropped: ReadonlySet<number>;
}

/** A directory whose list is to come. */
interface Pending {
  readonly entry: FileEntry;
}

/** All lists of a session. */
export class FileLists {
  readonly #isIncremental: boolean;
  /** Directories by number; `undefined` once they are listed, or when they never will be. */
  readonly #directories: (Pending | undefined)[] = [];
  /** Lists that are not released, in order. */
  readonly #live: FileList[] = [];
  #nextStart: number;
  #count = 0;
  #held = 0;
  #isComplete = false;

  /**
   * Begins a session.
   *
   * @param isIncremental Whether lists come directory by directory.
   */
  constructor(isIncremental: boolean) {
    this.#isIncremental = isIncremental;
    this.#nextStart = isIncremental ? 1 : 0;
  }

  /** Number of the first entry of the next list. */
  get nextStart(): number {
    return this.#nextStart;
  }

  /** How many lists there have been. */
  get count(): number {
    return this.#count;
  }

  /** Lists that are not released, in order. */
  get live(): readonly FileList[] {
    return this.#live;
  }

  /** Whether no more lists come. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** How many directories are known, listed or not. */
  get directoryCount(): number {
    return this.#directories.length;
  }

  /**
   * The directory whose list is announced.
   *
   * @param number Its number.
   * @param blame Makes the error. @default {for lists of one's own}
   * @returns Its entry.
   * @throws {SyncError} code `"peer-protocol"` when it is not known or was listed before.
   */
  announced(number: number, blame: Blame = OURS): FileEntry {
    const pending = this.#isComplete ? undefined : this.#directories[number];
    if (this.#isIncremental && pending !== undefined) return pending.entry;
    throw blame.breach("the list of a directory that is known and not listed yet", `that of number ${number}`);
  }

  /**
   * Adds a list.
   *
   * @param sent Its entries in the order of sending.
   * @param number The directory that it lists; `undefined` for the first list.
   * @param blame Makes the error. @default {for lists of one's own}
   * @returns The list.
   * @throws {SyncError} code `"peer-protocol"` when an entry is not where it belongs.
   */
  add(sent: readonly FileEntry[], number?: number, blame: Blame = OURS): FileList {
    const own = number === undefined ? undefined : this.announced(number, blame);
    const entries = sortEntries(sent);
    checkPlaces(entries, own?.path, blame);
    this.#held += entries.length;
    if (this.#held > PEER_LIMITS.entriesHeld) {
      throw blame.breach(`at most ${PEER_LIMITS.entriesHeld} entries at once`, "more");
    }
    const dropped = droppedPlaces(entries);
    const first = entries[0];
    const root = first !== undefined && first.path === ROOT ? first : undefined;
    const list: FileList = { start: this.#nextStart, entries, directory: own?.path, own: own ?? root, dropped };
    if (number !== undefined) this.#directories[number] = undefined;
    entries.forEach((entry, place) => {
      if (!isDirectory(entry)) return;
      this.#directories.push(entry.path === ROOT || dropped.has(place) ? undefined : { entry });
    });
    this.#live.push(list);
    this.#count++;
    this.#nextStart += entries.length + 1;
    if (!this.#isIncremental) this.#isComplete = true;
    return list;
  }

  /**
   * Says that no more lists come.
   *
   * @param blame Makes the error. @default {for lists of one's own}
   * @throws {SyncError} code `"peer-protocol"` when that was said before.
   */
  complete(blame: Blame = OURS): void {
    if (this.#isComplete) throw blame.breach("the end of the lists once", "it again");
    this.#isComplete = true;
  }

  /**
   * Releases the oldest list: its numbers are no longer valid.
   *
   * @returns The list; `undefined` when there is none.
   */
  release(): FileList | undefined {
    const list = this.#live.shift();
    this.#held -= list?.entries.length ?? 0;
    return list;
  }

  /**
   * The list that holds a number.
   *
   * @param index The number.
   * @returns A list that is not released; `undefined` when there is none.
   */
  listOf(index: number): FileList | undefined {
    let low = 0;
    let high = this.#live.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#live[middle]!.start - 1 <= index) low = middle + 1;
      else high = middle;
    }
    const list = this.#live[low - 1];
    return list !== undefined && index < list.start + list.entries.length ? list : undefined;
  }

  /**
   * The entry that a number names.
   *
   * @param index The number.
   * @returns The entry, or `undefined` when there is none: the number is not valid, or its place counts for nothing.
   */
  entryAt(index: number): FileEntry | undefined {
    const list = this.listOf(index);
    if (list === undefined) return undefined;
    const place = index - list.start;
    if (place < 0) return this.#isIncremental ? list.own : undefined;
    return list.dropped.has(place) ? undefined : list.entries[place];
  }
}

/** Each entry lies in a directory of the first list, or in the one whose content the list is. */
function checkPlaces(entries: readonly FileEntry[], directory: RelPath | undefined, blame: Blame): void {
  if (directory !== undefined) {
    for (const { path } of entries) if (path === ROOT || parentPath(path) !== directory) throw misplaced(path, blame);
    return;
  }
  const known = new Set<string>([ROOT]);
  for (const entry of entries) {
    if (!known.has(parentPath(entry.path))) throw misplaced(entry.path, blame);
    if (isDirectory(entry)) known.add(entry.path);
  }
}

function misplaced(path: RelPath, blame: Blame): SyncError {
  return blame.breach("an entry in a directory of the list", `"${printable(path)}"`);
}

const NONE: ReadonlySet<number> = new Set();

/** The first of several entries counts; of a directory and something else, the directory. */
function droppedPlaces(entries: readonly FileEntry[]): ReadonlySet<number> {
  let dropped: Set<number> | undefined;
  const folders = new Set<string>();
  for (const entry of entries) if (isDirectory(entry)) folders.add(entry.path);
  for (let at = 0; at < entries.length; at++) {
    const entry = entries[at]!;
    const before = entries[at - 1];
    const isRepeated = before !== undefined && entry.path === before.path && orderKey(entry) === orderKey(before);
    if (isRepeated || (folders.size > 0 && !isDirectory(entry) && folders.has(entry.path))) {
      (dropped ??= new Set()).add(at);
    }
  }
  return dropped ?? NONE;
}
