/** Block lengths are those that rdiff and rsync choose. */
import { assertEquals, describe, it } from "../support/test_api.ts";
import { blockLengthFor } from "../../lib/delta/block_length.ts";

describe("blockLengthFor()", () => {
  it("is what rdiff 2.3.2 writes into signatures", () => {
    const seen: readonly (readonly [size: number, block: number])[] = [
      [0, 256],
      [65_537, 256],
      [147_455, 256],
      [147_456, 384],
      [262_143, 384],
      [262_144, 512],
      [999_999, 896],
      [2 ** 30, 32_768],
      [100_000_000_000, 316_160],
      [2 ** 40, 1_048_576],
    ];
    for (const [size, block] of seen) assertEquals(blockLengthFor("rdiff", size), block, `${size}`);
    assertEquals(blockLengthFor("rdiff", undefined), 2048);
  });

  it("is what rsync 3.5.0 sends", () => {
    const seen: readonly (readonly [size: number, block: number])[] = [
      [0, 700],
      [490_000, 700],
      [500_000, 704],
      [1_000_000, 1000],
      [2_097_152, 1448],
      [10_000_000, 3160],
      [33_554_432, 5792],
      [300_000_000, 17_320],
      [2 ** 34, 131_072],
      [2 ** 50, 131_072],
    ];
    for (const [size, block] of seen) assertEquals(blockLengthFor("rsync", size), block, `${size}`);
  });

  it("is the largest that is not above the square root, at both sides of every square", () => {
    for (let root = 384; root < 2 ** 25; root = root * 2 + 128) {
      assertEquals(blockLengthFor("rdiff", root * root), root);
      assertEquals(blockLengthFor("rdiff", root * root - 1), root - 128);
    }
  });
});
