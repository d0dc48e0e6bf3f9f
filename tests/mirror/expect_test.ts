/** What is expected of a plan and of an outcome: a plan that is not as expected is refused, and nothing has changed. */
import { existsSync, writeFileSync } from "node:fs";
import { loadPlan, mirror, type MirrorEvent, type MirrorOptions, report, SyncError } from "../../mod.ts";
import { runFake } from "../cli/fake_io.ts";
import {
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
  describe,
  it,
  requires,
} from "../support/test_api.ts";
import { makeTree } from "../support/trees.ts";
import { compareTrees, walkTree } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

const FILE = { file: "content", mtime: "1000000000" };

/** Three entries to make, one of them a hard link, and one to delete. */
function pairIn(at: Workspace): readonly [source: string, destination: string] {
  makeTree(at.at("from"), { a: FILE, b: { hardLinkOf: "a" }, d: { dir: {} } });
  makeTree(at.at("to"), { z: FILE });
  return [at.at("from"), at.at("to")];
}

const UNMET: MirrorOptions = { delete: true, expect: { deletions: { atMost: 0 }, linked: { atLeast: "90%" } } };
const MET: MirrorOptions = {
  delete: true,
  expect: {
    deletions: { atMost: 1 },
    linked: { equal: "50%" },
    creations: { equal: 3 },
    bytes: { below: "1kB" },
    entries: { above: 2 },
    failures: { equal: 0 },
  },
};

describe("MirrorOptions.expect", () => {
  it(
    "refuses a plan before the first change, with everything that does not hold",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        const pair = pairIn(at);
        const before = walkTree(at.path);
        const error = await assertRejects(() => mirror(...pair, UNMET).run(), SyncError);
        assertEquals(error.code, "expectation-failed");
        assertStringIncludes(error.message, "deletions<=0, but it is 1; linked>=90%, but it is 50% (1 of 2 files");
        assertEquals(compareTrees(before, walkTree(at.path)), []);
      }),
  );

  it("makes no destination for a plan that is refused", requires("Linux"), () =>
    withWorkspace(async (at) => {
      const [from] = pairIn(at);
      const run = () => mirror(from, at.at("new"), { expect: { creations: { below: 2 } } }).run();
      assertEquals((await assertRejects(run, SyncError)).code, "expectation-failed");
      assertEquals(existsSync(at.at("new")), false);
    }));

  for (const options of [{}, { jobs: 1 }, { layer: "portable" }] satisfies MirrorOptions[]) {
    it(
      `lets a plan pass that is as expected: ${JSON.stringify(options)}`,
      requires("Linux"),
      () =>
        withWorkspace(async (at) => {
          const { outcome, unmet, done } = await mirror(...pairIn(at), { ...MET, ...options }).run();
          assertEquals([outcome, unmet, done.deleted], ["done", [], 1]);
        }),
    );
  }

  it(
    "is kept in a plan, which is refused before and after it was saved",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        const pair = pairIn(at);
        const plan = await mirror(...pair, UNMET).plan();
        assertEquals(plan.refusal?.code, "expectation-failed");
        await plan.save(at.at("plan"));
        const before = walkTree(at.at("to"));
        for (const each of [plan, await loadPlan(at.at("plan"))]) {
          assertEquals((await assertRejects(() => each.apply(), SyncError)).code, "expectation-failed");
        }
        assertEquals(compareTrees(before, walkTree(at.at("to"))), []);
        const fine = await mirror(...pair, MET).plan();
        await fine.save(at.at("fine"));
        assertEquals((await (await loadPlan(at.at("fine"))).apply()).unmet, []);
      }),
  );

  it("counts what was renamed, before and after", requires("Linux"), () =>
    withWorkspace(async (at) => {
      const content = { file: "c".repeat(5000), mtime: "1000000000" };
      makeTree(at.at("from"), { new: { dir: { a: content } } });
      makeTree(at.at("to"), { old: { dir: { a: content } } });
      const options: MirrorOptions = { delete: true, detectMoves: true };
      const expecting = (expect: MirrorOptions["expect"]) =>
        mirror(at.at("from"), at.at("to"), { ...options, ...(expect === undefined ? {} : { expect }) });
      const tooMany = () => expecting({ moved: { below: 1 } }).run();
      assertEquals((await assertRejects(tooMany, SyncError)).code, "expectation-failed");
      const { unmet, done } = await expecting({ moved: { atLeast: 1 }, files: { equal: 0 } }).run();
      assertEquals([unmet, done.moved > 0], [[], true]);
    }));

  it("is held against what was done, too", requires("Linux"), () =>
    withWorkspace(async (at) => {
      const [from, to] = pairIn(at);
      // What appears in the destination after the survey is deleted with the rest.
      let added = false;
      const onEvent = ({ type }: MirrorEvent) => {
        if (type !== "action" || added) return;
        added = true;
        writeFileSync(`${to}/y`, "");
      };
      const task = mirror(from, to, { delete: true, expect: { deletions: { atMost: 1 } } });
      const done = await task.run({ onEvent });
      assertEquals([done.outcome, done.unmet], ["done", [{ expected: "deletions<=1", found: "2" }]]);
      const { error } = await report(done).summary();
      assertEquals(error?.code, "expectation-failed");
    }));

  it("is refused when it makes no sense", () => {
    for (const expect of [{ deletion: { atMost: 1 } }, { deletions: { atMost: "x" } }, { bytes: { below: "5%" } }]) {
      const error = assertThrows(() => mirror("a", "b", { expect } as unknown as MirrorOptions), RangeError);
      assertStringIncludes(error.message, "Cannot use expect: ");
    }
  });
});

describe("undrift mirror --expect", () => {
  it(
    "exits with 3 before the first change, with 1 when the plan is only shown",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        const command = ["mirror", ...pairIn(at), "--delete", "--expect", "deletions<1"];
        const refused = await runFake(command);
        assertEquals(refused.code, 3);
        assertStringIncludes(refused.err, "deletions<1, but it is 1\nhint: ");
        assertEquals((await runFake([...command, "-n"])).code, 1);
        assertEquals((await runFake([...command, "--plan-out", at.at("plan")])).code, 1);
        assertEquals((await runFake(["apply", at.at("plan")])).code, 3);
        const last = (await runFake([...command, "--json"])).out.trim().split("\n").at(-1) ?? "";
        assertEquals([JSON.parse(last).outcome, JSON.parse(last).error.code], ["refused", "expectation-failed"]);
        assertEquals((await runFake([...command.slice(0, -1), "deletions<=1"])).code, 0);
      }),
  );

  it(
    "exits with 1 when the outcome is not as expected, and says so",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("from"), { a: FILE });
        makeTree(at.at("to"), { a: { dir: { inside: FILE } } });
        // Planned as an update; the directory with an entry does not give way.
        const command = ["mirror", at.at("from"), at.at("to"), "--expect", "failures=0"];
        for (const [extra, code] of [[[], 1], [["--on", "not-empty=ignore"], 0]] as const) {
          const ran = await runFake([...command, ...extra]);
          assertEquals(ran.code, code);
          assertEquals(ran.err.includes("The outcome is not as expected: failures=0, but it is 1"), code === 1);
        }
        const last = (await runFake([...command, "--json"])).out.trim().split("\n").at(-1) ?? "";
        const { outcome, exitCode, error } = JSON.parse(last);
        assertEquals([outcome, exitCode, error.code], ["partial", 1, "expectation-failed"]);
      }),
  );
});
