/** How far a mirror reaches, against rsync: mounts, symlinks that lead out, directories with nothing in them. */
import fc from "fast-check";
import { mirror, type MirrorOptions } from "../../mod.ts";
import { isSafeTarget } from "../../lib/model/safe_link.ts";
import { mustRun } from "../support/commands.ts";
import { oracleSeed } from "../support/oracle_seed.ts";
import { compareWithRsync } from "../support/compared.ts";
import { assertEquals, describe, it, requires } from "../support/test_api.ts";
import { changedTree } from "../support/tree_arbitrary.ts";
import { expectTree, makeTree, type TreeLiteral } from "../support/trees.ts";
import { withWorkspace } from "../support/workspace.ts";

const T = "1000000000";

interface Case {
  readonly name: string;
  readonly source: string;
  readonly destination: string;
  readonly options: MirrorOptions;
  readonly flags: readonly string[];
  readonly mounts?: readonly string[];
}

const EMPTY_DIRS = `mkdir -p e/e2 f/g links special gone mount; printf x > f/g/x; ln -s a links/l; mkfifo special/p
touch -h -d @5 links/l; touch -d @5 special/p f/g/x; chmod 700 e; touch -d @7 f/g f links special gone`;
const EMPTY_DIRS_BEFORE =
  `mkdir -p e/old gone/x f; printf y > e/old/y; printf z > gone/z; touch -d @9 f; printf w > links`;

const LINKS =
  `mkdir -p sub/t; ln -s .. sub/up; ln -s ../.. sub/t/top; ln -s ../../ sub/t/slash; ln -s ../../../x sub/t/out
ln -s /abs abs; ln -s a/../b mid; ln -s ... dots; ln -s old keep; ln -s ../sub/x sub/in; touch -h -d @5 */* * sub/t/*`;
const LINKS_BEFORE = `ln -s old abs; printf f > mid; ln -s gone extra; touch -h -d @6 *`;

const CASES: readonly Case[] = [
  ...[false, true].map((deletes): Case => ({
    name: "prunes empty directories",
    source: EMPTY_DIRS,
    destination: EMPTY_DIRS_BEFORE.replace("; printf w > links", deletes ? "$&" : ""),
    options: { pruneEmptyDirs: true, delete: deletes },
    flags: ["-m", ...(deletes ? ["--delete"] : [])],
  })),
  {
    name: "prunes what holds only left-out symlinks not",
    source: EMPTY_DIRS,
    destination: "",
    options: { pruneEmptyDirs: true, safeLinks: true },
    flags: ["-m", "--safe-links"],
  },
  {
    name: "leaves alone symlinks that lead out",
    source: LINKS,
    destination: LINKS_BEFORE,
    options: { safeLinks: true, delete: true },
    flags: ["--safe-links", "--delete"],
  },
  ...[false, true].map((prunes): Case => ({
    name: "does not enter what is mounted",
    source:
      `printf x > mount/x; mkdir mount/d; chmod 750 mount; touch -d @8 mount; mkdir plain; touch -d @8 plain; printf y > y`,
    destination: `mkdir -p mount/old; printf z > mount/old/z; touch -d @9 mount`,
    options: { oneFileSystem: true, pruneEmptyDirs: prunes, delete: !prunes },
    flags: ["-x", ...(prunes ? ["-m"] : ["--delete"])],
    mounts: ["mount"],
  })),
];

