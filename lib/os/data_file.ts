/**
 * Files as streams of bytes: read from the beginning or anywhere, and written under a temporary name that becomes
 * theirs at the end. `-` is standard input or output.
 *
 * @module
 */
import {
  closeSync,
  fchmodSync,
  fstatSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from "node:fs";
import { SyncError } from "../errors.ts";
import { nodeError } from "./system_error.ts";

const STANDARD_INPUT = 0;
const STANDARD_OUTPUT = 1;
const PERMISSION_BITS = 0o7777;
/** How long to wait when a pipe that must not block has nothing to give, or no room. */
const PAUSE_MS = 2;

/** A file that is read. Every method throws {@linkcode SyncError} when it cannot be. */
export class InputFile {
  readonly #path: string;
  readonly #file: number;
  /** Bytes that it has, `undefined` for what is no regular file. */
  readonly size: number | undefined;

  /** Opens a file. */
  constructor(path: string) {
    this.#path = path === "-" ? "standard input" : path;
    try {
      this.#file = path === "-" ? STANDARD_INPUT : openSync(path, "r");
      const stats = fstatSync(this.#file);
      if (stats.isDirectory()) {
        throw new SyncError("is-directory", `Cannot read "${path}": it is a directory`, { path });
      }
      this.size = stats.isFile() ? stats.size : undefined;
    } catch (thrown) {
      throw missingOr(nodeError("read", this.#path, thrown));
    }
  }

  /** Reads the next bytes; returns how many, 0 at the end. */
  read(into: Uint8Array): number {
    return this.#tryRead(() => readSync(this.#file, into, 0, into.length, null));
  }

  /** Reads bytes at a position; returns how many, 0 at the end. */
  readAt(into: Uint8Array, position: number): number {
    return this.#tryRead(() => readSync(this.#file, into, 0, into.length, position));
  }

  #tryRead(read: () => number): number {
    try {
      return patiently(read);
    } catch (thrown) {
      throw nodeError("read", this.#path, thrown);
    }
  }

  /** Releases the file. */
  close(): void {
    if (this.#file !== STANDARD_INPUT) closeSync(this.#file);
  }
}

/** A file that is written. Every method throws {@linkcode SyncError} when it cannot be. */
export class OutputFile {
  readonly #path: string;
  /** The temporary name; `undefined` for what is written directly: standard output, pipes, devices. */
  readonly #temporary: string | undefined;
  readonly #file: number;

  /**
   * Begins a file.
   *
   * @param path Its name at the end. An old file of that name is untouched until then, and gives its permissions.
   */
  constructor(path: string) {
    this.#path = path === "-" ? "standard output" : path;
    if (path === "-") {
      this.#file = STANDARD_OUTPUT;
      return;
    }
    try {
      const old = statSync(path, { throwIfNoEntry: false });
      if (old !== undefined && !old.isFile()) {
        this.#file = openSync(path, "w"); // a device or pipe is not to be replaced; a directory is refused
        return;
      }
      this.#path = old === undefined ? path : realpathSync(path);
      this.#temporary = `${this.#path}.${crypto.randomUUID()}.tmp`;
      this.#file = openSync(this.#temporary, "wx", 0o666);
      if (old !== undefined) this.#keepMode(old);
    } catch (thrown) {
      throw nodeError("write", path, thrown);
    }
  }

  #keepMode(old: Stats): void {
    try {
      fchmodSync(this.#file, old.mode & PERMISSION_BITS);
    } catch (thrown) {
      this.discard();
      throw thrown;
    }
  }

  /** Writes the next bytes; code `"cancelled"` when nobody reads them any more. */
  write(bytes: Uint8Array): void {
    try {
      for (let at = 0; at < bytes.length;) at += patiently(() => writeSync(this.#file, bytes, at, bytes.length - at));
    } catch (thrown) {
      if (isBrokenPipe(thrown)) {
        throw new SyncError("cancelled", `Cannot write "${this.#path}": nobody reads it any more`, { cause: thrown });
      }
      throw nodeError("write", this.#path, thrown);
    }
  }

  /** Ends the file, and gives it its name. */
  finish(): void {
    if (this.#file === STANDARD_OUTPUT) return;
    try {
      closeSync(this.#file); // a network file system may report only here that it could not write
      if (this.#temporary !== undefined) renameSync(this.#temporary, this.#path);
    } catch (thrown) {
      if (this.#temporary !== undefined) rmSync(this.#temporary, { force: true });
      throw nodeError("write", this.#path, thrown);
    }
  }

  /** Leaves nothing, as far as that is possible. */
  discard(): void {
    if (this.#file === STANDARD_OUTPUT) return;
    closeSync(this.#file);
    if (this.#temporary !== undefined) rmSync(this.#temporary, { force: true });
  }
}

function missingOr(error: SyncError): SyncError {
  if (error.code !== "vanished") return error;
  return new SyncError("source-missing", error.message, { path: error.path, cause: error });
}

/** Deno gives no code here, but a name. */
function isBrokenPipe(thrown: unknown): boolean {
  return thrown instanceof Error && (("code" in thrown && thrown.code === "EPIPE") || thrown.name === "BrokenPipe");
}

/** Repeats a call while a pipe has nothing to give or no room. */
function patiently(call: () => number): number {
  for (;;) {
    try {
      return call();
    } catch (thrown) {
      if (!(thrown instanceof Error && "code" in thrown && thrown.code === "EAGAIN")) throw thrown;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}
