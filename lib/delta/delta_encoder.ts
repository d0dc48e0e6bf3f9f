/**
 * Writes instructions as a delta in librsync's format.
 *
 * @module
 */
import { COMMAND, DELTA_MAGIC, NUMBER_BYTES, SHORT_LITERAL } from "./format.ts";
import type { Instruction } from "./instruction.ts";

const MOST_HEAD_BYTES = 1 + 8 + 8;

/** Encodes one instruction at a time. What it returns is valid until the next call. */
export class DeltaEncoder {
  readonly #bytes = new Uint8Array(MOST_HEAD_BYTES);
  readonly #view = new DataView(this.#bytes.buffer);

  /**
   * Begins the delta.
   *
   * @returns Its first bytes.
   */
  begin(): Uint8Array {
    this.#view.setUint32(0, DELTA_MAGIC);
    return this.#bytes.subarray(0, 4);
  }

  /**
   * Encodes an instruction.
   *
   * @param instruction The instruction; of a literal, the bytes themselves have to follow.
   * @returns The command.
   */
  command(instruction: Instruction): Uint8Array {
    if (instruction.kind === "copy") {
      const start = sizeIndex(instruction.start);
      const length = sizeIndex(instruction.length);
      this.#bytes[0] = COMMAND.copy + start * NUMBER_BYTES.length + length;
      return this.#bytes.subarray(
        0,
        this.#number(this.#number(1, start, instruction.start), length, instruction.length),
      );
    }
    const { length } = instruction.bytes;
    const isShort = length <= SHORT_LITERAL;
    this.#bytes[0] = isShort ? length : COMMAND.literalSized + sizeIndex(length);
    return this.#bytes.subarray(0, isShort ? 1 : this.#number(1, sizeIndex(length), length));
  }

  /**
   * Ends the delta.
   *
   * @returns Its last bytes.
   */
  end(): Uint8Array {
    this.#bytes[0] = COMMAND.end;
    return this.#bytes.subarray(0, 1);
  }

  /** Writes a number and returns where it ends. */
  #number(at: number, sizeIndex: number, value: number): number {
    const size = NUMBER_BYTES[sizeIndex] ?? 8;
    if (size === 1) this.#view.setUint8(at, value);
    else if (size === 2) this.#view.setUint16(at, value);
    else if (size === 4) this.#view.setUint32(at, value);
    else this.#view.setBigUint64(at, BigInt(value));
    return at + size;
  }
}

/** Which of the sizes of a number is the least that holds a value. */
function sizeIndex(value: number): number {
  return value < 2 ** 8 ? 0 : value < 2 ** 16 ? 1 : value < 2 ** 32 ? 2 : 3;
}
