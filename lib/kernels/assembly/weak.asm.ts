// Weak sums of a window: rsync's two-part sum, librsync's two-part sum, and librsync's Rabin-Karp hash.
// lib/kernels/weak_sums.ts says what they are; here 16 bytes go at a time.

export const RSYNC: u32 = 0;
export const ROLLSUM: u32 = 1;
export const RABIN_KARP: u32 = 2;

/** What librsync's two-part sum adds to each byte. */
export const ROLLSUM_OFFSET: u32 = 31;
/** Multiplier of the Rabin-Karp hash. */
export const M: u32 = 0x08104225;

/** M to the power of n. */
export function power(n: u32): u32 {
  let result: u32 = 1;
  for (let base = M; n != 0; n >>= 1) {
    if (n & 1) result *= base;
    base *= base;
  }
  return result;
}

/** The sum of one window. */
export function weakSum(weak: u32, at: usize, length: u32): u32 {
  if (weak == RABIN_KARP) return rabinKarp(at, length);
  return weak == ROLLSUM ? twoPart(at, length, false) : twoPart(at, length, true);
}

@inline
export function low(bytes: v128, signed: bool): v128 {
  return signed ? i16x8.extend_low_i8x16_s(bytes) : i16x8.extend_low_i8x16_u(bytes);
}

@inline
export function high(bytes: v128, signed: bool): v128 {
  return signed ? i16x8.extend_high_i8x16_s(bytes) : i16x8.extend_high_i8x16_u(bytes);
}

@inline
function total(sums: v128): u32 {
  return i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) +
    i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3);
}

// The second part weighs the first byte with the window's length and the last with 1. Within a step the weights are
// 16 to 1; what came before weighs 16 more per step, which is 16 times the sum of all earlier first parts.
@inline
function twoPart(at: usize, length: u32, signed: bool): u32 {
  let sums = i32x4.splat(0), earlier = i32x4.splat(0), weighed = i32x4.splat(0);
  const end = at + length, whole = at + (length & ~15);
  for (; at < whole; at += 16) {
    const bytes = v128.load(at), first = low(bytes, signed), second = high(bytes, signed);
    earlier = i32x4.add(earlier, sums);
    weighed = i32x4.add(weighed, i32x4.dot_i16x8_s(first, i16x8(16, 15, 14, 13, 12, 11, 10, 9)));
    weighed = i32x4.add(weighed, i32x4.dot_i16x8_s(second, i16x8(8, 7, 6, 5, 4, 3, 2, 1)));
    sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_s(i16x8.add(first, second)));
  }
  let s1 = total(sums), s2 = total(earlier) * 16 + total(weighed);
  for (; at < end; at++) {
    s1 += signed ? <u32>load<i8>(at) : <u32>load<u8>(at);
    s2 += s1;
  }
  if (!signed) {
    s1 += ROLLSUM_OFFSET * length;
    s2 += ROLLSUM_OFFSET * <u32>(<u64>length * (<u64>length + 1) / 2);
  }
  return (s1 & 0xffff) | (s2 << 16);
}

// Four vectors hold every fourth group of four bytes; a step multiplies all by M^16. Their lanes' powers come at the end.
function rabinKarp(at: usize, length: u32): u32 {
  const m2 = M * M, m3 = m2 * M, m4 = m2 * m2, m8 = m4 * m4, m16 = m8 * m8;
  const step = i32x4.splat(m16);
  let a = i32x4.splat(0), b = a, c = a, d = a;
  const end = at + length, whole = at + (length & ~15);
  for (; at < whole; at += 16) {
    const bytes = v128.load(at), first = low(bytes, false), second = high(bytes, false);
    a = i32x4.add(i32x4.mul(a, step), i32x4.extend_low_i16x8_u(first));
    b = i32x4.add(i32x4.mul(b, step), i32x4.extend_high_i16x8_u(first));
    c = i32x4.add(i32x4.mul(c, step), i32x4.extend_low_i16x8_u(second));
    d = i32x4.add(i32x4.mul(d, step), i32x4.extend_high_i16x8_u(second));
  }
  a = i32x4.add(i32x4.mul(a, i32x4.splat(m4)), b);
  a = i32x4.add(i32x4.mul(a, i32x4.splat(m4)), c);
  a = i32x4.add(i32x4.mul(a, i32x4.splat(m4)), d);
  let hash = total(i32x4.mul(a, i32x4(m3, m2, M, 1)));
  hash += power(length & ~15);
  for (; at < end; at++) hash = hash * M + load<u8>(at);
  return hash;
}
