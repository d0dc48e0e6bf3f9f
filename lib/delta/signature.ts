/**
 * The signature of a file: what a delta against it needs to know.
 *
 * @module
 */
import { MOST_STRONG_BYTES, STRONG_BYTES, WEAK_BYTES } from "../kernels/kernel.ts";
import { damaged } from "./damage.ts";
import { LIMITS, SIGNATURE_HEAD_BYTES, SIGNATURE_MAGICS, type SignatureFormat } from "./format.ts";

/** The sums of a file's blocks. */
export interface Signature extends SignatureFormat {
  /** The weak sum of each block. */
  readonly weakSums: Uint32Array;
  /** The strong sums, one behind the other, `strongLength` bytes each. */
  readonly strongSums: Uint8Array;
}

const FIRST_BLOCKS = 1024;

/** Reads a signature in librsync's format that arrives in pieces of any size. */
export class SignatureReader {
  #format: SignatureFormat | undefined;
  /** The head, then the block, of which only a part has arrived. */
  readonly #part = new Uint8Array(Math.max(SIGNATURE_HEAD_BYTES, WEAK_BYTES + MOST_STRONG_BYTES));
  readonly #view = new DataView(this.#part.buffer);
  #partLength = 0;
  #wanted = SIGNATURE_HEAD_BYTES;
  #offset = 0;
  #count = 0;
  #weak = new Uint32Array(FIRST_BLOCKS);
  #strong = new Uint8Array(0);

  /**
   * Takes the next bytes.
   *
   * @param bytes Any number of them; they are not kept.
   * @throws {SyncError} code `"delta-damaged"` when they cannot be a signature's.
   */
  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      const take = Math.min(this.#wanted - this.#partLength, bytes.length - at);
      this.#part.set(bytes.subarray(at, at + take), this.#partLength);
      this.#partLength += take;
      this.#offset += take;
      at += take;
      if (this.#partLength === this.#wanted) this.#takePart();
    }
  }

  #takePart(): void {
    this.#partLength = 0;
    if (this.#format === undefined) {
      this.#format = decodeHead(this.#view);
      this.#wanted = WEAK_BYTES + this.#format.strongLength;
      this.#strong = new Uint8Array(FIRST_BLOCKS * this.#format.strongLength);
      return;
    }
    const { blockLength, strongLength } = this.#format;
    this.#checkCount(blockLength);
    if (this.#count === this.#weak.length) this.#grow();
    this.#weak[this.#count] = this.#view.getUint32(0);
    this.#strong.set(this.#part.subarray(WEAK_BYTES, this.#wanted), this.#count * strongLength);
    this.#count++;
  }

  #checkCount(blockLength: number): void {
    if (this.#count < LIMITS.blocks && this.#count * blockLength <= LIMITS.fileBytes - blockLength) return;
    throw damaged("signature", this.#offset - this.#wanted, `begins block ${this.#count}, more than are accepted`);
  }

  #grow(): void {
    const weak = new Uint32Array(this.#weak.length * 2);
    weak.set(this.#weak);
    this.#weak = weak;
    const strong = new Uint8Array(this.#strong.length * 2);
    strong.set(this.#strong);
    this.#strong = strong;
  }

  /**
   * Ends the input.
   *
   * @returns The signature.
   * @throws {SyncError} code `"delta-damaged"` when it ends within the head or within a block's sums.
   */
  finish(): Signature {
    if (this.#format === undefined) throw damaged("signature", this.#offset, "it ends within its head");
    if (this.#partLength > 0) {
      throw damaged("signature", this.#offset, `it ends within the sums of block ${this.#count}`);
    }
    return {
      ...this.#format,
      weakSums: this.#weak.subarray(0, this.#count),
      strongSums: this.#strong.subarray(0, this.#count * this.#format.strongLength),
    };
  }
}

function decodeHead(head: DataView): SignatureFormat {
  const magic = head.getUint32(0);
  const [, weak, strong] = SIGNATURE_MAGICS.find(([each]) => each === magic) ?? [];
  if (weak === undefined || strong === undefined) {
    throw damaged("signature", 0, `there is no signature's magic number but ${hex(magic)}`);
  }
  const blockLength = head.getUint32(4);
  if (blockLength < 1 || blockLength > LIMITS.blockLength) {
    throw damaged("signature", 4, `the block length is ${blockLength}, it must be from 1 to ${LIMITS.blockLength}`);
  }
  const strongLength = head.getUint32(8);
  if (strongLength < 1 || strongLength > STRONG_BYTES[strong]) {
    throw damaged(
      "signature",
      8,
      `the strong sums have ${strongLength} bytes, it must be 1 to ${STRONG_BYTES[strong]}`,
    );
  }
  return { weak, strong, blockLength, strongLength };
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, "0")}`;
}
