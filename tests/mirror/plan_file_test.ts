/** Loaded plans: they stay in their file, cannot be changed underneath, and are applied once. */
import { appendFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { env } from "node:process";
import { loadPlan, mirror, type MirrorPlan, SyncError } from "../../mod.ts";
import { mustRun } from "../support/commands.ts";
import { assert, assertEquals, assertMatch, assertRejects, describe, it, requires } from "../support/test_api.ts";
import { makeTree, type TreeLiteral } from "../support/trees.ts";
import { compareTrees, differencesOf, walkTree } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

const FILE = { file: "x", mtime: "1000000000" };
const SMALL: TreeLiteral = { a: FILE, d: { dir: { b: FILE } } };

/** More than one piece of a file, and more than stays in memory. */
const LARGE: TreeLiteral = {
  d: { dir: Object.fromEntries(Array.from({ length: 6000 }, (_, at) => [`file-${at}`, { file: "" }])) },
};

async function pathsOf(plan: MirrorPlan): Promise<string[]> {
  const paths: string[] = [];
  for await (const { op, path } of plan) paths.push(`${op} ${path}`);
  return paths;
}

async function savedPlan(at: Workspace, tree: TreeLiteral): Promise<string> {
  makeTree(at.at("from"), tree);
  await (await mirror(at.at("from"), at.at("to")).plan()).save(at.at("plan"));
  return at.at("plan");
}

function changeByte(file: string, position: number): void {
  const bytes = readFileSync(file);
  bytes[position]! ^= 1;
  writeFileSync(file, bytes);
}

describe("loadPlan()", () => {
  it(
    "iterates as often as it is asked, and saves what it was loaded from",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        const file = await savedPlan(at, LARGE);
        const made = await pathsOf(await mirror(at.at("from"), at.at("to")).plan());
        assertEquals(made.length, 6002);
        const plan = await loadPlan(file);
        for (let round = 0; round < 2; round++) assertEquals(await pathsOf(plan), made);
        await plan.save(at.at("copy"));
        await plan.save(file);
        assertEquals(readFileSync(at.at("copy"), "utf8"), readFileSync(file, "utf8"));
        assertEquals(await pathsOf(plan), made);
        plan.close();
      }),
  );

  for (
    const [what, change] of [
      ["one byte was changed", (file: string) => changeByte(file, readFileSync(file).length - 500_000)],
      ["it was cut off", (file: string) => truncateSync(file, 400_000)],
    ] as const
  ) {
    it(`refuses to go on when ${what} since it was loaded`, requires("Linux"), () =>
      withWorkspace(async (at) => {
        const file = await savedPlan(at, LARGE);
        const plan = await loadPlan(file);
        assert(readFileSync(file).length > 1_000_000);
        change(file);
        for (const use of [() => pathsOf(plan), () => plan.apply()]) {
          assertEquals((await assertRejects(use, SyncError)).code, "plan-damaged");
        }
        assertEquals([...walkTree(at.path).keys()].includes("to"), false);
        assertEquals((await assertRejects(() => loadPlan(file), SyncError)).code, "plan-damaged");
      }));
  }

  it("follows the file and not its name", requires("Linux"), () =>
    withWorkspace(async (at) => {
      const file = await savedPlan(at, SMALL);
      const plan = await loadPlan(file);
      mustRun("rm", [file]);
      assertEquals((await plan.apply()).outcome, "done");
      assertEquals(differencesOf(at.at("from"), at.at("to")), []);
    }));
});

describe("MirrorTask.plan() of more than stays in memory", () => {
  async function planIn(folder: string, at: Workspace): Promise<MirrorPlan> {
    const before = env["TMPDIR"];
    env["TMPDIR"] = folder;
    try {
      return await mirror(at.at("from"), at.at("to")).plan();
    } finally {
      if (before === undefined) delete env["TMPDIR"];
      else env["TMPDIR"] = before;
    }
  }

  it("leaves no name in the temporary folder", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("from"), LARGE);
      const plan = await planIn(at.directory("tmp"), at);
      assertEquals([readdirSync(at.at("tmp")), (await pathsOf(plan)).length], [[], 6002]);
      plan.close();
    }));

  it(
    "says that the temporary folder is full, and what helps",
    requires("Linux", "root"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("from"), LARGE);
        const folder = at.mount("tmp", "-t", "tmpfs", "-o", "size=64k", "tmpfs");
        const error = await assertRejects(() => planIn(folder, at), SyncError);
        assertEquals([error.code, error.path, (error.hint ?? "").includes("TMPDIR")], ["no-space", folder, true]);
        assertEquals(readdirSync(folder), []);
      }),
  );

  it(
    "holds it in memory where there is no temporary folder, and says so",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("from"), LARGE);
        const plan = await planIn(at.at("nowhere"), at);
        assertEquals([plan.warnings.map(({ name }) => name), (await pathsOf(plan)).length], [["plan-in-memory"], 6002]);
      }),
  );
});

