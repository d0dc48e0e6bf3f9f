/** Random trees that are mirrored, change at random, and are mirrored again. */
import fc from "fast-check";
import { join } from "node:path";
import { loadPlan, mirror, type MirrorOptions, type MirrorReport } from "../../mod.ts";
import { mustRun } from "../support/commands.ts";
import { assert, assertEquals, describe, it, requires } from "../support/test_api.ts";
import { type ChangedTree, changedTree } from "../support/tree_arbitrary.ts";
import { expectTree, makeTree } from "../support/trees.ts";
import { compareTrees, differencesOf, walkTree } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

const RUNS = 40;

function hasChanged({ done }: MirrorReport): boolean {
  return done.created + done.updated + done.metadata + done.linked + done.deleted + done.swept > 0;
}

/** Source before and after, and a destination that equals the source before. */
interface Sides {
  readonly before: string;
  readonly after: string;
  readonly destination: string;
}

let serial = 0;

async function sidesOf(at: Workspace, { before, after }: ChangedTree, options: MirrorOptions): Promise<Sides> {
  const folder = at.directory(`${++serial}`);
  const sides = { before: join(folder, "before"), after: join(folder, "after"), destination: join(folder, "to") };
  makeTree(sides.before, before);
  makeTree(sides.after, after);
  mustRun("touch", ["-d", "@1600000000.75", sides.before, sides.after]);
  await mirror(sides.before, sides.destination, options).run();
  assertEquals(differencesOf(sides.before, sides.destination), []);
  return sides;
}

/** Checks a property of random changes in a workspace. */
function forChanges(check: (at: Workspace, change: ChangedTree) => Promise<void>, numRuns = RUNS): Promise<void> {
  return withWorkspace(async (at) => {
    await fc.assert(fc.asyncProperty(changedTree, (change) => check(at, change)), {
      numRuns,
      interruptAfterTimeLimit: 60_000,
    });
  });
}

const EXACT: MirrorOptions = { delete: true, allowEmptySource: true };

describe("mirror() of a tree that changed at random", () => {
  for (const options of [{ jobs: 1 }, { jobs: 3, checksum: true }, { layer: "portable" }] as MirrorOptions[]) {
    const isPortable = options.layer === "portable";
    it(
      `ends with equal trees and nothing more to do: ${JSON.stringify(options)}`,
      requires("Linux"),
      () =>
        forChanges(async (at, change) => {
          const given = { ...EXACT, ...options, ...(isPortable ? { specials: false } : {}) };
          if (isPortable) return await checkPortable(at, change, given);
          const { after, destination } = await sidesOf(at, change, given);
          const report = await mirror(after, destination, given).run();
          assertEquals([report.outcome, report.failures], ["done", []]);
          assertEquals(differencesOf(after, destination), []);
          assert(!hasChanged(await mirror(after, destination, given).run()), "a second run changed something");
        }),
    );
  }

  it(
    "ends the same by a plan that is saved, loaded and applied; then the plan is empty",
    requires("Linux"),
    () =>
      forChanges(async (at, change) => {
        const { after, destination } = await sidesOf(at, change, EXACT);
        const task = mirror(after, destination, EXACT);
        const file = at.at("plan.ndjson");
        await (await task.plan()).save(file);
        const report = await (await loadPlan(file)).apply();
        assertEquals([report.outcome, report.failures], ["done", []]);
        assertEquals(differencesOf(after, destination), []);
        const left: string[] = [];
        for await (const { op, path } of await task.plan()) left.push(`${op} ${path}`);
        assertEquals(left, []);
      }),
  );

  it("keeps what the source no longer has, without delete", requires("Linux"), () =>
    forChanges(async (at, change) => {
      const { after, destination } = await sidesOf(at, change, {});
      const report = await mirror(after, destination, { allowEmptySource: true }).run();
      // A directory with entries may be in the way.
      if (report.failures.some(({ code }) => code === "not-empty")) return;
      assertEquals(report.failures, []);
      const found = compareTrees(walkTree(destination), walkTree(after), { ignore: ["sameAs"] });
      assertEquals(found.filter((line) => !line.endsWith(": only in the first")), []);
      assert(!hasChanged(await mirror(after, destination, { allowEmptySource: true }).run()));
    }));

  it("agrees with rsync", requires("Linux", "rsync"), () =>
    forChanges(async (at, change) => {
      const { after, destination } = await sidesOf(at, change, {});
      await mirror(after, destination, EXACT).run();
      const args = ["-aHn", "--itemize-changes", "--delete", `${after}/`, `${destination}/`];
      assertEquals(mustRun("rsync", args), "");
    }, 15));
});

describe("mirror() of names that only the destination links", () => {
  it(
    "regression: sets metadata of one without changing the other, for good",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        const file = { file: "x", mode: 0o644, mtime: "1000000000" };
        makeTree(at.at("linked"), { a: file, b: { hardLinkOf: "a" }, c: { hardLinkOf: "a" } });
        makeTree(at.at("apart"), { a: file, b: { ...file, mode: 0o600 }, c: { hardLinkOf: "b" } });
        for (const source of ["linked", "apart", "linked"]) {
          await mirror(at.at(source), at.at("to"), { delete: true }).run();
          assertEquals(differencesOf(at.at(source), at.at("to")), []);
          assert(!hasChanged(await mirror(at.at(source), at.at("to"), { delete: true }).run()));
        }
        expectTree(at.at("to"), { a: file, b: { hardLinkOf: "a" }, c: { hardLinkOf: "a" } });
      }),
  );
});

/** The portable layer rounds times and leaves FIFOs out. */
async function checkPortable(at: Workspace, { before, after }: ChangedTree, options: MirrorOptions): Promise<void> {
  const folder = at.directory(`${++serial}`);
  const [one, other, destination] = [join(folder, "a"), join(folder, "b"), join(folder, "to")];
  makeTree(one, before);
  makeTree(other, after);
  for (const root of [one, other]) {
    mustRun("find", [root, "-type", "d", "-exec", "chmod", "u+w", "{}", "+"]);
    mustRun("find", [root, "-type", "p", "-delete"]);
    mustRun("find", [root, "-exec", "touch", "-h", "-d", "@1500000000.25", "{}", "+"]);
  }
  for (const source of [one, other]) {
    const report = await mirror(source, destination, { ...options, checksum: true }).run();
    assertEquals([report.outcome, report.failures], ["done", []]);
    assertEquals(differencesOf(source, destination, { timeDigits: 3 }), []);
    assert(!hasChanged(await mirror(source, destination, options).run()), "a second run changed something");
  }
}
