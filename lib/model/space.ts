/**
 * How much room a file system has, as far as it says. What quotas allow is not known.
 *
 * @module
 */

/** The room on the file system of a tree. */
export interface Space {
  /** Type of the file system, such as `"ext4"`; hexadecimal when it is not a known one. */
  readonly type: string;
  /** What tells this file system from others; empty where that is not known. */
  readonly id: string;
  /** Content takes room in multiples of this many bytes. */
  readonly blockBytes: number;
  /** Bytes that this process may still take. What is reserved for privileged processes counts for those alone. */
  readonly freeBytes: number;
  /** Bytes that are taken. */
  readonly usedBytes: number;
  /** Entries (inodes) that can still be made; `undefined` where their number is not limited. */
  readonly freeEntries: number | undefined;
  /** Entries (inodes) that there are; `undefined` where they are not counted. */
  readonly usedEntries: number | undefined;
}

/** File systems on which files can share their content. */
const SHARING: ReadonlySet<string> = new Set(["btrfs", "xfs", "bcachefs", "zfs", "ocfs2"]);

/**
 * Whether content may be shared between two trees instead of being copied, so that it takes no room.
 *
 * @param one Room of one tree.
 * @param other Room of the other.
 * @returns `true` when both are on one file system that can do it, or may be.
 */
export function mayShareContent(one: Space, other: Space): boolean {
  if (one.type !== other.type || !SHARING.has(one.type) || one.id === "" || other.id === "") return false;
  // A subvolume of btrfs or a data set of zfs has an identity of its own.
  return one.id === other.id || one.type === "btrfs" || one.type === "zfs";
}

/** File systems that take for each byte of content a byte, and say so: nothing is shared, compressed or elsewhere. */
const PLAIN: ReadonlySet<string> = new Set(["ext4", "tmpfs"]);

/** Where a further hard link takes an entry as if it were a file (tmpfs keeps each name in memory). */
const COUNTING_LINKS: ReadonlySet<string> = new Set(["tmpfs"]);

/**
 * Whether a further hard link counts as an entry.
 *
 * @param space Room of a file system.
 * @returns `false` on all that keep files on a disk.
 */
export function countsLinks({ type }: Space): boolean {
  return COUNTING_LINKS.has(type);
}

/**
 * Whether everything on a file system would fit into the room of another, so that a part of it does.
 *
 * @param source Room of the file system that holds all of the source.
 * @param destination Room at the destination.
 * @returns `true` when that is certain. Each entry is allowed a block of the destination for what does not fill one.
 */
export function surelyFits(source: Space, destination: Space): boolean {
  if (!PLAIN.has(source.type) || source.usedEntries === undefined) return false;
  if (source.usedBytes + source.usedEntries * destination.blockBytes > destination.freeBytes) return false;
  if (destination.freeEntries === undefined) return true;
  // Its links are among the entries of the destination, and not among its own.
  if (countsLinks(destination) && !countsLinks(source)) return false;
  return source.usedEntries <= destination.freeEntries;
}
