/**
 * Makes the signature of a file in librsync's format, from bytes that arrive in pieces of any size.
 *
 * @module
 */
import { type CreateKernel, type Kernel, Layout, STRONG_BYTES, WEAK_BYTES } from "../kernels/kernel.ts";
import { createWasmKernel } from "../kernels/wasm_kernel.ts";
import { checkFormat, SIGNATURE_HEAD_BYTES, SIGNATURE_MAGICS, type SignatureFormat } from "./format.ts";

/** Blocks are summed when about this many bytes of them are there. */
const BATCH_BYTES = 2 ** 19;
/** The kernels hash up to four blocks at once. */
const LANES = 4;

/**
 * Sums blocks. Callers own the loop: either they put bytes where {@linkcode room} says and tell {@linkcode fed}, or they
 * {@linkcode push} bytes, which copies them.
 */
export class SignatureWriter {
  readonly #format: SignatureFormat;
  readonly #kernel: Kernel;
  readonly #batch: number;
  readonly #data: number;
  readonly #weak: number;
  readonly #strong: number;
  readonly #output: Uint8Array;
  readonly #view: DataView;
  #filled = 0;
  #written = 0;

  /**
   * Begins a signature.
   *
   * @param format Which sums, over blocks of which length.
   * @param createKernel What computes them.
   * @throws {RangeError} when a length of the format is not within its limits, or has no file format.
   */
  constructor(format: SignatureFormat, createKernel: CreateKernel = createWasmKernel) {
    checkFormat(format);
    this.#format = format;
    const blocks = Math.floor(BATCH_BYTES / format.blockLength / LANES) * LANES;
    this.#batch = Math.max(LANES / 2, blocks);
    const layout = new Layout();
    this.#data = layout.take(this.#batch * format.blockLength);
    this.#weak = layout.take(this.#batch * WEAK_BYTES);
    this.#strong = layout.take(this.#batch * STRONG_BYTES[format.strong]);
    this.#kernel = createKernel(layout.bytes);
    this.#output = new Uint8Array(SIGNATURE_HEAD_BYTES + this.#batch * (WEAK_BYTES + format.strongLength));
    this.#view = new DataView(this.#output.buffer);
    this.#writeHead();
  }

  #writeHead(): void {
    const { weak, strong, blockLength, strongLength } = this.#format;
    const magic = SIGNATURE_MAGICS.find(([, ...sums]) => sums[0] === weak && sums[1] === strong)?.[0];
    if (magic === undefined) throw new RangeError(`Cannot write a signature: there is no format for sums of ${weak}`);
    for (const value of [magic, blockLength, strongLength]) this.#writeNumber(value);
  }

  #writeNumber(value: number): void {
    this.#view.setUint32(this.#written, value);
    this.#written += 4;
  }

  /**
   * Where the next bytes of the file go.
   *
   * @returns A part of the kernel's memory, of at least one byte.
   */
  room(): Uint8Array {
    return this.#kernel.memory.subarray(this.#data + this.#filled, this.#data + this.#capacity);
  }

  get #capacity(): number {
    return this.#batch * this.#format.blockLength;
  }

  /**
   * Takes over bytes that were put where {@linkcode room} said.
   *
   * @param count How many.
   * @returns The next bytes of the signature, valid until the next call; empty when more input is needed.
   */
  fed(count: number): Uint8Array {
    this.#filled += count;
    if (this.#filled < this.#capacity) return this.#take();
    this.#sum(this.#batch, this.#format.blockLength, 0);
    this.#filled = 0;
    return this.#take();
  }

  /**
   * Takes the next bytes of the file.
   *
   * @param bytes Any number of them.
   * @returns The bytes of the signature that they complete, each piece valid until the next is asked for.
   */
  *push(bytes: Uint8Array): Generator<Uint8Array> {
    for (let at = 0; at < bytes.length;) {
      const room = this.room();
      const taken = bytes.subarray(at, at + room.length);
      room.set(taken);
      at += taken.length;
      const output = this.fed(taken.length);
      if (output.length > 0) yield output;
    }
  }

  /**
   * Ends the file.
   *
   * @returns The last bytes of the signature.
   */
  finish(): Uint8Array {
    const { blockLength } = this.#format;
    const whole = Math.floor(this.#filled / blockLength);
    this.#sum(whole, blockLength, 0);
    const rest = this.#filled - whole * blockLength;
    if (rest > 0) this.#sum(1, rest, whole * blockLength);
    this.#filled = 0;
    return this.#take();
  }

  #take(): Uint8Array {
    const output = this.#output.subarray(0, this.#written);
    this.#written = 0;
    return output;
  }

  /** Sums blocks from a position in the data on and appends them to the output. */
  #sum(count: number, length: number, position: number): void {
    const { weak, strong, strongLength } = this.#format;
    this.#kernel.weakSums(weak, this.#data + position, length, count, this.#weak);
    this.#kernel.strongSums(strong, this.#data + position, length, count, this.#strong);
    const weakSums = new Uint32Array(this.#kernel.memory.buffer, this.#weak, count);
    for (let block = 0; block < count; block++) {
      this.#writeNumber(weakSums[block] ?? 0);
      const sum = this.#strong + block * STRONG_BYTES[strong];
      this.#output.set(this.#kernel.memory.subarray(sum, sum + strongLength), this.#written);
      this.#written += strongLength;
    }
  }
}
