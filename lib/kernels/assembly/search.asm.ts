// Slides a window a byte at a time and looks every weak sum up, in two loops over a batch of windows: the first computes
// the keys and where in the filter each belongs, the second fetches the filter's bytes. One loop for both would wait
// for memory and for long chains of vector operations with too few independent steps in flight, and spill vectors.
//
// The sums of sixteen windows come from one sum and 32 bytes by prefix sums: log2(lanes) moves and additions. All
// sixteen bytes of the filter are held against all patterns at once, and one branch is shared by all; only behind it the
// table itself is asked. A batch may compute windows beyond the last one and read up to 16 bytes behind it; they are not
// looked up.

import { KEYS, PLACES } from "./memory.asm";
import { high, low, M, power, RABIN_KARP, ROLLSUM, ROLLSUM_OFFSET } from "./weak.asm";

/** Spreads two-part sums over all bits; odd, so that no two sums become one key. */
const MIX: u32 = 0x9e3779b1;

/** The inverse of the above: MIX times UNMIX is 1. */
const UNMIX: u32 = 0xe8b2f51;

/**
 * Moves 16-bit lanes up by one, two or four; zeros come in. From memory, since V8 builds a constant anew at each use;
 * a relaxed swizzle is one instruction, and means the same everywhere for indices below 16 and from 128 on.
 */
const UP = memory.data<u8>([
  255, 255, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
  255, 255, 255, 255, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
  255, 255, 255, 255, 255, 255, 255, 255, 0, 1, 2, 3, 4, 5, 6, 7,
], 16);

/** Windows of a step. */
const STEP: u32 = 16;
/** Windows of a batch. */
const BATCH: u32 = 512;

/** The first of some windows, `sum` is that of the first, whose weak sum is in the table, or their number. */
export function search(weak: u32, at: usize, window: u32, count: u32, table: usize, sum: u32): u32 {
  const isPolynomial = weak == RABIN_KARP, shift = load<u32>(table, 4);
  const leaving = isPolynomial ? power(window) : window;
  if (isKnown(table, isPolynomial ? sum : sum * MIX)) return 0;
  for (let i: u32 = 1; i < count; i += BATCH) {
    const size = min(count - i, BATCH), last = at + i - 1;
    if (isPolynomial) rabinKarpKeys(last, window, size, shift, sum, leaving);
    else if (weak == ROLLSUM) twoPartKeys(last, window, size, shift, sum, false);
    else twoPartKeys(last, window, size, shift, sum, true);
    const found = firstKnown(table, size);
    if (found < size) return i + found;
    const key = load<u32>(KEYS + ((BATCH - 1) << 2));
    sum = isPolynomial ? key : key * UNMIX;
  }
  return count;
}

// Words of a table, as lib/kernels/block_table.ts lays them out: filter, filter shift, starts, starts shift, keys, group.

function isKnown(table: usize, key: u32): bool {
  const range: usize = <usize>load<u32>(table, 8) + (<usize>(key >> load<u32>(table, 12)) << 2);
  const keys: usize = load<u32>(table, 16), end = load<u32>(range, 4);
  let from = load<u32>(range), to = end;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (load<u32>(keys + (<usize>middle << 2)) < key) from = middle + 1;
    else to = middle;
  }
  store<u32>(table, from, 20);
  return from < end && load<u32>(keys + (<usize>from << 2)) == key;
}

/** The first of the keys of a batch that is in the table, or their number. */
function firstKnown(table: usize, count: u32): u32 {
  const filter: usize = load<u32>(table);
  for (let i: u32 = 0; i < count; i += STEP) {
    for (let passed = passing(filter, <usize>i << 2); passed != 0; passed &= passed - 1) {
      const at: u32 = i + ctz(passed);
      if (at >= count) break;
      if (isKnown(table, load<u32>(KEYS + (<usize>at << 2)))) return at;
    }
  }
  return count;
}

/** Which of sixteen keys the filter lets pass, a bit for each. */
@inline
function passing(filter: usize, at: usize): u32 {
  return i8x16.bitmask(i8x16.narrow_i16x8_s(eightPassing(filter, at), eightPassing(filter, at + 32)));
}

