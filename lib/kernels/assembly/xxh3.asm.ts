// XXH3 with 64 or 128 bits (xxHash specification, "XXH3 Algorithm Description"), digests as little-endian words, the lower
// half first. This file is the long messages; those of up to 240 bytes are in xxh3_short.asm.ts.

import { avalanche, foldedProduct, P32_1, P32_2, P32_3, P64_1, P64_2, P64_3, P64_4, P64_5, SECRET } from "./xxh3_words.asm";
import { shortHigh, shortLow } from "./xxh3_short.asm";

const SECRET_BYTES: usize = 192;
const STRIPE: u32 = 64;
/** Stripes between two scrambles. */
const STRIPES: u32 = 16;
const LONG: u32 = 241;
const START = memory.data<u64>([P32_3, P64_1, P64_2, P64_3, P64_4, P32_2, P64_5, P32_1], 16);

// The secret that a seed gives, and the eight accumulators at the end of a message.
const SEEDED: usize = memory.data(192, 16);
const SUMS: usize = memory.data(64, 16);

/** Digests of `count` messages of `length` bytes that lie one behind the other, of 8 bytes or, when wide, 16. */
export function xxh3Sums(at: usize, length: u32, count: u32, into: usize, seed: i64, isWide: bool): void {
  const bytes: usize = isWide ? 16 : 8;
  if (length < LONG) {
    for (let i: u32 = 0; i < count; i++, at += length, into += bytes) {
      store<u64>(into, isWide ? shortHigh(at, length, seed, into + 8) : shortLow(at, length, seed));
    }
    return;
  }
  deriveSecret(seed);
  for (let i: u32 = 0; i < count; i++, at += length, into += bytes) {
    accumulate(at, length);
    store<u64>(into, merged(length * P64_1, 11));
    if (isWide) store<u64>(into, merged(~(length * P64_2), SECRET_BYTES - 75), 8);
  }
}

function deriveSecret(seed: i64): void {
  const added = i64x2(seed, -seed);
  for (let i: usize = 0; i < SECRET_BYTES; i += 16) v128.store(SEEDED + i, i64x2.add(v128.load(SECRET + i), added));
}

/** Adds 16 bytes to two accumulators: their words cross over, and the product of the halves of each, with the secret. */
@inline
function added(sums: v128, data: v128, secret: usize): v128 {
  const value = v128.xor(data, v128.load(secret));
  const product = i64x2.extmul_low_i32x4_u(v128.shuffle<u32>(value, value, 0, 2, 0, 2), v128.shuffle<u32>(value, value, 1, 3, 1, 3));
  return i64x2.add(i64x2.add(sums, product), v128.shuffle<u64>(data, data, 1, 0));
}

@inline
function scrambled(sums: v128, secret: usize): v128 {
  const mixed = v128.xor(v128.xor(sums, i64x2.shr_u(sums, 47)), v128.load(secret));
  return i64x2.mul(mixed, i64x2.splat(P32_1));
}

function accumulate(at: usize, length: u32): void {
  let a = v128.load(START), b = v128.load(START, 16), c = v128.load(START, 32), d = v128.load(START, 48);
  const stripes = (length - 1) / STRIPE, last = at + length - STRIPE;
  let secret: usize = SEEDED;
  for (let i: u32 = 0; i <= stripes; i++, at += STRIPE, secret += 8) {
    if (i == stripes) { // the last stripe may overlap the one before it
      at = last;
      secret = SEEDED + SECRET_BYTES - 71;
    } else if (i > 0 && i % STRIPES == 0) {
      secret = SEEDED;
    }
    a = added(a, v128.load(at), secret);
    b = added(b, v128.load(at, 16), secret + 16);
    c = added(c, v128.load(at, 32), secret + 32);
    d = added(d, v128.load(at, 48), secret + 48);
    if (i % STRIPES == STRIPES - 1 && i != stripes) {
      a = scrambled(a, SEEDED + SECRET_BYTES - 64);
      b = scrambled(b, SEEDED + SECRET_BYTES - 48);
      c = scrambled(c, SEEDED + SECRET_BYTES - 32);
      d = scrambled(d, SEEDED + SECRET_BYTES - 16);
    }
  }
  v128.store(SUMS, a);
  v128.store(SUMS, b, 16);
  v128.store(SUMS, c, 32);
  v128.store(SUMS, d, 48);
}

function merged(start: u64, offset: usize): u64 {
  for (let i: usize = 0; i < 64; i += 16) {
    const secret = SEEDED + offset + i;
    start += foldedProduct(load<u64>(SUMS + i) ^ load<u64>(secret), load<u64>(SUMS + i, 8) ^ load<u64>(secret, 8));
  }
  return avalanche(start);
}
