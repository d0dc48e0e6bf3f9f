/**
 * Open regular files through `node:fs`. Content passes through two buffers of the thread; holes are neither seen nor
 * made, except that a longer length leaves one.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { closeSync, fchmodSync, fchownSync, fstatSync, fsyncSync, ftruncateSync, readSync, writeSync } from "node:fs";
import type { Entry, MetadataPatch, Xattrs } from "../model/entry.ts";
import type { Stamp } from "../model/stamp.ts";
import type { FileReader, FileWriter, XattrScope } from "../model/tree.ts";
import { refuseXattrs, setTimes } from "./portable_metadata.ts";
import { attempt, PLATFORM } from "./portable_runtime.ts";
import { entryOfStat, stampOfStat } from "./portable_stat.ts";

/** Bytes that are read or written with one call. */
export const BUFFER_BYTES = 1_048_576;

let shared: readonly [Uint8Array, Uint8Array] | undefined;

/**
 * The two buffers of this thread.
 *
 * @returns The same at every call.
 */
export function buffers(): readonly [Uint8Array, Uint8Array] {
  shared ??= [new Uint8Array(BUFFER_BYTES), new Uint8Array(BUFFER_BYTES)];
  return shared;
}

/** A file that is open for reading. */
export class PortableFileReader implements FileReader {
  readonly #name: string;
  #descriptor: number;

  /** Takes over an open descriptor. */
  constructor(descriptor: number, name: string) {
    this.#descriptor = descriptor;
    this.#name = name;
  }

  /** Metadata as it is now. */
  entry(): Entry {
    const descriptor = this.#descriptor;
    return entryOfStat(
      attempt("read the metadata of", this.#name, () => fstatSync(descriptor, { bigint: true })),
    );
  }

  /** What an ordinary write changes. */
  stamp(): Stamp {
    const descriptor = this.#descriptor;
    return stampOfStat(
      attempt("read the metadata of", this.#name, () => fstatSync(descriptor, { bigint: true })),
    );
  }

  /** Reads once; may give fewer bytes than asked for. */
  read(into: Uint8Array, position: number): number {
    if (into.length === 0) return 0;
    const descriptor = this.#descriptor;
    return attempt("read", this.#name, () => readSync(descriptor, into, 0, into.length, position));
  }

  /** All content counts as data. */
  nextData(position: number): number | undefined {
    return position < this.entry().size ? position : undefined;
  }

  /** Only the end of the file is seen as a hole. */
  nextHole(_position: number): number {
    return this.entry().size;
  }

  /** Compares through the two buffers of the thread. */
  sameBytes(other: FileReader, position: number, length: number): boolean {
    const [mine, theirs] = buffers();
    for (let at = position; at < position + length;) {
      const wanted = Math.min(BUFFER_BYTES, position + length - at);
      const count = readFully(this, mine.subarray(0, wanted), at);
      if (count === 0 || count !== readFully(other, theirs.subarray(0, wanted), at)) return false;
      if (!equalBytes(mine, theirs, count)) return false;
      at += count;
    }
    return true;
  }

  /** Releases the descriptor. */
  close(): void {
    if (this.#descriptor < 0) return;
    closeSync(this.#descriptor);
    this.#descriptor = -1;
  }
}

/** A new file that is open for writing. */
export class PortableFileWriter implements FileWriter {
  readonly #name: string;
  readonly #path: string;
  #descriptor: number;

  /** Takes over an open descriptor. */
  constructor(descriptor: number, path: string, name: string) {
    this.#descriptor = descriptor;
    this.#path = path;
    this.#name = name;
  }

  /** Sharing content is not within reach of `node:fs`: Deno says it did it where it did not. */
  cloneFrom(_source: FileReader): boolean {
    return false;
  }

  /** Copies through a buffer until the length is reached or the source ends. */
  copyFrom(source: FileReader, position: number, length: number): number {
    return this.copyRange(source, position, position, length);
  }

  /** The same to another position. */
  copyRange(source: FileReader, from: number, to: number, length: number): number {
    const [buffer] = buffers();
    for (let done = 0;;) {
      const wanted = Math.min(BUFFER_BYTES, length - done);
      const count = readFully(source, buffer.subarray(0, wanted), from + done);
      this.write(buffer.subarray(0, count), to + done);
      done += count;
      if (done >= length || count < wanted) return done;
    }
  }

  /** Writes all of it, however many calls that takes. */
  write(bytes: Uint8Array, position: number): void {
    const descriptor = this.#descriptor;
    for (let done = 0; done < bytes.length;) {
      const length = Math.min(BUFFER_BYTES, bytes.length - done);
      done += attempt("write", this.#name, () => writeSync(descriptor, bytes, done, length, position + done));
    }
  }

  /** Sets the length. */
  truncate(size: number): void {
    attempt("set the length of", this.#name, () => ftruncateSync(this.#descriptor, size));
  }

  /** Owner first: changing it clears setuid and setgid. */
  setMetadata(patch: MetadataPatch): void {
    const { uid, gid, mode } = patch;
    const descriptor = this.#descriptor;
    if (PLATFORM !== "windows" && uid !== undefined && gid !== undefined) {
      attempt("set the owner of", this.#name, () => fchownSync(descriptor, uid, gid));
    }
    if (PLATFORM !== "windows" && mode !== undefined) {
      attempt("set the permissions of", this.#name, () => fchmodSync(descriptor, mode));
    }
    const stat = () => fstatSync(descriptor, { bigint: true });
    setTimes({ path: this.#path, name: this.#name, descriptor, stat }, patch);
  }

  /** Refused, unless there is nothing to set. */
  setXattrs(_scope: XattrScope, xattrs: Xattrs): void {
    refuseXattrs(this.#name, xattrs);
  }

  /** Writes content and metadata to the disk. */
  flush(): void {
    attempt("write to the disk", this.#name, () => fsyncSync(this.#descriptor));
  }

  /** Releases the descriptor and reports a write that failed late. */
  close(): void {
    if (this.#descriptor < 0) return;
    const descriptor = this.#descriptor;
    this.#descriptor = -1;
    attempt("finish writing", this.#name, () => closeSync(descriptor));
  }
}

/**
 * Reads until a buffer is full or the file ends.
 *
 * @param source The file.
 * @param into The buffer.
 * @param position Where in the file.
 * @returns How many bytes there were.
 */
export function readFully(source: FileReader, into: Uint8Array, position: number): number {
  let done = 0;
  while (done < into.length) {
    const count = source.read(into.subarray(done), position + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}

/**
 * Whether two buffers begin with the same bytes.
 *
 * @param a One.
 * @param b The other.
 * @param length How many bytes are compared.
 * @returns The answer.
 */
export function equalBytes(a: Uint8Array, b: Uint8Array, length: number): boolean {
  return Buffer.compare(a.subarray(0, length), b.subarray(0, length)) === 0;
}
