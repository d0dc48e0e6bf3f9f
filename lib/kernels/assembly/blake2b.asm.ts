// BLAKE2b with digests of 32 bytes (RFC 7693), two messages of equal length at once, one in each half of a vector.

import { NOWHERE, TAILS, WORDS } from "./memory.asm";

const BLOCK: u32 = 128;
const DIGEST: usize = 32;
const IV0: u64 = 0x6a09e667f3bcc908;
const IV1: u64 = 0xbb67ae8584caa73b;
const IV2: u64 = 0x3c6ef372fe94f82b;
const IV3: u64 = 0xa54ff53a5f1d36f1;
const IV4: u64 = 0x510e527fade682d1;
const IV5: u64 = 0x9b05688c2b3e6c1f;
const IV6: u64 = 0x1f83d9abfb41bd6b;
const IV7: u64 = 0x5be0cd19137e2179;

/** Order of the message's words in each of the twelve rounds, as offsets in vectors of 16 bytes. */
const SIGMA: usize = memory.data<u8>([
  0, 16, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240,
  224, 160, 64, 128, 144, 240, 208, 96, 16, 192, 0, 32, 176, 112, 80, 48,
  176, 128, 192, 0, 80, 32, 240, 208, 160, 224, 48, 96, 112, 16, 144, 64,
  112, 144, 48, 16, 208, 192, 176, 224, 32, 96, 80, 160, 64, 0, 240, 128,
  144, 0, 80, 112, 32, 64, 160, 240, 224, 16, 176, 192, 96, 128, 48, 208,
  32, 192, 96, 160, 0, 176, 128, 48, 64, 208, 112, 80, 240, 224, 16, 144,
  192, 80, 16, 240, 224, 208, 64, 160, 0, 112, 96, 48, 144, 32, 128, 176,
  208, 176, 112, 224, 192, 16, 48, 144, 80, 0, 240, 64, 128, 96, 32, 160,
  96, 240, 224, 144, 176, 48, 0, 128, 192, 32, 208, 112, 16, 64, 160, 80,
  160, 32, 128, 64, 112, 96, 16, 80, 240, 176, 144, 224, 48, 192, 208, 0,
  0, 16, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240,
  224, 160, 64, 128, 144, 240, 208, 96, 16, 192, 0, 32, 176, 112, 80, 48,
]);

/** A rotation to the right by 24 bits. From memory, since V8 builds a constant anew at each use. */
const TURN24 = memory.data<u8>([
  3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10,
], 16);

// The chain values between two blocks of a message, for both messages: eight vectors.
const STATE: usize = memory.data(128, 16);

/** Digests of `count` messages of `length` bytes that lie one behind the other. */
export function blake2bSums(at: usize, length: u32, count: u32, into: usize): void {
  for (let i: u32 = 0; i < count; i += 2, at += 2 * length, into += 2 * DIGEST) {
    const hasTwo = i + 1 < count;
    hashTwo(at, hasTwo ? at + length : at, length, into, hasTwo ? into + DIGEST : NOWHERE);
  }
}

function hashTwo(a: usize, b: usize, length: u32, intoA: usize, intoB: usize): void {
  start();
  const last: u32 = length == 0 ? 0 : (length - 1) & ~(BLOCK - 1);
  for (let done: u32 = 0; done < last; done += BLOCK) compress(a + done, b + done, done + BLOCK, 0);
  pad(a + last, length - last, TAILS);
  pad(b + last, length - last, TAILS + BLOCK);
  compress(TAILS, TAILS + BLOCK, length, -1);
  for (let i: usize = 0; i < DIGEST; i += 16) {
    const x = v128.load(STATE + 2 * i), y = v128.load(STATE + 2 * i, 16);
    v128.store(intoA + i, v128.shuffle<u64>(x, y, 0, 2));
    v128.store(intoB + i, v128.shuffle<u64>(x, y, 1, 3));
  }
}

function pad(from: usize, length: u32, into: usize): void {
  memory.fill(into, 0, BLOCK);
  memory.copy(into, from, length);
}

function start(): void {
  v128.store(STATE, i64x2.splat(IV0 ^ 0x01010000 ^ DIGEST)); // no key, one message, digests of 32 bytes
  v128.store(STATE, i64x2.splat(IV1), 16);
  v128.store(STATE, i64x2.splat(IV2), 32);
  v128.store(STATE, i64x2.splat(IV3), 48);
  v128.store(STATE, i64x2.splat(IV4), 64);
  v128.store(STATE, i64x2.splat(IV5), 80);
  v128.store(STATE, i64x2.splat(IV6), 96);
  v128.store(STATE, i64x2.splat(IV7), 112);
}

@inline
function add(a: v128, b: v128): v128 {
  return i64x2.add(a, b);
}

/** Exclusive or, then a rotation to the right by 32, 24, 16 or 63 bits. */
@inline
function turn32(a: v128, b: v128): v128 {
  const x = v128.xor(a, b);
  return v128.shuffle<u32>(x, x, 1, 0, 3, 2);
}

@inline
function turn24(a: v128, b: v128, by24: v128): v128 {
  return i8x16.relaxed_swizzle(v128.xor(a, b), by24);
}

