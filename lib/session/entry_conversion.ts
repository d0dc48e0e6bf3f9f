/**
 * Entries of file lists as entries of a tree, and lists as listings: so that what a peer has is compared with what is
 * here in the one way in which all trees are compared.
 *
 * @module
 */
import { encodeName } from "../bytes/name.ts";
import { type Entry, kindOfMode, PERMISSION_MASK } from "../model/entry.ts";
import type { Listing } from "../model/listing.ts";
import { baseName } from "../model/rel_path.ts";
import type { FileEntry } from "../wire/file_entry.ts";
import type { FileList } from "../wire/file_lists.ts";

/** What numbers and names of the other side are here. */
export interface IdMap {
  /** The number of a user here. */
  user(id: number, name: string | undefined): number;
  /** The number of a group here. */
  group(id: number, name: string | undefined): number;
}

/** Numbers as they are. */
export const NUMERIC_IDS: IdMap = { user: (id) => id, group: (id) => id };

/** Translates owners: names are said once, so they are remembered. */
export class Owners {
  readonly #map: IdMap;
  readonly #users = new Map<number, string>();
  readonly #groups = new Map<number, string>();

  /** Knows no names yet. */
  constructor(map: IdMap) {
    this.#map = map;
  }

  /** Remembers the name of a user. */
  learnUser(id: number, name: string): void {
    if (name !== "") this.#users.set(id, name);
  }

  /** Remembers the name of a group. */
  learnGroup(id: number, name: string): void {
    if (name !== "") this.#groups.set(id, name);
  }

  /** Remembers what an entry says. */
  learn({ uid, gid, userName, groupName }: FileEntry): void {
    if (userName !== undefined) this.learnUser(uid, userName);
    if (groupName !== undefined) this.learnGroup(gid, groupName);
  }

  /** Owner and group of an entry, here. */
  of({ uid, gid }: FileEntry): Pick<Entry, "uid" | "gid"> {
    return {
      uid: this.#map.user(uid, this.#users.get(uid)),
      gid: this.#map.group(gid, this.#groups.get(gid)),
    };
  }
}

/**
 * An entry of a list as an entry of a tree.
 *
 * @param entry The entry.
 * @param owners Translates its owner.
 * @returns Plain data.
 */
export function treeEntry(entry: FileEntry, owners: Owners): Entry {
  const kind = kindOfMode(entry.mode);
  const isDevice = kind === "block-device" || kind === "character-device";
  return {
    kind,
    mode: entry.mode & PERMISSION_MASK,
    ...owners.of(entry),
    size: isDevice ? 0 : entry.size,
    mtimeSeconds: entry.mtimeSeconds,
    mtimeNanoseconds: entry.mtimeNanoseconds,
    allocated: entry.size,
    ...(entry.target === undefined ? {} : { target: entry.target }),
    ...(isDevice ? { device: [entry.major, entry.minor] as const } : {}),
  };
}

/**
 * Fills a listing with entries of one directory.
 *
 * @param listing Emptied first. Its inodes are places in the list.
 * @param list The list.
 * @param places Which of its entries.
 * @param owners Translates owners.
 */
export function fillListing(listing: Listing, list: FileList, places: readonly number[], owners: Owners): void {
  listing.clear();
  for (const place of places) {
    const entry = list.entries[place]!;
    listing.addEntry(encodeName(baseName(entry.path)), treeEntry(entry, owners), {
      device: 0,
      inode: place,
      links: 1,
    });
  }
}
