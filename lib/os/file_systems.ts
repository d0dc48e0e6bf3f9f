/**
 * File systems and how much room they have (statfs(2)).
 *
 * @module
 */
import type { Space } from "../model/space.ts";

/** Types by `f_type` (statfs(2), linux/magic.h). */
const FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0xef53, "ext4"],
  [0x58465342, "xfs"],
  [0x9123683e, "btrfs"],
  [0x01021994, "tmpfs"],
  [0x858458f6, "ramfs"],
  [0x794c7630, "overlayfs"],
  [0x2fc12fc1, "zfs"],
  [0xca451a4e, "bcachefs"],
  [0xf2f52010, "f2fs"],
  [0x6969, "nfs"],
  [0xff534d42, "cifs"],
  [0xfe534d42, "smb2"],
  [0x65735546, "fuse"],
  [0x01021997, "9p"],
  [0x6a656a63, "virtiofs"],
  [0x4d44, "vfat"],
  [0x2011bab0, "exfat"],
  [0x5346544e, "ntfs"],
  [0x7366746e, "ntfs3"],
  [0x9660, "iso9660"],
  [0x73717368, "squashfs"],
  [0xe0f5e1e2, "erofs"],
  [0x00c36400, "ceph"],
  [0x9fa0, "proc"],
  [0x62656572, "sysfs"],
]);

/**
 * The name of a type of file system.
 *
 * @param type The number that the kernel gives (`f_type`), with or without a sign.
 * @returns For example `"ext4"`; hexadecimal for a type that is not known.
 */
export function fileSystemName(type: number): string {
  const magic = type >>> 0;
  return FILE_SYSTEMS.get(magic) ?? `0x${magic.toString(16)}`;
}

/** What a file system says of itself, in numbers that a double holds. */
export interface FileSystemNumbers {
  /** Type (`f_type`). */
  readonly type: number;
  /** What tells it from others (`f_fsid`); empty where it is not known. */
  readonly id: string;
  /** Unit of all counts of blocks. */
  readonly blockBytes: number;
  /** All blocks. */
  readonly blocks: number;
  /** Blocks that are free. */
  readonly freeBlocks: number;
  /** Blocks that are free for everybody. */
  readonly availableBlocks: number;
  /** All inodes; 0 where they are made as needed. */
  readonly inodes: number;
  /** Inodes that are free. */
  readonly freeInodes: number;
}

/**
 * The room that a file system has for this process.
 *
 * @param numbers What it says.
 * @param privileged Whether the process may take what is reserved.
 * @returns The room, or `undefined` for a file system that does not say.
 */
export function spaceOf(numbers: FileSystemNumbers, privileged: boolean): Space | undefined {
  const { type, id, blockBytes, blocks, freeBlocks, availableBlocks, inodes, freeInodes } = numbers;
  if (blockBytes <= 0 || blocks <= 0) return undefined;
  const limited = inodes > 0;
  return {
    type: fileSystemName(type),
    id,
    blockBytes,
    freeBytes: (privileged ? freeBlocks : availableBlocks) * blockBytes,
    usedBytes: (blocks - freeBlocks) * blockBytes,
    freeEntries: limited ? freeInodes : undefined,
    usedEntries: limited ? inodes - freeInodes : undefined,
  };
}

/** Words of `struct statfs` on x86-64 and arm64 (asm-generic/statfs.h), 64 bits each but for the two of `f_fsid`. */
const STATFS = { type: 0, blockBytes: 1, blocks: 2, free: 3, available: 4, files: 5, freeFiles: 6, id: 7, fragment: 9 };

/** Size of `struct statfs` in bytes. */
export const STATFS_BYTES = 120;

/**
 * Reads what `fstatfs` wrote.
 *
 * @param buffer {@linkcode STATFS_BYTES} bytes.
 * @returns The numbers.
 */
export function readStatfs(buffer: ArrayBufferLike): FileSystemNumbers {
  const words = new BigUint64Array(buffer, 0, STATFS_BYTES / 8);
  const number = (at: number) => Number(words[at]!);
  const id = words[STATFS.id]!;
  return {
    type: number(STATFS.type),
    id: id === 0n ? "" : id.toString(16),
    // Old file systems leave the size of a fragment, the unit of their counts, out.
    blockBytes: number(STATFS.fragment) || number(STATFS.blockBytes),
    blocks: number(STATFS.blocks),
    freeBlocks: number(STATFS.free),
    availableBlocks: number(STATFS.available),
    inodes: number(STATFS.files),
    freeInodes: number(STATFS.freeFiles),
  };
}
