/** What is refused before anything changes. Whether nothing changed is judged by the walker. */
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mirror, type MirrorOptions, SyncError } from "../../mod.ts";
import { mustRun } from "../support/commands.ts";
import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  describe,
  it,
  requires,
} from "../support/test_api.ts";
import { expectTree, makeTree, type TreeLiteral } from "../support/trees.ts";
import { compareTrees, walkTree } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

const FILE = { file: "x", mtime: "1000000000" };

/** Runs a mirror that must be refused, and checks that nothing in the workspace is other than before. */
async function refusal(at: Workspace, from: string, to: string, options: MirrorOptions = {}): Promise<SyncError> {
  const before = walkTree(at.path);
  const error = await assertRejects(() => mirror(from, to, options).run(), SyncError);
  assertEquals(compareTrees(before, walkTree(at.path)), []);
  return error;
}

function files(count: number): TreeLiteral {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`f${at}`, FILE]));
}

describe("mirror() refuses a source", () => {
  it("that is missing", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("to"), { a: FILE });
      const error = await refusal(at, at.at("none"), at.at("to"), { delete: true });
      assertEquals(error.code, "source-missing");
      assertStringIncludes(error.message, at.at("none"));
      assertStringIncludes(error.hint ?? "", "mounted");
      assertEquals((await refusal(at, at.at("none"), at.at("new"))).code, "source-missing");
    }));

  it("that is not a directory", requires("Linux"), () =>
    withWorkspace(async (at) => {
      writeFileSync(at.at("file"), "");
      symlinkSync("file", at.at("link"));
      for (const name of ["file", "link"]) {
        assertEquals((await refusal(at, at.at(name), at.at("to"))).code, "source-not-directory");
      }
    }));

  it("that is empty while the destination is not", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("from"), {});
      makeTree(at.at("to"), { a: FILE, b: FILE });
      const error = await refusal(at, at.at("from"), at.at("to"));
      assertEquals(error.code, "source-empty");
      assertStringIncludes(error.message, "the destination has 2");
      assertStringIncludes(error.hint ?? "", "allowEmptySource");
      await mirror(at.at("from"), at.at("to"), { delete: true, allowEmptySource: true }).run();
      expectTree(at.at("to"), {});
      await mirror(at.at("from"), at.at("to"), { delete: true }).run();
    }));
});

describe("mirror() refuses too many deletions", () => {
  it("more than 100 and more than a quarter, by default", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("from"), { keep: FILE });
      makeTree(at.at("to"), { keep: FILE, ...files(101) });
      const error = await refusal(at, at.at("from"), at.at("to"), { delete: true });
      assertEquals(error.code, "too-many-deletions");
      assertStringIncludes(error.message, "101 of the 102 entries");
      assertMatch(error.hint ?? "", /--max-delete 101 .*maxDelete/);
      mustRun("rm", [at.at("to/f0")]);
      assertEquals((await mirror(at.at("from"), at.at("to"), { delete: true }).run()).done.deleted, 100);
      expectTree(at.at("to"), { keep: FILE });
    }));

  it(
    "more than a quarter of what is there, counted to the bottom of a directory",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("from"), files(450));
        makeTree(at.at("to"), { ...files(450), d: { dir: { e: { dir: files(148) } } } });
        assertEquals((await mirror(at.at("from"), at.at("to"), { delete: true }).run()).done.deleted, 150);
        makeTree(at.at("to"), { d: { dir: { e: { dir: files(149) } } } });
        const error = await refusal(at, at.at("from"), at.at("to"), { delete: true });
        assertStringIncludes(error.message, "151 of the 601 entries");
        assertStringIncludes(error.message, "the limit is 150");
      }),
  );

  it(
    "more than maxDelete, which counts what directories hold that give way",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("from"), { a: FILE, l: { link: "x" }, h: FILE, h2: { hardLinkOf: "h" } });
        makeTree(at.at("to"), { a: { dir: files(2) }, l: { dir: files(1) }, h: { dir: files(1) }, z: FILE });
        const error = await refusal(at, at.at("from"), at.at("to"), { delete: true, maxDelete: 3 });
        assertEquals(error.code, "too-many-deletions");
        assertMatch(error.hint ?? "", /--max-delete \d+ .*maxDelete/);
        const needed = Number(/--max-delete (\d+)/.exec(error.hint ?? "")?.[1]);
        assertEquals(needed, 5);
        const report = await mirror(at.at("from"), at.at("to"), { delete: true, maxDelete: needed }).run();
        assertEquals(report.failures, []);
        expectTree(at.at("to"), { a: FILE, l: { link: "x" }, h: FILE, h2: { hardLinkOf: "h" } });
      }),
  );

  it("any, when none is allowed", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("from"), { a: FILE });
      makeTree(at.at("to"), { z: FILE });
      assertEquals(
        (await refusal(at, at.at("from"), at.at("to"), { delete: true, maxDelete: 0 })).code,
        "too-many-deletions",
      );
    }));
});

