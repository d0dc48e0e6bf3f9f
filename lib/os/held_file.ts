/**
 * A file that is opened once and read several times: whatever becomes of its name, it stays the same file.
 *
 * @module
 */
import { closeSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { nodeError } from "./system_error.ts";

/** An open file. */
export interface HeldFile {
  /** Its length now, in bytes. */
  size(): number;
  /** Fills a buffer from a position; returns how many bytes were there. */
  read(into: Uint8Array, position: number): number;
  /** Writes all bytes at a position; `false` when the file may not be changed. */
  write(bytes: Uint8Array, position: number): boolean;
  /** Closes it. Closing twice does nothing. */
  close(): void;
}

/**
 * Opens a file that exists.
 *
 * @param path Its path.
 * @returns The open file; it can be written to where this process may do that.
 * @throws {SyncError} when it cannot be read.
 */
export function holdFile(path: string): HeldFile {
  try {
    return new OpenFile(path, openSync(path, "r+"), true);
  } catch {
    // Not ours to change; if it cannot be read either, the next call says why.
  }
  try {
    return new OpenFile(path, openSync(path, "r"), false);
  } catch (thrown) {
    throw nodeError("read", path, thrown);
  }
}

class OpenFile implements HeldFile {
  readonly #path: string;
  readonly #writable: boolean;
  #file: number;

  constructor(path: string, file: number, writable: boolean) {
    this.#path = path;
    this.#file = file;
    this.#writable = writable;
    forgotten.register(this, file, this);
  }

  size(): number {
    try {
      return fstatSync(this.#file).size;
    } catch (thrown) {
      throw nodeError("read", this.#path, thrown);
    }
  }

  read(into: Uint8Array, position: number): number {
    try {
      let length = 0;
      while (length < into.length) {
        const more = readSync(this.#file, into, length, into.length - length, position + length);
        if (more === 0) break;
        length += more;
      }
      return length;
    } catch (thrown) {
      throw nodeError("read", this.#path, thrown);
    }
  }

  write(bytes: Uint8Array, position: number): boolean {
    if (!this.#writable) return false;
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at, bytes.length - at, position + at);
      return true;
    } catch (thrown) {
      throw nodeError("write", this.#path, thrown);
    }
  }

  close(): void {
    if (this.#file < 0) return;
    forgotten.unregister(this);
    closeSync(this.#file);
    this.#file = -1;
  }
}

/** Whoever forgets to close one does not lose a descriptor for as long as the process lives. */
const forgotten = new FinalizationRegistry<number>((file) => {
  try {
    closeSync(file);
  } catch {
    // There is nothing more to be done with it.
  }
});