/** Which of eight keys the filter lets pass: both bytes have the bits that four bits of the key say. */
@inline
function eightPassing(filter: usize, at: usize): v128 {
  const four = i32x4.splat(0x0f0f);
  const kinds = i16x8.narrow_i32x4_u(v128.and(v128.load(at, KEYS), four), v128.and(v128.load(at, KEYS + 16), four));
  const pattern = i8x16.swizzle(
    i8x16(0x03, 0x06, 0x0c, 0x18, 0x30, 0x60, -0x40, -0x7f, 0x05, 0x0a, 0x14, 0x28, 0x50, -0x60, 0x41, -0x7e),
    kinds,
  );
  let found = i64x2.splat(0);
  found = v128.load16_lane(filter + <usize>load<u32>(at, PLACES + 0), found, 0);
  found = v128.load16_lane(filter + <usize>load<u32>(at, PLACES + 4), found, 1);
  found = v128.load16_lane(filter + <usize>load<u32>(at, PLACES + 8), found, 2);
  found = v128.load16_lane(filter + <usize>load<u32>(at, PLACES + 12), found, 3);
  found = v128.load16_lane(filter + <usize>load<u32>(at, PLACES + 16), found, 4);
  found = v128.load16_lane(filter + <usize>load<u32>(at, PLACES + 20), found, 5);
  found = v128.load16_lane(filter + <usize>load<u32>(at, PLACES + 24), found, 6);
  found = v128.load16_lane(filter + <usize>load<u32>(at, PLACES + 28), found, 7);
  return i16x8.eq(v128.and(found, pattern), pattern);
}

/** Leaves four keys and their places. */
@inline
function leave(keys: v128, shift: u32, at: usize): void {
  v128.store(at, keys, KEYS);
  v128.store(at, i32x4.shr_u(keys, shift), PLACES);
}

/** The highest of four lanes in all of them. */
@inline
function lastOf(x: v128): v128 {
  return v128.shuffle<u32>(x, x, 3, 3, 3, 3);
}

/** Of four windows, what their hash gets from the bytes that came in and went out since the window before them. */
@inline
function rolled(into: v128, out: v128, leaving: v128, up2: v128, up4: v128): v128 {
  let x = i32x4.add(into, i32x4.mul(i32x4.add(out, i32x4.splat(M - 1)), leaving));
  x = i32x4.add(x, i32x4.mul(i8x16.relaxed_swizzle(x, up2), i32x4.splat(M)));
  return i32x4.add(x, i32x4.mul(i8x16.relaxed_swizzle(x, up4), i32x4.splat(M * M)));
}

// hash' = hash * M + in - (out + M - 1) * M^window; the M - 1 keeps the seed's power at the window's length.
function rabinKarpKeys(last: usize, window: u32, count: u32, shift: u32, sum: u32, factor: u32): void {
  const m2 = M * M, m3 = m2 * M, m4 = m2 * m2, m8 = m4 * m4;
  const power4 = i32x4.splat(m4), power8 = i32x4.splat(m8), powers = i32x4(M, m2, m3, m4), leaving = i32x4.splat(0 - factor);
  const up2 = v128.load(UP, 16), up4 = v128.load(UP, 32);
  let hash = i32x4.splat(sum);
  for (let i: u32 = 0; i < count; i += STEP) {
    const out = v128.load(last + i), into = v128.load(last + i + window);
    const outLow = i16x8.extend_low_i8x16_u(out), outHigh = i16x8.extend_high_i8x16_u(out);
    const intoLow = i16x8.extend_low_i8x16_u(into), intoHigh = i16x8.extend_high_i8x16_u(into);
    let a = rolled(i32x4.extend_low_i16x8_u(intoLow), i32x4.extend_low_i16x8_u(outLow), leaving, up2, up4);
    let b = rolled(i32x4.extend_high_i16x8_u(intoLow), i32x4.extend_high_i16x8_u(outLow), leaving, up2, up4);
    let c = rolled(i32x4.extend_low_i16x8_u(intoHigh), i32x4.extend_low_i16x8_u(outHigh), leaving, up2, up4);
    let d = rolled(i32x4.extend_high_i16x8_u(intoHigh), i32x4.extend_high_i16x8_u(outHigh), leaving, up2, up4);
    // The hash comes in last, so that the next step waits for as little as possible.
    const near = i32x4.mul(hash, powers);
    const far = i32x4.mul(near, power4);
    b = i32x4.add(b, i32x4.mul(lastOf(a), powers));
    d = i32x4.add(d, i32x4.mul(lastOf(c), powers));
    const middle = i32x4.mul(lastOf(b), powers);
    c = i32x4.add(i32x4.add(c, middle), i32x4.mul(near, power8));
    d = i32x4.add(i32x4.add(d, i32x4.mul(middle, power4)), i32x4.mul(far, power8));
    a = i32x4.add(a, near);
    b = i32x4.add(b, far);
    hash = lastOf(d);
    const at = <usize>i << 2;
    leave(a, shift, at);
    leave(b, shift, at + 16);
    leave(c, shift, at + 32);
    leave(d, shift, at + 48);
  }
}

