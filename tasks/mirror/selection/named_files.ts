/**
 * Reads the files that a caller names in rules: merge files, files of patterns, lists of paths.
 *
 * @module
 */
import { asSyncError, type SyncError } from "../../../lib/errors.ts";
import { invalidFile } from "../../../lib/filter/invalid.ts";
import { baseName, parentPath, parseRelPath, type RelPath } from "../../../lib/model/rel_path.ts";
import type { Directory, Tree } from "../../../lib/model/tree.ts";
import { readWhole } from "../../../lib/os/read_whole.ts";
import { pathBelow } from "../../../lib/os/written_paths.ts";
import { readRuleFile } from "../../../lib/scan/rule_files.ts";
import type { FileReading } from "./filter_spec.ts";

/** Reads files that the caller names. One that lies in the source is read as everything in it: no symlink is followed. */
export class NamedFiles implements FileReading {
  readonly #source: string;
  readonly #tree: Tree;
  #hasReadInput = false;

  /** Reads beside and in a source, which is open. */
  constructor(source: string, tree: Tree) {
    this.#source = source;
    this.#tree = tree;
  }

  /** See {@linkcode FileReading}. */
  read(file: string, most: number): Uint8Array {
    if (file === "-") this.#takeInput();
    const below = file === "-" ? undefined : pathBelow(this.#source, file);
    if (below !== undefined) return this.#readInSource(file, parseRelPath(below), most);
    try {
      return readWhole(file, most);
    } catch (thrown) {
      throw unusable(file, asSyncError(thrown), most);
    }
  }

  #takeInput(): void {
    if (this.#hasReadInput) throw invalidFile("-", "standard input can be read only once");
    this.#hasReadInput = true;
  }

  #readInSource(file: string, path: RelPath, most: number): Uint8Array {
    let directory: Directory | undefined;
    try {
      directory = this.#tree.open(parentPath(path));
      const bytes = readRuleFile(directory, parentPath(path), baseName(path), most);
      if (bytes !== undefined) return bytes;
    } catch (thrown) {
      throw unusable(file, asSyncError(thrown), most);
    } finally {
      directory?.close();
    }
    throw invalidFile(file, MISSING);
  }
}

const MISSING = "there is no such file";

function unusable(file: string, error: SyncError, most: number): SyncError {
  switch (error.code) {
    case "filter-invalid":
      return error;
    case "vanished":
      return invalidFile(file, MISSING);
    case "is-directory":
      return invalidFile(file, "it is a directory");
    case "file-too-large":
      return invalidFile(file, `it has more than ${most} bytes`);
    case "symlink-refused":
      return invalidFile(file, "it is reached through a symlink of the source, which is never followed");
    default:
      return invalidFile(file, `it cannot be read: ${error.message}`);
  }
}
