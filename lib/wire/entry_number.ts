/**
 * Numbers of entries, as they are sent from protocol 30 on: as the distance from the one before, positive and negative
 * ones apart. Each direction of a session has a state of its own.
 *
 * @module
 */
import type { WireInput } from "./input.ts";
import { PEER_LIMITS } from "./limits.ts";
import type { WireOutput } from "./output.ts";

/** Numbers that are no entry's. */
export const INDEX = {
  /** A list, or a phase, is done. */
  done: -1,
  /** No more file lists follow. */
  endOfLists: -2,
  /** How much was deleted follows. */
  deletions: -3,
  /** The list of the directory `D` follows `firstList - D`. */
  firstList: -101,
} as const;

const ABSOLUTE_OR_WIDE = 0xfe;
const NEGATIVE = 0xff;
const MOST_WIDE = 0x7fff;

/** The last positive and the last negative number, made positive. */
interface Before {
  positive: number;
  negative: number;
}

/** Reads numbers of one direction. */
export class IndexReader {
  readonly #before: Before = { positive: -1, negative: 1 };

  /**
   * Reads the next number.
   *
   * @param input Where it is.
   * @returns The number, or one of {@linkcode INDEX}.
   * @throws {SyncError} code `"peer-protocol"` when it is too large.
   */
  read(input: WireInput): number {
    let first = input.u8();
    if (first === 0) return INDEX.done;
    const isNegative = first === NEGATIVE;
    if (isNegative) first = input.u8();
    const before = isNegative ? this.#before.negative : this.#before.positive;
    const value = first === ABSOLUTE_OR_WIDE ? readWide(input, before) : before + first;
    if (value > PEER_LIMITS.entryIndex) {
      throw input.breach(`the number of an entry up to ${PEER_LIMITS.entryIndex}`, `${value}`);
    }
    // The last step, so that an item that is tried again finds the state as it was.
    if (isNegative) this.#before.negative = value;
    else this.#before.positive = value;
    return isNegative ? -value : value;
  }

  /** The state, for an item that is longer than its number and may have to be read again. */
  save(): Readonly<Before> {
    return { ...this.#before };
  }

  /** Goes back to a state. */
  restore({ positive, negative }: Readonly<Before>): void {
    this.#before.positive = positive;
    this.#before.negative = negative;
  }
}

function readWide(input: WireInput, before: number): number {
  const high = input.u8();
  if (high < 0x80) return before + (high << 8 | input.u8());
  const low = input.u8();
  return (high & 0x7f) * 2 ** 24 + (low | input.u8() << 8 | input.u8() << 16);
}

/** Writes numbers of one direction. */
export class IndexWriter {
  readonly #before: Before = { positive: -1, negative: 1 };

  /**
   * Writes the next number.
   *
   * @param output Where to.
   * @param index The number, or one of {@linkcode INDEX}.
   */
  write(output: WireOutput, index: number): void {
    if (index === INDEX.done) return output.u8(0);
    const value = Math.abs(index);
    if (index < 0) output.u8(NEGATIVE);
    const distance = value - (index < 0 ? this.#before.negative : this.#before.positive);
    if (index < 0) this.#before.negative = value;
    else this.#before.positive = value;
    if (distance > 0 && distance < ABSOLUTE_OR_WIDE) return output.u8(distance);
    output.u8(ABSOLUTE_OR_WIDE);
    if (distance >= 0 && distance <= MOST_WIDE) {
      output.u8(distance >> 8);
      return output.u8(distance & 0xff);
    }
    output.u8(value >>> 24 | 0x80);
    output.u8(value & 0xff);
    output.u8(value >>> 8 & 0xff);
    output.u8(value >>> 16 & 0xff);
  }
}