describe("a mirror with a short reach", () => {
  for (const { name, ...compared } of CASES) {
    const needs = compared.mounts === undefined ? requires("Linux", "rsync") : requires("Linux", "rsync", "root");
    it(
      `${name}, as rsync ${compared.flags.join(" ")} does`,
      needs,
      () => compareWithRsync({ ...compared, nativeOnly: compared.source === EMPTY_DIRS }),
    );
  }

  it("prunes as rsync does, for random trees", requires("Linux", "rsync"), () =>
    fc.assert(
      fc.asyncProperty(changedTree, ({ before, after }) =>
        compareWithRsync({
          source: (root) => makeTree(root, after),
          destination: (root) => makeTree(root, before),
          options: { pruneEmptyDirs: true, delete: true, maxDelete: 1000, allowEmptySource: true, hardLinks: false },
          flags: ["-m", "--delete", "--no-H"],
          nativeOnly: true,
        })),
      { numRuns: 10, ...oracleSeed() },
    ));

  it(
    "deletes nothing that is mounted in the destination, nor the mount points",
    requires("Linux", "root"),
    () =>
      withWorkspace(async (at) => {
        const file = { file: "x", mtime: T };
        makeTree(at.at("source"), { both: { dir: { a: file } }, b: file });
        at.mount("to/both", "-t", "tmpfs", "none");
        at.mount("to/gone/deep", "-t", "tmpfs", "none");
        const mounted: TreeLiteral = { keep: file, d: { dir: { f: file } } };
        makeTree(at.at("to/both"), mounted);
        makeTree(at.at("to/gone/deep"), mounted);
        makeTree(at.at("to/gone"), { beside: file, other: { dir: { f: file } } });
        const options: MirrorOptions = { oneFileSystem: true, delete: true };
        const plan = await mirror(at.at("source"), at.at("to"), options).plan();
        const report = await mirror(at.at("source"), at.at("to"), options).run();
        assertEquals([plan.summary.deleted, report.done.deleted, report.failures], [3, 3, []]);
        expectTree(at.at("to"), {
          ...{ b: file, gone: { dir: { deep: { dir: mounted } } } },
          both: { dir: { ...mounted, a: file } },
        });
        assertEquals((await mirror(at.at("source"), at.at("to"), options).run()).done.deleted, 0);
      }),
  );

  it("replaces no directory that holds a mount", requires("Linux", "root"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("source"), { a: { file: "x", mtime: T } });
      at.mount("to/a/deep", "-t", "tmpfs", "none");
      makeTree(at.at("to/a/deep"), { keep: { file: "kept" } });
      const { failures } = await mirror(at.at("source"), at.at("to"), { oneFileSystem: true, delete: true }).run();
      assertEquals(failures.map(({ path, code }) => [path, code]), [["a", "not-empty"]]);
      expectTree(at.at("to"), { a: { dir: { deep: { dir: { keep: { file: "kept" } } } } } });
    }));
});

describe("isSafeTarget()", () => {
  it("agrees with rsync on random targets", requires("Linux", "rsync"), () =>
    withWorkspace((at) => {
      const part = fc.constantFrom("..", "a", ".", "", "b..", "...");
      const target = fc.tuple(fc.boolean(), fc.array(part, { minLength: 1, maxLength: 5 }), fc.boolean())
        .map(([absolute, parts, slash]) => `${absolute ? "/" : ""}${parts.join("/")}${slash ? "/" : ""}`);
      const targets = [...new Set(fc.sample(target, { numRuns: 600, seed: 7 }))].filter((each) => each !== "");
      const depths = ["", "d/", "d/e/"];
      const script = ["mkdir -p source/d/e to"];
      for (const depth of depths) {
        targets.forEach((each, index) => script.push(`ln -s '${each}' source/${depth}l${index}`));
      }
      mustRun("sh", ["-es"], { input: script.join("\n"), cwd: at.path });
      mustRun("rsync", ["-r", "--links", "--safe-links", "source/", "to/"], { cwd: at.path });
      const carried = new Set(
        mustRun("find", [".", "-type", "l", "-printf", "%P\\n"], { cwd: at.at("to") }).split("\n"),
      );
      const disagreeing = depths.flatMap((depth, level) =>
        targets.flatMap((each, index) =>
          isSafeTarget(each, level) === carried.has(`${depth}l${index}`) ? [] : [`${depth}: ${each}`]
        )
      );
      assertEquals(disagreeing, []);
    }));
});
