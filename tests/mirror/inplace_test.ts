/** `inplace`: files keep their inodes, only what differs is written, and an interrupted run is finished by the next. */
import { closeSync, lstatSync, openSync, readFileSync, utimesSync, writeSync } from "node:fs";
import { loadPlan, mirror, type MirrorOptions } from "../../mod.ts";
import { mustRun } from "../support/commands.ts";
import { runAndKill } from "../support/killable.ts";
import { ordinaryUser } from "../support/ordinary_user.ts";
import { assert, assertEquals, assertLess, assertRejects, describe, it, requires } from "../support/test_api.ts";
import { makeTree } from "../support/trees.ts";
import { compareTrees, walkTree } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

const MEBIBYTE = 1 << 20;
const BLOCK = 4096;

function noise(length: number, seed: number): Uint8Array {
  const words = new Uint32Array(Math.ceil(length / 4));
  for (let at = 0, state = seed; at < words.length; at++) words[at] = state = (state * 1664525 + 1013904223) >>> 0;
  return new Uint8Array(words.buffer).subarray(0, length);
}

/** Files of some sizes; those of the destination are other lengths, or differ in some blocks. */
function makeBoth(at: Workspace): void {
  const big = noise(9 * MEBIBYTE + 17, 1);
  const old = big.slice();
  for (const block of [0, 1, 700, 2304]) old[block * BLOCK]! ^= 1;
  makeTree(at.at("from"), {
    "big": { file: big, mtime: "1000000000" },
    "longer": { file: big.subarray(0, 3 * MEBIBYTE), mtime: "1000000000.5" },
    "shorter": { file: big.subarray(0, 50_000), mtime: "1000000000" },
    "new": { file: "new" },
    "d": { dir: { "small": { file: "new content", mode: 0o600 }, "same": { file: "same", mtime: "5" } } },
    "kind": { file: "a file now" },
  });
  makeTree(at.at("to"), {
    "big": { file: old },
    "longer": { file: old.subarray(0, 2 * MEBIBYTE + 3) },
    "shorter": { file: old.subarray(0, 200_000) },
    "d": { dir: { "small": { file: "old", mode: 0o644 }, "same": { file: "same", mtime: "5" } } },
    "kind": { link: "big" },
  });
}

const inodeOf = (path: string) => lstatSync(path).ino;
const NAMES = ["big", "longer", "shorter", "d/small", "d/same"];

