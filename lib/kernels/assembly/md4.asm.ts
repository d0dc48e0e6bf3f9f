// MD4 (RFC 1320) of four messages of equal length at once, one in each 32-bit lane.

import { NOWHERE, TAILS, WORDS } from "./memory.asm";

const BLOCK: u32 = 64;
const DIGEST: usize = 16;

// The chain values between two blocks of a message, for all four messages.
const STATE: usize = memory.data(64, 16);

/** Digests of `count` messages of `length` bytes that lie one behind the other. */
export function md4Sums(at: usize, length: u32, count: u32, into: usize): void {
  for (let i: u32 = 0; i < count; i += 4, at += 4 * length, into += 4 * DIGEST) hashFour(at, length, count - i, into);
}

// Fewer than four messages: the last one is hashed again in the lanes that are left.
function hashFour(a: usize, length: u32, count: u32, into: usize): void {
  const b = count > 1 ? a + length : a, c = count > 2 ? b + length : b, d = count > 3 ? c + length : c;
  v128.store(STATE, i32x4.splat(0x67452301));
  v128.store(STATE, i32x4.splat(0xefcdab89), 16);
  v128.store(STATE, i32x4.splat(0x98badcfe), 32);
  v128.store(STATE, i32x4.splat(0x10325476), 48);
  const whole = length & ~(BLOCK - 1);
  for (let done: u32 = 0; done < whole; done += BLOCK) compress(a + done, b + done, c + done, d + done);
  const padded = pad(a + whole, length, TAILS);
  pad(b + whole, length, TAILS + 128);
  pad(c + whole, length, TAILS + 256);
  pad(d + whole, length, TAILS + 384);
  for (let i: u32 = 0; i < padded; i += BLOCK) {
    compress(TAILS + i, TAILS + 128 + i, TAILS + 256 + i, TAILS + 384 + i);
  }
  finish(into, count);
}

/** Copies the last bytes of a message and what belongs behind them; returns how many bytes that makes. */
function pad(from: usize, length: u32, into: usize): u32 {
  const rest = length & (BLOCK - 1), padded = rest < 56 ? BLOCK : 2 * BLOCK;
  memory.fill(into, 0, 2 * BLOCK);
  memory.copy(into, from, rest);
  store<u8>(into + rest, 0x80);
  store<u64>(into + padded - 8, <u64>length * 8);
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

@inline
function turn(x: v128, bits: i32): v128 {
  return v128.or(i32x4.shl(x, bits), i32x4.shr_u(x, 32 - bits));
}

@inline
function word(i: usize): v128 {
  return v128.load(WORDS + (i << 4));
}

// The three kinds of steps: choice, majority, parity.
@inline
function step1(a: v128, b: v128, c: v128, d: v128, i: usize, bits: i32): v128 {
  return turn(i32x4.add(i32x4.add(a, word(i)), v128.xor(d, v128.and(b, v128.xor(c, d)))), bits);
}

@inline
function step2(a: v128, b: v128, c: v128, d: v128, i: usize, bits: i32): v128 {
  const majority = v128.or(v128.and(b, c), v128.and(d, v128.or(b, c)));
  return turn(i32x4.add(i32x4.add(a, i32x4.add(word(i), i32x4.splat(0x5a827999))), majority), bits);
}

@inline
function step3(a: v128, b: v128, c: v128, d: v128, i: usize, bits: i32): v128 {
  return turn(i32x4.add(i32x4.add(a, i32x4.add(word(i), i32x4.splat(0x6ed9eba1))), v128.xor(b, v128.xor(c, d))), bits);
}

function compress(p: usize, q: usize, r: usize, s: usize): void {
  for (let i: usize = 0; i < BLOCK; i += 16) turnAround(p + i, q + i, r + i, s + i, WORDS + 4 * i);
  const a0 = v128.load(STATE), b0 = v128.load(STATE, 16), c0 = v128.load(STATE, 32), d0 = v128.load(STATE, 48);
  let a = a0, b = b0, c = c0, d = d0;
  a = step1(a, b, c, d, 0, 3);
  d = step1(d, a, b, c, 1, 7);
  c = step1(c, d, a, b, 2, 11);
  b = step1(b, c, d, a, 3, 19);
  a = step1(a, b, c, d, 4, 3);
  d = step1(d, a, b, c, 5, 7);
  c = step1(c, d, a, b, 6, 11);
  b = step1(b, c, d, a, 7, 19);
  a = step1(a, b, c, d, 8, 3);
  d = step1(d, a, b, c, 9, 7);
  c = step1(c, d, a, b, 10, 11);
  b = step1(b, c, d, a, 11, 19);
  a = step1(a, b, c, d, 12, 3);
  d = step1(d, a, b, c, 13, 7);
  c = step1(c, d, a, b, 14, 11);
  b = step1(b, c, d, a, 15, 19);
  a = step2(a, b, c, d, 0, 3);
  d = step2(d, a, b, c, 4, 5);
  c = step2(c, d, a, b, 8, 9);
  b = step2(b, c, d, a, 12, 13);
  a = step2(a, b, c, d, 1, 3);
  d = step2(d, a, b, c, 5, 5);
  c = step2(c, d, a, b, 9, 9);
  b = step2(b, c, d, a, 13, 13);
  a = step2(a, b, c, d, 2, 3);
  d = step2(d, a, b, c, 6, 5);
  c = step2(c, d, a, b, 10, 9);
  b = step2(b, c, d, a, 14, 13);
  a = step2(a, b, c, d, 3, 3);
  d = step2(d, a, b, c, 7, 5);
  c = step2(c, d, a, b, 11, 9);
  b = step2(b, c, d, a, 15, 13);
  a = step3(a, b, c, d, 0, 3);
  d = step3(d, a, b, c, 8, 9);
  c = step3(c, d, a, b, 4, 11);
  b = step3(b, c, d, a, 12, 15);
  a = step3(a, b, c, d, 2, 3);
  d = step3(d, a, b, c, 10, 9);
  c = step3(c, d, a, b, 6, 11);
  b = step3(b, c, d, a, 14, 15);
  a = step3(a, b, c, d, 1, 3);
  d = step3(d, a, b, c, 9, 9);
  c = step3(c, d, a, b, 5, 11);
  b = step3(b, c, d, a, 13, 15);
  a = step3(a, b, c, d, 3, 3);
  d = step3(d, a, b, c, 11, 9);
  c = step3(c, d, a, b, 7, 11);
  b = step3(b, c, d, a, 15, 15);
  v128.store(STATE, i32x4.add(a, a0));
  v128.store(STATE, i32x4.add(b, b0), 16);
  v128.store(STATE, i32x4.add(c, c0), 32);
  v128.store(STATE, i32x4.add(d, d0), 48);
}
