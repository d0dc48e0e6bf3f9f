/** scrub(): what decayed is told from what was written, repaired from a proven replica alone, within a budget. */
import { createHash } from "node:crypto";
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { scrub, type ScrubFinding, type ScrubOptions, type ScrubReport, SyncError } from "../../mod.ts";
import { decayFrom, knownOf, untilSettled } from "../support/decay.ts";
import { assert, assertEquals, assertRejects, assertThrows, describe, it, requires } from "../support/test_api.ts";
import { makeTree, type TreeLiteral } from "../support/trees.ts";
import { compareTrees, type WalkedTree, walkTree } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

const TREE: TreeLiteral = {
  a: { file: "gOod a", mtime: "1000.5", mode: 0o640 },
  b: { file: "b", mtime: "1000" },
  d: { dir: { a: { file: "d a", mtime: "1000" }, e: { dir: { f: { file: "f", mtime: "7" } } } }, mtime: "500" },
  empty: { file: "", mtime: "3" },
  l: { link: "a" },
};

/** What is told, in the order of paths. */
async function scrubbed(
  at: Workspace,
  options: Partial<ScrubOptions> = {},
): Promise<{ report: ScrubReport; told: string[]; order: string[] }> {
  const found: ScrubFinding[] = [];
  const task = scrub(at.at("tree"), { catalog: at.at("catalog"), ...options });
  const report = await task.run({ onEvent: (event) => void (event.type === "action" && found.push(event.action)) });
  const order = found.map(({ path, verdict, repaired }) => `${verdict} ${path}${repaired ? " repaired" : ""}`);
  return { report, told: [...order].sort(), order };
}

async function prepared(at: Workspace): Promise<void> {
  makeTree(at.at("tree"), TREE);
  await untilSettled();
  await scrubbed(at);
}

function decayed(at: Workspace, path = "a", content = "good a"): void {
  decayFrom({ catalog: at.at("catalog"), root: at.at("tree"), path }, content);
}

