/**
 * One entry of a file list, as both sides know it.
 *
 * @module
 */
import { TYPE_DIRECTORY, TYPE_MASK } from "../model/entry.ts";
import type { RelPath } from "../model/rel_path.ts";
import type { Acl } from "./acl.ts";
import type { XattrSet } from "./xattrs.ts";

/** Number of a group of hard links for an entry that is in none. */
export const NO_GROUP = -1;

/** An entry. What a session does not carry is zero or absent. */
export interface FileEntry {
  /** Path from the root of the transfer; the root itself is empty. */
  readonly path: RelPath;
  /** Whether the path was sent with a slash before it; it is stripped here, and matters for the order alone. */
  readonly isAbsolute: boolean;
  /** Mode with its type bits; 0 names something that is to be deleted. */
  readonly mode: number;
  /** Length in bytes. */
  readonly size: number;
  /** Time of last modification: whole seconds since 1970. */
  readonly mtimeSeconds: number;
  /** Nanoseconds to add. */
  readonly mtimeNanoseconds: number;
  /** Time of last access in seconds. */
  readonly atimeSeconds: number;
  /** Time of creation in seconds. */
  readonly creationSeconds: number;
  /** Number of the owner. */
  readonly uid: number;
  /** Number of the group. */
  readonly gid: number;
  /** Name of the owner, where it comes along; once for each number. */
  readonly userName: string | undefined;
  /** Name of the group, where it comes along; once for each number. */
  readonly groupName: string | undefined;
  /** Numbers of a device. */
  readonly major: number;
  /** Numbers of a device. */
  readonly minor: number;
  /** Target of a symlink. */
  readonly target: string | undefined;
  /** Number of its group of hard links, which is the place of the group's first entry in the order of sending. */
  readonly group: number;
  /** Whether it is the first of its group. */
  readonly isFirstOfGroup: boolean;
  /** Checksum of a file. */
  readonly checksum: Uint8Array | undefined;
  /** Access control list. */
  readonly acl: Acl | undefined;
  /** Access control list for what will be made in a directory. */
  readonly defaultAcl: Acl | undefined;
  /** Extended attributes. */
  readonly xattrs: XattrSet | undefined;
  /** Whether a directory was an argument, or, when it has no content, lies above one. */
  readonly isTop: boolean;
  /** Whether what is in a directory takes part. */
  readonly hasContent: boolean;
}

/** Tells whether an entry is a directory. */
export function isDirectory({ mode }: Pick<FileEntry, "mode">): boolean {
  return (mode & TYPE_MASK) === TYPE_DIRECTORY;
}
