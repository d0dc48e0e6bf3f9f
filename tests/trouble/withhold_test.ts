/**
 * Deletions when the source could not be read completely: what seems to be missing may only be out of sight. rsync keeps
 * everything then, too, when it deletes after all else, unless it is told to ignore errors.
 */
import { readFileSync } from "node:fs";
import { loadPlan, type MirrorOptions, SyncError } from "../../mod.ts";
import { memoryTree } from "../../lib/model/memory_tree.ts";
import { mustRun } from "../support/commands.ts";
import type { MirrorAnswer } from "../support/mirror_program.ts";
import { mirrorInMemory } from "../support/memory_mirror.ts";
import { type OrdinaryUser, ordinaryUser } from "../support/ordinary_user.ts";
import { assert, assertEquals, assertStringIncludes, describe, it, requires } from "../support/test_api.ts";
import { walkTree } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

const NEEDS = requires("Linux", "rsync");

/** What may not be read in the source, and what only the destination has. */
const UNREADABLE: readonly (readonly [what: string, script: string])[] = [
  ["a directory", "mkdir source/closed; echo x > source/closed/x; chmod 000 source/closed"],
  [
    "a directory whose entries may not be looked at",
    "mkdir source/list; echo x > source/list/x; chmod 444 source/list",
  ],
];
const EXTRANEOUS = "mkdir to/gone; > to/gone/a; > to/gone/b; > to/z; > source/kept; cp -a to rs";

/** Walks a tree in which a directory may be closed even to its owner, as the one of the source is. */
function walkOpened(at: Workspace, name: string): ReturnType<typeof walkTree> {
  mustRun("chmod", ["-R", "u+rwX", at.at(name)]);
  return walkTree(at.at(name));
}

function prepared(at: Workspace, script: string): OrdinaryUser {
  const user = ordinaryUser(at);
  user.shell(`mkdir source to; ${script}; ${EXTRANEOUS}`, at.path);
  return user;
}

function run(at: Workspace, user: OrdinaryUser, options: MirrorOptions): Extract<MirrorAnswer, { report: unknown }> {
  const answer = user.mirror({ source: at.at("source"), destination: at.at("to"), options });
  assert("report" in answer, JSON.stringify(answer));
  return answer;
}

/** What rsync complains of. */
function rsync(at: Workspace, user: OrdinaryUser, flags: string): string {
  user.shell(`rsync -av --delete-after ${flags} source/ rs/ > rsync.log 2>&1 || true`, at.path);
  return readFileSync(at.at("rsync.log"), "utf8");
}

/** What only the destination has. */
function extraneousIn(at: Workspace, name: string): string[] {
  return [...walkOpened(at, name).keys()].filter((path) => /^(?:gone|z)/.test(path)).sort();
}

const ALL = ["gone", "gone/a", "gone/b", "z"];

