/**
 * The list of what is offered to the receiving side: all entries of a tree that take part, directory by directory.
 *
 * @module
 */
import { encodeName } from "../bytes/name.ts";
import { asSyncError, atPath, SyncError } from "../errors.ts";
import { typeBits } from "../model/entry.ts";
import { Listing, WORD, WORDS } from "../model/listing.ts";
import { childPath, type RelPath, ROOT } from "../model/rel_path.ts";
import type { Steps } from "../model/steps.ts";
import type { Directory, EntryFailure, Tree } from "../model/tree.ts";
import type { Selection } from "../plan/selection.ts";
import type { Carried } from "../wire/dialect.ts";
import { type FileEntry, NO_GROUP } from "../wire/file_entry.ts";
import { PEER_LIMITS } from "../wire/limits.ts";

/** Says what takes part in an open directory. */
export type SelectionIn = (path: RelPath, directory: Directory) => Pick<Selection, "hides"> | undefined;

/** What is listed. */
export interface TransferRules {
  /** What the session carries. */
  readonly carried: Carried;
  /** What takes part. @default {everything} */
  readonly selectionIn?: SelectionIn | undefined;
}

/** A list, and what could not be put into it. */
export interface TransferList {
  /** The entries, the root first, in the order of sending. */
  readonly entries: readonly FileEntry[];
  /** What could not be looked at. */
  readonly failures: readonly EntryFailure[];
}

/** What nothing is said about. */
const PLAIN = {
  isAbsolute: false,
  atimeSeconds: 0,
  creationSeconds: 0,
  userName: undefined,
  groupName: undefined,
  major: 0,
  minor: 0,
  target: undefined,
  group: NO_GROUP,
  isFirstOfGroup: false,
  checksum: undefined,
  acl: undefined,
  defaultAcl: undefined,
  xattrs: undefined,
  isTop: false,
  hasContent: true,
} as const;

/**
 * Lists a tree.
 *
 * @param tree The tree.
 * @param rules What is listed.
 * @returns Steps; the result is the list. What cannot be read is told, and left out.
 * @throws {SyncError} when the root itself cannot be listed.
 */
export function* listForTransfer(tree: Tree, rules: TransferRules): Steps<TransferList> {
  const scan = new TransferScan(rules);
  const waiting: RelPath[] = [ROOT];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    let directory: Directory | undefined;
    try {
      directory = tree.open(path);
      if (path === ROOT) scan.addRoot(directory);
      waiting.push(...yield* scan.addContent(path, directory));
    } catch (thrown) {
      if (path === ROOT) throw thrown;
      scan.failures.push({ path, error: atPath(asSyncError(thrown), path) });
    } finally {
      directory?.close();
    }
  }
  return scan;
}

/** Gathers the entries. */
class TransferScan implements TransferList {
  readonly entries: FileEntry[] = [];
  readonly failures: EntryFailure[] = [];
  readonly #rules: TransferRules;
  readonly #listing = new Listing();
  /** Groups of hard links by their inodes: the place of the first in the list. */
  readonly #groups = new Map<string, number>();

  constructor(rules: TransferRules) {
    this.#rules = rules;
  }

  addRoot(directory: Directory): void {
    const { kind, mode, size, uid, gid, mtimeSeconds, mtimeNanoseconds } = directory.entry();
    const own = { mode: mode | typeBits(kind), size, uid, gid, mtimeSeconds, mtimeNanoseconds };
    this.entries.push({ ...PLAIN, ...own, path: ROOT, isTop: true });
  }

  /** Adds what is in a directory; returns the directories in it, the last one first. */
  *addContent(path: RelPath, directory: Directory): Steps<RelPath[]> {
    const listing = this.#listing;
    listing.clear();
    while (directory.list(listing)) yield;
    const selection = this.#rules.selectionIn?.(path, directory);
    const below: RelPath[] = [];
    for (let at = 0; at < listing.count; at++) {
      if (listing.isTemporary(at) || selection?.hides(listing, at) === true) continue;
      const child = childPath(path, listing.name(at));
      const error = listing.error(at) ?? unsendable(child) ?? this.#addEntry(child, directory, at);
      if (error !== undefined) this.failures.push({ path: child, error: atPath(error, child) });
      else if (listing.isDirectory(at)) below.push(child);
    }
    return below.reverse();
  }

  #addEntry(path: RelPath, directory: Directory, at: number): SyncError | undefined {
    const { carried } = this.#rules;
    const listing = this.#listing;
    try {
      const target = carried.symlinks && listing.isSymlink(at) ? directory.readLink(listing.name(at)) : undefined;
      this.entries.push({ ...entryOf(listing, at, path), target, ...this.#groupOf(at) });
      return undefined;
    } catch (thrown) {
      return asSyncError(thrown);
    }
  }

  /** The group of hard links that an entry is in; the first of it makes it. */
  #groupOf(at: number): Pick<FileEntry, "group" | "isFirstOfGroup"> {
    const listing = this.#listing;
    if (!this.#rules.carried.hardLinks || listing.isDirectory(at) || listing.links(at) < 2) return ALONE;
    const identity = listing.identity(at);
    const known = this.#groups.get(identity);
    if (known !== undefined) return { group: known, isFirstOfGroup: false };
    const group = this.entries.length;
    this.#groups.set(identity, group);
    return { group, isFirstOfGroup: true };
  }
}

/** An entry that is in no group. */
const ALONE = { group: NO_GROUP, isFirstOfGroup: false } as const;

function entryOf(listing: Listing, at: number, path: RelPath): FileEntry {
  const { words } = listing;
  const start = at * WORDS;
  const kind = listing.kind(at);
  const hasNumbers = kind === "block-device" || kind === "character-device";
  return {
    ...PLAIN,
    path,
    mode: words[start + WORD.mode]!,
    size: kind === "file" || kind === "symlink" || kind === "directory" ? listing.size(at) : 0,
    mtimeSeconds: listing.mtimeSeconds(at),
    mtimeNanoseconds: words[start + WORD.mtimeNanoseconds]!,
    uid: words[start + WORD.uid]!,
    gid: words[start + WORD.gid]!,
    major: hasNumbers ? words[start + WORD.rdevMajor]! : 0,
    minor: hasNumbers ? words[start + WORD.rdevMinor]! : 0,
  };
}

/** Peers refuse longer paths than this. */
function unsendable(path: RelPath): SyncError | undefined {
  if (path.length <= PEER_LIMITS.path / 3 || encodeName(path).length <= PEER_LIMITS.path) return undefined;
  return new SyncError("name-not-representable", `Cannot send a path of more than ${PEER_LIMITS.path} bytes`, { path });
}