@inline
function turn16(a: v128, b: v128): v128 {
  const x = v128.xor(a, b);
  return v128.shuffle<u16>(x, x, 1, 2, 3, 0, 5, 6, 7, 4);
}

@inline
function turn63(a: v128, b: v128): v128 {
  const x = v128.xor(a, b);
  return v128.or(i64x2.shr_u(x, 63), i64x2.add(x, x));
}

/** Adds two state words and the i-th message word of a round. */
@inline
function mix(a: v128, b: v128, round: usize, i: usize): v128 {
  return add(add(a, b), v128.load(<usize>load<u8>(round + i), WORDS));
}

@inline
function fold(offset: usize, x: v128, y: v128): void {
  v128.store(STATE + offset, v128.xor(v128.load(STATE + offset), v128.xor(x, y)));
}

// Two columns are written line by line side by side: they do not depend on each other. All four would need more vectors
// than there are registers.
function compress(a: usize, b: usize, total: u64, final: u64): void {
  for (let i: usize = 0; i < BLOCK; i += 16) {
    const x = v128.load(a + i), y = v128.load(b + i);
    v128.store(WORDS + 2 * i, v128.shuffle<u64>(x, y, 0, 2));
    v128.store(WORDS + 2 * i, v128.shuffle<u64>(x, y, 1, 3), 16);
  }
  let v0 = v128.load(STATE), v1 = v128.load(STATE, 16), v2 = v128.load(STATE, 32), v3 = v128.load(STATE, 48);
  let v4 = v128.load(STATE, 64), v5 = v128.load(STATE, 80), v6 = v128.load(STATE, 96), v7 = v128.load(STATE, 112);
  let v8 = i64x2.splat(IV0), v9 = i64x2.splat(IV1), v10 = i64x2.splat(IV2), v11 = i64x2.splat(IV3);
  let v12 = i64x2.splat(IV4 ^ total), v13 = i64x2.splat(IV5), v14 = i64x2.splat(IV6 ^ final), v15 = i64x2.splat(IV7);
  const by24 = v128.load(TURN24);
  for (let round = SIGMA; round < SIGMA + 12 * 16; round += 16) {
    v0 = mix(v0, v4, round, 0);
    v1 = mix(v1, v5, round, 2);
    v12 = turn32(v12, v0);
    v13 = turn32(v13, v1);
    v8 = add(v8, v12);
    v9 = add(v9, v13);
    v4 = turn24(v4, v8, by24);
    v5 = turn24(v5, v9, by24);
    v0 = mix(v0, v4, round, 1);
    v1 = mix(v1, v5, round, 3);
    v12 = turn16(v12, v0);
    v13 = turn16(v13, v1);
    v8 = add(v8, v12);
    v9 = add(v9, v13);
    v4 = turn63(v4, v8);
    v5 = turn63(v5, v9);
    v2 = mix(v2, v6, round, 4);
    v3 = mix(v3, v7, round, 6);
    v14 = turn32(v14, v2);
    v15 = turn32(v15, v3);
    v10 = add(v10, v14);
    v11 = add(v11, v15);
    v6 = turn24(v6, v10, by24);
    v7 = turn24(v7, v11, by24);
    v2 = mix(v2, v6, round, 5);
    v3 = mix(v3, v7, round, 7);
    v14 = turn16(v14, v2);
    v15 = turn16(v15, v3);
    v10 = add(v10, v14);
    v11 = add(v11, v15);
    v6 = turn63(v6, v10);
    v7 = turn63(v7, v11);
    v0 = mix(v0, v5, round, 8);
    v1 = mix(v1, v6, round, 10);
    v15 = turn32(v15, v0);
    v12 = turn32(v12, v1);
    v10 = add(v10, v15);
    v11 = add(v11, v12);
    v5 = turn24(v5, v10, by24);
    v6 = turn24(v6, v11, by24);
    v0 = mix(v0, v5, round, 9);
    v1 = mix(v1, v6, round, 11);
    v15 = turn16(v15, v0);
    v12 = turn16(v12, v1);
    v10 = add(v10, v15);
    v11 = add(v11, v12);
    v5 = turn63(v5, v10);
    v6 = turn63(v6, v11);
    v2 = mix(v2, v7, round, 12);
    v3 = mix(v3, v4, round, 14);
    v13 = turn32(v13, v2);
    v14 = turn32(v14, v3);
    v8 = add(v8, v13);
    v9 = add(v9, v14);
    v7 = turn24(v7, v8, by24);
    v4 = turn24(v4, v9, by24);
    v2 = mix(v2, v7, round, 13);
    v3 = mix(v3, v4, round, 15);
    v13 = turn16(v13, v2);
    v14 = turn16(v14, v3);
    v8 = add(v8, v13);
    v9 = add(v9, v14);
    v7 = turn63(v7, v8);
    v4 = turn63(v4, v9);
  }
  fold(0, v0, v8);
  fold(16, v1, v9);
  fold(32, v2, v10);
  fold(48, v3, v11);
  fold(64, v4, v12);
  fold(80, v5, v13);
  fold(96, v6, v14);
  fold(112, v7, v15);
}
