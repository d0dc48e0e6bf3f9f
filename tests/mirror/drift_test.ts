/** Plans that do not fit any more: nothing is done, and what has moved is named. */
import fc from "fast-check";
import { chmodSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Failure, loadPlan, mirror, type MirrorEvent, type MirrorOptions, SyncError } from "../../mod.ts";
import { mustRun } from "../support/commands.ts";
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  describe,
  it,
  requires,
} from "../support/test_api.ts";
import { changedTree } from "../support/tree_arbitrary.ts";
import { makeTree, type TreeLiteral } from "../support/trees.ts";
import { compareTrees, differencesOf, walkTree } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

const TIME = "1000000000";
const FILE = { file: "new content", mtime: TIME, mode: 0o644 };
const OLD = { file: "old", mtime: "5", mode: 0o644 };

const FROM: TreeLiteral = {
  created: FILE,
  updated: FILE,
  adjusted: { ...FILE, mode: 0o600 },
  folder: { dir: { inside: FILE }, mtime: TIME },
  link: { link: "updated", mtime: TIME },
  one: FILE,
  two: { hardLinkOf: "one" },
};
const TO: TreeLiteral = {
  updated: OLD,
  adjusted: FILE,
  link: { link: "elsewhere", mtime: TIME },
  one: FILE,
  gone: { dir: { x: OLD, deeper: { dir: { y: OLD }, mtime: TIME } }, mtime: TIME },
};

/** A change behind the back of a plan: where, what, and the entry that is to be named. */
type Change = readonly [
  side: "from" | "to",
  what: string,
  path: string,
  change: (path: string) => void,
  named?: string,
];

/** Another content of the same length, at another time. */
const rewrite = (path: string) => writeFileSync(path, "NEW CONTENT");
const remove = (path: string) => rmSync(path, { recursive: true });
const add = (path: string) => writeFileSync(path, "");
const replace = (path: string) => {
  remove(path);
  mkdirSync(path);
};
const setMode = (path: string) => chmodSync(path, 0o755);
const setOwner = (path: string) => mustRun("chown", ["-h", "7:7", path]);
const setTime = (path: string) => utimesSync(path, 9, 9);

const CHANGES: readonly Change[] = [
  ...(["created", "updated", "adjusted", "folder/inside", "one", "two"] as const).flatMap((path): Change[] => [
    ["from", "is written to", path, rewrite],
    ["from", "gets other permissions", path, setMode],
    ["from", "gets another owner", path, setOwner],
    ["from", "gets another time", path, setTime],
    ["from", "is removed", path, remove],
    ["from", "is replaced by a directory", path, replace],
  ]),
  ["from", "gets a new entry", "folder/more", add, "folder"],
  ["from", "appears", "gone", add],
  ["from", "points elsewhere", "link", (path) => (remove(path), symlinkSync("elsewhere!", path))],
  ...(["updated", "adjusted", "one", "gone/x", "gone/deeper/y"] as const).flatMap((path): Change[] => [
    ["to", "is written to", path, rewrite],
    ["to", "gets other permissions", path, setMode],
    ["to", "gets another owner", path, setOwner],
    ["to", "gets another time", path, setTime],
    ["to", "is removed", path, remove],
    ["to", "is replaced by a directory", path, replace],
  ]),
  ["to", "appears", "created", add],
  ["to", "appears", "folder", add],
  ["to", "appears", "two", add],
  ["to", "is new in a directory to be removed", "gone/deeper/new", add],
  ["to", "points elsewhere", "link", (path) => (remove(path), symlinkSync("updated", path))],
];

interface Refusal {
  readonly error: SyncError;
  readonly failures: readonly Failure[];
}

/** Applies a plan that must be refused, and checks that nothing was changed. */
async function refusalOf(at: Workspace, apply: (onEvent: (event: MirrorEvent) => void) => Promise<unknown>) {
  const before = walkTree(at.at("to"));
  const failures: Failure[] = [];
  const error = await assertRejects(
    () => apply((event) => void (event.type === "failure" && failures.push(event.failure))),
    SyncError,
  );
  assertEquals(compareTrees(before, walkTree(at.at("to"))), []);
  assertEquals(error.code, "drift");
  return { error, failures } satisfies Refusal;
}

