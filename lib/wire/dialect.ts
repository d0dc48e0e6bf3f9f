/**
 * What the layout of a session's bytes depends on: the version, what the server said about itself, and the options that
 * both sides know. Nobody who reads or writes the protocol asks for anything else.
 *
 * @module
 */

/** Versions that are spoken. */
export type ProtocolVersion = 30 | 31 | 32;

/** What the server says about a session, by bit. Bits are obeyed as they come, whatever the version. */
export const COMPAT = {
  /** File lists come directory by directory. */
  incremental: 0x001,
  /** The server can set times of symlinks. */
  symlinkTimes: 0x002,
  /** The server converts the targets of symlinks, when it converts names. */
  symlinkCharset: 0x004,
  /** Errors may be told at the end of a file list. */
  safeFileList: 0x008,
  /** Values of attributes are exchanged for hard links, too. */
  xattrsOfLinks: 0x010,
  /** The seed comes before the bytes of a block, in MD5. */
  seedFirst: 0x020,
  /** A partial file is updated in place. */
  inplacePartial: 0x040,
  /** Flags of entries are of variable length, and algorithms are negotiated. */
  variableFlags: 0x080,
  /** Lists of names end with the name of number 0. */
  nameOfZero: 0x100,
} as const;

/** Checksums that a session can agree upon, as they are named. */
export type ChecksumName = "xxh128" | "xxh3" | "xxh64" | "md5" | "md4" | "sha1" | "none";

/** Bytes of each checksum. */
export const CHECKSUM_BYTES: Readonly<Record<ChecksumName, number>> = {
  xxh128: 16,
  xxh3: 8,
  xxh64: 8,
  md5: 16,
  md4: 16,
  sha1: 20,
  none: 1,
};

/** Compressions that a session can agree upon, as they are named. */
export type CompressionName = "zstd" | "lz4" | "zlibx" | "zlib" | "none";

/** What the entries of a session carry. */
export interface Carried {
  /** Owners (`-o`). */
  readonly owners: boolean;
  /** Groups (`-g`). */
  readonly groups: boolean;
  /** Targets of symlinks (`-l`). */
  readonly symlinks: boolean;
  /** Numbers of devices (`-D`). */
  readonly devices: boolean;
  /** FIFOs and sockets (`-D`). */
  readonly specials: boolean;
  /** Hard links (`-H`). */
  readonly hardLinks: boolean;
  /** Access control lists (`-A`). */
  readonly acls: boolean;
  /** Extended attributes (`-X`). */
  readonly xattrs: boolean;
  /** Times of last access (`-U`). */
  readonly accessTimes: boolean;
  /** Times of creation (`-N`). */
  readonly creationTimes: boolean;
  /** Checksums of files (`-c`). */
  readonly checksums: boolean;
  /** Owners and groups by number alone (`--numeric-ids`). */
  readonly numericIds: boolean;
}

/** A session's layout. */
export interface Dialect {
  /** The version that both speak. */
  readonly version: ProtocolVersion;
  /** Bits of {@linkcode COMPAT}. */
  readonly compat: number;
  /** What entries carry. */
  readonly carried: Carried;
  /** The checksum of blocks and of whole files. */
  readonly checksum: ChecksumName;
  /** The checksum in file lists. */
  readonly listChecksum: ChecksumName;
  /** How file data is compressed. */
  readonly compression: CompressionName;
  /** What goes into the sums of blocks. */
  readonly seed: number;
  /** Whether items are told and nothing is transferred. */
  readonly isListed: boolean;
  /** Whether names may begin at the root of the file system (`-R`). */
  readonly hasAbsoluteNames: boolean;
  /** Whether entries of mode 0 name what is to be deleted (`--delete-missing-args`). */
  readonly hasMissing: boolean;
}

/**
 * Tells whether the server said something.
 *
 * @param dialect The session.
 * @param bit One of {@linkcode COMPAT}.
 * @returns `true` when the bit is set.
 */
export function says({ compat }: Pick<Dialect, "compat">, bit: number): boolean {
  return (compat & bit) !== 0;
}
