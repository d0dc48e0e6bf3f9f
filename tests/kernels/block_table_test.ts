/** The table of weak sums: found are exactly the sums that are in it, however they were chosen. */
import fc from "fast-check";
import { assertEquals, describe, it } from "../support/test_api.ts";
import { BlockTable } from "../../lib/kernels/block_table.ts";
import { Layout } from "../../lib/kernels/kernel.ts";
import { createWasmKernel } from "../../lib/kernels/wasm_kernel.ts";
import { weakSumOf } from "../../lib/kernels/weak_sums.ts";

/** Looks four bytes up in a table of some sums. */
function lookUp(sums: readonly number[], bytes: Uint8Array): number[] {
  const layout = new Layout();
  const table = new BlockTable(layout, "rabinkarp", sums.length);
  const at = layout.take(bytes.length);
  const kernel = createWasmKernel(layout.bytes);
  table.fill(kernel, Uint32Array.from(sums));
  kernel.memory.set(bytes, at);
  const sum = weakSumOf("rabinkarp", bytes);
  return kernel.search("rabinkarp", at, bytes.length, 1, table.at, sum) === 0 ? [...table.found()] : [];
}

describe("BlockTable", () => {
  it("finds all blocks of a sum and no others", () => {
    const bytes = Uint8Array.of(1, 2, 3, 4);
    const sum = weakSumOf("rabinkarp", bytes);
    const near = fc.constantFrom(0, 1, sum - 1, sum, sum, sum + 1, sum ^ 1 << 20, 0xffffffff).map((each) => each >>> 0);
    const sums = fc.array(fc.oneof(near, fc.integer({ min: 0, max: 0xffffffff })), { maxLength: 60 });
    fc.assert(fc.property(sums, (each) => {
      assertEquals(lookUp(each, bytes), each.flatMap((one, block) => one === sum ? [block] : []));
    }));
  });

  it("finds one of a million sums that share their upper bits", () => {
    const bytes = Uint8Array.of(9, 9, 9);
    const sum = weakSumOf("rabinkarp", bytes);
    const sums = Array.from({ length: 1_000_000 }, (_, at) => ((sum & 0xfff00000) | at) >>> 0);
    assertEquals(lookUp(sums, bytes), [sum & 0xfffff].filter((block) => block < sums.length));
  });

  it("keeps a million equal sums as one group", () => {
    const bytes = Uint8Array.of(7, 7);
    const found = lookUp(Array.from({ length: 1_000_000 }, () => weakSumOf("rabinkarp", bytes)), bytes);
    assertEquals([found.length, found[0], found.at(-1)], [1_000_000, 0, 999_999]);
  });
});