describe("MirrorPlan.apply() after one entry has changed", () => {
  for (const [side, what, path, change, named = path] of CHANGES) {
    it(
      `refuses and names it: ${side}/${path} ${what}`,
      requires("Linux", ...(change === setOwner ? ["root" as const] : [])),
      () =>
        withWorkspace(async (at) => {
          makeTree(at.at("from"), FROM);
          makeTree(at.at("to"), TO);
          await (await mirror(at.at("from"), at.at("to"), { delete: true }).plan()).save(at.at("plan"));
          change(join(at.at(side), path));
          const plan = await loadPlan(at.at("plan"));
          const { error, failures } = await refusalOf(at, (onEvent) => plan.apply({ onEvent }));
          assert(failures.some((each) => each.path === named && each.code === "drift"), JSON.stringify(failures));
          assertStringIncludes(error.message, "have moved since".slice(5));
        }),
    );
  }

  it(
    "names another attribute and another device",
    requires("Linux", "root", "setfattr"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("from"), { a: FILE, device: { characterDevice: [1, 3], mtime: TIME } });
        const plan = () => mirror(at.at("from"), at.at("to"), { xattrs: true }).plan();
        const [first, second] = [await plan(), await plan()];
        mustRun("setfattr", ["-n", "user.x", "-v", "1", at.at("from/a")]);
        mkdirSync(at.at("to"));
        rmSync(at.at("to"), { recursive: true });
        const refused = await assertRejects(() => first.apply(), SyncError);
        assertEquals([refused.path, refused.message.endsWith("another attribute now")], ["a", true]);
        mustRun("setfattr", ["-x", "user.x", at.at("from/a")]);
        makeTree(at.at("other"), { device: { characterDevice: [1, 5], mtime: TIME } });
        mustRun("mv", [at.at("other/device"), at.at("from/device")]);
        assertEquals((await assertRejects(() => second.apply(), SyncError)).path, "device");
      }, "onDisk"),
  );

  it("lists the first thousand and tells how many there are", requires("Linux"), () =>
    withWorkspace(async (at) => {
      const many = Object.fromEntries(Array.from({ length: 1200 }, (_, index) => [`f${index}`, FILE]));
      makeTree(at.at("from"), many);
      mkdirSync(at.at("to"));
      const plan = await mirror(at.at("from"), at.at("to")).plan();
      makeTree(at.at("to"), many);
      const { error, failures } = await refusalOf(at, (onEvent) => plan.apply({ onEvent }));
      // The last is the refusal itself.
      assertEquals(failures.length, 1001);
      assertStringIncludes(error.message, "1200 entries have moved since");
    }));
});

describe("a plan that is saved and applied to an unchanged pair", () => {
  for (const options of [{ jobs: 1 }, { jobs: 3, xattrs: true }] as MirrorOptions[]) {
    it(
      `gives byte for byte what a direct run gives: ${JSON.stringify(options)}`,
      requires("Linux", "cp", "rsync"),
      () =>
        withWorkspace(async (at) => {
          let serial = 0;
          await fc.assert(
            fc.asyncProperty(changedTree, async ({ before, after }) => {
              const folder = at.directory(`${++serial}`);
              const [from, direct, planned] = ["from", "direct", "planned"].map((name) => join(folder, name));
              makeTree(direct!, before);
              mustRun("cp", ["-a", direct!, planned!]);
              makeTree(from!, after);
              const given = { ...options, delete: true, allowEmptySource: true, maxDelete: 1000 };
              await (await mirror(from!, planned!, given).plan()).save(join(folder, "plan"));
              const one = await mirror(from!, direct!, given).run();
              const other = await (await loadPlan(join(folder, "plan"))).apply();
              assertEquals([other.failures, one.failures], [[], []]);
              assertEquals(differencesOf(direct!, planned!, { xattrs: true }), []);
            }),
            { numRuns: 30, interruptAfterTimeLimit: 60_000 },
          );
        }),
    );
  }
});
