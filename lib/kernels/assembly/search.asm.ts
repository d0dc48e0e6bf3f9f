// Slides a window a byte at a time and looks every weak sum up, eight windows a step.
//
// The sums of eight windows come from one sum and sixteen bytes by prefix sums: log2(lanes) shifts and additions.
// One branch tests the filter bits of all eight; only then the table itself is asked. A step may compute windows
// beyond the last one and read up to 16 bytes behind it; they are not looked up.

import { WORDS } from "./memory.asm";
import { M, power, RABIN_KARP, ROLLSUM, ROLLSUM_OFFSET } from "./weak.asm";

/** Spreads two-part sums over all bits; odd, so that no two sums become one key. */
const MIX: u32 = 0x9e3779b1;

/** The first of some windows, `sum` is that of the first, whose weak sum is in the table, or their number. */
export function search(weak: u32, at: usize, window: u32, count: u32, table: usize, sum: u32): u32 {
  if (isKnown(table, weak == RABIN_KARP ? sum : sum * MIX)) return 0;
  if (weak == RABIN_KARP) return slideRabinKarp(at, window, count, table, sum);
  return weak == ROLLSUM
    ? slideTwoPart(at, window, count, table, sum, false)
    : slideTwoPart(at, window, count, table, sum, true);
}

// Words of a table, as lib/kernels/block_table.ts lays them out: filter, filter shift, starts, starts shift, keys, group.
@inline
function passes(filter: usize, shift: u32, key: u32): u32 {
  return load<u32>(filter + (<usize>(key >> shift) << 2)) >> key;
}

function isKnown(table: usize, key: u32): bool {
  if (!(passes(load<u32>(table), load<u32>(table, 4), key) & 1)) return false;
  const range: usize = <usize>load<u32>(table, 8) + (<usize>(key >> load<u32>(table, 12)) << 2);
  const keys: usize = load<u32>(table, 16);
  let from = load<u32>(range), to = load<u32>(range, 4);
  while (from < to) {
    const middle = (from + to) >> 1;
    if (load<u32>(keys + (<usize>middle << 2)) < key) from = middle + 1;
    else to = middle;
  }
  store<u32>(table, from, 20);
  return from < load<u32>(range, 4) && load<u32>(keys + (<usize>from << 2)) == key;
}

/** The first of up to eight keys, `first` and `second` hold four each, that is in the table, or 8. */
function firstKnown(table: usize, first: v128, second: v128, count: u32): u32 {
  v128.store(WORDS, first);
  v128.store(WORDS, second, 16);
  if (count > 8) count = 8;
  for (let i: u32 = 0; i < count; i++) {
    if (isKnown(table, load<u32>(WORDS + (<usize>i << 2)))) return i;
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
function slideRabinKarp(at: usize, window: u32, count: u32, table: usize, sum: u32): u32 {
  const filter: usize = load<u32>(table), shift = load<u32>(table, 4);
  const m2 = M * M, m3 = m2 * M, m4 = m2 * m2;
  const one = i32x4.splat(M), two = i32x4.splat(m2);
  const near = i32x4(M, m2, m3, m4), far = i32x4(m4 * M, m4 * m2, m4 * m3, m4 * m4);
  const leaving = i32x4.splat(0 - power(window)), seed = i32x4.splat(M - 1);
  let hash = i32x4.splat(sum);
  for (let i: u32 = 1; i < count; i += 8) {
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
      const found = firstKnown(table, a, b, count - i);
      if (found < 8) return i + found;
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
function slideTwoPart(at: usize, window: u32, count: u32, table: usize, sum: u32, signed: bool): u32 {
  const filter: usize = load<u32>(table), shift = load<u32>(table, 4);
  const length = i16x8.splat(<i16>window), mix = i32x4.splat(MIX);
  const offset = i16x8.splat(signed ? 0 : <i16>ROLLSUM_OFFSET);
  let s1 = i16x8.splat(<i16>sum), s2 = i16x8.splat(<i16>(sum >> 16));
  for (let i: u32 = 1; i < count; i += 8) {
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
      const found = firstKnown(table, a, b, count - i);
      if (found < 8) return i + found;
    }
  }
  return count;
}
