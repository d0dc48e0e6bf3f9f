/**
 * A bit that really flips: on the block device below a file system that is not mounted, so that no time tells of it. It
 * is reported as rotten, stopped by the mirror, and repaired from a replica.
 */
import { closeSync, openSync, readFileSync, readSync, writeFileSync, writeSync } from "node:fs";
import { mirror, scrub, SyncError } from "../../mod.ts";
import { mustRun } from "../support/commands.ts";
import { stampOfFile, untilSettled } from "../support/decay.ts";
import { assert, assertEquals, assertNotEquals, assertRejects, describe, it, requires } from "../support/test_api.ts";
import { makeTree } from "../support/trees.ts";
import { compareTrees, walkTree } from "../support/walker.ts";
import { withWorkspace } from "../support/workspace.ts";

/** Content that is found again in an image. */
const GOOD = "what a family has of its grandmother ".repeat(500);

/** Flips one bit of the only place in a file that holds a text. */
function flipBit(image: string, text: string): void {
  const bytes = readFileSync(image);
  const at = bytes.indexOf(text);
  assert(at > 0 && bytes.indexOf(text, at + 1) < 0, "the content must be in one place");
  const file = openSync(image, "r+");
  const byte = new Uint8Array(1);
  readSync(file, byte, 0, 1, at + 5_000);
  writeSync(file, Uint8Array.of(byte[0]! ^ 4), 0, 1, at + 5_000);
  closeSync(file);
}

describe("a bit that flips on the disk", () => {
  it(
    "is reported as rotten, stops the mirror, and is repaired from a replica",
    requires("Linux", "root", "mkfs.ext4"),
    () =>
      withWorkspace(async (at) => {
        const disk = at.loop("disk", "16M", ["mkfs.ext4", "-q"]);
        makeTree(`${disk}/photos`, { "portrait.jpg": { file: GOOD, mtime: "2000" }, b: { file: "b", mtime: "2000" } });
        makeTree(at.at("copy"), { "portrait.jpg": { file: GOOD, mtime: "1000" } });
        const [source, catalog] = [`${disk}/photos`, at.at("catalog")];
        const portrait = { catalog, root: source, path: "portrait.jpg" };
        await untilSettled();
        assertEquals((await scrub(source, { catalog }).run()).counts.new, 2);
        const before = stampOfFile(portrait);

        mustRun("umount", [disk]);
        flipBit(at.at("disk.image"), GOOD);
        mustRun("mount", ["-o", "loop", at.at("disk.image"), disk]);
        assertNotEquals(readFileSync(`${source}/portrait.jpg`, "utf8"), GOOD);
        assertEquals(stampOfFile(portrait), before);

        const found = await scrub(source, { catalog }).run();
        assertEquals(found.findings.map(({ path, verdict }) => [path, verdict]), [["portrait.jpg", "rotten"]]);
        assertEquals(found.outcome, "different");

        const copy = walkTree(at.at("copy"));
        for (const options of [{}, { delete: true, jobs: 3 }, { checksum: true, paranoid: true }]) {
          const run = mirror(source, at.at("copy"), { ...options, catalog });
          assertEquals((await assertRejects(() => run.run(), SyncError)).code, "source-rotten");
          assertEquals(compareTrees(copy, walkTree(at.at("copy"))), []);
        }

        const { repaired, outcome } = await scrub(source, { catalog, repairFrom: at.at("copy") }).run();
        assertEquals([repaired, outcome], [1, "done"]);
        assertEquals(readFileSync(`${source}/portrait.jpg`, "utf8"), GOOD);
        const { mtimeSeconds } = stampOfFile(portrait);
        assertEquals(mtimeSeconds, before.mtimeSeconds);
        assertEquals((await mirror(source, at.at("copy"), { catalog }).run()).outcome, "done");
        assertEquals(compareTrees(walkTree(source), walkTree(at.at("copy"))), []);
        writeFileSync(`${source}/b`, "changed by its owner");
        assertEquals((await mirror(source, at.at("copy"), { catalog }).run()).done.files, 1);
      }),
  );
});
