// MD4 (RFC 1320): takes 64 bytes of each of four messages into their states.

import { STATE, WORDS } from "./memory.asm";

/** A rotation to the left. */
@inline
export function turn(x: v128, bits: i32): v128 {
  return v128.or(i32x4.shl(x, bits), i32x4.shr_u(x, 32 - bits));
}

/** The i-th word of each message. */
@inline
export function word(i: usize): v128 {
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

/** Takes the words of the four messages in. */
export function md4Words(): void {
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
