/**
 * What is known of one entry of a tree, as plain data.
 *
 * @module
 */

/** Kinds of entries. */
export type Kind =
  | "file"
  | "directory"
  | "symlink"
  | "fifo"
  | "socket"
  | "block-device"
  | "character-device";

/** Extended attributes of an entry: full name to value in base64, names in byte order. */
export type Xattrs = Readonly<Record<string, string>>;

/** One entry's metadata. Plain data: it can be compared, sent to a worker and written as JSON. */
export interface Entry {
  /** What it is. */
  readonly kind: Kind;
  /** Permission bits with setuid, setgid and sticky (`0o7777`). */
  readonly mode: number;
  /** Number of the owner. */
  readonly uid: number;
  /** Number of the group. */
  readonly gid: number;
  /** Length in bytes; for a symlink the length of its target. */
  readonly size: number;
  /** Time of last modification: whole seconds since 1970, negative before. */
  readonly mtimeSeconds: number;
  /** Nanoseconds to add to `mtimeSeconds`, 0 to 999,999,999. */
  readonly mtimeNanoseconds: number;
  /** Bytes that are allocated; less than `size` for a file with holes. */
  readonly allocated: number;
  /** Where a symlink points, as it is written. */
  readonly target?: string;
  /** Major and minor number of a device. */
  readonly device?: readonly [major: number, minor: number];
  /** Extended attributes, when the task carries them. */
  readonly xattrs?: Xattrs;
}

/** Owner or group number that leaves the present one. */
export const KEEP_OWNER = 0xffff_ffff;

/** What to set on an entry; what is absent is left alone. */
export interface MetadataPatch {
  /** Permission bits (`0o7777`); ignored for symlinks. */
  readonly mode?: number;
  /** Number of the owner, or {@linkcode KEEP_OWNER}; set together with `gid`. */
  readonly uid?: number;
  /** Number of the group, or {@linkcode KEEP_OWNER}. */
  readonly gid?: number;
  /** Whole seconds since 1970; set together with `mtimeNanoseconds`. */
  readonly mtimeSeconds?: number;
  /** Nanoseconds to add, 0 to 999,999,999. */
  readonly mtimeNanoseconds?: number;
}

const TYPE_BITS: Readonly<Record<Kind, number>> = {
  "file": 0o100000,
  "directory": 0o040000,
  "symlink": 0o120000,
  "fifo": 0o010000,
  "socket": 0o140000,
  "block-device": 0o060000,
  "character-device": 0o020000,
};

const KIND_OF_TYPE_BITS: ReadonlyMap<number, Kind> = new Map(
  Object.entries(TYPE_BITS).map(([kind, bits]) => [bits, kind as Kind]),
);

/** Type bits of a `stat` mode (`S_IFMT`). */
export const TYPE_MASK = 0o170000;
/** Type bits of a regular file. */
export const TYPE_FILE = 0o100000;
/** Type bits of a directory. */
export const TYPE_DIRECTORY = 0o040000;
/** Type bits of a symbolic link. */
export const TYPE_SYMLINK = 0o120000;
/** Permission bits of a `stat` mode. */
export const PERMISSION_MASK = 0o7777;

/**
 * The kind that a `stat` mode says.
 *
 * @param mode Mode with its type bits.
 * @returns The kind; an unknown type counts as a character device, which is never read.
 */
export function kindOfMode(mode: number): Kind {
  return KIND_OF_TYPE_BITS.get(mode & TYPE_MASK) ?? "character-device";
}

/**
 * The type bits of a kind.
 *
 * @param kind What the entry is.
 * @returns Bits of `S_IFMT`.
 */
export function typeBits(kind: Kind): number {
  return TYPE_BITS[kind];
}
