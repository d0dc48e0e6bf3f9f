/**
 * The sums of a file's blocks, as the receiving side sends them, and how long blocks are.
 *
 * @module
 */
import type { WireInput } from "./input.ts";
import { PEER_LIMITS } from "./limits.ts";
import type { WireOutput } from "./output.ts";

/** What is said before the sums. All zero when there is no file yet. */
export interface SumHead {
  /** How many blocks there are. */
  readonly count: number;
  /** Bytes of a block. */
  readonly blockLength: number;
  /** Bytes that are kept of each strong sum. */
  readonly strongLength: number;
  /** Bytes of the last block, when it is shorter. */
  readonly remainder: number;
}

/** The head where there are no blocks. */
export const NO_SUMS: SumHead = { count: 0, blockLength: 0, strongLength: 0, remainder: 0 };

/** Bytes of a weak sum. */
export const WEAK_BYTES = 4;

/**
 * Reads a head.
 *
 * @param input Where it is.
 * @param digestLength Bytes of a whole strong sum.
 * @returns The head, within its limits.
 * @throws {SyncError} code `"peer-protocol"` when it is not.
 */
export function readSumHead(input: WireInput, digestLength: number): SumHead {
  const count = within(input, "a number of blocks", PEER_LIMITS.blocks);
  const blockLength = within(input, "the length of a block", PEER_LIMITS.blockLength);
  const strongLength = within(input, "the length of a strong sum", digestLength);
  const remainder = within(input, "the length of the last block", blockLength);
  if (count > 0 && blockLength === 0) throw input.breach("blocks of at least one byte", `${count} of none`);
  return { count, blockLength, strongLength, remainder };
}

function within(input: WireInput, what: string, most: number): number {
  const value = input.i32();
  if (value < 0 || value > most) throw input.breach(`${what} from 0 to ${most}`, `${value}`);
  return value;
}

/**
 * Writes a head.
 *
 * @param output Where to.
 * @param head The head.
 */
export function writeSumHead(output: WireOutput, { count, blockLength, strongLength, remainder }: SumHead): void {
  output.i32(count);
  output.i32(blockLength);
  output.i32(strongLength);
  output.i32(remainder);
}

/**
 * The size of the file that sums are of.
 *
 * @param head The head of its sums.
 * @returns Bytes.
 */
export function basisSize({ count, blockLength, remainder }: SumHead): number {
  return count * blockLength - (remainder === 0 ? 0 : blockLength - remainder);
}

const LEAST_BLOCK = 700;
const GRANULE = 8;
const LEAST_STRONG = 2;
const MOST_STRONG = 16;

/**
 * How long all peers make the blocks of a file.
 *
 * @param size Size of the file.
 * @returns About the square root of the size, at least 700, at most 131,072.
 */
export function usualBlockLength(size: number): number {
  if (size <= LEAST_BLOCK * LEAST_BLOCK) return LEAST_BLOCK;
  const root = Math.floor(Math.sqrt(size));
  return Math.max(LEAST_BLOCK, Math.min(PEER_LIMITS.blockLength, root - root % GRANULE));
}

/**
 * How many bytes of strong sums all peers send.
 *
 * @param size Size of the file.
 * @param blockLength Length of its blocks.
 * @param digestLength Bytes of a whole strong sum.
 * @returns So many that a wrong match is improbable; a match that is wrong all the same is found by the sum of the file.
 */
export function usualStrongLength(size: number, blockLength: number, digestLength: number): number {
  const most = Math.min(MOST_STRONG, digestLength);
  const bits = Math.max(0, 10 + 2 * exponent(size) - exponent(blockLength));
  return Math.min(most, Math.max(LEAST_STRONG, Math.trunc((bits + 1 - 32 + 7) / 8)));
}

/** How often a number can be halved before it is 1. */
function exponent(value: number): number {
  return value < 1 ? 0 : Math.floor(Math.log2(value));
}

/**
 * The head of the sums of a file.
 *
 * @param size Size of the file.
 * @param blockLength Length of its blocks.
 * @param strongLength Bytes of each strong sum.
 * @returns The head.
 */
export function sumHeadOf(size: number, blockLength: number, strongLength: number): SumHead {
  return { count: Math.ceil(size / blockLength), blockLength, strongLength, remainder: size % blockLength };
}
