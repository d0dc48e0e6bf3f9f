/**
 * The sums of the blocks of an old file, in the form in which a generator sends them.
 *
 * @module
 */
import { type Kernel, Layout } from "../kernels/kernel.ts";
import { createWasmKernel } from "../kernels/wasm_kernel.ts";
import type { Steps } from "../model/steps.ts";
import type { FileReader } from "../model/tree.ts";
import { PEER_LIMITS } from "../wire/limits.ts";
import type { WireOutput } from "../wire/output.ts";
import { type SumHead, WEAK_BYTES } from "../wire/sums.ts";
import type { BlockDigest } from "./digests.ts";

/** Room for what is read at once: several blocks of any length. */
const ROOM_BYTES = 4 * PEER_LIMITS.blockLength;
/** So many blocks' weak sums are computed at once. */
const MOST_BLOCKS = 1024;
/** Between two steps so many blocks are summed. */
const STEP_BYTES = 8 << 20;

/** Computes sums, for one file after the other. */
export class BlockSums {
  readonly #digest: BlockDigest;
  readonly #kernel: Kernel;
  readonly #data: number;
  readonly #sums: number;

  /**
   * Prepares.
   *
   * @param digest Computes strong sums.
   */
  constructor(digest: BlockDigest) {
    this.#digest = digest;
    const layout = new Layout();
    this.#data = layout.take(ROOM_BYTES);
    this.#sums = layout.take(MOST_BLOCKS * WEAK_BYTES);
    this.#kernel = createWasmKernel(layout.bytes);
  }

  /**
   * Writes the sums of a file. Where the file is shorter by now than its head says, what is missing counts as zeros: such
   * blocks match nothing that is right in the end.
   *
   * @param file The old file.
   * @param head What was said of it.
   * @param output Where to.
   * @returns Steps.
   */
  *write(file: FileReader, head: SumHead, output: WireOutput): Steps {
    const { count, blockLength, remainder } = head;
    const { memory } = this.#kernel;
    const atOnce = Math.max(1, Math.min(MOST_BLOCKS, Math.floor(ROOM_BYTES / blockLength)));
    const whole = count - (remainder > 0 ? 1 : 0);
    let pause = STEP_BYTES;
    for (let block = 0; block < count;) {
      const blocks = block < whole ? Math.min(atOnce, whole - block) : 1;
      const length = block < whole ? blockLength : remainder;
      const room = memory.subarray(this.#data, this.#data + blocks * length);
      room.fill(0, readFully(file, room, block * blockLength));
      this.#kernel.weakSums("rsync", this.#data, length, blocks, this.#sums);
      for (let at = 0; at < blocks; at++) {
        output.bytes(memory.subarray(this.#sums + at * WEAK_BYTES, this.#sums + (at + 1) * WEAK_BYTES));
        output.bytes(this.#digest(room.subarray(at * length, (at + 1) * length)).subarray(0, head.strongLength));
      }
      block += blocks;
      if (block * blockLength < pause) continue;
      pause += STEP_BYTES;
      yield;
    }
  }
}

/**
 * Reads until a buffer is full or the file ends.
 *
 * @param file The file.
 * @param into The buffer.
 * @param position Where in the file.
 * @returns How many bytes were read.
 */
export function readFully(file: FileReader, into: Uint8Array, position: number): number {
  let done = 0;
  while (done < into.length) {
    const count = file.read(into.subarray(done), position + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}
