/**
 * Finds the blocks of an old file, of which only the signature is known, in a new file that arrives in pieces.
 *
 * A window of a block's length slides over the new file. Where its weak sum is in the signature, its strong sum is
 * compared; on a match the window jumps behind it, otherwise it moves on by a byte. What no block covers is literal.
 * The instructions depend on the two files alone: not on how the bytes arrive, and not on the kernel.
 *
 * Memory is the signature, its table, and one buffer. Time is linear, however a signature was made up: few blocks of
 * one weak sum are compared, and when weak sums promise too often what strong sums do not keep, they are no longer
 * believed.
 *
 * @module
 */
import { SyncError } from "../errors.ts";
import { BlockTable } from "../kernels/block_table.ts";
import { type CreateKernel, type Kernel, Layout, MOST_STRONG_BYTES, STRONG_BYTES } from "../kernels/kernel.ts";
import { createWasmKernel } from "../kernels/wasm_kernel.ts";
import { endsWithSum, RollingSum } from "../kernels/weak_sums.ts";
import { type Foresight, type ForesightRecorder, Outlook } from "./foresight.ts";
import { LIMITS } from "./format.ts";
import type { Copy, Instruction } from "./instruction.ts";
import type { Signature } from "./signature.ts";

/** A literal is cut after this many bytes, or a block's length, so that it can be passed on. As many windows are
 * searched at once unless the input ends: the sum of the first costs as much as a block has bytes. */
const LEAST_STRETCH = 65_536;
/** So many blocks of one weak sum are compared. */
const MOST_COMPARED = 64;
/** False alarms may cost this many bytes of hashing per byte of input, ... */
const ALARM_BYTES_PER_BYTE = 8;
/** ... and so many blocks more. With honest sums they cost far less than one byte per byte. */
const ALARM_BLOCKS = 64;
/** How many blocks the kernels hash at the cost of one. */
const LANES = { md4: 4, md5: 4, sha1: 1, sha256: 1, blake2b: 2, xxh3: 1, xxh128: 1 } as const;

/**
 * Turns a new file into instructions. Callers own the loop: either they put bytes where {@linkcode room} says and take
 * what {@linkcode fed} gives, or they {@linkcode push} bytes, which copies them. Generators must be drained.
 */
export class Matcher {
  readonly #signature: Signature;
  readonly #kernel: Kernel;
  readonly #table: BlockTable;
  readonly #rolling: RollingSum;
  /** Where the buffer begins and ends in the kernel's memory. */
  readonly #first: number;
  readonly #behind: number;
  readonly #digests: number;
  /** Bytes of a long literal, and windows that are searched at once. */
  readonly #stretch: number;
  /** Within the buffer: where the literal begins, where the window is, and where the bytes end. */
  #literal: number;
  #window: number;
  #end: number;
  /** Bytes of the new file before the buffer's first. */
  #passed = 0;
  /** The weak sum at the window, when it is known. */
  #sum: number | undefined;
  /** Where the windows begin whose strong sums are at hand, and how many there are. */
  #hashedAt = 0;
  #hashedCount = 0;
  /** Whether a known weak sum is met at the window. */
  #isMet = false;
  /** Bytes hashed for windows that matched nothing. */
  #alarmBytes = 0;
  /** Number of the block behind the last match. */
  #next = -1;
  /** A copy that may still grow. */
  #copy: Copy | undefined;
  /** What others have found out. */
  readonly #outlook: Outlook;
  /** Where to write down what is found out. */
  #recorder: ForesightRecorder | undefined;

  /**
   * Begins a delta.
   *
   * @param signature The signature of the old file.
   * @param createKernel What computes the sums.
   */
  constructor(signature: Signature, createKernel: CreateKernel = createWasmKernel) {
    const { blockLength, weak, weakSums } = signature;
    this.#signature = signature;
    this.#stretch = Math.max(LEAST_STRETCH, blockLength);
    const layout = new Layout();
    this.#table = new BlockTable(layout, weak, weakSums.length);
    this.#digests = layout.take(4 * MOST_STRONG_BYTES);
    const held = 2 * this.#stretch + blockLength; // at most, when no search is due
    this.#first = layout.take(2 * held);
    this.#behind = this.#first + 2 * held;
    this.#literal = this.#window = this.#end = this.#first;
    this.#kernel = createKernel(layout.bytes);
    this.#table.fill(this.#kernel, weakSums);
    this.#rolling = new RollingSum(weak, blockLength);
    this.#outlook = new Outlook(blockLength);
  }

  /**
   * Takes what another matcher of the same signature has found out about the next stretch of the new file. The
   * instructions are the same with it or without it.
   *
   * @param stretch A stretch behind those that were taken before.
   */
  foresee(stretch: Foresight): void {
    this.#outlook.add(stretch);
  }

