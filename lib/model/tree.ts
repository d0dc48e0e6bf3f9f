/**
 * The ports through which everything else sees a file system: a {@linkcode Tree} opened once, directories opened below
 * it, files opened in those. Every call is synchronous, relative to an open directory, and never passes through a
 * symlink; an implementation that cannot promise this says so in its capabilities. Every method throws a
 * {@linkcode SyncError} whose `path` is the last name only; callers add the rest.
 *
 * @module
 */
import type { SyncError } from "../errors.ts";
import type { Capabilities } from "./capabilities.ts";
import type { Entry, MetadataPatch, Xattrs } from "./entry.ts";
import type { Listing } from "./listing.ts";
import type { RelPath } from "./rel_path.ts";
import type { Space } from "./space.ts";
import type { Stamp } from "./stamp.ts";

/** Which extended attributes are meant. */
export interface XattrScope {
  /** `user.*`, and with privileges all other namespaces but `system.*`. @default {false} */
  readonly attributes: boolean;
  /** POSIX access control lists. @default {false} */
  readonly lists: boolean;
}

/** A tree of files below one root that is held open. */
export interface Tree {
  /** What this implementation offers. */
  readonly capabilities: Capabilities;
  /** Opens a directory below the root; the empty path is the root. Fails with `"symlink-refused"` or
   * `"not-directory"` when any component is not a directory. */
  open(path: RelPath): Directory;
  /** What is told by a file that is open, as the listings of this tree would tell it. @default {the same} */
  asSeen?(entry: Entry): Entry;
  /** How much room there is on the file system of the root; `undefined` where it does not say. */
  space(): Space | undefined;
  /** Writes everything that is buffered for the file system of this tree to the disk. */
  flush(): void;
  /** Releases the root. */
  close(): void;
}

/** One open directory. Names are single names, as a listing gives them. */
export interface Directory {
  /** Device and inode, equal for two handles of one directory. */
  identity(): string;
  /** Metadata of the directory itself. */
  entry(): Entry;
  /** Adds the next entries to a listing (without `.` and `..`); call until it returns `false`. */
  list(into: Listing): boolean;
  /** Metadata of one entry, or `undefined` when there is none of that name. */
  lookup(name: string): Entry | undefined;
  /** Device and inode of one entry, or `undefined` when there is none of that name. */
  identityOf(name: string): string | undefined;
  /** Target of a symlink. */
  readLink(name: string): string;
  /** Opens a directory in this one; a symlink is refused. */
  openDirectory(name: string): Directory;
  /** Opens a regular file for reading; a symlink is refused, and nothing blocks. */
  openFile(name: string): FileReader;
  /** Opens a regular file that is there for reading and writing; a symlink is refused, and nothing blocks. `undefined`
   * for a file with further names: what is written would change under these, too. */
  openToUpdate(name: string): FileUpdater | undefined;
  /** Makes a new regular file and opens it for writing; fails with `"exists"`. Later errors name it `shownAs`. */
  createFile(name: string, mode: number, shownAs?: string): FileWriter;
  /** Makes a new regular file without a name, which vanishes unless {@linkcode nameFile} gives it one; `undefined`
   * where that is not possible. Errors name it `shownAs`. */
  createUnnamedFile(mode: number, shownAs: string): FileWriter | undefined;
  /** Gives a file that was made without a name one in this directory. Fails with `"exists"`, and with
   * `"unsupported"` where it turns out that it cannot be named. */
  nameFile(file: FileWriter, name: string): void;
  /** Makes a directory. */
  makeDirectory(name: string, mode: number): void;
  /** Makes a symlink. */
  makeSymlink(name: string, target: string): void;
  /** Makes a FIFO, socket or device as `entry` says. */
  makeSpecial(name: string, entry: Entry): void;
  /** Makes `name` in this directory another name of `existing` in `directory`. */
  link(name: string, directory: Directory, existing: string): void;
  /** The same for an entry that has the name of one in a listing, and keeps it; costs less than {@linkcode link}.
   * @default {link} */
  linkListed?(directory: Directory, listing: Listing, index: number): void;
  /** Renames within this directory; replaces what has the new name, except a directory. */
  rename(from: string, to: string): void;
  /** Renames within this directory to a name that nothing has; fails with `"exists"`, also for a name that the file
   * system takes for the same. */
  renameNew(from: string, to: string): void;
  /** Moves an entry of another directory of the same tree here, to a name that nothing has; fails with `"exists"`, and
   * with `"unsupported"` where that would take a copy. */
  moveHere(name: string, directory: Directory, existing: string): void;
  /** Lets two entries of this directory change names at once. Fails with `"unsupported"` where that is not possible. */
  exchange(one: string, other: string): void;
  /** Removes an entry that is not a directory. */
  removeFile(name: string): void;
  /** Removes the next entries of a listing that are no directories, adds the names of those that are, and returns how
   * many went, or -1 at the end. It does not look at what it removes, which makes it the fastest way; what cannot be
   * removed stays, and is not told. @default {there is none} */
  removeFiles?(directories: string[]): number;
  /** Removes an empty directory. */
  removeDirectory(name: string): void;
  /** Sets metadata of an entry, of a symlink itself, or without a name of this directory. */
  setMetadata(name: string | undefined, patch: MetadataPatch): void;
  /** Extended attributes of an entry, or without a name of this directory. */
  xattrs(name: string | undefined, scope: XattrScope): Xattrs;
  /** Makes the extended attributes within a scope exactly these. */
  setXattrs(name: string | undefined, scope: XattrScope, xattrs: Xattrs): void;
  /** Releases the handle. Closing twice does nothing. */
  close(): void;
}

