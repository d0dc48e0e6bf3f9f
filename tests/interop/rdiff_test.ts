/** Both ways with the real `rdiff`: for every format, each reads what the other writes. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, assertEquals, describe, it, requires } from "../support/test_api.ts";
import { mustRun } from "../support/commands.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { blockLengthFor } from "../../lib/delta/block_length.ts";
import { STRONG_BYTES } from "../../lib/kernels/kernel.ts";
import {
  deltaFileOf,
  FORMATS,
  instructionsFor,
  joined,
  patched,
  readSignature,
  signatureFileOf,
} from "../delta/engine.ts";
import { noise } from "../kernels/kernels.ts";

const RDIFF_NAMES = { md4: "md4", blake2b: "blake2", rabinkarp: "rabinkarp", rollsum: "rollsum", rsync: "" } as const;

/** Sizes around those of blocks, for old files, and new files made of them. */
const OLD_FILES: readonly Uint8Array[] = [0, 1, 255, 256, 257, 4096, 200_000].map((size) => noise(size, 3));

function newFile(old: Uint8Array): Uint8Array {
  const half = Math.floor(old.length / 2);
  return joined([old.subarray(half), noise(333, 9), old.subarray(0, half), old.subarray(half + 1)]);
}

describe("rdiff", () => {
  const folder = temporaryFolder();
  after(() => folder.remove());
  const path = (name: string) => join(folder.path, name);
  const rdiff = (...args: string[]) => mustRun("rdiff", ["--force", ...args]);

  for (const { weak, strong } of FORMATS) {
    const hashes = ["--hash", RDIFF_NAMES[strong], "--rollsum", RDIFF_NAMES[weak]];

    it(`writes the same signatures as we do: ${weak}, ${strong}`, requires("rdiff"), () => {
      for (const old of OLD_FILES) {
        writeFileSync(path("old"), old);
        for (const [blockLength, strongLength] of [[0, 0], [64, 8], [1000, 1], [3, 5]] as const) {
          rdiff(...hashes, "-b", `${blockLength}`, "-S", `${strongLength}`, "signature", path("old"), path("theirs"));
          const ours = signatureFileOf(old, {
            weak,
            strong,
            blockLength: blockLength || blockLengthFor("rdiff", old.length),
            strongLength: strongLength || STRONG_BYTES[strong],
          });
          assertEquals(
            new Uint8Array(readFileSync(path("theirs"))),
            ours,
            `${old.length} bytes, blocks of ${blockLength}`,
          );
        }
      }
    });

    it(`applies our deltas, and we apply its: ${weak}, ${strong}`, requires("rdiff"), () => {
      for (const old of OLD_FILES) {
        const fresh = newFile(old);
        writeFileSync(path("old"), old);
        writeFileSync(path("new"), fresh);
        rdiff(...hashes, "signature", path("old"), path("signature"));
        const ours = deltaFileOf(instructionsFor(readSignature(readFileSync(path("signature"))), fresh));
        writeFileSync(path("ours"), ours);
        rdiff("patch", path("old"), path("ours"), path("patched"));
        assertEquals(new Uint8Array(readFileSync(path("patched"))), fresh);
        rdiff("delta", path("signature"), path("new"), path("theirs"));
        const theirs = new Uint8Array(readFileSync(path("theirs")));
        assertEquals(patched(old, theirs), fresh);
        assertEquals(ours.length <= theirs.length + 16, true, `ours ${ours.length}, theirs ${theirs.length} bytes`);
      }
    });
  }
});
