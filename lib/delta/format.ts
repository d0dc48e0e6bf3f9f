/**
 * The two file formats of librsync, as its documentation describes them ("File formats"), and the limits that hold for
 * whatever is read in them. All integers are big-endian.
 *
 * A signature is a magic number, the block length and the length of its strong sums, 4 bytes each, and for each block
 * of the file a weak sum of 4 bytes and the first bytes of its strong sum. A delta is a magic number and commands; each
 * is a byte that says what follows it, and the last is 0.
 *
 * @module
 */
import { type Seed, STRONG_BYTES, type StrongSum, type WeakSum } from "../kernels/kernel.ts";

/** How a signature is made: which sums, over blocks of which length. */
export interface SignatureFormat {
  /** The sum that finds blocks. */
  readonly weak: WeakSum;
  /** The sum that confirms them. */
  readonly strong: StrongSum;
  /** Bytes of a block; the last one may be shorter. */
  readonly blockLength: number;
  /** Bytes that are kept of each strong sum. */
  readonly strongLength: number;
  /** What is hashed with every block; files have none. @default {undefined} */
  readonly seed?: Seed | undefined;
}

/** The first four bytes of a signature, by its sums. Others, and sums with a seed, have no file format. */
export const SIGNATURE_MAGICS: readonly (readonly [magic: number, weak: WeakSum, strong: StrongSum])[] = [
  [0x72730136, "rollsum", "md4"],
  [0x72730137, "rollsum", "blake2b"],
  [0x72730146, "rabinkarp", "md4"],
  [0x72730147, "rabinkarp", "blake2b"],
];

/** Bytes before the first block of a signature. */
export const SIGNATURE_HEAD_BYTES = 12;

/** The first four bytes of a delta. */
export const DELTA_MAGIC = 0x72730236;

/**
 * Commands of a delta. Literal bytes follow their command: the commands 1 to 64 are their number, four more are
 * followed by their number in 1, 2, 4 or 8 bytes. A copy is followed by start and length, each in 1, 2, 4 or 8 bytes.
 */
export const COMMAND = { end: 0, literal: 0x01, literalSized: 0x41, copy: 0x45, reserved: 0x55 } as const;

/** Literals up to this length are said by the command alone. */
export const SHORT_LITERAL = 64;

/** Sizes that a command's numbers may have. */
export const NUMBER_BYTES: readonly number[] = [1, 2, 4, 8];

/** What is accepted from outside. */
export const LIMITS = {
  /** Blocks are held in memory while they are summed. */
  blockLength: 2 ** 27,
  /** Blocks of one signature; all of it is held in memory. */
  blocks: 2 ** 25,
  /** Positions and sizes are exact up to here. */
  fileBytes: Number.MAX_SAFE_INTEGER,
} as const;

/**
 * Checks a format that a caller made up.
 *
 * @param format The format.
 * @throws {RangeError} when a length is not within its limits.
 */
export function checkFormat({ strong, blockLength, strongLength }: SignatureFormat): void {
  checkWithin("blockLength", blockLength, LIMITS.blockLength);
  checkWithin("strongLength", strongLength, STRONG_BYTES[strong]);
}

function checkWithin(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return;
  throw new RangeError(`Cannot make a signature: ${name} must be a whole number from 1 to ${most}, is ${value}`);
}