describe("mirror() with inplace", () => {
  for (const options of [{ jobs: 1 }, { jobs: 3 }, { layer: "portable" }, { checksum: true }] as MirrorOptions[]) {
    it(
      `writes what differs into the files that are there: ${JSON.stringify(options)}`,
      requires("Linux"),
      () =>
        withWorkspace(async (at) => {
          makeBoth(at);
          // Deno's own calls take times as doubles.
          const digits = { timeDigits: options.layer === "portable" ? 3 : 9 };
          mustRun("cp", ["-a", "to", "planned"], { cwd: at.path });
          const inodes = NAMES.map((name) => inodeOf(at.at(`to/${name}`)));
          const report = await mirror(at.at("from"), at.at("to"), { ...options, inplace: true }).run();
          assertEquals([report.failures, report.warnings.filter(({ name }) => name === "not-in-place")], [[], []]);
          assertEquals(compareTrees(walkTree(at.at("to")), walkTree(at.at("from")), digits), []);
          assertEquals(NAMES.map((name) => inodeOf(at.at(`to/${name}`))), inodes);
          // The blocks that differ, what the second file grows by, and the small files.
          assertLess(report.copiedBytes, MEBIBYTE + 12 * BLOCK);
          assertEquals(report.copiedBytes + (report.sparedBytes ?? 0), report.done.bytes);
          const plan = await mirror(at.at("from"), at.at("planned"), { ...options, inplace: true }).plan();
          await plan.save(at.at("plan"));
          const before = inodeOf(at.at("planned/big"));
          const applied = await (await loadPlan(at.at("plan"))).apply();
          assertEquals([applied.failures, applied.copiedBytes], [[], report.copiedBytes]);
          assertEquals(compareTrees(walkTree(at.at("planned")), walkTree(at.at("to")), digits), []);
          assertEquals(inodeOf(at.at("planned/big")), before);
        }),
    );
  }

  for (const options of [{ backup: true }, { backupDir: "../kept" }, { trash: "../kept" }] as MirrorOptions[]) {
    it(`keeps the old content first: ${JSON.stringify(options)}`, requires("Linux"), () =>
      withWorkspace(async (at) => {
        makeTree(at.at("from"), { f: { file: "new" } });
        makeTree(at.at("to"), { f: { file: "the old" } });
        const inode = inodeOf(at.at("to/f"));
        const report = await mirror(at.at("from"), at.at("to"), { ...options, inplace: true }).run();
        assertEquals([report.failures, readFileSync(at.at("to/f"), "utf8"), inodeOf(at.at("to/f"))], [
          [],
          "new",
          inode,
        ]);
        assertEquals(mustRun("sh", ["-c", "cat to/f~ kept/f kept/*/f 2>/dev/null; true"], { cwd: at.path }), "the old");
      }));
  }

  it("replaces files with further names, and says so", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("from"), { f: { file: "new" }, g: { file: "g" }, h: { hardLinkOf: "g" } });
      makeTree(at.at("to"), { f: { file: "old", mtime: "5" }, g: { file: "og" }, h: { hardLinkOf: "g" } });
      mustRun("ln", ["to/f", "outside"], { cwd: at.path });
      const report = await mirror(at.at("from"), at.at("to"), { inplace: true }).run();
      assertEquals(report.warnings.map(({ name }) => name), ["not-in-place"]);
      assertEquals(readFileSync(at.at("outside"), "utf8"), "old");
      assertEquals(compareTrees(walkTree(at.at("to")), walkTree(at.at("from"))), []);
    }));

  it("replaces what an ordinary user may not write to", requires("Linux"), () =>
    withWorkspace((at) => {
      const user = ordinaryUser(at);
      user.shell(
        "mkdir from to; echo new > from/f; echo old > to/f; chmod 400 from/f to/f; touch -d @5 from/f",
        at.path,
      );
      const answer = user.mirror({ source: at.at("from"), destination: at.at("to"), options: { inplace: true } });
      assert("report" in answer && answer.report.failureCount === 0, JSON.stringify(answer));
      assertEquals(answer.report.warnings.map(({ name }) => name), ["not-in-place"]);
      assertEquals(compareTrees(walkTree(at.at("to")), walkTree(at.at("from"))), []);
    }));

  it(
    "keeps holes where the old file ends or has some, and content everywhere",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        mustRun("sh", [
          "-ec",
          `mkdir from to; truncate -s 40M from/f; printf x | dd of=from/f bs=1M seek=33 conv=notrunc 2>/dev/null
truncate -s 20M to/f; printf y | dd of=to/f bs=1M seek=9 conv=notrunc 2>/dev/null`,
        ], { cwd: at.path });
        const report = await mirror(at.at("from"), at.at("to"), { inplace: true }).run();
        assertEquals(report.failures, []);
        assertEquals(compareTrees(walkTree(at.at("to")), walkTree(at.at("from"))), []);
      }),
  );

  it(
    "is finished by the next run when it is killed, whatever the times say",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        const size = 64 * MEBIBYTE;
        makeTree(at.at("from"), { f: { file: noise(size, 1), mtime: "1000000000" } });
        makeTree(at.at("old"), { f: { file: noise(size, 2), mtime: "1000000000" } });
        const order = {
          source: at.at("from"),
          destination: at.at("to"),
          options: { inplace: true, ignoreTimes: true },
        };
        mustRun("cp", ["-a", "old", "to"], { cwd: at.path });
        const { durationMs } = await runAndKill(order);
        const ends = { old: 0, half: 0, done: 0 };
        for (let turn = 0; turn < 5; turn++) {
          mustRun("sh", ["-ec", "rm -rf to; cp -a old to"], { cwd: at.path });
          const { killed } = await runAndKill(order, ((turn + 0.5) / 6) * durationMs);
          const before = at.at("to/f");
          const [old, next] = ["old/f", "from/f"].map((name) => readFileSync(at.at(name)));
          const now = readFileSync(before);
          ends[now.equals(old!) ? "old" : now.equals(next!) ? "done" : "half"]++;
          // The worst case: the file is given the time of its source.
          utimesSync(before, 1_000_000_000, 1_000_000_000);
          if (killed && !now.equals(old!) && !now.equals(next!)) assert(now.length > size);
          const { ignoreTimes: _, ...options } = order.options;
          if (!now.equals(old!)) {
            assertEquals((await mirror(order.source, order.destination, options).run()).failures, []);
          }
          if (!now.equals(old!)) {
            assertEquals(compareTrees(walkTree(at.at("to")), walkTree(at.at("from"))), []);
          }
        }
        assert(ends.half > 0, JSON.stringify(ends));
      }),
  );

  it(
    "keeps no half changed file in place of what was kept before",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        const size = 64 * MEBIBYTE;
        makeTree(at.at("from"), { f: { file: noise(size, 1) } });
        makeTree(at.at("old"), { f: { file: noise(size, 2), mtime: "5" } });
        const order = { source: at.at("from"), destination: at.at("to"), options: { inplace: true, backup: true } };
        mustRun("cp", ["-a", "old", "to"], { cwd: at.path });
        const { durationMs } = await runAndKill(order);
        for (let turn = 0; turn < 4; turn++) {
          mustRun("sh", ["-ec", "rm -rf to; cp -a old to"], { cwd: at.path });
          await runAndKill(order, (0.3 + turn / 7) * durationMs);
          assertEquals((await mirror(order.source, order.destination, order.options).run()).failures, []);
          mustRun("sh", ["-ec", "cmp from/f to/f; cmp old/f to/f~"], { cwd: at.path });
        }
      }),
  );

  it(
    "is finished by the next run when the disk is full",
    requires("Linux", "root"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("from"), { f: { file: noise(12 * MEBIBYTE, 1) } });
        const to = at.mount("to", "-t", "tmpfs", "-o", "size=16M", "tmpfs");
        makeTree(to, { f: { file: noise(4 * MEBIBYTE, 2), mtime: "5" }, ballast: { file: noise(7 * MEBIBYTE, 3) } });
        const task = mirror(at.at("from"), to, { inplace: true, preflight: false });
        const error = await assertRejects(() => task.run());
        assertEquals((error as { code?: string }).code, "no-space");
        assert(lstatSync(`${to}/f`).size > 12 * MEBIBYTE);
        mustRun("rm", ["ballast"], { cwd: to });
        // Where a copy beside it would not fit.
        const report = await mirror(at.at("from"), to, { inplace: true }).run();
        assertEquals([report.failures, compareTrees(walkTree(to), walkTree(at.at("from")))], [[], []]);
      }),
  );

  for (const jobs of [1, 2, 4]) {
    it(`compares a large file with ${jobs} threads`, requires("Linux"), () =>
      withWorkspace(async (at) => {
        mustRun("sh", [
          "-ec",
          `mkdir from to; head -c 210000001 /dev/urandom > from/f; head -c 200000000 from/f > to/f
for block in 0 5 777 20000 40000 48828; do printf x | dd of=to/f bs=4096 seek=$block conv=notrunc; done 2> /dev/null`,
        ], { cwd: at.path });
        utimesSync(at.at("to/f"), 5, 5);
        const report = await mirror(at.at("from"), at.at("to"), { inplace: true, jobs }).run();
        assertEquals([report.failures, report.warnings.filter(({ name }) => name === "not-in-place")], [[], []]);
        assertEquals(compareTrees(walkTree(at.at("to")), walkTree(at.at("from"))), []);
        // A byte may be the same by chance.
        assertLess(report.copiedBytes, 10_000_001 + 6 * BLOCK + 1);
        assertEquals(report.copiedBytes + (report.sparedBytes ?? 0), 210_000_001);
      }));
  }

  it("tells what was written of how much", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("from"), { f: { file: noise(MEBIBYTE, 1) } });
      makeTree(at.at("to"), { f: { file: noise(MEBIBYTE, 1), mtime: "5" } });
      const file = openSync(at.at("to/f"), "r+");
      writeSync(file, new Uint8Array(1), 0, 1, 100_000);
      closeSync(file);
      const { copiedBytes, sparedBytes } = await mirror(at.at("from"), at.at("to"), { inplace: true }).run();
      assertEquals([copiedBytes, sparedBytes], [BLOCK, MEBIBYTE - BLOCK]);
    }));
});