  /**
   * Begins again, anywhere in the new file, to find out about a stretch of it.
   *
   * @param position Where.
   * @param recorder Takes what is found out. It is complete as far as {@linkcode explore} says.
   */
  restart(position: number, recorder: ForesightRecorder): void {
    this.#literal = this.#window = this.#end = this.#first;
    this.#passed = position;
    this.#sum = undefined;
    this.#hashedCount = 0;
    this.#alarmBytes = ALARM_BYTES_PER_BYTE * position;
    this.#next = -1;
    this.#copy = undefined;
    this.#recorder = recorder;
  }

  /**
   * Searches all windows of the bytes that have arrived, though there are few.
   *
   * @returns Position behind the last window that was searched.
   */
  explore(): number {
    for (const _ of this.#search(1)); // the instructions are of no use
    return this.#position;
  }

  /** Position of the window in the new file. */
  get #position(): number {
    return this.#passed + (this.#window - this.#first); // in this order it is exact up to 2^53
  }

  /**
   * Where the next bytes of the new file go.
   *
   * @returns A part of the kernel's memory, of at least one byte.
   */
  room(): Uint8Array {
    if (this.#behind - this.#end < (this.#behind - this.#first) / 4) this.#compact();
    return this.#kernel.memory.subarray(this.#end, this.#behind);
  }

  #compact(): void {
    const shift = this.#literal - this.#first;
    this.#kernel.memory.copyWithin(this.#first, this.#literal, this.#end);
    this.#literal -= shift;
    this.#window -= shift;
    this.#end -= shift;
    this.#hashedAt -= shift;
    this.#passed += shift;
  }

  /**
   * Takes over bytes that were put where {@linkcode room} said.
   *
   * @param count How many.
   * @returns The instructions that they complete.
   * @throws {SyncError} code `"file-too-large"` when positions in the new file are not exact any more.
   */
  *fed(count: number): Generator<Instruction> {
    this.#end += count;
    if (this.#passed > LIMITS.fileBytes - (this.#end - this.#first)) {
      throw new SyncError("file-too-large", `Cannot go on: the new file has more than ${LIMITS.fileBytes} bytes`);
    }
    yield* this.#search(this.#stretch);
  }

  /**
   * Takes the next bytes of the new file.
   *
   * @param bytes Any number of them.
   * @returns The instructions that they complete.
   */
  *push(bytes: Uint8Array): Generator<Instruction> {
    for (let at = 0; at < bytes.length;) {
      const room = this.room();
      const taken = bytes.subarray(at, at + room.length);
      room.set(taken);
      at += taken.length;
      yield* this.fed(taken.length);
    }
  }

