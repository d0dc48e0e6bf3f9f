// MD5 (RFC 1321): takes 64 bytes of each of four messages into their states.

import { turn, word } from "./md4.asm";
import { STATE } from "./memory.asm";

/** What is added in each step. */
const ADDED = memory.data<u32>([
  0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee,
  0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
  0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be,
  0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
  0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa,
  0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
  0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed,
  0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
  0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c,
  0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
  0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05,
  0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
  0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039,
  0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
  0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1,
  0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
], 16);

// A step: mixes three words of the state into the first, with a word of the message.
@inline
function step(a: v128, b: v128, mix: v128, i: usize, n: usize, bits: i32): v128 {
  return i32x4.add(b, turn(i32x4.add(i32x4.add(a, i32x4.add(word(i), v128.load32_splat(ADDED + (n << 2)))), mix), bits));
}

@inline
function step1(a: v128, b: v128, c: v128, d: v128, i: usize, n: usize, bits: i32): v128 {
  return step(a, b, v128.xor(d, v128.and(b, v128.xor(c, d))), i, n, bits);
}

@inline
function step2(a: v128, b: v128, c: v128, d: v128, i: usize, n: usize, bits: i32): v128 {
  return step(i32x4.add(a, v128.andnot(c, d)), b, v128.and(b, d), i, n, bits);
}

@inline
function step3(a: v128, b: v128, c: v128, d: v128, i: usize, n: usize, bits: i32): v128 {
  return step(a, b, v128.xor(b, v128.xor(c, d)), i, n, bits);
}

@inline
function step4(a: v128, b: v128, c: v128, d: v128, i: usize, n: usize, bits: i32): v128 {
  return step(a, b, v128.xor(c, v128.or(b, v128.not(d))), i, n, bits);
}

/** Takes the words of the four messages in. */
export function md5Words(): void {
  const a0 = v128.load(STATE), b0 = v128.load(STATE, 16), c0 = v128.load(STATE, 32), d0 = v128.load(STATE, 48);
  let a = a0, b = b0, c = c0, d = d0;
  a = step1(a, b, c, d, 0, 0, 7);
  d = step1(d, a, b, c, 1, 1, 12);
  c = step1(c, d, a, b, 2, 2, 17);
  b = step1(b, c, d, a, 3, 3, 22);
  a = step1(a, b, c, d, 4, 4, 7);
  d = step1(d, a, b, c, 5, 5, 12);
  c = step1(c, d, a, b, 6, 6, 17);
  b = step1(b, c, d, a, 7, 7, 22);
  a = step1(a, b, c, d, 8, 8, 7);
  d = step1(d, a, b, c, 9, 9, 12);
  c = step1(c, d, a, b, 10, 10, 17);
  b = step1(b, c, d, a, 11, 11, 22);
  a = step1(a, b, c, d, 12, 12, 7);
  d = step1(d, a, b, c, 13, 13, 12);
  c = step1(c, d, a, b, 14, 14, 17);
  b = step1(b, c, d, a, 15, 15, 22);
  a = step2(a, b, c, d, 1, 16, 5);
  d = step2(d, a, b, c, 6, 17, 9);
  c = step2(c, d, a, b, 11, 18, 14);
  b = step2(b, c, d, a, 0, 19, 20);
  a = step2(a, b, c, d, 5, 20, 5);
  d = step2(d, a, b, c, 10, 21, 9);
  c = step2(c, d, a, b, 15, 22, 14);
  b = step2(b, c, d, a, 4, 23, 20);
  a = step2(a, b, c, d, 9, 24, 5);
  d = step2(d, a, b, c, 14, 25, 9);
  c = step2(c, d, a, b, 3, 26, 14);
  b = step2(b, c, d, a, 8, 27, 20);
  a = step2(a, b, c, d, 13, 28, 5);
  d = step2(d, a, b, c, 2, 29, 9);
  c = step2(c, d, a, b, 7, 30, 14);
  b = step2(b, c, d, a, 12, 31, 20);
  a = step3(a, b, c, d, 5, 32, 4);
  d = step3(d, a, b, c, 8, 33, 11);
  c = step3(c, d, a, b, 11, 34, 16);
  b = step3(b, c, d, a, 14, 35, 23);
  a = step3(a, b, c, d, 1, 36, 4);
  d = step3(d, a, b, c, 4, 37, 11);
  c = step3(c, d, a, b, 7, 38, 16);
  b = step3(b, c, d, a, 10, 39, 23);
  a = step3(a, b, c, d, 13, 40, 4);
  d = step3(d, a, b, c, 0, 41, 11);
  c = step3(c, d, a, b, 3, 42, 16);
  b = step3(b, c, d, a, 6, 43, 23);
  a = step3(a, b, c, d, 9, 44, 4);
  d = step3(d, a, b, c, 12, 45, 11);
  c = step3(c, d, a, b, 15, 46, 16);
  b = step3(b, c, d, a, 2, 47, 23);
  a = step4(a, b, c, d, 0, 48, 6);
  d = step4(d, a, b, c, 7, 49, 10);
  c = step4(c, d, a, b, 14, 50, 15);
  b = step4(b, c, d, a, 5, 51, 21);
  a = step4(a, b, c, d, 12, 52, 6);
  d = step4(d, a, b, c, 3, 53, 10);
  c = step4(c, d, a, b, 10, 54, 15);
  b = step4(b, c, d, a, 1, 55, 21);
  a = step4(a, b, c, d, 8, 56, 6);
  d = step4(d, a, b, c, 15, 57, 10);
  c = step4(c, d, a, b, 6, 58, 15);
  b = step4(b, c, d, a, 13, 59, 21);
  a = step4(a, b, c, d, 4, 60, 6);
  d = step4(d, a, b, c, 11, 61, 10);
  c = step4(c, d, a, b, 2, 62, 15);
  b = step4(b, c, d, a, 9, 63, 21);
  v128.store(STATE, i32x4.add(a, a0));
  v128.store(STATE, i32x4.add(b, b0), 16);
  v128.store(STATE, i32x4.add(c, c0), 32);
  v128.store(STATE, i32x4.add(d, d0), 48);
}
