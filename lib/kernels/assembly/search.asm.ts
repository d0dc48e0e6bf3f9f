// Slides a window a byte at a time and looks every weak sum up, eight windows a step.
//
// The sums of eight windows come from one sum and sixteen bytes by prefix sums: log2(lanes) shifts and additions. Most
// of the time goes into the eight probes of the filter, so a probe is few instructions, and all eight share one branch;
// only behind it the table itself is asked. A step may compute windows beyond the last one and read up to 16 bytes
// behind it; they are not looked up.

import { WORDS } from "./memory.asm";
import { M, power, RABIN_KARP, ROLLSUM, ROLLSUM_OFFSET } from "./weak.asm";

/** Spreads two-part sums over all bits; odd, so that no two sums become one key. */
const MIX: u32 = 0x9e3779b1;

/** The inverse of the above: MIX times UNMIX is 1. */
const UNMIX: u32 = 0xe8b2f51;

/** The first of some windows, `sum` is that of the first, whose weak sum is in the table, or their number. */
export function search(weak: u32, at: usize, window: u32, count: u32, table: usize, sum: u32): u32 {
  const isPolynomial = weak == RABIN_KARP, filter: usize = load<u32>(table), shift = load<u32>(table, 4);
  const leaving = isPolynomial ? power(window) : window;
  if (isKnown(table, isPolynomial ? sum : sum * MIX)) return 0;
  for (let i: u32 = 1; i < count; i += 8) {
    // The loops that slide call nothing: a call would make them spill all of their vectors.
    if (isPolynomial) i = slideRabinKarp(at, window, i, count, filter, shift, sum, leaving);
    else if (weak == ROLLSUM) i = slideTwoPart(at, window, i, count, filter, shift, sum, false);
    else i = slideTwoPart(at, window, i, count, filter, shift, sum, true);
    if (i >= count) break;
    const found = firstKnown(table, filter, shift, count - i);
    if (found < 8) return i + found;
    const last = load<u32>(WORDS, 28);
    sum = isPolynomial ? last : last * UNMIX;
  }
  return count;
}

// Words of a table, as lib/kernels/block_table.ts lays them out: filter, filter shift, starts, starts shift, keys, group.

/**
 * Whether both bits of a key are set in the filter, as the lowest bit. The upper bits of a key choose a byte, and the
 * lowest ten two of the 32 bits from there.
 */
@inline
function passes(filter: usize, shift: u32, key: u32): u32 {
  const bits = load<u32>(filter + <usize>(key >> shift));
  return (bits >> key) & (bits >> (key >> 5));
}

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

/** The first of up to eight keys, a step has left them, that is in the table, or 8. */
function firstKnown(table: usize, filter: usize, shift: u32, count: u32): u32 {
  if (count > 8) count = 8;
  for (let i: u32 = 0; i < count; i++) {
    const key = load<u32>(WORDS + (<usize>i << 2));
    if ((passes(filter, shift, key) & 1) && isKnown(table, key)) return i;
  }
  return 8;
}

@inline
function anyPasses(filter: usize, shift: u32, a: v128, b: v128): u32 {
  return (
    passes(filter, shift, i32x4.extract_lane(a, 0)) | passes(filter, shift, i32x4.extract_lane(a, 1)) |
    passes(filter, shift, i32x4.extract_lane(a, 2)) | passes(filter, shift, i32x4.extract_lane(a, 3)) |
    passes(filter, shift, i32x4.extract_lane(b, 0)) | passes(filter, shift, i32x4.extract_lane(b, 1)) |
    passes(filter, shift, i32x4.extract_lane(b, 2)) | passes(filter, shift, i32x4.extract_lane(b, 3))
  ) & 1;
}

/** Moves 32-bit lanes up by one; a zero comes in. */
@inline
function up1(x: v128): v128 {
  return v128.shuffle<u32>(i32x4.splat(0), x, 3, 4, 5, 6);
}

@inline
function up2(x: v128): v128 {
  return v128.shuffle<u32>(i32x4.splat(0), x, 2, 3, 4, 5);
}

