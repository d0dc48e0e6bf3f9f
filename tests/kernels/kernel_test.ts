/** One suite over both kernels: each sum and each search is what its definition says. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { createBLAKE2b, createMD4, createXXHash128, createXXHash3 } from "hash-wasm";
import { assertEquals, assertThrows, describe, it } from "../support/test_api.ts";
import { BlockTable } from "../../lib/kernels/block_table.ts";
import { type Kernel, Layout, STRONG_BYTES, type StrongSum, type WeakSum } from "../../lib/kernels/kernel.ts";
import { weakSumOf } from "../../lib/kernels/weak_sums.ts";
import { KERNEL_NAMES, KERNELS, noise, SEEDS, STRONG_SUMS, WEAK_SUMS } from "./kernels.ts";

/** Data behind each other, and words for the results. */
const DATA_BYTES = 20_000;
const LAYOUT = new Layout();
const DATA = LAYOUT.take(DATA_BYTES);
const RESULTS = LAYOUT.take(4096);

/** Digests that RFC 1320, RFC 1321, FIPS 180, and the tests of BLAKE2b and xxHash publish. */
const VECTORS: readonly (readonly [StrongSum, string, string])[] = [
  ["md4", "", "31d6cfe0d16ae931b73c59d7e0c089c0"],
  ["md4", "abc", "a448017aaf21d8525fc10ae87aa6729d"],
  ["md4", "1234567890".repeat(8), "e33b4ddc9c38f2199c3e7b164fcc0536"],
  ["md5", "", "d41d8cd98f00b204e9800998ecf8427e"],
  ["md5", "abc", "900150983cd24fb0d6963f7d28e17f72"],
  ["md5", "1234567890".repeat(8), "57edf4a22be3c955ac49da2e2107b67a"],
  ["sha1", "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"],
  ["sha256", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  ["blake2b", "", "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"],
  ["blake2b", "abc", "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"],
  ["xxh3", "", "2d06800538d394c2".match(/../g)!.reverse().join("")],
  ["xxh128", "", "99aa06d3014798d86001c324468d497f".match(/../g)!.reverse().join("")],
];

/** Lengths around those that the kernels treat in one step. */
const length = fc.oneof(
  fc.integer({ min: 0, max: 70 }),
  fc.constantFrom(127, 128, 129, 159, 160, 240, 241, 256, 1000, 1024, 1025, 2049),
);
const weakSum = fc.constantFrom(...WEAK_SUMS);

for (const name of KERNEL_NAMES) {
  const kernel = KERNELS[name](LAYOUT.bytes);

  describe(`weakSums() of the ${name} kernel`, () => {
    it("are what the definition says", () => {
      fc.assert(fc.property(weakSum, length, fc.integer({ min: 0, max: 9 }), fc.nat(99), (weak, block, count, seed) => {
        kernel.memory.set(noise(block * count, seed), DATA);
        kernel.weakSums(weak, DATA, block, count, RESULTS);
        const found = new Uint32Array(kernel.memory.buffer, RESULTS, count);
        for (let at = 0; at < count; at++) {
          const bytes = kernel.memory.subarray(DATA + at * block, DATA + (at + 1) * block);
          assertEquals(found[at], weakSumOf(weak, bytes));
          assertEquals(kernel.weakSum(weak, DATA + at * block, block), weakSumOf(weak, bytes));
        }
      }));
    });

    it("do not overflow when all bytes are the largest", () => {
      for (const byte of [0x7f, 0x80, 0xff]) {
        const bytes = kernel.memory.subarray(DATA, DATA + DATA_BYTES).fill(byte);
        for (const weak of WEAK_SUMS) {
          assertEquals(kernel.weakSum(weak, DATA, DATA_BYTES), weakSumOf(weak, bytes));
        }
      }
    });
  });

  describe(`strongSums() of the ${name} kernel`, () => {
    for (const [strong, text, expected] of VECTORS) {
      it(`are ${expected.slice(0, 8)}… for ${strong} of ${text.length} bytes, as published`, () => {
        assertEquals(digestOf(kernel, strong, text), expected);
      });
    }

    it("are a library's for any length and number of blocks, and touch nothing beyond", async () => {
      const libraries = await loadLibraries();
      const arbitrary = [fc.constantFrom(...STRONG_SUMS), length, fc.integer({ min: 1, max: 9 }), fc.nat(99)] as const;
      fc.assert(
        fc.property(...arbitrary, (strong, block, count, seed) => {
          const bytes = noise(block * count, seed);
          kernel.memory.set(bytes, DATA);
          kernel.memory.fill(0xa5, RESULTS, RESULTS + 512);
          kernel.strongSums(strong, DATA, block, count, RESULTS);
          const size = STRONG_BYTES[strong];
          for (let at = 0; at < count; at++) {
            const expected = libraries[strong](bytes.subarray(at * block, (at + 1) * block));
            assertEquals(kernel.memory.slice(RESULTS + at * size, RESULTS + (at + 1) * size), expected);
          }
          assertEquals(kernel.memory[RESULTS + count * size], 0xa5);
        }),
        { numRuns: 300 },
      );
    });

    it("are those of seed and block together, or have the seed as XXH3's argument", () => {
      const [at, into] = [DATA + 16, RESULTS];
      for (const strong of STRONG_SUMS.filter((each) => each !== "blake2b" && !each.startsWith("xxh"))) {
        for (const seed of SEEDS) {
          for (const block of [0, 1, 51, 52, 55, 56, 59, 60, 61, 63, 64, 119, 120, 128, 700]) {
            const bytes = noise(block, block);
            const number = new Uint8Array(new Int32Array([seed.value]).buffer);
            kernel.memory.set(seed.place === "before" ? [...number, ...bytes] : [...bytes, ...number], at);
            kernel.strongSums(strong, at, block + 4, 1, into);
            const together = kernel.memory.slice(into, into + STRONG_BYTES[strong]);
            kernel.memory.set([...bytes, ...bytes, ...bytes], at);
            kernel.strongSums(strong, at, block, 3, into, seed);
            for (let index = 0; index < 3; index++) {
              const found = into + index * STRONG_BYTES[strong];
              assertEquals(kernel.memory.slice(found, found + STRONG_BYTES[strong]), together, `${strong} ${block}`);
            }
          }
        }
      }
    });

    it("are refused for BLAKE2b with a seed", () => {
      assertThrows(() => kernel.strongSums("blake2b", DATA, 1, 1, RESULTS, SEEDS[0]), RangeError, "no seed");
    });
  });

  describe(`search() of the ${name} kernel`, () => {
    it("finds the first window with a known sum, for any number of windows", () => {
      for (const weak of WEAK_SUMS) {
        for (const block of [1, 7, 16, 33, 64]) {
          const search = searcher(name, weak, block, noise(20 * block, 5));
          for (let at = 0; at < 30; at++) {
            const data = noise(60 + block, 77);
            data.set(noise(20 * block, 5).subarray(3 * block, 4 * block), at);
            for (const count of [1, at, at + 1, at + 2, 40]) if (count > 0) search.expectFirst(data, count);
          }
        }
      }
    });

    it("goes on with the right sums from one batch of windows to the next", () => {
      for (const weak of WEAK_SUMS) {
        const block = 33;
        const old = noise(20 * block, 5);
        const search = searcher(name, weak, block, old);
        for (const at of [510, 511, 512, 513, 514, 1023, 1024, 1025, 1026, 1700]) {
          const data = noise(2000 + block, 77);
          data.set(old.subarray(3 * block, 4 * block), at);
          for (const count of [at, at + 1, 2000]) search.expectFirst(data, count);
        }
      }
    });

    it("finds none when there are no blocks", () => {
      for (const weak of WEAK_SUMS) {
        const search = searcher(name, weak, 16, new Uint8Array(0));
        assertEquals(search.find(noise(1000), 900), 900);
      }
    });

    it("names the blocks that share the sum, in order", () => {
      const zeros = new Uint8Array(160);
      for (const weak of WEAK_SUMS) {
        const search = searcher(name, weak, 16, Uint8Array.of(...noise(16, 3), ...zeros, ...noise(32, 4)));
        assertEquals(search.find(Uint8Array.of(...noise(50, 9), ...zeros), 60), 50);
        assertEquals([...search.table.found()], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      }
    });
  });
}

/** Each sum by a library, in the kernels' form. */
async function loadLibraries(): Promise<Record<StrongSum, (bytes: Uint8Array) => Uint8Array>> {
  const [md4, blake2b] = [await createMD4(), await createBLAKE2b(256)];
  const [xxh3, xxh128] = [await createXXHash3(), await createXXHash128()];
  const node = (name: string) => (bytes: Uint8Array) => new Uint8Array(createHash(name).update(bytes).digest());
  const wasm = (hasher: typeof md4) => (bytes: Uint8Array) => hasher.init().update(bytes).digest("binary").slice();
  return {
    ...{ md5: node("md5"), sha1: node("sha1"), sha256: node("sha256"), md4: wasm(md4), blake2b: wasm(blake2b) },
    ...{ xxh3: (bytes) => wasm(xxh3)(bytes).reverse(), xxh128: (bytes) => wasm(xxh128)(bytes).reverse() },
  };
}

/** A kernel with the table of some blocks. */
function searcher(name: Kernel["name"], weak: WeakSum, block: number, old: Uint8Array) {
  const layout = new Layout();
  const sums = Uint32Array.from(
    { length: old.length / block },
    (_, at) => weakSumOf(weak, old.subarray(at * block, (at + 1) * block)),
  );
  const table = new BlockTable(layout, weak, sums.length);
  const at = layout.take(1 << 16);
  const kernel = KERNELS[name](layout.bytes);
  table.fill(kernel, sums);
  const known = new Set(sums);
  return {
    table,
    find(data: Uint8Array, count: number): number {
      kernel.memory.set(data, at);
      return kernel.search(weak, at, block, count, table.at, kernel.weakSum(weak, at, block));
    },
    expectFirst(data: Uint8Array, count: number): void {
      let expected = 0;
      while (expected < count && !known.has(weakSumOf(weak, data.subarray(expected, expected + block)))) expected++;
      assertEquals(this.find(data, count), expected);
    },
  };
}

function digestOf(kernel: Kernel, strong: (typeof STRONG_SUMS)[number], text: string): string {
  const bytes = new TextEncoder().encode(text);
  kernel.memory.set(bytes, DATA);
  kernel.strongSums(strong, DATA, bytes.length, 1, RESULTS);
  return kernel.memory.subarray(RESULTS, RESULTS + STRONG_BYTES[strong]).toHex();
}

describe("the two kernels", () => {
  it("give the same with seeds, for every length of a short block and some of long ones", () => {
    const kernels = KERNEL_NAMES.map((name) => KERNELS[name](LAYOUT.bytes));
    const lengths = [...Array.from({ length: 300 }, (_, at) => at), 1023, 1024, 1025, 1088, 2048, 5000];
    for (const strong of ["xxh3", "xxh128"] as const) {
      for (const seed of [undefined, ...SEEDS]) {
        for (const block of lengths) {
          const found = kernels.map((kernel) => {
            kernel.memory.set(noise(2 * block, 7), DATA);
            kernel.strongSums(strong, DATA, block, 2, RESULTS, seed);
            return kernel.memory.subarray(RESULTS, RESULTS + 2 * STRONG_BYTES[strong]).toHex();
          });
          assertEquals(found[0], found[1], `${strong} of ${block} bytes, seed ${seed?.value}`);
        }
      }
    }
  });

  it("give the same for a megabyte", () => {
    const layout = new Layout();
    const at = layout.take(1 << 20);
    const into = layout.take(1 << 17);
    const seen = new Set<string>();
    for (const name of KERNEL_NAMES) {
      const kernel = KERNELS[name](layout.bytes);
      kernel.memory.set(noise(1 << 20), at);
      for (const weak of WEAK_SUMS) kernel.weakSums(weak, at, 8191, 128, into + 1024 * WEAK_SUMS.indexOf(weak));
      for (const strong of STRONG_SUMS) {
        kernel.strongSums(strong, at, 8191, 128, into + 8192 * (1 + STRONG_SUMS.indexOf(strong)));
      }
      seen.add(createHash("sha256").update(kernel.memory.subarray(into, into + (1 << 17))).digest("hex"));
    }
    assertEquals(seen.size, 1);
  });
});
