/** What does not fit is refused before the first change, with numbers; what fits is never refused. */
import { existsSync } from "node:fs";
import { loadPlan, mirror, type MirrorOptions, SyncError } from "../../mod.ts";
import { temporaryName } from "../../lib/model/leftover.ts";
import { runFake } from "../cli/fake_io.ts";
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
import { makeTree, type TreeLiteral } from "../support/trees.ts";
import { compareTrees, differencesOf, walkTree } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

const ROOT = requires("Linux", "root");
const FILE = { file: "x", mtime: "1000000000" };

function big(bytes: number, mtime = "2000"): { readonly file: string; readonly mtime: string } {
  return { file: "b".repeat(bytes), mtime };
}

/** A file system of its own with 4 MiB, which every file of a byte takes a page of. */
function small(at: Workspace, options = "size=4M"): string {
  return at.mount("to", "-t", "tmpfs", "-o", options, "tmpfs");
}

/** Runs a mirror that must be refused for want of room, and checks that nothing is other than before. */
async function refusal(at: Workspace, to: string, options: MirrorOptions = {}): Promise<SyncError> {
  const before = walkTree(at.path);
  const error = await assertRejects(() => mirror(at.at("from"), to, options).run(), SyncError);
  assertEquals(error.code, "no-space");
  assertStringIncludes(error.hint ?? "", "--no-preflight");
  assertEquals(compareTrees(before, walkTree(at.path)), []);
  return error;
}

const LAYERS: readonly MirrorOptions[] = [{}, { delete: true }, { jobs: 1 }, { layer: "portable" }];

describe("mirror() asks first whether everything fits", () => {
  for (const options of LAYERS) {
    it(`and refuses with both numbers: ${JSON.stringify(options)}`, ROOT, () =>
      withWorkspace(async (at) => {
        makeTree(at.at("from"), { a: FILE, big: big(5 << 20), d: { dir: { b: FILE } } });
        const to = small(at);
        makeTree(to, { a: { file: "old", mtime: "1" } });
        const { message } = await refusal(at, to, options);
        // Two new files in pages, and as much as the new "a" takes while the old one is there.
        const [needed, free] = [(5 << 20) + 4096 + 4096, (4 << 20) - 4096];
        assertStringIncludes(message, `(${needed.toLocaleString("en")} bytes), `);
        assertStringIncludes(message, `(${free.toLocaleString("en")} bytes) are free`);
      }));
  }

  it("and refuses what has no inode", ROOT, () =>
    withWorkspace(async (at) => {
      makeTree(at.at("from"), Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`l${n}`, { link: "x" }])));
      const { message } = await refusal(at, small(at, "size=4M,nr_inodes=20"));
      assertStringIncludes(message, "it needs 40 new entries (inodes), 19 are free");
    }));

  it("and makes no directory for what does not fit into it", ROOT, () =>
    withWorkspace(async (at) => {
      makeTree(at.at("from"), { big: big(5 << 20) });
      const to = `${small(at)}/new`;
      await refusal(at, to);
      assertEquals(existsSync(to), false);
    }));

  it("and lets pass what just fits, in each way it can be run", ROOT, () =>
    withWorkspace(async (at) => {
      // 1,023 of 1,024 pages, then each a second time as a link that costs nothing.
      const tree: TreeLiteral = { big: big(4_186_112), d: { dir: { x: FILE } }, l: { hardLinkOf: "big" } };
      makeTree(at.at("from"), tree);
      for (const [name, options] of [["a", {}], ["b", { delete: true }], ["c", { layer: "portable" }]] as const) {
        const to = at.mount(name, "-t", "tmpfs", "-o", "size=4M", "tmpfs");
        const { outcome, failures } = await mirror(at.at("from"), to, options).run();
        assertEquals([outcome, failures], ["done", []]);
      }
    }));

  it("and counts holes only where they become zeros", ROOT, () =>
    withWorkspace(async (at) => {
      at.directory("from");
      mustRun("truncate", ["-s", "100M", at.at("from/holes")]);
      const to = small(at);
      assertEquals((await mirror(at.at("from"), to).run()).outcome, "done");
      await mirror(at.at("from"), to, { delete: true }).run();
      mustRun("sh", ["-ec", "rm to/holes"], { cwd: at.path });
      await refusal(at, to, { sparse: false });
    }));

  it("and sees through the hard links that are not to be kept", ROOT, () =>
    withWorkspace(async (at) => {
      makeTree(at.at("from"), { a: big(3 << 20), b: { hardLinkOf: "a" } });
      const to = small(at);
      await refusal(at, to, { hardLinks: false });
      assertEquals((await mirror(at.at("from"), to).run()).outcome, "done");
    }));

  it("and counts the old files as well where they are kept", ROOT, () =>
    withWorkspace(async (at) => {
      const files = (mtime: string) =>
        Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`f${n}`, big(300_000, mtime)]));
      makeTree(at.at("from"), files("2000"));
      const to = small(at);
      makeTree(to, files("1000"));
      for (const kept of [{ backup: true }, { trash: "trash" }, { delayUpdates: true }]) {
        await refusal(at, to, { jobs: 1, ...kept });
      }
      assertEquals((await mirror(at.at("from"), to, { jobs: 1 }).run()).outcome, "done");
    }));

  it("and does not count on deletions", ROOT, () =>
    withWorkspace(async (at) => {
      makeTree(at.at("from"), { new: big(3 << 20) });
      const to = small(at);
      makeTree(to, { old: big(3 << 20) });
      assertStringIncludes((await refusal(at, to, { delete: true })).message, "deletions come last");
    }));

  it("and counts on the sweep of what an interrupted run left", ROOT, () =>
    withWorkspace(async (at) => {
      makeTree(at.at("from"), { new: big(3 << 20) });
      const to = small(at);
      makeTree(to, { [temporaryName("0123456789ab", 0)]: big(3 << 20) });
      const { outcome } = await mirror(at.at("from"), to, { jobs: 1 }).run();
      assertEquals([outcome, differencesOf(at.at("from"), to, {})], ["done", []]);
    }));

  it("and looks into file systems that are mounted in the source", ROOT, () =>
    withWorkspace(async (at) => {
      // The file system of the source itself would fit into the destination.
      const from = at.mount("from", "-t", "tmpfs", "-o", "size=1M", "tmpfs");
      makeTree(from, { a: FILE });
      const to = small(at);
      makeTree(at.mount("from/m", "-t", "tmpfs", "-o", "size=9M", "tmpfs"), { big: big(5 << 20) });
      const { message } = await refusal(at, to);
      assertStringIncludes(message, `(${((5 << 20) + 4096).toLocaleString("en")} bytes), `);
    }));

  it("and follows symlinks out of the source where they are copied", ROOT, () =>
    withWorkspace(async (at) => {
      makeTree(at.at("elsewhere"), { big: big(5 << 20) });
      const from = at.mount("from", "-t", "tmpfs", "-o", "size=1M", "tmpfs");
      makeTree(from, { a: FILE, l: { link: "../elsewhere/big" } });
      const to = small(at);
      for (const options of [{ copyLinks: true }, { copyUnsafeLinks: true }]) await refusal(at, to, options);
      assertEquals((await mirror(from, to).run()).outcome, "done");
    }));

  it("unless it is told not to", ROOT, () =>
    withWorkspace(async (at) => {
      makeTree(at.at("from"), { a: FILE, z: big(5 << 20) });
      const to = small(at);
      await assertRejects(() => mirror(at.at("from"), to, { preflight: false, jobs: 1 }).run(), SyncError);
      assertEquals(existsSync(`${to}/a`), true);
    }));
});

