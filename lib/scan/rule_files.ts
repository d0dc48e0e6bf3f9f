/**
 * Reads the rule files that lie in the directories of a tree. Who can write into the tree decides what is in them, so
 * they are taken only for what they are: regular files of a limited length, that are in the directory itself.
 *
 * @module
 */
import { asSyncError, type SyncError } from "../errors.ts";
import { invalidFile } from "../filter/invalid.ts";
import { MAX_RULE_FILE_BYTES } from "../filter/rule_entries.ts";
import { childPath, type RelPath } from "../model/rel_path.ts";
import type { Directory } from "../model/tree.ts";

/**
 * Reads a rule file of an open directory.
 *
 * @param directory The directory.
 * @param path Where it is, for messages.
 * @param name Name of the file.
 * @param most Bytes that it may have. @default {as many as rule files may}
 * @returns Its bytes, or `undefined` when there is none of that name.
 * @throws {SyncError} code `"filter-invalid"` when it is anything but a regular file that can be read, or too long.
 */
export function readRuleFile(
  directory: Directory,
  path: RelPath,
  name: string,
  most: number = MAX_RULE_FILE_BYTES,
): Uint8Array | undefined {
  const file = childPath(path, name);
  try {
    const found = directory.lookup(name);
    if (found === undefined) return undefined;
    if (found.kind !== "file") throw invalidFile(file, `it is a ${found.kind}, not a file`);
    return readRegular(directory, name, file, most);
  } catch (thrown) {
    const error = asSyncError(thrown);
    if (error.code === "vanished") return undefined;
    throw error.code === "filter-invalid" ? error : unreadable(file, error);
  }
}

function readRegular(directory: Directory, name: string, file: RelPath, most: number): Uint8Array {
  const reader = directory.openFile(name);
  try {
    const { kind, size } = reader.entry();
    if (kind !== "file") throw invalidFile(file, `it is a ${kind}, not a file`);
    if (size > most) throw invalidFile(file, `it has ${size} bytes, at most ${most} are read`);
    const bytes = new Uint8Array(size);
    let length = 0;
    while (length < size) {
      const read = reader.read(bytes.subarray(length), length);
      if (read === 0) break;
      length += read;
    }
    return bytes.subarray(0, length);
  } finally {
    reader.close();
  }
}

function unreadable(file: RelPath, error: SyncError): SyncError {
  return invalidFile(file, `it cannot be read: ${error.message}`);
}
