/**
 * Which files of other trees have become files of the destination already. Two files of the source may be found as one
 * file in a basis; when both became further names of it, they would be one file in the destination, too. So each file
 * of a basis is lent once, and whoever comes second is copied.
 *
 * All threads share one table of 32-bit keys with open addressing. Two files with one key only cost a copy, and so does
 * a table that is full.
 *
 * @module
 */

/** Fewest and most places of a table. */
const LEAST = 1 << 10;
const MOST = 1 << 26;
/** So many places are looked at before a table counts as full. */
const MOST_PROBES = 64;
const PLACES_PER_FILE = 3;
const SPREAD = 0x9e37_79b1;

/**
 * Makes an empty table.
 *
 * @param files How many files may be lent.
 * @returns Memory for all threads.
 */
export function lentMemory(files: number): SharedArrayBuffer {
  let places = LEAST;
  while (places < files * PLACES_PER_FILE && places < MOST) places *= 2;
  return new SharedArrayBuffer(places * Int32Array.BYTES_PER_ELEMENT);
}

/** One thread's view of the table. */
export class LentFiles {
  readonly #keys: Int32Array;

  /** Takes the memory that all threads share. */
  constructor(memory: SharedArrayBuffer) {
    this.#keys = new Int32Array(memory);
  }

  /**
   * Takes a file, unless somebody has.
   *
   * @param low Low 32 bits of its inode.
   * @param high High 32 bits.
   * @returns Whether it is free for the caller.
   */
  take(low: number, high: number): boolean {
    const key = (low ^ Math.imul(high, SPREAD)) | 0 || 1;
    const keys = this.#keys;
    const mask = keys.length - 1;
    let at = (Math.imul(key, SPREAD) >>> 7) & mask;
    for (let probes = 0; probes < MOST_PROBES; probes++) {
      const found = Atomics.compareExchange(keys, at, 0, key);
      if (found === 0) return true;
      if (found === key) return false;
      at = (at + 1) & mask;
    }
    return false;
  }

  /**
   * Takes a file by what a directory says of it.
   *
   * @param identity Device and inode as `Directory.identityOf` gives them.
   * @returns Whether it is free for the caller.
   */
  takeIdentity(identity: string): boolean {
    const parts = identity.split(":").slice(1).map(Number);
    if (parts.length === 2) return this.take(parts[1]!, parts[0]!);
    const inode = parts[0] ?? 0;
    return this.take(inode % 2 ** 32, Math.floor(inode / 2 ** 32));
  }
}