describe("a plan that does not fit", () => {
  it("says what it needs, and is refused before and after it is kept", ROOT, () =>
    withWorkspace(async (at) => {
      makeTree(at.at("from"), { big: big(5 << 20), a: FILE });
      const to = small(at);
      const plan = await mirror(at.at("from"), to).plan();
      assertEquals(plan.needs, { bytes: (5 << 20) + 4096, entries: 2 });
      assertEquals(plan.refusal?.code, "no-space");
      await plan.save(at.at("plan"));
      const before = walkTree(to);
      for (const each of [plan, await loadPlan(at.at("plan"))]) {
        assertEquals((await assertRejects(() => each.apply(), SyncError)).code, "no-space");
      }
      assertEquals(compareTrees(before, walkTree(to)), []);
      mustRun("mount", ["-o", "remount,size=8M", to]);
      assertEquals((await (await loadPlan(at.at("plan"))).apply()).outcome, "done");
    }));

  it("asks for nothing when nobody wants to know", ROOT, () =>
    withWorkspace(async (at) => {
      makeTree(at.at("from"), { big: big(5 << 20) });
      const plan = await mirror(at.at("from"), small(at), { preflight: false }).plan();
      assertEquals([plan.needs, plan.refusal], [undefined, undefined]);
    }));
});

describe("undrift mirror to a disk that is too small", () => {
  it("exits with 8 before the first change, as a run and as a plan", ROOT, () =>
    withWorkspace(async (at) => {
      makeTree(at.at("from"), { big: big(5 << 20) });
      const pair = ["mirror", at.at("from"), small(at)];
      const { code, err } = await runFake(pair);
      assertEquals([code, err.includes("hint: make room there")], [8, true]);
      assertEquals((await runFake([...pair, "-n"])).code, 8);
      const last = (await runFake([...pair, "--json"])).out.trim().split("\n").at(-1) ?? "";
      const { outcome, exitCode, error } = JSON.parse(last);
      assertEquals([outcome, exitCode, error.code], ["refused", 8, "no-space"]);
      assert((await runFake([...pair, "--no-preflight"])).err.includes("big"));
    }));
});