  /**
   * Ends the new file.
   *
   * @returns The last instructions.
   */
  *finish(): Generator<Instruction> {
    yield* this.#search(1);
    const length = this.#lastBlockLength();
    this.#window = this.#end - length;
    yield* this.#takeLiteral();
    if (length > 0) yield* this.#takeBlock(this.#signature.weakSums.length - 1, length);
    if (this.#copy !== undefined) yield this.#copy;
    this.#copy = undefined;
  }

  /** Searches while there are at least so many windows. */
  *#search(leastWindows: number): Generator<Instruction> {
    const { blockLength } = this.#signature;
    for (;;) {
      const windows = this.#end - this.#window - blockLength + 1;
      if (windows < leastWindows) return;
      const count = Math.min(windows, this.#literal + this.#stretch - this.#window);
      const steps = this.#step(count);
      this.#window += steps;
      if (steps < count && this.#isMet) yield* this.#meet();
      if (this.#window - this.#literal === this.#stretch) yield* this.#takeLiteral();
    }
  }

  /** How many of some windows to move on, to where a known weak sum is met, or as far as it is certain that none is. */
  #step(count: number): number {
    const { blockLength, weak } = this.#signature;
    const outlook = this.#outlook.from(this.#position);
    this.#isMet = outlook === 0;
    if (outlook > 0) {
      this.#sum = undefined;
      return Math.min(outlook, count);
    }
    if (outlook === 0) {
      this.#recall();
      return 0;
    }
    const unknown = Math.min(count, -outlook);
    this.#sum ??= this.#kernel.weakSum(weak, this.#window, blockLength);
    const steps = this.#kernel.search(weak, this.#window, blockLength, unknown, this.#table.at, this.#sum);
    this.#isMet = steps < unknown;
    if (!this.#isMet) this.#sum = undefined;
    return steps;
  }

  /** Takes over the sums of the window from the outlook. */
  #recall(): void {
    const { blockLength, weak } = this.#signature;
    const met = this.#outlook.met();
    this.#kernel.search(weak, this.#window, blockLength, 1, this.#table.at, met.weak); // the table names its blocks
    this.#kernel.memory.set(met.strong, this.#digests);
    this.#hashedAt = this.#window;
    this.#hashedCount = 1;
  }

  /** Decides about a window whose weak sum is known. */
  *#meet(): Generator<Instruction> {
    const { blockLength } = this.#signature;
    const isTrusting = this.#isTrusting();
    const block = isTrusting ? this.#blockAtWindow() : -1;
    if (this.#recorder !== undefined) this.#record(this.#recorder, isTrusting, block >= 0);
    if (block >= 0) {
      yield* this.#takeLiteral();
      yield* this.#takeBlock(block, blockLength);
      this.#sum = undefined;
    } else {
      this.#roll();
    }
  }

  #record(recorder: ForesightRecorder, isHashed: boolean, isJump: boolean): void {
    const { strong, weakSums } = this.#signature;
    if (!isHashed) return recorder.stop(this.#position);
    const digest = this.#digestAtWindow();
    const bytes = this.#kernel.memory.subarray(digest, digest + STRONG_BYTES[strong]);
    recorder.add(this.#position, weakSums[this.#table.found()[0] ?? 0] ?? 0, bytes, isJump);
  }

  /** Whether false alarms have cost little, compared with the bytes that have been searched. */
  #isTrusting(): boolean {
    const { blockLength } = this.#signature;
    return this.#alarmBytes <= ALARM_BYTES_PER_BYTE * this.#position + ALARM_BLOCKS * blockLength;
  }

  /** The block that the window equals, or -1. The block behind the last match comes first: it makes one long copy. */
  #blockAtWindow(): number {
    const { blockLength, weakSums } = this.#signature;
    const blocks = this.#table.found();
    const digest = this.#digestAtWindow();
    const isNextKnown = weakSums[this.#next] === weakSums[blocks[0] ?? 0];
    if (isNextKnown && this.#isBlock(this.#next, digest)) return this.#next;
    for (const block of blocks.subarray(0, MOST_COMPARED)) if (this.#isBlock(block, digest)) return block;
    this.#alarmBytes += blockLength;
    return -1;
  }

  /** Offset of the strong sum of the window. Those of the windows behind it cost nothing more, and a match is often
   * followed by another. */
  #digestAtWindow(): number {
    const { blockLength, seed, strong } = this.#signature;
    const known = (this.#window - this.#hashedAt) / blockLength;
    if (!Number.isInteger(known) || known < 0 || known >= this.#hashedCount) {
      this.#hashedAt = this.#window;
      this.#hashedCount = Math.min(LANES[strong], Math.floor((this.#end - this.#window) / blockLength));
      this.#kernel.strongSums(strong, this.#window, blockLength, this.#hashedCount, this.#digests, seed);
    }
    return this.#digests + (this.#window - this.#hashedAt) / blockLength * STRONG_BYTES[strong];
  }

  #isBlock(block: number, digest: number): boolean {
    const { strongLength, strongSums } = this.#signature;
    const { memory } = this.#kernel;
    const sum = block * strongLength;
    for (let at = 0; at < strongLength; at++) if (memory[digest + at] !== strongSums[sum + at]) return false;
    return true;
  }

  /** Moves the window by a byte. */
  #roll(): void {
    const { memory } = this.#kernel;
    const entering = this.#window + this.#signature.blockLength;
    this.#rolling.sum = this.#signature.weakSums[this.#table.found()[0] ?? 0] ?? 0;
    this.#rolling.roll(memory[this.#window] ?? 0, memory[entering] ?? 0);
    this.#sum = entering < this.#end ? this.#rolling.sum : undefined;
    this.#window++;
  }

  /** Gives what is before the window and belongs to no block. */
  *#takeLiteral(): Generator<Instruction> {
    if (this.#window === this.#literal) return;
    if (this.#copy !== undefined) yield this.#copy;
    this.#copy = undefined;
    for (let at = this.#literal; at < this.#window; at += this.#stretch) {
      const end = Math.min(this.#window, at + this.#stretch);
      yield { kind: "literal", bytes: this.#kernel.memory.subarray(at, end) };
    }
    this.#literal = this.#window;
  }

  /** Moves behind a block that was found at the window. */
  *#takeBlock(block: number, length: number): Generator<Instruction> {
    const start = block * this.#signature.blockLength;
    const copy = this.#copy;
    if (copy !== undefined && copy.start + copy.length === start) {
      this.#copy = { kind: "copy", start: copy.start, length: copy.length + length };
    } else {
      if (copy !== undefined) yield copy;
      this.#copy = { kind: "copy", start, length };
    }
    this.#next = block + 1;
    this.#window += length;
    this.#literal = this.#window;
  }

  /** How many of the last bytes, fewer than a block, are the old file's last block. A signature does not say how long
   * that is. */
  #lastBlockLength(): number {
    const { seed, strong, weak, weakSums } = this.#signature;
    const last = weakSums.length - 1;
    const rest = this.#kernel.memory.subarray(this.#window, this.#end);
    if (last < 0) return 0;
    for (const length of endsWithSum(weak, rest, weakSums[last] ?? 0)) {
      if (!this.#isTrusting()) return 0;
      this.#kernel.strongSums(strong, this.#end - length, length, 1, this.#digests, seed);
      if (this.#isBlock(last, this.#digests)) return length;
      this.#alarmBytes += length;
    }
    return 0;
  }
}
