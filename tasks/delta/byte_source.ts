/**
 * Where the tasks of `tasks/delta.ts` get bytes from: files, bytes in memory, and streams look alike to them.
 *
 * @module
 */
import { LIMITS } from "../../lib/delta/format.ts";
import { SyncError } from "../../lib/errors.ts";
import { InputFile } from "../../lib/os/data_file.ts";
import { Pace } from "./pace.ts";

/** Bytes to read from beginning to end: the path of a file (`"-"` is standard input), bytes, or a stream of them, such
 * as a `ReadableStream`. */
export type ByteInput = string | Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** A file of which any part can be read. */
export interface RandomAccess {
  /** How many bytes it has. */
  readonly size: number;
  /** Reads bytes at a position into a buffer; gives how many, 0 at the end. */
  read(into: Uint8Array, position: number): number | Promise<number>;
}

/** An old file, of which parts are read in any order: the path of a file, bytes, or something that reads. */
export type BasisInput = string | Uint8Array | RandomAccess;

/** An input that is open. */
export interface ByteSource {
  /** How many bytes there are, when that is known before. */
  readonly size: number | undefined;
  /** Reads the next bytes into a buffer; gives how many, 0 at the end. */
  read(into: Uint8Array): number | Promise<number>;
  /** Releases it. */
  close(): void | Promise<void>;
}

/**
 * Opens an input.
 *
 * @param input What to read.
 * @param signal Stops it: reading throws {@linkcode SyncError} code `"cancelled"` then. @default {undefined}
 * @returns The source; nothing has been read yet.
 * @throws {SyncError} when a file cannot be opened; code `"file-too-large"` when positions in it are not exact.
 */
export function openSource(input: ByteInput, signal?: AbortSignal): ByteSource {
  const source = sourceOf(input);
  refuseTooLarge(source.size, () => source.close());
  const pace = new Pace(signal);
  return {
    size: source.size,
    async read(into) {
      const count = await source.read(into);
      await pace.did(count);
      return count;
    },
    close: () => source.close(),
  };
}

function refuseTooLarge(size: number | undefined, close: () => void | Promise<void>): void {
  if (size === undefined || size <= LIMITS.fileBytes) return;
  void close(); // of a file, which is closed at once
  throw new SyncError("file-too-large", `Cannot read a file of ${size} bytes: ${LIMITS.fileBytes} are the most`);
}

function sourceOf(input: ByteInput): ByteSource {
  if (typeof input === "string") return new InputFile(input);
  if (input instanceof Uint8Array) return new StreamSource([input], input.length);
  return new StreamSource(input, undefined);
}

class StreamSource implements ByteSource {
  readonly size: number | undefined;
  readonly #chunks: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, size: number | undefined) {
    this.size = size;
    this.#chunks = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  }

  async read(into: Uint8Array): Promise<number> {
    while (this.#chunk.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) return 0;
      if (!(next.value instanceof Uint8Array)) throw new TypeError("Cannot read a stream of anything but Uint8Array");
      this.#chunk = next.value;
    }
    const part = this.#chunk.subarray(0, into.length);
    into.set(part);
    this.#chunk = this.#chunk.subarray(part.length);
    return part.length;
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}

/** An old file that is open. */
export interface Basis extends RandomAccess {
  /** Releases it. */
  close(): void;
}

/**
 * Opens an old file.
 *
 * @param input What to read.
 * @returns The file.
 * @throws {RangeError} when something that reads has no size.
 * @throws {SyncError} when it cannot be opened; code `"unsupported"` when it can only be read from beginning to end,
 * `"file-too-large"` when positions in it are not exact.
 */
export function openBasis(input: BasisInput): Basis {
  const basis = basisOf(input);
  if (!(basis.size >= 0)) throw new RangeError(`Cannot patch a file of ${basis.size} bytes`);
  refuseTooLarge(basis.size, () => basis.close());
  return basis;
}

function basisOf(input: BasisInput): Basis {
  if (typeof input === "string") return openBasisFile(input);
  if (!(input instanceof Uint8Array)) {
    return { size: input.size, read: (into, position) => input.read(into, position), close: () => {} };
  }
  return {
    size: input.length,
    read(into, position) {
      const part = input.subarray(position, position + into.length);
      into.set(part);
      return part.length;
    },
    close: () => {},
  };
}

function openBasisFile(path: string): Basis {
  const file = new InputFile(path);
  const { size } = file;
  if (size === undefined) {
    file.close();
    throw new SyncError("unsupported", `Cannot patch "${path}": the old file must be a regular file`, { path });
  }
  return { size, read: (into, position) => file.readAt(into, position), close: () => file.close() };
}
