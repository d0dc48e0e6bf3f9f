/** Options about how files get new content, from the command line to what is written and told. */
import { mkdirSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { TASKS } from "../../lib/cli/tasks.ts";
import { assert, assertEquals, assertStringIncludes, describe, it, requires } from "../support/test_api.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";
import { runFake } from "./fake_io.ts";

const BLOCK = 4096;

/** 100 blocks that differ from each other. */
function blocks(): Uint8Array {
  let state = 1;
  return Uint8Array.from(
    { length: 100 * BLOCK },
    () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24,
  );
}

/** A file whose old version has another block in the middle, or ends early. */
function makeBoth(at: Workspace, old: Uint8Array): void {
  for (const name of ["from", "to"]) mkdirSync(at.at(name));
  writeFileSync(at.at("from/f"), blocks());
  writeFileSync(at.at("to/f"), old);
  utimesSync(at.at("to/f"), 5, 5);
}

function changed(): Uint8Array {
  const old = blocks();
  old.fill(0, 50 * BLOCK, 51 * BLOCK);
  return old;
}

describe("undrift mirror", () => {
  for (
    const [flags, old, keepsInode, written] of [
      [["--inplace"], changed(), true, "4.0 KiB"],
      [["--append"], blocks().subarray(0, 99 * BLOCK), true, "4.0 KiB"],
      [["--append-verify"], blocks().subarray(0, 99 * BLOCK), true, "4.0 KiB"],
      [["--delta"], changed(), false, undefined],
    ] as const
  ) {
    it(`${flags.join(" ")} writes little, and tells how much`, requires("Linux"), () =>
      withWorkspace(async (at) => {
        makeBoth(at, old);
        const { ino } = statSync(at.at("to/f"));
        const { code, err } = await runFake(["mirror", ...flags, at.at("from"), at.at("to")], TASKS);
        assertEquals(code, 0, err);
        assert(readFileSync(at.at("to/f")).equals(blocks()));
        assertEquals(statSync(at.at("to/f")).ino === ino, keepsInode);
        assert(/; 1 file, [\d.]+ KiB of 400 KiB written in /.test(err), err);
        if (written !== undefined) assertStringIncludes(err, `1 file, ${written} of 400 KiB written`);
      }));
  }

  it(
    "--delta --fuzzy uses a file of a similar name, and --json tells it",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeBoth(at, changed());
        renameSync(at.at("from/f"), at.at("from/f2"));
        const args = ["mirror", "--delta", "--fuzzy", "--json", at.at("from"), at.at("to")];
        const { code, out } = await runFake(args, TASKS);
        assertEquals(code, 0);
        const { copiedBytes, sparedBytes } = JSON.parse(out.trimEnd().split("\n").at(-1)!);
        assertEquals(copiedBytes + sparedBytes, 100 * BLOCK);
        assert(sparedBytes > 90 * BLOCK);
        assert(readFileSync(at.at("to/f2")).equals(blocks()));
      }),
  );

  it("refuses options that make no sense together, with both names", async () => {
    for (
      const [one, other] of [["--inplace", "--delay-updates"], ["--append", "--append-verify"], [
        "--delta",
        "--inplace",
      ]]
    ) {
      const { code, err } = await runFake(["mirror", one!, other!, "a", "b"], TASKS);
      assertEquals(code, 2);
      assertStringIncludes(err, `Cannot use ${one} with ${other}`);
    }
  });
});