describe("mirror() refuses sides that overlap", () => {
  it("by any way they are written", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("d"), { a: FILE, e: { dir: { f: { dir: { x: FILE } } } } });
      for (const [name, target] of [["l", "d"], ["deep", "d/e/f"]] as const) symlinkSync(target, at.at(name));
      const d = at.at("d");
      const pairs: readonly (readonly [string, string])[] = [
        [d, d],
        [`${d}/`, at.at("l")],
        [d, join(d, "e/..")],
        [d, `${d}//e`],
        [d, at.at("deep")],
        [d, join(d, "e/f/new")],
        [d, join(at.at("l"), "new")],
        [at.at("deep"), d],
        [join(d, "e"), at.at("l")],
      ];
      for (const [from, to] of pairs) {
        for (const layer of ["native", "portable"] as const) {
          const { code } = await refusal(at, from, to, { delete: true, layer });
          assertEquals([from, to, code], [from, to, "overlap"]);
        }
      }
    }));

  it("through mounts of one directory in two places", requires("Linux", "root"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("d"), { a: FILE, e: { dir: { x: FILE } } });
      const whole = at.mount("whole", "--bind", at.at("d"));
      const part = at.mount("part", "--bind", at.at("d/e"));
      const pairs = [[at.at("d"), whole], [whole, at.at("d")], [at.at("d"), part], [part, at.at("d")], [whole, part]];
      for (const [from = "", to = ""] of pairs) {
        assertEquals([from, to, (await refusal(at, from, to, { delete: true })).code], [from, to, "overlap"]);
      }
    }));

  it("but not directories that lie side by side", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("a"), { x: FILE });
      await mirror(at.at("a"), at.at("ab")).run();
      mkdirSync(at.at("ab/c"));
      await mirror(at.at("ab"), at.at("a"), { delete: true }).run();
      expectTree(at.at("a"), { x: FILE, c: { dir: {} } });
    }));
});

describe("mirror() refuses a destination", () => {
  it("that is the root of the file system, with delete", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("from"), { a: FILE });
      symlinkSync("/", at.at("root"));
      for (const to of ["/", "//", "/..", "/usr/..", at.at("root")]) {
        const error = await refusal(at, at.at("from"), to, { delete: true, maxDelete: 0 });
        assertEquals([to, error.code], [to, "root-destination"]);
      }
    }));

  it("that is a file, or has nothing above it", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("from"), { a: FILE });
      writeFileSync(at.at("file"), "");
      for (const to of ["file", "no/such"]) {
        assertEquals((await refusal(at, at.at("from"), at.at(to))).code, "destination-unusable");
      }
    }));

  it("that another run is changing", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("from"), files(300));
      const task = mirror(at.at("from"), at.at("to"));
      let refused: SyncError | undefined;
      for await (const event of task.stream()) {
        if (event.type !== "action" || refused !== undefined) continue;
        refused = await assertRejects(() => mirror(at.at("from"), at.at("to")).run(), SyncError);
      }
      assertEquals(refused?.code, "destination-busy");
      assert(refused?.hint !== undefined);
      assertEquals(compareTrees(walkTree(at.at("from")), walkTree(at.at("to"))), []);
      await task.run();
    }));
});
