/**
 * The folders and small files of a store, through the port. A small file is replaced as a whole.
 *
 * @module
 */
import { decodeName, encodeName } from "../bytes/name.ts";
import { asSyncError, type SyncErrorCode } from "../errors.ts";
import { Listing } from "../model/listing.ts";
import { baseName, parentPath, type RelPath } from "../model/rel_path.ts";
import type { Directory, FileReader, Tree } from "../model/tree.ts";

const FOLDER_MODE = 0o755;
const FILE_MODE = 0o644;

/** One entry of a folder. */
export interface Found {
  /** Its name. */
  readonly name: string;
  /** Whether it is a directory, and no symlink to one. */
  readonly isDirectory: boolean;
}

/**
 * Lists one folder of a store.
 *
 * @param tree The store.
 * @param path The folder.
 * @returns Its entries, in the order of the file system.
 * @throws {SyncError} when it cannot be listed.
 */
export function entriesOf(tree: Tree, path: RelPath): Found[] {
  return within(tree, path, (directory) => {
    const listing = new Listing();
    listing.clear();
    while (directory.list(listing));
    return Array.from({ length: listing.count }, (_, index) => ({
      name: listing.name(index),
      isDirectory: listing.isDirectory(index),
    }));
  });
}

/**
 * Makes a folder of a store, if it is not there.
 *
 * @param tree The store.
 * @param path The folder.
 * @throws {SyncError} when it cannot be made.
 */
export function makeFolder(tree: Tree, path: RelPath): void {
  within(tree, parentPath(path), (directory) => {
    try {
      directory.makeDirectory(baseName(path), FOLDER_MODE);
    } catch (thrown) {
      if (asSyncError(thrown).code !== "exists") throw thrown;
    }
  });
}

/**
 * Reads a small file of a store.
 *
 * @param tree The store.
 * @param folder Where it is.
 * @param name Its name.
 * @param most Bytes that are read; what is longer is cut, and nothing that is cut can be used.
 * @returns What it holds; `undefined` when there is no such file.
 * @throws {SyncError} when it cannot be read.
 */
export function readText(tree: Tree, folder: RelPath, name: string, most: number): string | undefined {
  try {
    return within(tree, folder, (directory) => {
      if (directory.lookup(name)?.kind !== "file") return undefined;
      const file = directory.openFile(name);
      try {
        return decodeName(readUpTo(file, Math.min(file.entry().size, most)));
      } finally {
        file.close();
      }
    });
  } catch (thrown) {
    if (NOT_THERE.includes(asSyncError(thrown).code)) return undefined;
    throw thrown;
  }
}

const NOT_THERE: readonly SyncErrorCode[] = ["vanished", "not-directory", "symlink-refused"];

function readUpTo(file: FileReader, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let length = 0;
  while (length < size) {
    const read = file.read(bytes.subarray(length), length);
    if (read === 0) break;
    length += read;
  }
  return bytes.subarray(0, length);
}

/**
 * Writes a small file of a store as a whole, and to the disk.
 *
 * @param tree The store.
 * @param folder Where it is.
 * @param name Its name.
 * @param text What it is to hold.
 * @throws {SyncError} when it cannot be written; an old one is untouched then.
 */
export function writeText(tree: Tree, folder: RelPath, name: string, text: string): void {
  within(tree, folder, (directory) => {
    const temporary = `${name}.new`;
    if (directory.lookup(temporary) !== undefined) directory.removeFile(temporary);
    writeNew(directory, temporary, text);
    directory.rename(temporary, name);
  });
}

/**
 * Writes a small file that does not exist, and to the disk.
 *
 * @param directory Where it is to be.
 * @param name Its name.
 * @param text What it is to hold.
 * @throws {SyncError} code `"exists"` when there is something of that name, or the failure to write it.
 */
export function writeNew(directory: Directory, name: string, text: string): void {
  const file = directory.createFile(name, FILE_MODE);
  try {
    file.write(encodeName(text), 0);
    file.flush();
  } finally {
    file.close();
  }
}

/**
 * Uses a folder of a store.
 *
 * @param tree The store.
 * @param path The folder.
 * @param use What is done with it while it is open.
 * @returns What that returned.
 * @throws {SyncError} when it cannot be opened.
 */
export function within<Result>(tree: Tree, path: RelPath, use: (directory: Directory) => Result): Result {
  const directory = tree.open(path);
  try {
    return use(directory);
  } finally {
    directory.close();
  }
}
