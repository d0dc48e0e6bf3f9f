import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { createXXHash128 } from "hash-wasm";
import { sessionDigests } from "@std/crypto";
import { assertEquals, describe, it } from "../support/test_api.ts";

const BYTES = new TextEncoder().encode("hello rsync\n");
const SEED = 0x12345678;

describe("sessionDigests", () => {
  it("sums files without a seed, as rsync does", async () => {
    // From a recorded session, in which a file of this content was sent.
    const sums = { xxh128: "09852ee072aa634cf08d35dc887a7999", md5: "fdc0b320203f16600c47811b96df9c7b" };
    for (const name of sessionDigests.names) {
      const digest = await sessionDigests.ofFiles(name);
      for (let turn = 0; turn < 2; turn++) {
        digest.begin();
        digest.update(BYTES.subarray(0, 5));
        digest.update(BYTES.subarray(5));
        assertEquals(digest.digest().toHex(), sums[name]);
        digest.begin();
        digest.update(BYTES);
      }
    }
  });

  it("sums blocks with the seed before or behind them, or not at all when it is 0", async () => {
    const md5 = (...parts: Uint8Array[]) => createHash("md5").update(Buffer.concat(parts)).digest("hex");
    const seed = Uint8Array.of(0x78, 0x56, 0x34, 0x12);
    assertEquals((await sessionDigests.ofBlocks("md5", SEED, true))(BYTES).toHex(), md5(seed, BYTES));
    assertEquals((await sessionDigests.ofBlocks("md5", SEED, false))(BYTES).toHex(), md5(BYTES, seed));
    assertEquals((await sessionDigests.ofBlocks("md5", 0, true))(BYTES).toHex(), md5(BYTES));
  });

  it("sums blocks by XXH with the seed of 64 bits, negative ones as well", async () => {
    for (const [given, low, high] of [[SEED, SEED, 0], [-2, 0xffff_fffe, 0xffff_ffff]] as const) {
      const block = await sessionDigests.ofBlocks("xxh128", given, true);
      const hash = await createXXHash128(low, high);
      for (let turn = 0; turn < 2; turn++) {
        assertEquals(block(BYTES), hash.init().update(BYTES).digest("binary").slice().reverse());
      }
    }
  });
});