/** A regular file that is open for reading. */
export interface FileReader {
  /** Metadata as it is now. */
  entry(): Entry;
  /** What tells whether the content may be another later, as it is now. */
  stamp(): Stamp;
  /** Reads bytes at a position into a buffer; returns how many, 0 at the end. */
  read(into: Uint8Array, position: number): number;
  /** Position of the next byte of data at or after `position`, or `undefined` when only holes follow. */
  nextData(position: number): number | undefined;
  /** Position of the next hole at or after `position`; the end of the file counts as one. */
  nextHole(position: number): number;
  /** Whether `length` bytes at a position are the same as in another file of the same implementation. */
  sameBytes(other: FileReader, position: number, length: number): boolean;
  /** Releases the handle. Closing twice does nothing. */
  close(): void;
}

/** A new regular file that is open for writing. */
export interface FileWriter {
  /** Shares all content of `source` with this file where the file system can; returns whether it did. */
  cloneFrom(source: FileReader): boolean;
  /** Copies up to `length` bytes at a position from `source` to the same position here; returns how many were there. */
  copyFrom(source: FileReader, position: number, length: number): number;
  /** Copies a range of another file of the same tree to a position here, shared or without its bytes passing through this
   * process where that is possible; returns how many bytes were there. */
  copyRange(source: FileReader, from: number, to: number, length: number): number;
  /** Writes all bytes at a position. */
  write(bytes: Uint8Array, position: number): void;
  /** Sets the length; what is added reads as zeros and takes no space. */
  truncate(size: number): void;
  /** Sets metadata through the open handle. */
  setMetadata(patch: MetadataPatch): void;
  /** Makes the extended attributes within a scope exactly these. */
  setXattrs(scope: XattrScope, xattrs: Xattrs): void;
  /** Writes content and metadata to the disk. */
  flush(): void;
  /** Releases the handle and reports a write that failed late. Closing twice does nothing. */
  close(): void;
}

/** A regular file that was there before, open for reading and writing. */
export interface FileUpdater {
  /** Reads what it holds now; needs no closing. */
  readonly reader: FileReader;
  /** Writes into it, and closes it. */
  readonly writer: FileWriter;
  /** Makes up to `length` bytes at a position the same as those of `source`, and writes only blocks that differ; returns
   * how many bytes there were. */
  updateFrom(source: FileReader, position: number, length: number): number;
  /** Bytes that {@linkcode updateFrom} has written so far. */
  readonly written: number;
}

/** What a walk or a run met at one entry. */
export interface EntryFailure {
  /** Path of the entry. */
  readonly path: RelPath;
  /** What happened. */
  readonly error: SyncError;
}
