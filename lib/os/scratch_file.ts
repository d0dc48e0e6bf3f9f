/**
 * A temporary file without a name: it takes space in the temporary folder, and is gone with the process.
 *
 * @module
 */
import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { printable } from "../bytes/printable.ts";
import { SyncError } from "../errors.ts";
import type { Scratch } from "../model/scratch.ts";
import { nodeError } from "./system_error.ts";

/**
 * Makes an empty scratch file.
 *
 * @returns The file.
 * @throws {SyncError} when no file can be made in the temporary folder.
 */
export function openScratch(): Scratch {
  const folder = temporaryFolder();
  const path = join(folder, `undrift-${crypto.randomUUID()}.tmp`);
  let file: number;
  try {
    file = openSync(path, "wx+", 0o600);
  } catch (thrown) {
    throw inFolder(folder, nodeError("make a temporary file in", folder, thrown));
  }
  return new ScratchFile(file, folder, withoutName(path) ? undefined : path);
}

function temporaryFolder(): string {
  try {
    return tmpdir();
  } catch (thrown) {
    // Deno without permission to read the environment.
    throw nodeError("find", "the temporary folder", thrown);
  }
}

/** Where an open file keeps its name, it is removed at the end. */
function withoutName(path: string): boolean {
  try {
    rmSync(path);
    return true;
  } catch {
    return false;
  }
}

class ScratchFile implements Scratch {
  readonly #folder: string;
  readonly #path: string | undefined;
  #file: number;

  constructor(file: number, folder: string, path: string | undefined) {
    this.#file = file;
    this.#folder = folder;
    this.#path = path;
    forgotten.register(this, { file, path }, this);
  }

  write(bytes: Uint8Array, position: number): void {
    try {
      for (let at = 0; at < bytes.length;) {
        at += writeSync(this.#file, bytes, at, bytes.length - at, position + at);
      }
    } catch (thrown) {
      throw inFolder(this.#folder, nodeError("write to a temporary file in", this.#folder, thrown));
    }
  }

  read(into: Uint8Array, position: number): number {
    try {
      return readSync(this.#file, into, 0, into.length, position);
    } catch (thrown) {
      throw nodeError("read a temporary file in", this.#folder, thrown);
    }
  }

  close(): void {
    if (this.#file < 0) return;
    forgotten.unregister(this);
    release({ file: this.#file, path: this.#path });
    this.#file = -1;
  }
}

/** What an open scratch file holds. */
interface Held {
  readonly file: number;
  readonly path: string | undefined;
}

/** Whoever forgets to close one does not lose its space for as long as the process lives. */
const forgotten = new FinalizationRegistry<Held>(release);

function release({ file, path }: Held): void {
  try {
    closeSync(file);
    if (path !== undefined) rmSync(path, { force: true });
  } catch {
    // There is nothing more to be done with a file that nobody needs.
  }
}

function inFolder(folder: string, error: SyncError): SyncError {
  return new SyncError(error.code, error.message, {
    path: folder,
    hint: `free some space in "${printable(folder)}", or set TMPDIR to another folder`,
    cause: error,
  });
}