// hash' = hash * M + in - (out + M - 1) * M^window; the M - 1 keeps the seed's power at the window's length.
@inline
function slideRabinKarp(
  at: usize, window: u32, i: u32, count: u32, filter: usize, shift: u32, sum: u32, leave: u32,
): u32 {
  const m2 = M * M, m3 = m2 * M, m4 = m2 * m2;
  const one = i32x4.splat(M), two = i32x4.splat(m2);
  const near = i32x4(M, m2, m3, m4), far = i32x4(m4 * M, m4 * m2, m4 * m3, m4 * m4);
  const leaving = i32x4.splat(0 - leave), seed = i32x4.splat(M - 1);
  let hash = i32x4.splat(sum);
  for (; i < count; i += 8) {
    const out = v128.load8x8_u(at + i - 1), into = v128.load8x8_u(at + i + window - 1);
    let a = i32x4.mul(i32x4.add(i32x4.extend_low_i16x8_u(out), seed), leaving);
    let b = i32x4.mul(i32x4.add(i32x4.extend_high_i16x8_u(out), seed), leaving);
    a = i32x4.add(a, i32x4.extend_low_i16x8_u(into));
    b = i32x4.add(b, i32x4.extend_high_i16x8_u(into));
    a = i32x4.add(a, i32x4.mul(up1(a), one));
    b = i32x4.add(b, i32x4.mul(up1(b), one));
    a = i32x4.add(a, i32x4.mul(up2(a), two));
    b = i32x4.add(b, i32x4.mul(up2(b), two));
    b = i32x4.add(b, i32x4.mul(v128.shuffle<u32>(a, a, 3, 3, 3, 3), near));
    a = i32x4.add(a, i32x4.mul(hash, near));
    b = i32x4.add(b, i32x4.mul(hash, far));
    hash = v128.shuffle<u32>(b, b, 3, 3, 3, 3);
    if (anyPasses(filter, shift, a, b)) {
      v128.store(WORDS, a);
      v128.store(WORDS, b, 16);
      return i;
    }
  }
  return count;
}

/** Running totals over eight 16-bit lanes. */
@inline
function totals(x: v128): v128 {
  x = i16x8.add(x, v128.shuffle<u16>(i16x8.splat(0), x, 7, 8, 9, 10, 11, 12, 13, 14));
  x = i16x8.add(x, v128.shuffle<u16>(i16x8.splat(0), x, 6, 7, 8, 9, 10, 11, 12, 13));
  return i16x8.add(x, v128.shuffle<u16>(i16x8.splat(0), x, 4, 5, 6, 7, 8, 9, 10, 11));
}

@inline
function lastLane(x: v128): v128 {
  return v128.shuffle<u16>(x, x, 7, 7, 7, 7, 7, 7, 7, 7);
}

// s1' = s1 + in - out; s2' = s2 + s1' - window * out. Both parts are 16 bits wide, so eight windows fit into a vector.
@inline
function slideTwoPart(
  at: usize, window: u32, i: u32, count: u32, filter: usize, shift: u32, sum: u32, signed: bool,
): u32 {
  const length = i16x8.splat(<i16>window), mix = i32x4.splat(MIX);
  const offset = i16x8.splat(signed ? 0 : <i16>ROLLSUM_OFFSET);
  let s1 = i16x8.splat(<i16>sum), s2 = i16x8.splat(<i16>(sum >> 16));
  for (; i < count; i += 8) {
    const last = at + i - 1;
    const out = signed ? v128.load8x8_s(last) : v128.load8x8_u(last);
    const into = signed ? v128.load8x8_s(last + window) : v128.load8x8_u(last + window);
    const one = i16x8.add(totals(i16x8.sub(into, out)), s1);
    const two = i16x8.add(totals(i16x8.sub(one, i16x8.mul(length, i16x8.add(out, offset)))), s2);
    s1 = lastLane(one);
    s2 = lastLane(two);
    const a = i32x4.mul(mix, v128.shuffle<u16>(one, two, 0, 8, 1, 9, 2, 10, 3, 11));
    const b = i32x4.mul(mix, v128.shuffle<u16>(one, two, 4, 12, 5, 13, 6, 14, 7, 15));
    if (anyPasses(filter, shift, a, b)) {
      v128.store(WORDS, a);
      v128.store(WORDS, b, 16);
      return i;
    }
  }
  return count;
}
