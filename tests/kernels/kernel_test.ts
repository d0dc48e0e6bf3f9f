/** One suite over both kernels: each sum and each search is what its definition says. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { createBLAKE2b, createMD4 } from "hash-wasm";
import { assertEquals, describe, it } from "../support/test_api.ts";
import { BlockTable } from "../../lib/kernels/block_table.ts";
import { type Kernel, Layout, STRONG_BYTES, type WeakSum } from "../../lib/kernels/kernel.ts";
import { weakSumOf } from "../../lib/kernels/weak_sums.ts";
import { KERNEL_NAMES, KERNELS, noise, STRONG_SUMS, WEAK_SUMS } from "./kernels.ts";

/** Data behind each other, and words for the results. */
const DATA_BYTES = 20_000;
const LAYOUT = new Layout();
const DATA = LAYOUT.take(DATA_BYTES);
const RESULTS = LAYOUT.take(4096);

/** Lengths around those that the kernels treat in one step. */
const length = fc.oneof(fc.integer({ min: 0, max: 70 }), fc.constantFrom(127, 128, 129, 255, 256, 257, 1000));
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
    it("are those of the vectors in RFC 1320 and of BLAKE2b", () => {
      assertEquals(digestOf(kernel, "md4", ""), "31d6cfe0d16ae931b73c59d7e0c089c0");
      assertEquals(digestOf(kernel, "md4", "abc"), "a448017aaf21d8525fc10ae87aa6729d");
      assertEquals(digestOf(kernel, "md4", "1234567890".repeat(8)), "e33b4ddc9c38f2199c3e7b164fcc0536");
      assertEquals(
        digestOf(kernel, "blake2b", ""),
        "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8",
      );
      assertEquals(
        digestOf(kernel, "blake2b", "abc"),
        "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319",
      );
    });

    it("are a library's for any length and number of blocks, and touch nothing beyond", async () => {
      const hashers = { md4: await createMD4(), blake2b: await createBLAKE2b(256) };
      const arbitrary = [fc.constantFrom(...STRONG_SUMS), length, fc.integer({ min: 1, max: 9 }), fc.nat(99)] as const;
      fc.assert(fc.property(...arbitrary, (strong, block, count, seed) => {
        const bytes = noise(block * count, seed);
        kernel.memory.set(bytes, DATA);
        kernel.memory.fill(0xa5, RESULTS, RESULTS + 512);
        kernel.strongSums(strong, DATA, block, count, RESULTS);
        const size = STRONG_BYTES[strong];
        for (let at = 0; at < count; at++) {
          const expected = hashers[strong].init().update(bytes.subarray(at * block, (at + 1) * block)).digest("binary");
          assertEquals(kernel.memory.slice(RESULTS + at * size, RESULTS + (at + 1) * size), new Uint8Array(expected));
        }
        assertEquals(kernel.memory[RESULTS + count * size], 0xa5);
      }));
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
  it("give the same for a megabyte", () => {
    const layout = new Layout();
    const at = layout.take(1 << 20);
    const into = layout.take(1 << 16);
    const seen = new Set<string>();
    for (const name of KERNEL_NAMES) {
      const kernel = KERNELS[name](layout.bytes);
      kernel.memory.set(noise(1 << 20), at);
      for (const weak of WEAK_SUMS) kernel.weakSums(weak, at, 8191, 128, into + 1024 * WEAK_SUMS.indexOf(weak));
      kernel.strongSums("md4", at, 8191, 128, into + 8192);
      kernel.strongSums("blake2b", at, 8191, 128, into + 16_384);
      seen.add(createHash("sha256").update(kernel.memory.subarray(into, into + (1 << 16))).digest("hex"));
    }
    assertEquals(seen.size, 1);
  });
});
