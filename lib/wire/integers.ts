/**
 * The protocol's numbers of variable length, and texts that begin with their length.
 *
 * The first byte of a number says by its leading one bits how many bytes follow beyond those that always do; the bits
 * that are left are the highest of the number. The other bytes are the low ones, lowest first.
 *
 * @module
 */
import type { WireInput } from "./input.ts";
import { PEER_LIMITS } from "./limits.ts";
import type { WireOutput } from "./output.ts";

const TWO_32 = 2 ** 32;

/** Leading one bits of a byte. */
function leadingOnes(byte: number): number {
  return Math.clz32(~(byte << 24));
}

/**
 * Reads a number of 32 bits.
 *
 * @param input Where it is.
 * @returns The number, signed.
 * @throws {SyncError} code `"peer-protocol"` when it says that it is longer.
 */
export function readVarint(input: WireInput): number {
  const first = input.u8();
  if (first < 0x80) return first;
  const extra = leadingOnes(first);
  if (extra > 4) throw input.breach("a number of 32 bits", `one that begins with ${hex(first)}`);
  let value = 0;
  for (let at = 0; at < extra; at++) value |= input.u8() << (8 * at);
  return extra === 4 ? value : value | (first & (0x7f >> extra)) << (8 * extra);
}

/**
 * Writes a number of 32 bits.
 *
 * @param output Where to.
 * @param value The number, signed or unsigned.
 */
export function writeVarint(output: WireOutput, value: number): void {
  if (value >= 0 && value < 0x80) return output.u8(value);
  let extra = 1;
  while (extra < 4 && value >>> 0 >= 2 ** (7 * extra + 7)) extra++;
  const marker = (0xff << (8 - extra)) & 0xff;
  output.u8(extra === 4 ? marker : marker | value >>> (8 * extra));
  for (let at = 0; at < extra; at++) output.u8(value >>> (8 * at));
}

/**
 * Reads a number of 64 bits.
 *
 * @param input Where it is.
 * @param least Bytes that it has at least, the first included.
 * @returns The number, signed.
 * @throws {SyncError} code `"peer-protocol"` when it is longer than 64 bits, or not exact as a number.
 */
export function readVarlong(input: WireInput, least: 3 | 4): number {
  const first = input.u8();
  const extra = Math.min(leadingOnes(first), 6);
  const count = least - 1 + extra; // bytes behind the first
  if (count > 8) throw input.breach("a number of 64 bits", `one of ${count + 1} bytes`);
  const bytes = input.bytes(count);
  let low = 0;
  let high = 0;
  for (let at = 0; at < count; at++) {
    if (at < 4) low |= bytes[at]! << (8 * at);
    else high |= bytes[at]! << (8 * (at - 4));
  }
  const top = first & (0x7f >> extra);
  if (count < 4) low |= top << (8 * count);
  else if (count < 8) high |= top << (8 * (count - 4));
  const value = high * TWO_32 + (low >>> 0);
  if (Math.abs(value) > PEER_LIMITS.exact) throw input.breach("a number that is exact", `${value}`);
  return value;
}

/**
 * Writes a number of 64 bits.
 *
 * @param output Where to.
 * @param value The number, whole and exact.
 * @param least Bytes that it has at least, the first included.
 */
export function writeVarlong(output: WireOutput, value: number, least: 3 | 4): void {
  let count = 8;
  if (value >= 0) {
    count = least - 1;
    // What is left for the first byte shrinks by a bit with each byte more.
    while (value >= 2 ** (8 * count) * 2 ** (7 - (count - least + 1))) count++;
  }
  const extra = count - least + 1;
  const marker = (0xff << (8 - extra)) & 0xff;
  output.u8(count === 8 ? marker : marker | Math.floor(value / 2 ** (8 * count)));
  const low = value % TWO_32;
  const high = Math.floor(value / TWO_32);
  for (let at = 0; at < count; at++) output.u8(at < 4 ? low >>> (8 * at) : high >> (8 * (at - 4)));
}

/**
 * Reads a text that begins with its length.
 *
 * @param input Where it is.
 * @param most Bytes that are accepted.
 * @param what What it is, for the error.
 * @returns A view that is valid until more bytes arrive.
 * @throws {SyncError} code `"peer-protocol"` when it is longer.
 */
export function readText(input: WireInput, most: number, what: string): Uint8Array {
  const first = input.u8();
  const length = first < 0x80 ? first : (first & 0x7f) << 8 | input.u8();
  if (length > most) throw input.breach(`${what} of at most ${most} bytes`, `one of ${length}`);
  return input.bytes(length);
}

/** Longest text that can be written. */
export const MOST_TEXT = 0x7fff;

/**
 * Writes a text that begins with its length.
 *
 * @param output Where to.
 * @param text At most {@linkcode MOST_TEXT} bytes.
 */
export function writeText(output: WireOutput, text: Uint8Array): void {
  if (text.length > MOST_TEXT) throw new RangeError(`Cannot send a text of ${text.length} bytes`);
  if (text.length >= 0x80) output.u8(0x80 | text.length >> 8);
  output.u8(text.length & 0xff);
  output.bytes(text);
}

/**
 * Reads a count or length that has a limit.
 *
 * @param input Where it is; the number is of variable length.
 * @param most What is accepted.
 * @param what What it counts, for the error.
 * @returns The number, from 0.
 * @throws {SyncError} code `"peer-protocol"` when it is not within the limit.
 */
export function readCount(input: WireInput, most: number, what: string): number {
  const count = readVarint(input);
  if (count < 0 || count > most) throw input.breach(`${what} from 0 to ${most}`, `${count}`);
  return count;
}

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, "0")}`;
}
