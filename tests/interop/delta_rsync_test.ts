/** The bytes that a delta has to bring, held against those that rsync sends for the same files with the same blocks. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { explainDelta } from "undrift";
import { joined } from "../delta/engine.ts";
import { noise } from "../kernels/kernels.ts";
import { mustRun } from "../support/commands.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { after, assertEquals, assertGreater, describe, it, requires } from "../support/test_api.ts";

const OLD = noise(1_000_000, 1);
const TEXT = new TextEncoder().encode(Array.from({ length: 40_000 }, (_, at) => `${at % 997} line\n`).join(""));

/** The old bytes with some overwritten, every so many. */
function edited(old: Uint8Array, every: number, length: number): Uint8Array {
  const copy = old.slice();
  for (let at = every - length; at + length <= copy.length; at += every) copy.set(noise(length, at), at);
  return copy;
}

/** The old bytes with some inserted, every so many. */
function inserted(old: Uint8Array, every: number, length: number): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < old.length; at += every) parts.push(old.subarray(at, at + every), noise(length, at));
  return joined(parts);
}

/** New files by what happened to the old one. */
const CASES: Readonly<Record<string, readonly [old: Uint8Array, fresh: Uint8Array]>> = {
  "nothing changed": [OLD, OLD],
  "single bytes changed": [OLD, edited(OLD, 9973, 1)],
  "stretches changed": [OLD, edited(OLD, 40_009, 1000)],
  "bytes inserted": [OLD, inserted(OLD, 30_011, 7)],
  "stretches inserted": [OLD, inserted(OLD, 90_001, 5000)],
  "parts moved": [OLD, joined([OLD.subarray(600_000), OLD.subarray(1, 300_000), OLD.subarray(250_000, 600_007)])],
  "the beginning missing": [OLD, OLD.subarray(12_345)],
  "the end missing": [OLD, OLD.subarray(0, -12_345)],
  "appended": [OLD, joined([OLD, noise(50_001, 2)])],
  "all different": [OLD, noise(300_000, 3)],
  "repeating text": [TEXT, inserted(TEXT, 20_011, 3)],
  "zeros with something in them": [new Uint8Array(400_000), inserted(new Uint8Array(400_000), 100_003, 11)],
};

describe("the literal bytes of a delta", () => {
  const folder = temporaryFolder();
  after(() => folder.remove());
  const [oldFile, newFile] = [join(folder.path, "old"), join(folder.path, "new")];

  /** What rsync sends as data. Its numbers are exact with --no-h. */
  function literalOfRsync(blockLength: number): number {
    const options = ["--no-whole-file", "--ignore-times", "--stats", "--no-h", `--block-size=${blockLength}`];
    const told = mustRun("rsync", [...options, newFile, oldFile]);
    const found = /^Literal data: (\d+) bytes$/m.exec(told)?.[1];
    return Number(found);
  }

  for (const [what, [old, fresh]] of Object.entries(CASES)) {
    it(`are no more than rsync sends: ${what}`, requires("rsync"), async () => {
      for (const blockLength of [700, 1000, 4096, 65_536]) {
        writeFileSync(newFile, fresh);
        writeFileSync(oldFile, old);
        const { literal } = await explainDelta(oldFile, newFile, { blockLength }).run();
        const sent = literalOfRsync(blockLength);
        assertEquals(literal.bytes <= sent, true, `${literal.bytes} of ${sent} with blocks of ${blockLength}`);
        if (what === "all different") assertGreater(literal.bytes, 0);
      }
    });
  }
});
