/**
 * What many entries have in common is sent once, and by its number afterwards. Both sides keep the same store.
 *
 * @module
 */
import type { WireInput } from "./input.ts";
import { readVarint, writeVarint } from "./integers.ts";
import { PEER_LIMITS } from "./limits.ts";
import type { WireOutput } from "./output.ts";

/** The reading side. An entry that is not complete is read again: then {@linkcode rewind} forgets what it brought. */
export class StoreReader<T> {
  readonly #what: string;
  readonly #values: T[] = [];
  #kept = 0;

  /** Makes an empty store of things that are called `what` in errors. */
  constructor(what: string) {
    this.#what = what;
  }

  /**
   * Reads a number, or what is new.
   *
   * @param input Where it is.
   * @param readNew Reads what is new, and gets its number.
   * @returns The value.
   * @throws {SyncError} code `"peer-protocol"` when the number is not known.
   */
  read(input: WireInput, readNew: (input: WireInput, number: number) => T): T {
    const key = readVarint(input);
    if (key < 0 || key > this.#values.length) {
      throw input.breach(`the number of ${this.#what} up to ${this.#values.length}`, `${key}`);
    }
    if (key > 0) return this.#values[key - 1]!;
    if (this.#values.length === PEER_LIMITS.storedSets) {
      throw input.breach(`at most ${PEER_LIMITS.storedSets} of ${this.#what}`, "one more");
    }
    const value = readNew(input, this.#values.length);
    this.#values.push(value);
    return value;
  }

  /** Keeps what the last entry brought. */
  keep(): void {
    this.#kept = this.#values.length;
  }

  /** Forgets what an incomplete entry brought. */
  rewind(): void {
    this.#values.length = this.#kept;
  }
}

/** The writing side. */
export class StoreWriter {
  readonly #numbers = new Map<string, number>();

  /**
   * Writes a number, or what is new.
   *
   * @param output Where to.
   * @param key A text that is the same for equal values.
   * @param writeNew Writes what is new.
   */
  write(output: WireOutput, key: string, writeNew: () => void): void {
    const known = this.#numbers.get(key);
    if (known !== undefined) return writeVarint(output, known + 1);
    this.#numbers.set(key, this.#numbers.size);
    writeVarint(output, 0);
    writeNew();
  }
}