/** Running totals over eight 16-bit lanes. */
@inline
function totals(x: v128, up1: v128, up2: v128, up4: v128): v128 {
  const none = i16x8.splat(0);
  x = i16x8.add(x, i8x16.relaxed_swizzle(x, up1));
  x = i16x8.add(x, i8x16.relaxed_swizzle(x, up2));
  return i16x8.add(x, i8x16.relaxed_swizzle(x, up4));
}

/** The highest of eight lanes in all of them. */
@inline
function lastShortOf(x: v128): v128 {
  return v128.shuffle<u16>(x, x, 7, 7, 7, 7, 7, 7, 7, 7);
}

/** What bytes count in a two-part sum. */
@inline
function valued(bytes: v128, signed: bool): v128 {
  return signed ? bytes : i16x8.add(bytes, i16x8.splat(<i16>ROLLSUM_OFFSET));
}

// s1' = s1 + in - out; s2' = s2 + s1' - window * out. Both parts are 16 bits wide, so eight windows fit into a vector.
@inline
function twoPartKeys(last: usize, window: u32, count: u32, shift: u32, sum: u32, signed: bool): void {
  const length = i16x8.splat(<i16>window), mix = i32x4.splat(MIX);
  const up1 = v128.load(UP), up2 = v128.load(UP, 16), up4 = v128.load(UP, 32);
  let s1 = i16x8.splat(<i16>sum), s2 = i16x8.splat(<i16>(sum >> 16));
  for (let i: u32 = 0; i < count; i += STEP) {
    const out = v128.load(last + i), into = v128.load(last + i + window);
    const outLow = low(out, signed), outHigh = high(out, signed);
    const oneA = totals(i16x8.sub(low(into, signed), outLow), up1, up2, up4);
    const oneB = i16x8.add(totals(i16x8.sub(high(into, signed), outHigh), up1, up2, up4), lastShortOf(oneA));
    const firstA = i16x8.add(oneA, s1), firstB = i16x8.add(oneB, s1);
    const twoA = totals(i16x8.sub(firstA, i16x8.mul(length, valued(outLow, signed))), up1, up2, up4);
    const twoB = totals(i16x8.sub(firstB, i16x8.mul(length, valued(outHigh, signed))), up1, up2, up4);
    const secondA = i16x8.add(twoA, s2), secondB = i16x8.add(i16x8.add(twoB, lastShortOf(twoA)), s2);
    s1 = lastShortOf(firstB);
    s2 = lastShortOf(secondB);
    const a = i32x4.mul(mix, v128.shuffle<u16>(firstA, secondA, 0, 8, 1, 9, 2, 10, 3, 11));
    const b = i32x4.mul(mix, v128.shuffle<u16>(firstA, secondA, 4, 12, 5, 13, 6, 14, 7, 15));
    const c = i32x4.mul(mix, v128.shuffle<u16>(firstB, secondB, 0, 8, 1, 9, 2, 10, 3, 11));
    const d = i32x4.mul(mix, v128.shuffle<u16>(firstB, secondB, 4, 12, 5, 13, 6, 14, 7, 15));
    const at = <usize>i << 2;
    leave(a, shift, at);
    leave(b, shift, at + 16);
    leave(c, shift, at + 32);
    leave(d, shift, at + 48);
  }
}
