/** The strong sums of blocks are those of Debian's programs, on random data. */
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Layout, STRONG_BYTES, type StrongSum } from "../../lib/kernels/kernel.ts";
import { KERNEL_NAMES, KERNELS } from "../kernels/kernels.ts";
import { mustRun } from "../support/commands.ts";
import type { Program } from "../support/programs.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { after, assertEquals, describe, it, requires } from "../support/test_api.ts";

/** What prints each sum; those of xxHash print numbers, of which the kernels give the lowest byte first. */
const PROGRAMS: readonly (readonly [StrongSum, Program, readonly string[]])[] = [
  ["md5", "md5sum", []],
  ["sha1", "sha1sum", []],
  ["sha256", "sha256sum", []],
  ["blake2b", "b2sum", ["-l", "256"]],
  ["xxh3", "xxhsum", ["-H3"]],
  ["xxh128", "xxh128sum", []],
];
const LENGTHS = [0, 1, 3, 4, 8, 9, 16, 17, 63, 64, 128, 129, 240, 241, 700, 1024, 1025, 131_072];

const folder = temporaryFolder();
after(() => folder.remove());

describe("strongSums()", () => {
  for (const [strong, program, options] of PROGRAMS) {
    it(`of ${strong} are those of ${program}`, requires(program), () => {
      const blocks = LENGTHS.map((length) => randomBytes(length));
      const paths = blocks.map((block, at) => {
        const path = join(folder.path, `${at}`);
        writeFileSync(path, block);
        return path;
      });
      const printed = mustRun(program, [...options, ...paths]).trim().split("\n")
        .map((line) => /^[0-9a-f]+(?= )|[0-9a-f]+$/.exec(line)?.[0]); // xxhsum prints BSD's form for XXH3
      for (const name of KERNEL_NAMES) {
        const layout = new Layout();
        const at = layout.take(2 ** 17);
        const into = layout.take(STRONG_BYTES[strong]);
        const kernel = KERNELS[name](layout.bytes);
        const sums = blocks.map((block) => {
          kernel.memory.set(block, at);
          kernel.strongSums(strong, at, block.length, 1, into);
          const sum = kernel.memory.slice(into, into + STRONG_BYTES[strong]);
          return (strong.startsWith("xxh") ? sum.reverse() : sum).toHex();
        });
        assertEquals(sums, printed);
      }
    });
  }
});
