/** What the matcher chooses, and what it costs when a signature was made up. */
import { assert, assertEquals, assertLess, describe, it } from "../support/test_api.ts";
import { Matcher } from "../../lib/delta/matcher.ts";
import type { Signature } from "../../lib/delta/signature.ts";
import { weakSumOf } from "../../lib/kernels/weak_sums.ts";
import { noise, SEEDS, STRONG_SUMS, WEAK_SUMS } from "../kernels/kernels.ts";
import {
  counting,
  deltaFileOf,
  instructionsFor,
  joined,
  KERNEL_NAMES,
  outline,
  patched,
  readSignature,
  REUSED,
  signatureFileOf,
  signatureOf,
} from "./engine.ts";

const FORMAT = { weak: "rabinkarp", strong: "blake2b", blockLength: 16, strongLength: 32 } as const;

function outlineOf(old: Uint8Array, fresh: Uint8Array, format = FORMAT): string {
  return outline(instructionsFor(readSignature(signatureFileOf(old, format)), fresh));
}

describe("Matcher", () => {
  it("copies the whole of an equal file, with its short last block", () => {
    assertEquals(outlineOf(noise(100), noise(100)), "c0+100");
    assertEquals(outlineOf(noise(96), noise(96)), "c0+96");
  });

  it("finds moved blocks at any position", () => {
    const old = noise(64);
    const fresh = Uint8Array.of(1, 2, 3, ...old.subarray(32, 48), 9, ...old.subarray(0, 32));
    assertEquals(outlineOf(old, fresh), "l3 c32+16 l1 c0+32");
  });

  it("finds the short last block at the end alone", () => {
    const old = noise(40);
    assertEquals(outlineOf(old, Uint8Array.of(5, ...old.subarray(32))), "l1 c32+8");
    assertEquals(outlineOf(old, Uint8Array.of(...old.subarray(32), 5)), "l9");
  });

  it("prefers the block behind the last match where several are equal", () => {
    const [a, b] = [noise(16, 1), noise(16, 2)];
    const old = Uint8Array.of(...a, ...b, ...a, ...b, ...a);
    assertEquals(outlineOf(old, old), "c0+80");
    assertEquals(outlineOf(old, Uint8Array.of(...b, ...a, ...b, ...a)), "c16+64");
  });

  it("has nothing to copy from an empty file, and nothing to say about one", () => {
    assertEquals(outlineOf(new Uint8Array(0), noise(20)), "l20");
    assertEquals(outlineOf(noise(100), new Uint8Array(0)), "");
    assertEquals(outlineOf(new Uint8Array(0), new Uint8Array(0)), "");
  });

  it("cuts long literals, so that they fit into the buffer", () => {
    assertEquals(outlineOf(noise(64), noise(150_000, 7)), "l65536 l65536 l18928");
  });

  it("matches with all sums of rsync, seeded or not, by either kernel", () => {
    const old = noise(5000);
    const fresh = Uint8Array.of(1, ...old.subarray(0, 2900), 2, ...old.subarray(700), 3);
    for (const strong of STRONG_SUMS) {
      for (const seed of strong === "blake2b" ? [undefined] : [undefined, SEEDS[1], SEEDS[4]]) {
        const format = { weak: "rsync", strong, blockLength: 700, strongLength: 5, seed } as const;
        for (const name of KERNEL_NAMES) {
          const found = instructionsFor(signatureOf(old, format, REUSED[name]), fresh, REUSED[name]);
          assertEquals(outline(found), "l1 c0+2800 l101 c700+4200 l101", `${strong}, ${name}`);
        }
      }
    }
  });

  it("matches nothing with sums of another seed", () => {
    const old = noise(5000);
    for (const strong of ["md5", "xxh128"] as const) {
      const format = { weak: "rsync", strong, blockLength: 700, strongLength: 8, seed: SEEDS[0] } as const;
      const signature = { ...signatureOf(old, format), seed: SEEDS[1] };
      assertEquals(outline(instructionsFor(signature, old)), "l5000");
    }
  });

  it("copies from positions beyond 2^36", () => {
    const blockLength = 316_160; // of a file of 100 GB
    const count = 316_296;
    const old = noise(2 * blockLength + 5);
    const end = readSignature(signatureFileOf(old, { ...FORMAT, blockLength }));
    const weakSums = new Uint32Array(count);
    const strongSums = new Uint8Array(count * 32);
    weakSums.set(end.weakSums, count - 3);
    strongSums.set(end.strongSums, (count - 3) * 32);
    const start = (count - 3) * blockLength;
    const instructions = instructionsFor({ ...end, weakSums, strongSums }, joined([Uint8Array.of(7), old]));
    assertEquals(outline(instructions), `l1 c${start}+${old.length}`);
    assertEquals(deltaFileOf(instructions).length, 4 + 2 + 1 + 8 + 4 + 1);
  });
});

function outputLength(matcher: Matcher, bytes: Uint8Array): number {
  let length = 0;
  const add = (instructions: ReturnType<Matcher["finish"]>) => {
    for (const each of instructions) length += each.kind === "copy" ? each.length : each.bytes.length;
  };
  add(matcher.push(bytes));
  add(matcher.finish());
  return length;
}

describe("a crafted signature", () => {
  const bytes = new Uint8Array(300_000);
  const blockLength = 2048;

  /** Signatures whose weak sums promise every window of zeros. */
  function crafted(weak: Signature["weak"], strongSum: (block: number) => number): Signature {
    const count = 1_000_000;
    const sum = weakSumOf(weak, bytes.subarray(0, blockLength));
    const strongSums = new Uint8Array(8 * count);
    for (let block = 0; block < count; block++) strongSums[8 * block] = strongSum(block);
    return {
      ...{ weak, strong: "blake2b", blockLength, strongLength: 8 },
      weakSums: new Uint32Array(count).fill(sum),
      strongSums,
    };
  }

  it("of a million equal weak sums makes it hash no more than some bytes per byte", () => {
    for (const weak of WEAK_SUMS) {
      const counter = counting();
      const matcher = new Matcher(crafted(weak, (block) => block & 0xff), counter.create);
      assertEquals(outputLength(matcher, bytes), bytes.length);
      assertLess(counter.hashed, 2 * (8 * bytes.length + 70 * blockLength), weak);
      assert(counter.hashed > bytes.length, "the sums were believed at first");
    }
  });

  it("of a million equal blocks finds them", () => {
    const old = readSignature(signatureFileOf(bytes, { ...FORMAT, blockLength }));
    const weakSums = new Uint32Array(1_000_000).fill(old.weakSums[0] ?? 0);
    const strongSums = new Uint8Array(32 * weakSums.length);
    for (let at = 0; at < strongSums.length; at += 32) strongSums.set(old.strongSums.subarray(0, 32), at);
    const counter = counting();
    const matcher = new Matcher({ ...old, weakSums, strongSums }, counter.create);
    assertEquals(outputLength(matcher, bytes), bytes.length);
    assertLess(counter.hashed, 3 * bytes.length);
  });

  it("whose sums are wrong gives a file of literals, not a wrong one", () => {
    const old = noise(blockLength);
    const fresh = Uint8Array.of(...old, ...bytes.subarray(0, 9000));
    const delta = deltaFileOf(instructionsFor(crafted("rollsum", () => 1), fresh));
    assertEquals(patched(old, delta), fresh);
  });
});