describe("scrub()", () => {
  for (const options of [{ jobs: 1 }, { jobs: 3 }, { oldestFirst: true }] as const) {
    it(
      `notes what is new, and then finds all of it as it was, with ${JSON.stringify(options)}`,
      requires("Linux"),
      () =>
        withWorkspace(async (at) => {
          makeTree(at.at("tree"), TREE);
          await untilSettled();
          const first = await scrubbed(at, options);
          assertEquals(first.told, ["new a", "new b", "new d/a", "new d/e/f", "new empty"]);
          assertEquals([first.report.outcome, first.report.files, first.report.isComplete], ["done", 5, true]);
          const second = await scrubbed(at, options);
          assertEquals([second.told, second.report.counts.same, second.report.files], [[], 5, 5]);
        }),
    );
  }

  it("tells changed, touched, gone and suspect from rotten", requires("Linux"), () =>
    withWorkspace(async (at) => {
      await prepared(at);
      decayed(at);
      writeFileSync(at.at("tree/b"), "written");
      chmodSync(at.at("tree/empty"), 0o600);
      const { mtime } = statSync(at.at("tree/d/a"));
      writeFileSync(at.at("tree/d/a"), "D A");
      utimesSync(at.at("tree/d/a"), mtime, mtime);
      rmSync(at.at("tree/d/e"), { recursive: true });
      await untilSettled();
      const { told, report } = await scrubbed(at);
      assertEquals(told, ["changed b", "gone d/e/f", "rotten a", "suspect d/a"]);
      const { new: added, ...counts } = report.counts;
      assertEquals(counts, { same: 0, touched: 1, changed: 1, suspect: 1, rotten: 1, gone: 1 });
      assertEquals([added, report.outcome], [0, "different"]);
      // What was written is known now; what decayed is told until it is repaired.
      assertEquals((await scrubbed(at)).told, ["rotten a", "suspect d/a"]);
      writeFileSync(at.at("tree/a"), "new content");
      await untilSettled();
      assertEquals((await scrubbed(at)).told, ["changed a", "suspect d/a"]);
    }));

  it(
    "repairs what decayed from a replica, with its metadata, and nothing else",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        await prepared(at);
        decayed(at);
        makeTree(at.at("replica"), { a: { file: "good a", mtime: "9", mode: 0o600 }, b: { file: "other" } });
        const before = walkTree(at.at("tree"));
        const { told, report } = await scrubbed(at, { repairFrom: at.at("replica") });
        assertEquals([told, report.outcome, report.repaired], [["rotten a repaired"], "done", 1]);
        assertEquals(readFileSync(at.at("tree/a"), "utf8"), "good a");
        writeFileSync(at.at("wanted"), "good a");
        const after = walkTree(at.at("tree"));
        const digest = createHash("sha256").update("good a").digest("hex");
        assertEquals(after.get("a"), { ...before.get("a")!, content: digest });
        const others = (walked: WalkedTree) => new Map([...walked].filter(([path]) => path !== "a"));
        assertEquals(compareTrees(others(before), others(after)), []);
        await untilSettled();
        const again = await scrubbed(at);
        assertEquals([again.told, again.report.counts.touched], [[], 1]);
      }),
  );

  it("makes names of one file names of the repaired one", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("tree"), { ...TREE, d: { dir: {} } });
      for (const name of ["tree/b2", "tree/d/b3"]) linkSync(at.at("tree/b"), at.at(name));
      for (const path of ["b", "b2", "d/b3"]) decayed(at, path, "good b");
      makeTree(at.at("replica"), {
        b: { file: "good b" },
        b2: { file: "good b" },
        d: { dir: { b3: { file: "good b" } } },
      });
      const { report } = await scrubbed(at, { repairFrom: at.at("replica") });
      assertEquals([report.repaired, report.failures], [3, []]);
      const walked = walkTree(at.at("tree"));
      assertEquals(["b", "b2", "d/b3"].map((path) => walked.get(path)?.sameAs), ["b", "b", "b"]);
      assertEquals(readFileSync(at.at("tree/d/b3"), "utf8"), "good b");
    }));

  const UNPROVEN: readonly (readonly [what: string, make: (replica: string) => void])[] = [
    ["has decayed, too", (replica) => makeTree(replica, { a: { file: "gooD a", mtime: "1000.5" } })],
    ["does not have it", (replica) => makeTree(replica, {})],
    ["has a symlink there", (replica) => {
      makeTree(replica, {});
      writeFileSync(`${replica}-outside`, "good a");
      symlinkSync(`${replica}-outside`, `${replica}/a`);
    }],
    ["has a directory there", (replica) => makeTree(replica, { a: { dir: {} } })],
  ];
  for (const [what, make] of UNPROVEN) {
    it(`repairs nothing from a replica that ${what}`, requires("Linux"), () =>
      withWorkspace(async (at) => {
        await prepared(at);
        decayed(at);
        make(at.at("replica"));
        const before = walkTree(at.at("tree"));
        const { told, report } = await scrubbed(at, { repairFrom: at.at("replica") });
        assertEquals([told, report.outcome, report.repaired], [["rotten a"], "different", 0]);
        assertEquals(report.failures.map(({ path, code }) => [path, code]), [["a", "replica-unproven"]]);
        assertEquals(compareTrees(before, walkTree(at.at("tree"))), []);
      }));
  }

  it(
    "goes on where its budget ended, the oldest first, until all was read",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        const files = Object.fromEntries(
          Array.from({ length: 40 }, (_, n) => [`f${n}`, { file: "x".repeat(1_000), mtime: "5" }]),
        );
        makeTree(at.at("tree"), files);
        await untilSettled();
        const sizes: number[] = [];
        for (let run = 0; run < 4; run++) {
          const { report } = await scrubbed(at, { budget: { bytes: 10_000 } });
          sizes.push(report.counts.new);
          assertEquals(report.isComplete, false);
        }
        assertEquals(sizes, [10, 10, 10, 10]);
        const read = new Set<string>();
        const verified = () => {
          const database = new DatabaseSync(at.at("catalog"));
          const rows = database.prepare("SELECT CAST(name AS TEXT) AS name, verified FROM files").all();
          database.close();
          return new Map(rows.map(({ name, verified }) => [String(name), Number(verified)]));
        };
        for (let run = 0; run < 4; run++) {
          const before = verified();
          const { report } = await scrubbed(at, { budget: "10kb" });
          assertEquals([report.counts.same, report.counts.new], [10, 0]);
          for (const [name, ms] of verified()) if (ms !== before.get(name)) read.add(name);
        }
        assertEquals(read.size, 40);
      }),
  );

  it("ends in time, and says that it is not complete", requires("Linux"), () =>
    withWorkspace(async (at) => {
      await prepared(at);
      const { report } = await scrubbed(at, { budget: { milliseconds: 0.001 } });
      assertEquals([report.isComplete, report.files, report.outcome], [false, 0, "done"]);
    }));

  it("is stopped, and keeps what it has read", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("tree"), TREE);
      await untilSettled();
      const stop = new AbortController();
      stop.abort();
      const task = scrub(at.at("tree"), { catalog: at.at("catalog") });
      assertEquals((await assertRejects(() => task.run({ signal: stop.signal }), SyncError)).code, "cancelled");
      assertEquals((await scrubbed(at)).report.outcome, "done");
    }));

  it("believes no path of the catalog", requires("Linux"), () =>
    withWorkspace(async (at) => {
      await prepared(at);
      writeFileSync(at.at("outside"), "outside");
      const database = new DatabaseSync(at.at("catalog"));
      database.exec(`UPDATE directories SET path = CAST('..' AS BLOB) WHERE path = CAST('d' AS BLOB);
        UPDATE files SET name = CAST('../outside' AS BLOB) WHERE name = CAST('b' AS BLOB);
        UPDATE files SET name = CAST('' AS BLOB) WHERE name = CAST('empty' AS BLOB)`);
      database.close();
      mkdirSync(at.at("replica"));
      const { report, told } = await scrubbed(at, { oldestFirst: true, repairFrom: at.at("replica") });
      assertEquals(told, ["new b", "new d/a", "new empty"]);
      assertEquals([report.failures, report.outcome], [[], "done"]);
      assertEquals(readFileSync(at.at("outside"), "utf8"), "outside");
    }));

  it("refuses what makes no sense", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("tree"), TREE);
      const catalog = at.at("catalog");
      const codeOf = async (path: string, options: ScrubOptions) =>
        (await assertRejects(() => scrub(path, options).run(), SyncError)).code;
      assertEquals(await codeOf(at.at("none"), { catalog }), "source-missing");
      assertEquals(await codeOf(at.at("tree/a"), { catalog }), "source-not-directory");
      assertEquals(await codeOf(at.at("tree"), { catalog: at.at("tree/c") }), "overlap");
      assertEquals(await codeOf(at.at("tree"), { catalog, repairFrom: at.at("tree/d") }), "overlap");
      assertEquals(await codeOf(at.at("tree"), { catalog, repairFrom: at.at("none") }), "source-missing");
      for (
        const options of [
          { catalog: "" },
          { catalog, budget: "much" },
          { catalog, budget: "-5m" },
          { catalog, budget: "0h" },
          { catalog, budget: {} },
          { catalog, budget: "1h", oldestFirst: false },
          { catalog, jobs: 0 },
        ]
      ) assertThrows(() => scrub(at.at("tree"), options), RangeError);
      assert(knownOf({ catalog, root: at.at("tree"), path: "a" }) === undefined);
    }));
});
