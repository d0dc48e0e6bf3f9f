// Four messages of equal length at once for MD4 (RFC 1320) and MD5 (RFC 1321), one in each 32-bit lane; the two pad alike
// and begin with the same state. A seed of four bytes may come before or behind each message.

import { md4Words } from "./md4.asm";
import { md5Words } from "./md5.asm";
import { NOWHERE, STATE, TAILS, WORDS } from "./memory.asm";

/** Where the seed is. */
const BEFORE: u32 = 1;
const BEHIND: u32 = 2;

const BLOCK: u32 = 64;
const DIGEST: usize = 16;
const SEED: u32 = 4;
/** Bytes of the piece of each message that is put together. */
const TAIL: usize = 128;

/** Digests of `count` messages of `length` bytes that lie one behind the other. */
export function fourSums(
  isMd5: bool, at: usize, length: u32, count: u32, into: usize, seed: u32, place: u32,
): void {
  for (let i: u32 = 0; i < count; i += 4, at += 4 * length, into += 4 * DIGEST) {
    hashFour(isMd5, at, length, count - i, into, seed, place);
  }
}

// Fewer than four messages: the last one is hashed again in the lanes that are left.
function hashFour(isMd5: bool, a: usize, length: u32, count: u32, into: usize, seed: u32, place: u32): void {
  const b = count > 1 ? a + length : a, c = count > 2 ? b + length : b, d = count > 3 ? c + length : c;
  v128.store(STATE, i32x4.splat(0x67452301));
  v128.store(STATE, i32x4.splat(0xefcdab89), 16);
  v128.store(STATE, i32x4.splat(0x98badcfe), 32);
  v128.store(STATE, i32x4.splat(0x10325476), 48);
  let done: u32 = 0;
  if (place == BEFORE && length >= BLOCK - SEED) {
    done = BLOCK - SEED;
    head(a, seed, TAILS);
    head(b, seed, TAILS + TAIL);
    head(c, seed, TAILS + 2 * TAIL);
    head(d, seed, TAILS + 3 * TAIL);
    compress(isMd5, TAILS, TAILS + TAIL, TAILS + 2 * TAIL, TAILS + 3 * TAIL);
  }
  for (; length - done >= BLOCK; done += BLOCK) compress(isMd5, a + done, b + done, c + done, d + done);
  const padded = pad(a, length, done, seed, place, TAILS);
  pad(b, length, done, seed, place, TAILS + TAIL);
  pad(c, length, done, seed, place, TAILS + 2 * TAIL);
  pad(d, length, done, seed, place, TAILS + 3 * TAIL);
  for (let i: u32 = 0; i < padded; i += BLOCK) {
    compress(isMd5, TAILS + i, TAILS + TAIL + i, TAILS + 2 * TAIL + i, TAILS + 3 * TAIL + i);
  }
  finish(into, count);
}

/** Puts the seed before the first bytes of a message. */
function head(from: usize, seed: u32, into: usize): void {
  store<u32>(into, seed);
  memory.copy(into + SEED, from, BLOCK - SEED);
}

/** Copies what is left of a message and what belongs behind it; returns how many bytes that makes. */
function pad(from: usize, length: u32, done: u32, seed: u32, place: u32, into: usize): u32 {
  const rest = length - done;
  memory.fill(into, 0, TAIL);
  let end = into;
  if (place == BEFORE && done == 0) {
    store<u32>(end, seed);
    end += SEED;
  }
  memory.copy(end, from + done, rest);
  end += rest;
  if (place == BEHIND) {
    store<u32>(end, seed);
    end += SEED;
  }
  store<u8>(end, 0x80);
  const padded = <u32>(end - into) < 56 ? BLOCK : 2 * BLOCK;
  store<u64>(into + padded - 8, (<u64>length + (place == 0 ? 0 : SEED)) * 8);
  return padded;
}

/** Turns lanes back into messages. */
function finish(into: usize, count: u32): void {
  turnAround(STATE, STATE + 16, STATE + 32, STATE + 48, TAILS);
  v128.store(into, v128.load(TAILS));
  v128.store(count > 1 ? into + DIGEST : NOWHERE, v128.load(TAILS, 16));
  v128.store(count > 2 ? into + 2 * DIGEST : NOWHERE, v128.load(TAILS, 32));
  v128.store(count > 3 ? into + 3 * DIGEST : NOWHERE, v128.load(TAILS, 48));
}

/** Stores the four columns of a matrix whose rows are at a, b, c, d. */
@inline
function turnAround(a: usize, b: usize, c: usize, d: usize, into: usize): void {
  const p = v128.load(a), q = v128.load(b), r = v128.load(c), s = v128.load(d);
  const pq = v128.shuffle<u32>(p, q, 0, 4, 1, 5), rs = v128.shuffle<u32>(r, s, 0, 4, 1, 5);
  const PQ = v128.shuffle<u32>(p, q, 2, 6, 3, 7), RS = v128.shuffle<u32>(r, s, 2, 6, 3, 7);
  v128.store(into, v128.shuffle<u64>(pq, rs, 0, 2));
  v128.store(into, v128.shuffle<u64>(pq, rs, 1, 3), 16);
  v128.store(into, v128.shuffle<u64>(PQ, RS, 0, 2), 32);
  v128.store(into, v128.shuffle<u64>(PQ, RS, 1, 3), 48);
}

function compress(isMd5: bool, p: usize, q: usize, r: usize, s: usize): void {
  for (let i: usize = 0; i < BLOCK; i += 16) turnAround(p + i, q + i, r + i, s + i, WORDS + 4 * i);
  if (isMd5) md5Words();
  else md4Words();
}
