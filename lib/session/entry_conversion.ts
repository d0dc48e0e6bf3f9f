/**
 * Entries of file lists as entries of a tree, and lists as listings: so that what a peer has is compared with what is
 * here in the one way in which all trees are compared.
 *
 * @module
 */
import { encodeNameInto } from "../bytes/name.ts";
import { type Entry, kindOfMode, PERMISSION_MASK } from "../model/entry.ts";
import { type Listing, WORD, WORDS } from "../model/listing.ts";
import { baseName } from "../model/rel_path.ts";
import { isDeviceMode } from "../wire/device_numbers.ts";
import type { FileEntry } from "../wire/file_entry.ts";
import type { FileList } from "../wire/file_lists.ts";
import { PEER_LIMITS } from "../wire/limits.ts";

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

  /** The number of a user, here. */
  user(id: number): number {
    return this.#map.user(id, this.#users.get(id));
  }

  /** The number of a group, here. */
  group(id: number): number {
    return this.#map.group(id, this.#groups.get(id));
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
  const isDevice = isDeviceMode(entry.mode);
  return {
    kind: kindOfMode(entry.mode),
    mode: entry.mode & PERMISSION_MASK,
    uid: owners.user(entry.uid),
    gid: owners.group(entry.gid),
    size: isDevice ? 0 : entry.size,
    mtimeSeconds: entry.mtimeSeconds,
    mtimeNanoseconds: entry.mtimeNanoseconds,
    allocated: entry.size,
    ...(entry.target === undefined ? {} : { target: entry.target }),
    ...(isDevice ? { device: [entry.major, entry.minor] as const } : {}),
  };
}

/** Room for one name. */
const NAME_ROOM = new Uint8Array(3 * PEER_LIMITS.path);
const TWO_32 = 2 ** 32;

/**
 * Fills a listing with entries of one directory, without a value for each entry that may turn out to be unchanged.
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
    const index = listing.add(NAME_ROOM, 0, encodeNameInto(baseName(entry.path), NAME_ROOM));
    setWords(listing, index, entry, owners);
    listing.words[index * WORDS + WORD.inodeLow] = place;
    if (entry.target !== undefined) listing.setTarget(index, entry.target);
  }
}

/** The same as `treeEntry`, in words. */
function setWords({ words }: Listing, index: number, entry: FileEntry, owners: Owners): void {
  const at = index * WORDS;
  const { mode, mtimeSeconds } = entry;
  const isDevice = isDeviceMode(mode);
  const size = isDevice ? 0 : entry.size;
  const blocks = Math.ceil(entry.size / 512);
  words.fill(0, at, at + WORDS);
  words[at + WORD.mode] = mode;
  words[at + WORD.links] = 1;
  words[at + WORD.uid] = owners.user(entry.uid);
  words[at + WORD.gid] = owners.group(entry.gid);
  words[at + WORD.sizeLow] = size % TWO_32;
  words[at + WORD.sizeHigh] = Math.floor(size / TWO_32);
  words[at + WORD.mtimeLow] = mtimeSeconds >>> 0; // modulo 2^32, of negative ones, too
  words[at + WORD.mtimeHigh] = Math.floor(mtimeSeconds / TWO_32);
  words[at + WORD.mtimeNanoseconds] = entry.mtimeNanoseconds;
  words[at + WORD.blocksLow] = blocks % TWO_32;
  words[at + WORD.blocksHigh] = Math.floor(blocks / TWO_32);
  if (!isDevice) return;
  words[at + WORD.rdevMajor] = entry.major;
  words[at + WORD.rdevMinor] = entry.minor;
}
