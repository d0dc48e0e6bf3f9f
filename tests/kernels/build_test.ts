/** The embedded WebAssembly is what its sources give. */
import { readFileSync } from "node:fs";
import { assertEquals, describe, it } from "../support/test_api.ts";
import { buildKernels, GENERATED } from "../../tools/kernels.ts";

describe("kernel_wasm.ts", () => {
  it("is what `deno task kernels` builds from the sources, byte for byte", async () => {
    assertEquals(readFileSync(GENERATED, "utf8") === await buildKernels(), true, "run `deno task kernels`");
  });
});