describe("MirrorPlan.apply()", () => {
  it("refuses to apply a value twice", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("from"), SMALL);
      const plan = await mirror(at.at("from"), at.at("to")).plan();
      assertEquals(plan.refusal, undefined);
      await plan.apply();
      assertEquals(plan.refusal?.code, "drift");
      assertMatch(
        (await assertRejects(() => plan.apply(), SyncError)).message,
        /^Cannot apply this plan again: it was/,
      );
    }));

  it(
    "marks a loaded plan as applied, for whoever loads it later",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        const file = await savedPlan(at, SMALL);
        const before = readFileSync(file, "utf8");
        const waiting = await loadPlan(file);
        await (await loadPlan(file)).apply();
        assertMatch(readFileSync(file, "utf8").slice(before.length), /^\{"applied":"20\d\d-[^"]+Z"\}\n$/);
        const again = await loadPlan(file);
        assertEquals(await pathsOf(again), await pathsOf(waiting));
        assertEquals([again.refusal?.code, again.refusal?.hint], ["drift", "make a new plan"]);
        assertEquals((await assertRejects(() => again.apply(), SyncError)).code, "drift");
        assertEquals((await assertRejects(() => waiting.apply(), SyncError)).code, "drift");
        await again.save(at.at("copy"));
        assertEquals(readFileSync(at.at("copy"), "utf8"), readFileSync(file, "utf8"));
        appendFileSync(file, `{"applied":"2026-01-01T00:00:00.000Z"}\n`);
        assertMatch(
          (await assertRejects(() => loadPlan(file), SyncError)).message,
          /there is something after the end$/,
        );
      }),
  );

  it(
    "marks it also when nothing else would tell that it was applied",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        // The contents differ and nothing else does.
        makeTree(at.at("from"), { a: FILE });
        makeTree(at.at("to"), { a: { ...FILE, file: "y" } });
        mustRun("touch", ["-d", "@1000000000", at.at("from"), at.at("to")]);
        const task = mirror(at.at("from"), at.at("to"), { checksum: true });
        await (await task.plan()).save(at.at("plan"));
        const [first, second] = [await loadPlan(at.at("plan")), await loadPlan(at.at("plan"))];
        assertEquals((await first.apply()).done.updated, 1);
        writeFileSync(at.at("to/a"), "z");
        mustRun("touch", ["-d", "@1000000000", at.at("to/a"), at.at("to")]);
        for (const plan of [second, await loadPlan(at.at("plan"))]) await assertRejects(() => plan.apply(), SyncError);
        assertEquals(readFileSync(at.at("to/a"), "utf8"), "z");
      }),
  );

  it("warns when the file cannot be marked", requires("Linux", "root"), () =>
    withWorkspace(async (at) => {
      const folder = at.mount("ro", "-t", "tmpfs", "-o", "size=1m", "tmpfs");
      makeTree(at.at("from"), SMALL);
      await (await mirror(at.at("from"), at.at("to")).plan()).save(`${folder}/plan`);
      mustRun("mount", ["-o", "remount,ro", folder]);
      const plan = await loadPlan(`${folder}/plan`);
      const report = await plan.apply();
      plan.close();
      assertEquals(report.warnings.map(({ name }) => name), ["plan-not-marked"]);
      const again = await loadPlan(`${folder}/plan`);
      assertEquals((await assertRejects(() => again.apply(), SyncError)).code, "drift");
      again.close();
    }));

  it("does exactly what a large plan says", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("from"), LARGE);
      makeTree(at.at("to"), { ...LARGE, e: LARGE["d"]! });
      const task = mirror(at.at("from"), at.at("to"), { delete: true, maxDelete: 10_000 });
      mustRun("rm", ["-r", at.at("to/d")]);
      const plan = await task.plan();
      assertEquals([plan.summary.created, plan.summary.deleted], [6001, 6001]);
      const report = await plan.apply();
      assertEquals([report.done.created, report.done.deleted, report.failures], [6001, 6001, []]);
      assertEquals(compareTrees(walkTree(at.at("from")), walkTree(at.at("to"))), []);
    }));
});
