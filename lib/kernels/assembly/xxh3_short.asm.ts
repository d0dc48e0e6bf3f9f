// XXH3 of messages of up to 240 bytes: six cases by length, each for digests of 64 and of 128 bits. They are rare, the
// last blocks of files, so they are written for reading.

import {
  avalanche,
  avalancheShort,
  foldedProduct,
  highProduct,
  P32_2,
  P64_1,
  P64_2,
  P64_4,
  SECRET,
} from "./xxh3_words.asm";

const MIX_2: u64 = 0x9FB21C651E98DF25;

/** Two words of the secret. */
@inline
function secretPair(offset: usize): u64 {
  return load<u64>(SECRET + offset) ^ load<u64>(SECRET + offset + 8);
}

@inline
function secretHalves(offset: usize): u64 {
  return <u64>(load<u32>(SECRET + offset) ^ load<u32>(SECRET + offset + 4));
}

/** One to three bytes and their number, in one word. */
@inline
function combined(at: usize, length: u32): u32 {
  return <u32>load<u8>(at + length - 1) | length << 8 | <u32>load<u8>(at) << 16 | <u32>load<u8>(at + (length >> 1)) << 24;
}

@inline
function widened(seed: u64): u64 {
  return seed ^ <u64>bswap<u32>(<u32>seed) << 32;
}

/** Mixes 16 bytes with 16 of the secret. */
@inline
function mixed(at: usize, secret: usize, seed: u64): u64 {
  return foldedProduct(
    load<u64>(at) ^ (load<u64>(SECRET + secret) + seed),
    load<u64>(at, 8) ^ (load<u64>(SECRET + secret, 8) - seed),
  );
}

/** The digest of 64 bits. */
export function shortLow(at: usize, length: u32, seed: u64): u64 {
  const end = at + length;
  if (length == 0) return avalancheShort(seed ^ secretPair(56));
  if (length < 4) return avalancheShort((secretHalves(0) + seed) ^ <u64>combined(at, length));
  if (length < 9) {
    const words = <u64>load<u32>(end - 4) | <u64>load<u32>(at) << 32;
    let x = (secretPair(8) - widened(seed)) ^ words;
    x ^= rotl<u64>(x, 49) ^ rotl<u64>(x, 24);
    x *= MIX_2;
    x = (x ^ ((x >> 35) + length)) * MIX_2;
    return x ^ x >> 28;
  }
  if (length < 17) {
    const low = (secretPair(24) + seed) ^ load<u64>(at), high = (secretPair(40) - seed) ^ load<u64>(end - 8);
    return avalanche(length + bswap<u64>(low) + high + foldedProduct(low, high));
  }
  let sum = length * P64_1;
  if (length < 129) {
    for (let i: usize = 0; i <= (length - 1) >> 5; i++) {
      sum += mixed(at + 16 * i, 32 * i, seed) + mixed(end - 16 * i - 16, 32 * i + 16, seed);
    }
    return avalanche(sum);
  }
  for (let i: usize = 0; i < 8; i++) sum += mixed(at + 16 * i, 16 * i, seed);
  sum = avalanche(sum);
  for (let i: usize = 8; i < length >> 4; i++) sum += mixed(at + 16 * i, 16 * (i - 8) + 3, seed);
  return avalanche(sum + mixed(end - 16, 119, seed));
}

/** The digest of 128 bits: returns the lower half and stores the upper one. */
export function shortHigh(at: usize, length: u32, seed: u64, upper: usize): u64 {
  const end = at + length;
  if (length == 0) {
    store<u64>(upper, avalancheShort(seed ^ secretPair(80)));
    return avalancheShort(seed ^ secretPair(64));
  }
  if (length < 4) {
    const word = combined(at, length);
    store<u64>(upper, avalancheShort((secretHalves(8) - seed) ^ <u64>rotl<u32>(bswap<u32>(word), 13)));
    return avalancheShort((secretHalves(0) + seed) ^ <u64>word);
  }
  if (length < 9) return fourToEight(at, length, seed, upper);
  if (length < 17) return nineToSixteen(at, length, seed, upper);
  let a = length * P64_1, b: u64 = 0;
  if (length < 129) {
    for (let i = <isize>((length - 1) >> 5); i >= 0; i--) {
      const first = at + 16 * i, last = end - 16 * i - 16;
      a = (a + mixed(first, 32 * i, seed)) ^ (load<u64>(last) + load<u64>(last, 8));
      b = (b + mixed(last, 32 * i + 16, seed)) ^ (load<u64>(first) + load<u64>(first, 8));
    }
    return finished(a, b, length, seed, upper);
  }
  for (let i: usize = 0; i < length >> 5; i++) {
    const first = at + 32 * i, last = first + 16, secret = i < 4 ? 32 * i : 32 * (i - 4) + 3;
    if (i == 4) {
      a = avalanche(a);
      b = avalanche(b);
    }
    a = (a + mixed(first, secret, seed)) ^ (load<u64>(last) + load<u64>(last, 8));
    b = (b + mixed(last, secret + 16, seed)) ^ (load<u64>(first) + load<u64>(first, 8));
  }
  if (length < 160) {
    a = avalanche(a);
    b = avalanche(b);
  }
  const first = end - 16, last = end - 32;
  a = (a + mixed(first, 103, 0 - seed)) ^ (load<u64>(last) + load<u64>(last, 8));
  b = (b + mixed(last, 119, 0 - seed)) ^ (load<u64>(first) + load<u64>(first, 8));
  return finished(a, b, length, seed, upper);
}

function finished(a: u64, b: u64, length: u32, seed: u64, upper: usize): u64 {
  store<u64>(upper, 0 - avalanche(a * P64_1 + b * P64_4 + (<u64>length - seed) * P64_2));
  return avalanche(a + b);
}

function fourToEight(at: usize, length: u32, seed: u64, upper: usize): u64 {
  const words = <u64>load<u32>(at) | <u64>load<u32>(at + length - 4) << 32;
  const x = (secretPair(16) + widened(seed)) ^ words, factor = P64_1 + (length << 2);
  let low = x * factor;
  const high = highProduct(x, factor) + (low << 1);
  low ^= high >> 3;
  low = (low ^ low >> 35) * MIX_2;
  store<u64>(upper, avalanche(high));
  return low ^ low >> 28;
}

function nineToSixteen(at: usize, length: u32, seed: u64, upper: usize): u64 {
  const first = load<u64>(at), last = load<u64>(at + length - 8);
  const x = (secretPair(32) - seed) ^ first ^ last, y = (secretPair(48) + seed) ^ last;
  let low = x * P64_1 + (<u64>(length - 1) << 54);
  const high = highProduct(x, P64_1) + (y >> 32 << 32) + (y & 0xffffffff) * P32_2;
  low ^= bswap<u64>(high);
  store<u64>(upper, avalanche(highProduct(low, P64_2) + high * P64_2));
  return avalanche(low * P64_2);
}
