/**
 * Damaged and made-up signatures and deltas, by the API and by the command line: the error names the offset, and at the
 * target there is what was there before.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { delta, patch, signature, SyncError } from "undrift";
import { joined } from "../delta/engine.ts";
import { noise } from "../kernels/kernels.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { after, assertEquals, assertRejects, assertStringIncludes, before, describe, it } from "../support/test_api.ts";
import { runFake } from "./fake_io.ts";

const OLD = noise(50_000, 1);
const NEW = joined([OLD.subarray(20_000), OLD.subarray(3)]);
const MOST = Array<number>(8).fill(0xff);
const DELTA_MAGIC = [0x72, 0x73, 0x02, 0x36];

/** A damaged file, and what the error says of it. */
type Damage = readonly [what: string, bytes: Uint8Array, told: string];

async function collect(bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  return joined(await Array.fromAsync(bytes));
}

function changed(bytes: Uint8Array, at: number, ...to: number[]): Uint8Array {
  const copy = bytes.slice();
  copy.set(to, at);
  return copy;
}

async function damagedSignatures(): Promise<Damage[]> {
  const good = await collect(signature(OLD, { blockLength: 500, strong: "md4", strongLength: 8 }));
  return [
    ["empty", new Uint8Array(0), "at byte 0 it ends within its head"],
    ["cut in its head", good.subarray(0, 11), "at byte 11 it ends within its head"],
    ["cut in a block", good.subarray(0, -1), `at byte ${good.length - 1} it ends within the sums of block 99`],
    ["a delta", await collect(delta(good, NEW)), "at byte 0 there is no signature's magic number but 0x72730236"],
    ["text", new TextEncoder().encode("once upon a time"), "at byte 0 there is no signature's magic number"],
    ["of blocks of no bytes", changed(good, 4, 0, 0, 0, 0), "at byte 4 the block length is 0"],
    ["of blocks of -1 bytes", changed(good, 4, ...MOST.slice(4)), "at byte 4 the block length is 4294967295"],
    ["of sums that are too long", changed(good, 8, 0, 0, 0, 17), "at byte 8 the strong sums have 17 bytes"],
    ["of sums of no bytes", changed(good, 8, 0, 0, 0, 0), "at byte 8 the strong sums have 0 bytes"],
  ];
}

async function damagedDeltas(): Promise<Damage[]> {
  const good = await collect(delta(signature(OLD), NEW));
  const made = (...commands: number[]) => Uint8Array.of(...DELTA_MAGIC, ...commands);
  const copyAll = [0x4e, 0, 0, 0, 0, OLD.length >> 8, OLD.length & 0xff];
  return [
    ["empty", new Uint8Array(0), "at byte 0 it ends within its head"],
    ["cut", good.subarray(0, -1), `at byte ${good.length - 1} it ends too early`],
    ["cut in a command", made(0x54, 0, 0), "at byte 7 it ends too early"],
    ["cut in a literal", made(5, 1, 2), "at byte 7 it ends too early"],
    ["a signature", await collect(signature(OLD)), "at byte 0 there is no delta's magic number"],
    ["longer than it is", Uint8Array.of(...good, 1), `at byte ${good.length} there is more behind its end`],
    ["of an unknown command", made(1, 7, 0x55), "at byte 6 is the unknown command 85"],
    [
      "of a copy beyond the end",
      made(1, 7, 0x4a, 0xc3, 0x50, 0, 1, 0),
      "at byte 6 it copies 1 bytes from byte 50000 on",
    ],
    ["of a copy from -1", made(0x51, ...MOST, 1, 0), "at byte 4 it copies"],
    ["of a copy of -1 bytes", made(0x48, 1, ...MOST, 0), "at byte 4 it copies"],
    [
      "of a copy whose end overflows",
      made(0x54, 0x7f, ...MOST.slice(1), 0x7f, ...MOST.slice(1)),
      "at byte 4 it copies",
    ],
    ["of a literal of -1 bytes", made(0x44, ...MOST, 7), "at byte 4 the new file becomes larger"],
    ["of commands that do nothing", made(0x45, 0, 0, 0x45, 0, 0), "at byte 4 it copies 0 bytes"],
    ["of a literal of no bytes", made(0x41, 0, 0), "at byte 4 is a literal of no bytes"],
    ["the same over and over", made(...copyAll, ...copyAll, ...copyAll), "at byte 25 it ends too early"],
  ];
}

const SIGNATURES = await damagedSignatures();
const DELTAS = await damagedDeltas();

describe("a damaged file", () => {
  const folder = temporaryFolder();
  const path = (name: string) => join(folder.path, name);
  const files = ["damaged", "new", "old", "target"];
  before(() => {
    writeFileSync(path("old"), OLD);
    writeFileSync(path("new"), NEW);
    writeFileSync(path("target"), "as it was");
  });
  after(() => folder.remove());

  const expectUntouched = (target: string) => {
    assertEquals(readFileSync(path("target"), "utf8"), "as it was");
    assertEquals([existsSync(path("fresh")), readdirSync(folder.path).sort()], [false, files], target);
  };
  const expectRefusal = async (told: string, args: readonly string[], run: (target: string) => Promise<unknown>) => {
    for (const target of ["target", "fresh"]) {
      const { code, out, err } = await runFake([...args, path(target)]);
      assertEquals([code, out], [5, ""], err);
      assertStringIncludes(err, told);
      const error = await assertRejects(() => run(path(target)), SyncError);
      assertEquals(error.code, "delta-damaged");
      assertStringIncludes(error.message, told);
      expectUntouched(target);
    }
  };

  for (const [what, bytes, told] of SIGNATURES) {
    it(`that is a signature ${what} is refused with the offset, and nothing is written`, async () => {
      writeFileSync(path("damaged"), bytes);
      const run = (target: string) => delta(path("damaged"), path("new")).writeTo(target);
      await expectRefusal(told, ["delta", path("damaged"), path("new")], run);
    });
  }

  for (const [what, bytes, told] of DELTAS) {
    it(`that is a delta ${what} is refused with the offset, and nothing is written`, async () => {
      writeFileSync(path("damaged"), bytes);
      const run = (target: string) => patch(path("old"), path("damaged")).writeTo(target);
      await expectRefusal(told, ["patch", path("old"), path("damaged")], run);
    });
  }

  it("leaves the old file as it was when that is the target", async () => {
    writeFileSync(path("damaged"), (await collect(delta(signature(OLD), NEW))).subarray(0, -1));
    assertEquals((await runFake(["patch", path("old"), path("damaged"), path("old")])).code, 5);
    assertEquals(new Uint8Array(readFileSync(path("old"))), OLD);
    expectUntouched("old");
  });

  it("that was made for another old file is told from others where it can be", async () => {
    writeFileSync(path("damaged"), await collect(delta(signature(OLD), NEW)));
    const { code, err } = await runFake(["patch", path("target"), path("damaged"), path("fresh")]);
    assertEquals(code, 5);
    assertStringIncludes(err, "of an old file of 9 bytes");
    assertStringIncludes(err, "hint: was it made for another old file, or another version of it?");
    expectUntouched("fresh");
    assertStringIncludes(
      (await runFake(["help", "patch"])).out.replaceAll(/\s+/g, " "),
      "cannot tell whether the delta was made",
    );
  });
});
