/**
 * Bytes of one direction of a connection, as they arrive, and how they are read.
 *
 * Readers are plain functions that take what they need, as if everything were there. Where it is not, the one value
 * {@linkcode MORE} is thrown, and whoever began the item goes back to its first byte and tries again when more has
 * arrived. So there is one way to decode, no promise and no generator per value, and a cut at any byte means the same.
 *
 * @module
 */
import { SyncError } from "../errors.ts";

/** Thrown when an item is not complete yet. No error: it never leaves this folder. */
export const MORE: unique symbol = Symbol("more bytes are needed");

const LEAST_BUFFER = 65_536;

/** See the module comment. Positions count from the first byte that arrived. */
export class WireInput {
  /** What the direction is called in errors. */
  readonly name: string;
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(this.#bytes.buffer);
  #at = 0;
  #end = 0;
  /** Position of the buffer's first byte. */
  #base = 0;
  /** Where the item at hand began, in the buffer. */
  #mark = 0;
  /** So many bytes from the mark on are needed before trying again is of use. */
  #wanted = 0;
  /** Whether the buffer is of this object, so that it may be written to. */
  #isOwn = false;

  /**
   * Makes an empty input.
   *
   * @param name What the direction is called in errors.
   */
  constructor(name: string) {
    this.name = name;
  }

  /** Position of the next byte. */
  get position(): number {
    return this.#base + this.#at;
  }

  /** How many bytes are there. */
  get available(): number {
    return this.#end - this.#at;
  }

  /**
   * Takes over bytes that arrived. They are not copied when all others have been read, so they must hold still until
   * they have been, too. What was read as a view is no longer valid afterwards.
   *
   * @param bytes Any number of them.
   */
  push(bytes: Uint8Array): void {
    const rest = this.available;
    if (rest === 0) return this.#replace(bytes, bytes.length, false);
    if (this.#isOwn && this.#end + bytes.length <= this.#bytes.length) {
      this.#bytes.set(bytes, this.#end);
      this.#end += bytes.length;
      return;
    }
    const larger = new Uint8Array(Math.max(LEAST_BUFFER, 2 * (rest + bytes.length)));
    larger.set(this.#bytes.subarray(this.#at, this.#end));
    larger.set(bytes, rest);
    this.#replace(larger, rest + bytes.length, true);
  }

  #replace(bytes: Uint8Array, end: number, isOwn: boolean): void {
    this.#base += this.#at;
    this.#mark = this.#at = 0;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = end;
    this.#isOwn = isOwn;
  }

  /** Begins an item: from here on reading is tried again when it is not complete. */
  mark(): void {
    this.#mark = this.#at;
    this.#wanted = 0;
  }

  /** Goes back to where the item began. */
  rewind(): void {
    this.#at = this.#mark;
  }

  /** Whether so much has arrived that trying again may succeed. */
  get isWorthTrying(): boolean {
    return this.#end - this.#mark >= this.#wanted;
  }

  /**
   * Reads one item, or nothing of it.
   *
   * @param read Reads it.
   * @returns What it gave; `undefined` when the item is not complete.
   */
  attempt<T>(read: (input: WireInput) => T): T | undefined {
    if (!this.isWorthTrying) return undefined;
    this.mark();
    try {
      return read(this);
    } catch (thrown) {
      if (thrown !== MORE) throw thrown;
      this.rewind();
      return undefined;
    }
  }

  #need(count: number): void {
    if (this.#end - this.#at >= count) return;
    this.#wanted = this.#at + count - this.#mark;
    throw MORE;
  }

  /** The next byte, which stays. */
  peek(): number {
    this.#need(1);
    return this.#bytes[this.#at]!;
  }

  /** A byte. */
  u8(): number {
    this.#need(1);
    return this.#bytes[this.#at++]!;
  }

  /** Two bytes, low first. */
  u16(): number {
    this.#need(2);
    const value = this.#view.getUint16(this.#at, true);
    this.#at += 2;
    return value;
  }

  /** Four bytes, low first, signed. */
  i32(): number {
    this.#need(4);
    const value = this.#view.getInt32(this.#at, true);
    this.#at += 4;
    return value;
  }

  /** Four bytes, low first, unsigned. */
  u32(): number {
    return this.i32() >>> 0;
  }

  /**
   * Reads four bytes if they are there and have a value.
   *
   * @param value What they are to say.
   * @returns Whether they did; otherwise nothing was read.
   */
  takeI32(value: number): boolean {
    if (this.#end - this.#at < 4 || this.#view.getInt32(this.#at, true) !== value) return false;
    this.#at += 4;
    return true;
  }

  /**
   * Some bytes.
   *
   * @param count How many.
   * @returns A view that is valid until more bytes arrive.
   */
  bytes(count: number): Uint8Array {
    this.#need(count);
    const start = this.#at;
    this.#at += count;
    return this.#bytes.subarray(start, start + count);
  }

  /**
   * As many bytes as are there.
   *
   * @param most How many at most.
   * @param unit Only multiples of this many. @default {1}
   * @returns A view that is valid until more bytes arrive; empty when there are none.
   */
  some(most: number, unit = 1): Uint8Array {
    const count = Math.min(most, this.#end - this.#at);
    return this.bytes(count - count % unit);
  }

  /**
   * The error for what a peer must not send.
   *
   * @param expected What should have come.
   * @param came What came instead.
   * @param position Where. @default {the start of the item at hand}
   * @returns An error of code `"peer-protocol"`.
   */
  breach(expected: string, came: string, position: number = this.#base + this.#mark): SyncError {
    return breach(this.name, position, expected, came);
  }

  /**
   * Ends the input.
   *
   * @param expected What should still have come.
   * @throws {SyncError} code `"peer-protocol"` when an item is not complete.
   */
  finish(expected: string): void {
    if (this.available === 0) return;
    throw this.breach(expected, `the end after ${this.available} bytes of it`, this.position);
  }
}

/**
 * The error for what a peer must not send.
 *
 * @param name What is read.
 * @param position Where in it, in bytes from its start.
 * @param expected What should have come.
 * @param came What came instead.
 * @returns An error of code `"peer-protocol"`.
 */
export function breach(name: string, position: number, expected: string, came: string): SyncError {
  return new SyncError("peer-protocol", `Cannot read ${name}: at byte ${position} expected ${expected}, got ${came}`);
}
