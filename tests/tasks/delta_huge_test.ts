/**
 * Files of hundreds of gigabytes, as sparse files of that size: positions beyond 2^32 and 2^36 are exact, memory is that
 * of the signature, and what is beyond 2^53 is refused. Nothing reads such a file as a whole here: the signature of its
 * zeros is that of one block, over and over.
 */
import { closeSync, existsSync, ftruncateSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { pid } from "node:process";
import { delta, explainDelta, matches, patch, signature, SyncError } from "undrift";
import { blockLengthFor } from "../../lib/delta/block_length.ts";
import { SIGNATURE_HEAD_BYTES } from "../../lib/delta/format.ts";
import { SignatureReader } from "../../lib/delta/signature.ts";
import { joined } from "../delta/engine.ts";
import { noise } from "../kernels/kernels.ts";
import { mustRun } from "../support/commands.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { after, assertEquals, assertLess, assertRejects, before, describe, it, requires } from "../support/test_api.ts";

const BLOCKS = 800_000;
const BLOCK = blockLengthFor("rsync", 1e11);
/** Blocks of the old file that are not zeros. The first two follow each other, across 2^32. */
const DATA = [2 ** 32 / BLOCK - 1, 2 ** 32 / BLOCK, 2 ** 36 / BLOCK + 5, BLOCKS - 2];

describe("an old file of 105 GB", () => {
  const folder = temporaryFolder();
  const old = join(folder.path, "old");
  const contents = DATA.map((_, at) => noise(BLOCK, at + 1));
  let signed: Uint8Array[];

  before(async () => {
    const file = openSync(old, "w");
    DATA.forEach((block, at) => writeSync(file, contents[at]!, 0, BLOCK, block * BLOCK));
    ftruncateSync(file, BLOCKS * BLOCK);
    closeSync(file);
    signed = await signatureOfSparse();
  });
  after(() => folder.remove());

  /** The signature of the old file without reading its zeros. */
  async function signatureOfSparse(): Promise<Uint8Array[]> {
    const options = { blockLength: BLOCK, strongLength: 16 };
    const parts = await Array.fromAsync(signature([new Uint8Array(BLOCK), ...contents], options));
    const file = joined(parts);
    const head = file.subarray(0, SIGNATURE_HEAD_BYTES);
    const sum = (at: number) => file.subarray(head.length + 20 * at, head.length + 20 * (at + 1));
    const whole = new Uint8Array(20 * BLOCKS);
    for (let at = 0; at < BLOCKS; at++) whole.set(sum(0), 20 * at);
    DATA.forEach((block, at) => whole.set(sum(at + 1), 20 * block));
    return [head, whole];
  }

  it("has blocks of rsync's longest, and a signature that fits into little memory", () => {
    assertEquals(BLOCK, 131_072);
    const reader = new SignatureReader();
    for (const piece of signed) reader.push(piece);
    const { weakSums, strongSums } = reader.finish();
    assertEquals([weakSums.length, weakSums.length * BLOCK > 1e11], [BLOCKS, true]);
    assertLess(weakSums.buffer.byteLength + strongSums.buffer.byteLength, 2 * 20 * BLOCKS);
  });

  it("gives its parts to a new file, wherever they are", async () => {
    const fresh = joined([contents[3]!, noise(1000, 9), contents[0]!, contents[1]!, contents[2]!, contents[0]!]);
    const found = await Array.fromAsync(matches(signed, fresh));
    assertEquals(found.map(({ oldStart, length }) => [oldStart / BLOCK, length / BLOCK]), [
      [BLOCKS - 2, 1],
      [DATA[0]!, 2],
      [DATA[2]!, 1],
      [DATA[0]!, 1],
    ]);
    const out = join(folder.path, "out");
    const report = await patch(old, delta(signed, fresh)).writeTo(out);
    assertEquals(report, { copiedBytes: 5 * BLOCK, literalBytes: 1000 });
    assertEquals(joined(await Array.fromAsync(patch(out, delta(signature(fresh), fresh)))), fresh);
  });

  it("is patched as rdiff patches it", requires("rdiff"), async () => {
    const fresh = joined([contents[2]!, contents[3]!, new Uint8Array(3 * BLOCK), noise(77, 3)]);
    const changes = join(folder.path, "changes");
    await delta(signed, fresh).writeTo(changes);
    mustRun("rdiff", ["--force", "patch", old, changes, join(folder.path, "out")]);
    const made = explainDelta(join(folder.path, "out"), fresh);
    assertEquals((await made.run()).literal.bytes, 0);
  });
});

describe("a file beyond 2^53 bytes", () => {
  const place = `/dev/shm/undrift-test-beyond-${pid}`;
  after(() => rmSync(place, { force: true }));

  it("is refused before anything is read", requires("Linux"), async () => {
    if (!existsSync("/dev/shm")) throw new Error("Cannot test: /dev/shm is missing");
    mustRun("truncate", ["-s", String(2n ** 53n + 2n), place]);
    const old = new Uint8Array(9);
    const tasks = [signature(place), delta(signature(old), place), patch(place, delta(signature(old), old))];
    for (const task of [...tasks, patch({ size: 2 ** 53, read: () => 0 }, delta(signature(old), old))]) {
      const error = await assertRejects(() => Array.fromAsync<unknown>(task), SyncError);
      assertEquals(error.code, "file-too-large");
    }
  });

  it("is no size that something that reads may have", async () => {
    for (const size of [NaN, -1]) {
      const broken = patch({ size, read: () => 0 }, new Uint8Array(0));
      await assertRejects(() => Array.fromAsync(broken), RangeError, "of");
    }
  });
});
