/**
 * The kernel in plain TypeScript, with strong sums from a library: what the kernels mean. It is slow, and the tests
 * hold the fast one against it.
 *
 * @module
 */
import {
  createBLAKE2b,
  createMD4,
  createMD5,
  createSHA1,
  createSHA256,
  createXXHash128,
  createXXHash3,
  type IHasher,
} from "hash-wasm";
import { FILTER_PATTERNS, HEAD } from "./block_table.ts";
import {
  type CreateKernel,
  type Kernel,
  type Seed,
  STRONG_BYTES,
  type StrongSum,
  WEAK_BYTES,
  type WeakSum,
} from "./kernel.ts";
import { seeded } from "./seeded.ts";
import { keyOf, RollingSum, weakSumOf } from "./weak_sums.ts";

/** Hashes parts that stand one behind the other. */
type HashParts = (parts: readonly Uint8Array[]) => Uint8Array;

/** What hashes, by sum, and by seed where a seed is an argument. */
interface Hashes {
  readonly plain: Readonly<Record<Exclude<StrongSum, "xxh3" | "xxh128">, HashParts>>;
  readonly xxh: Readonly<Record<"xxh3" | "xxh128", ReadonlyMap<number, HashParts>>>;
}

/**
 * Loads what kernels need.
 *
 * @param seeds Seeds of XXH3 and XXH128 that will be used: the library wants them beforehand.
 * @returns What makes kernels.
 */
export async function loadReferenceKernels(seeds: readonly number[] = []): Promise<CreateKernel> {
  const [md4, md5, sha1, sha256] = await Promise.all([createMD4(), createMD5(), createSHA1(), createSHA256()]);
  const blake2b = await createBLAKE2b(STRONG_BYTES.blake2b * 8);
  const xxh3 = new Map<number, HashParts>();
  const xxh128 = new Map<number, HashParts>();
  for (const seed of [0, ...seeds]) {
    const words = [seed >>> 0, seed < 0 ? 0xffffffff : 0] as const;
    xxh3.set(seed, littleEndian(hashWith(await createXXHash3(...words))));
    xxh128.set(seed, littleEndian(hashWith(await createXXHash128(...words))));
  }
  const plain = {
    ...{ md4: hashWith(md4), md5: hashWith(md5), blake2b: hashWith(blake2b) },
    ...{ sha1: hashWith(sha1), sha256: hashWith(sha256) },
  };
  return (bytes) => new ReferenceKernel(bytes, { plain, xxh: { xxh3, xxh128 } });
}

function hashWith(hasher: IHasher): HashParts {
  return (parts) => {
    hasher.init();
    for (const part of parts) hasher.update(part);
    return hasher.digest("binary");
  };
}

/** The library writes numbers with the highest byte first. */
function littleEndian(hash: HashParts): HashParts {
  return (parts) => hash(parts).reverse();
}

class ReferenceKernel implements Kernel {
  readonly name = "reference";
  readonly memory: Uint8Array<ArrayBuffer>;
  readonly #words: Uint32Array;
  readonly #hashes: Hashes;

  constructor(bytes: number, hashes: Hashes) {
    this.memory = new Uint8Array(Math.ceil(bytes / 16) * 16);
    this.#words = new Uint32Array(this.memory.buffer);
    this.#hashes = hashes;
  }

  weakSum(weak: WeakSum, at: number, length: number): number {
    return weakSumOf(weak, this.memory.subarray(at, at + length));
  }

  weakSums(weak: WeakSum, at: number, length: number, count: number, into: number): void {
    for (let block = 0; block < count; block++) {
      this.#words[(into + block * WEAK_BYTES) / 4] = this.weakSum(weak, at + block * length, length);
    }
  }

  strongSums(strong: StrongSum, at: number, length: number, count: number, into: number, seed?: Seed): void {
    for (let block = 0; block < count; block++) {
      const bytes = this.memory.subarray(at + block * length, at + (block + 1) * length);
      this.memory.set(this.#hash(strong, bytes, seed), into + block * STRONG_BYTES[strong]);
    }
  }

  #hash(strong: StrongSum, bytes: Uint8Array, seed: Seed | undefined): Uint8Array {
    if (strong === "blake2b" && seed !== undefined) throw new RangeError("Cannot sum blocks: BLAKE2b takes no seed");
    if (strong !== "xxh3" && strong !== "xxh128") return this.#hashes.plain[strong](seeded(bytes, seed));
    const hash = this.#hashes.xxh[strong].get(seed?.value ?? 0);
    if (hash === undefined) throw new RangeError(`Cannot sum blocks: seed ${seed?.value} was not loaded`);
    return hash([bytes]);
  }

  search(weak: WeakSum, at: number, window: number, count: number, table: number, sum: number): number {
    const rolling = new RollingSum(weak, window, sum);
    for (let index = 0; index < count; index++) {
      if (this.#isKnown(table / 4, keyOf(weak, rolling.sum))) return index;
      rolling.roll(this.memory[at + index] ?? 0, this.memory[at + index + window] ?? 0);
    }
    return count;
  }

  /** Looks a key up; the group goes to the table's head. */
  #isKnown(head: number, key: number): boolean {
    const word = (index: number) => this.#words[index] ?? 0;
    const filtered = word(head + HEAD.filter) + (key >>> word(head + HEAD.filterShift));
    for (const [at, bits] of [[filtered, key & 15], [filtered + 1, key >>> 8 & 15]] as const) {
      const pattern = FILTER_PATTERNS[bits] ?? 0;
      if (((this.memory[at] ?? 0) & pattern) !== pattern) return false;
    }
    const range = word(head + HEAD.starts) / 4 + (key >>> word(head + HEAD.startsShift));
    const keys = word(head + HEAD.keys) / 4;
    for (let group = word(range); group < word(range + 1); group++) {
      this.#words[head + HEAD.group] = group;
      if (word(keys + group) === key) return true;
    }
    return false;
  }
}
