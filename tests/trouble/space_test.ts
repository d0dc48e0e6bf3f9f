/** A full disk, a read-only one, and limits: the error names what did not fit, and what was there is intact. */
import { mirror, type MirrorOptions, SyncError } from "../../mod.ts";
import { mustRun } from "../support/commands.ts";
import { runtimeCommand } from "../support/ordinary_user.ts";
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
import { compareTrees, type WalkedTree, walkTree } from "../support/walker.ts";
import { withWorkspace } from "../support/workspace.ts";

/** Files that fit twice into what the tests mount; `x` decides their content. */
function smallFiles(x: string, mtime: string): TreeLiteral {
  const file = { file: x.repeat(40_000), mtime };
  return Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`small${at}`, file]));
}

const OLD: TreeLiteral = {
  ...smallFiles("o", "1000"),
  d: { dir: smallFiles("p", "1000") },
  zz: { file: "old", mtime: "1" },
};
const NEW: TreeLiteral = {
  ...smallFiles("n", "2000"),
  big: { file: "b".repeat(8 << 20), mtime: "2000" },
  d: { dir: { ...smallFiles("m", "2000"), big2: { file: "c".repeat(8 << 20), mtime: "2000" } } },
  zz: { file: "new", mtime: "2" },
};

/** Everything that was there is the old one or the new one, whole, and nothing temporary is left. */
function checkIntact(before: WalkedTree, left: WalkedTree, wanted: WalkedTree): void {
  for (const path of left.keys()) assert(before.has(path) || wanted.has(path), `"${path}" was left behind`);
  for (const [path, { kind, content }] of before) {
    const known = [content, wanted.get(path)?.content];
    if (kind === "f") assert(known.includes(left.get(path)?.content), `"${path}" is neither old nor new`);
  }
}

const CASES: readonly (readonly [what: string, options: MirrorOptions])[] = [
  ["one thread", { jobs: 1 }],
  ["several threads", { jobs: 3 }],
  ["deletions", { jobs: 2, delete: true }],
  ["the portable layer", { layer: "portable" }],
];

describe("mirror() to a full disk, without asking first", () => {
  for (const [what, options] of CASES) {
    it(
      `names what did not fit and keeps the old files, with ${what}`,
      requires("Linux", "root"),
      () =>
        withWorkspace(async (at) => {
          makeTree(at.at("source"), NEW);
          const to = at.mount("to", "-t", "tmpfs", "-o", "size=4M", "tmpfs");
          makeTree(to, OLD);
          const before = walkTree(to);
          const unasked = { ...options, preflight: false };
          const error = await assertRejects(() => mirror(at.at("source"), to, unasked).run(), SyncError);
          assertEquals(error.code, "no-space");
          assertStringIncludes(`${error.path}`, "big");
          checkIntact(before, walkTree(to), walkTree(at.at("source")));
          mustRun("mount", ["-o", "remount,size=64M", to]);
          assertEquals((await mirror(at.at("source"), to, options).run()).failures, []);
          const timeDigits = options.layer === "portable" ? 3 : 9;
          assertEquals(compareTrees(walkTree(at.at("source")), walkTree(to), { timeDigits }), []);
        }),
    );
  }

  it("names an entry for which there is no inode", requires("Linux", "root"), () =>
    withWorkspace(async (at) => {
      const links = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`l${n}`, { link: "x" }]));
      makeTree(at.at("source"), links);
      const to = at.mount("to", "-t", "tmpfs", "-o", "size=4M,nr_inodes=20", "tmpfs");
      const error = await assertRejects(() => mirror(at.at("source"), to, { preflight: false }).run(), SyncError);
      assertEquals(error.code, "no-space");
      assert(error.path !== undefined && error.path in links, error.path);
    }));

  it(
    "tells a file that is larger than a limit allows, and carries the rest",
    requires("Linux"),
    () =>
      withWorkspace((at) => {
        makeTree(at.at("source"), { a: { file: "x" }, big: { file: "b".repeat(3 << 20) }, z: { file: "x" } });
        const order = JSON.stringify({ source: at.at("source"), destination: at.at("to") });
        // 1024-byte units; the signal that comes with it is ignored, as most programs do.
        const script = `trap '' XFSZ; ulimit -f 1000; exec "$@"`;
        const output = mustRun("bash", ["-ec", script, "bash", ...runtimeCommand(), order]);
        const { report } = JSON.parse(output);
        assertEquals(report.failures.map(({ path, code }: Record<string, string>) => [path, code]), [[
          "big",
          "file-too-large",
        ]]);
        assertEquals([...walkTree(at.at("to")).keys()].sort(), ["", "a", "z"]);
      }),
  );
});

describe("mirror() to a disk that is mounted read-only", () => {
  for (const layer of ["native", "portable"] as const) {
    it(
      `names what it could not write, on the ${layer} layer`,
      requires("Linux", "root"),
      () =>
        withWorkspace(async (at) => {
          makeTree(at.at("source"), { a: { file: "new!" }, d: { dir: { b: { file: "new" } } }, l: { link: "x" } });
          makeTree(at.at("real"), { a: { file: "old" }, z: { file: "z" } });
          const to = at.mount("to", "--bind", at.at("real"));
          mustRun("mount", ["-o", "remount,bind,ro", to]);
          const before = walkTree(to);
          const { failures, outcome } = await mirror(at.at("source"), to, { delete: true, layer }).run();
          assertEquals(outcome, "partial");
          assertEquals([...new Set(failures.map(({ code }) => code))], ["read-only"]);
          const paths = failures.map(({ path }) => path);
          for (const path of ["a", "d", "l", "z"]) assert(paths.includes(path), `${path} is not among ${paths}`);
          assertEquals(compareTrees(before, walkTree(to)), []);
          const made = await assertRejects(() => mirror(at.at("source"), `${to}/new`, { layer }).run(), SyncError);
          assertEquals(made.code, "read-only");
        }),
    );
  }
});