describe("deletions after something of the source could not be read", () => {
  for (const [what, script] of UNREADABLE) {
    for (const layer of ["native", "portable"] as const) {
      it(`are withheld, as by rsync: ${what}, ${layer}`, NEEDS, () =>
        withWorkspace((at) => {
          const user = prepared(at, script);
          const { report } = run(at, user, { delete: true, layer });
          assertEquals(report.outcome, "partial");
          assertEquals([report.done.deleted, report.done.withheld], [0, 4]);
          const told = report.failures.find(({ code }) => code === "deletions-withheld");
          assertStringIncludes(told?.message ?? "", "4 entries");
          assertStringIncludes(told?.hint ?? "", "ignoreErrors");
          assertStringIncludes(rsync(at, user, ""), "skipping file deletion");
          assertEquals([extraneousIn(at, "to"), extraneousIn(at, "rs")], [ALL, ALL]);
        }));
    }

    it(`are carried out with ignoreErrors, as by rsync: ${what}`, NEEDS, () =>
      withWorkspace((at) => {
        const user = prepared(at, script);
        const { report } = run(at, user, { delete: true, ignoreErrors: true });
        assertEquals([report.outcome, report.done.deleted, report.done.withheld], ["partial", 4, 0]);
        rsync(at, user, "--ignore-errors");
        assertEquals([extraneousIn(at, "to"), extraneousIn(at, "rs")], [[], []]);
      }));
  }

  it("are withheld whichever thread meets what cannot be read", requires("Linux"), () =>
    withWorkspace((at) => {
      const many =
        "for d in {1..600}; do mkdir source/d$d to/d$d; echo x | tee source/d$d/{a,b,c,d} > to/d$d/gone; done";
      const user = prepared(at, `${many}; chmod 000 source/d599`);
      const { report } = run(at, user, { delete: true, jobs: 4, maxDelete: 10_000 });
      assertEquals([report.done.deleted, report.done.withheld], [0, 599 + 4]);
    }));

  it(
    "are withheld when a file turns out to be unreadable while it is copied",
    requires("Linux"),
    () =>
      withWorkspace((at) => {
        const user = prepared(at, "echo x > source/secret; chmod 000 source/secret");
        const { report } = run(at, user, { delete: true });
        assertEquals(report.failures.map(({ code }) => code), ["permission", "deletions-withheld"]);
        assertEquals([report.failures[0]?.side, report.done.withheld], ["source", 4]);
        assertEquals(extraneousIn(at, "to"), ALL);
      }),
  );

  it(
    "are not held back by what cannot be changed in the destination",
    requires("Linux", "root"),
    () =>
      withWorkspace((at) => {
        const user = prepared(at, "mkdir source/d; echo x > source/d/x");
        // Root's directory in the user's.
        at.directory("to/d");
        const { report } = run(at, user, { delete: true });
        assertEquals([report.outcome, report.done.deleted, report.done.withheld], ["partial", 4, 0]);
        assertEquals(report.failures.some(({ side }) => side === "source"), false);
      }),
  );

  it(
    "include what a directory holds in whose place the source has a file",
    requires("Linux"),
    () =>
      withWorkspace((at) => {
        const more = "mkdir -p to/was; > to/was/a; echo new > source/was; echo new > source/other";
        const user = prepared(at, `${UNREADABLE[0]![1]}; ${more}`);
        const { report } = run(at, user, { delete: true });
        assertEquals(report.done.withheld, 5);
        assertEquals(report.failures.map(({ code }) => code).sort(), ["deletions-withheld", "not-empty", "permission"]);
        const left = walkOpened(at, "to");
        assertEquals([left.has("was/a"), left.has("other")], [true, true]);
      }),
  );
});

describe("a plan of a source that could not be read completely", () => {
  it(
    "holds no deletions, says so, and deletes nothing when it is applied",
    requires("Linux", "root"),
    () =>
      withWorkspace(async (at) => {
        const more = "mkdir to/was; > to/was/a; > source/was";
        const user = prepared(at, `${UNREADABLE[0]![1]}; ${more}`);
        const file = at.at("plan.ndjson");
        const order = { source: at.at("source"), destination: at.at("to"), options: { delete: true }, saveTo: file };
        const answer = user.mirror(order);
        assert("failures" in answer, JSON.stringify(answer));
        assertEquals(answer.failures.map(({ code }) => code), ["permission", "deletions-withheld"]);
        // Root may read everything, so nothing but the plan holds the deletions back.
        const plan = await loadPlan(file);
        assertEquals([plan.summary.deleted, plan.summary.withheld, plan.failureCount], [0, 5, 2]);
        assertEquals(plan.failures, answer.failures);
        for await (const { op } of plan) assert(op !== "delete");
        const report = await plan.apply();
        assertEquals([report.outcome, report.done.withheld], ["partial", 5]);
        assertEquals(report.failures.map(({ code }) => code).sort(), ["deletions-withheld", "not-empty"]);
        assertEquals([extraneousIn(at, "to"), walkOpened(at, "to").has("was/a")], [ALL, true]);
      }),
  );
});

describe("a failure", () => {
  /** What is told when one call of a side fails. */
  const sidesOf = (side: "source" | "destination", operation: string, path: string) => {
    const trees = {
      source: memoryTree({ f: { file: "new!", mtime: "1" }, d: { dir: { g: { file: "x" } } } }),
      destination: memoryTree({ f: { file: "old", mtime: "1" }, d: { dir: {} } }),
    };
    trees[side].onOperation = (called, at) =>
      called === operation && at === path ? new SyncError("io", "Cannot do it: the test says so", { path }) : undefined;
    return mirrorInMemory(trees.source, trees.destination, { delete: true }).sides;
  };

  it("names the side on which it happened, where that can be told", () => {
    assertEquals(sidesOf("source", "open", "d"), ["source"]);
    assertEquals(sidesOf("source", "openFile", "f"), ["source"]);
    assertEquals(sidesOf("source", "list", "d"), ["source"]);
    assertEquals(sidesOf("source", "read", "f"), ["source"]);
    assertEquals(sidesOf("destination", "open", "d"), [undefined]);
  });
});
