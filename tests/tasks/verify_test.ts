/** Trees held against trees: every class of difference, any pair of trees, on one thread and on several. */
import { closeSync, mkdirSync, openSync, symlinkSync, writeFileSync, writeSync } from "node:fs";
import fc from "fast-check";
import type { FindingKind } from "../../lib/compare/finding.ts";
import { SyncError } from "../../lib/errors.ts";
import { comparePaths } from "../../lib/model/rel_path.ts";
import { mirror } from "../../tasks/mirror.ts";
import { verify } from "../../tasks/verify.ts";
import type { VerifyOptions } from "../../tasks/verify/options.ts";
import type { VerifyEvent } from "../../tasks/verify/report.ts";
import { mustRun } from "../support/commands.ts";
import { assertEquals, assertRejects, assertThrows, describe, it, requires } from "../support/test_api.ts";
import { changedTree } from "../support/tree_arbitrary.ts";
import { entriesOf, makeTree, type NodeLiteral, type TreeLiteral } from "../support/trees.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

const OLD = "1000000000";
const NEW = "1000000001";

const ONE: TreeLiteral = {
  changed: { file: "one", mtime: OLD },
  content: { file: "one", mtime: OLD },
  longer: { file: "one", mtime: OLD },
  d: { dir: { missing: { file: "" }, same: { file: "abc", mtime: OLD } } },
  gone: { dir: { below: { file: "x" } } },
  link: { link: "d" },
  time: { file: "t", mtime: OLD, mode: 0o644 },
  type: { file: "x" },
};
const OTHER: TreeLiteral = {
  changed: { file: "two", mtime: NEW },
  content: { file: "two", mtime: OLD },
  longer: { file: "longer", mtime: OLD },
  d: { dir: { extra: { file: "" }, same: { file: "abc", mtime: OLD } } },
  link: { link: "e" },
  time: { file: "t", mtime: NEW, mode: 0o600 },
  type: { dir: { below: { file: "y" } } },
};

function makePair(at: Workspace, one: TreeLiteral, other: TreeLiteral): readonly [string, string] {
  makeTree(at.at("one"), one);
  makeTree(at.at("other"), other);
  return [at.at("one"), at.at("other")];
}

/** Kinds and paths that are found, in order; what is the same, too, when that is asked for. */
async function found(pair: readonly [string, string], options: VerifyOptions = {}, same = false): Promise<string[]> {
  const lines: string[] = [];
  const onEvent = (event: VerifyEvent) =>
    event.type === "action" && lines.push(`${event.action.finding} ${event.action.path}`);
  const report = await verify(...pair, options).run({ onEvent, same });
  const differing = lines.filter((line) => !line.startsWith("same"));
  assertEquals(report.findings.map(({ finding, path }) => `${finding} ${path}`), differing);
  assertEquals(report.outcome, differing.length === 0 ? "same" : "different");
  return lines;
}

/** What two literals say, path by path. */
function expected(one: TreeLiteral, other: TreeLiteral): string[] {
  const mine = new Map(entriesOf(one));
  const theirs = new Map(entriesOf(other));
  const paths = [...new Set([...mine.keys(), ...theirs.keys()])].sort(comparePaths);
  return paths.map((path) => `${kindAt(resolved(mine, path), resolved(theirs, path))} ${path}`);
}

function resolved(entries: ReadonlyMap<string, NodeLiteral>, path: string): NodeLiteral | undefined {
  const node = entries.get(path);
  return node !== undefined && "hardLinkOf" in node ? entries.get(node.hardLinkOf) : node;
}

function kindAt(mine: NodeLiteral | undefined, theirs: NodeLiteral | undefined): FindingKind {
  if (mine === undefined) return "extra";
  if (theirs === undefined) return "missing";
  const kind = (["file", "dir", "link", "fifo"] as const).find((each) => each in mine)!;
  if (!(kind in theirs)) return "type";
  const contentOf = (node: NodeLiteral) => "file" in node ? String(node.file) : "link" in node ? node.link : "";
  if (contentOf(mine) === contentOf(theirs)) return "same";
  return mine.mtime === theirs.mtime ? "content" : "changed";
}

describe("verify() of two trees", () => {
  for (const layer of ["native", "portable"] as const) {
    it(`tells every class apart, in order (${layer})`, () =>
      withWorkspace(async (at) => {
        const lines = await found(makePair(at, ONE, OTHER), { layer });
        assertEquals(lines.map((line) => line.replace(/^(?:content|changed) link$/, "* link")), [
          "changed changed",
          "content content",
          "extra d/extra",
          "missing d/missing",
          "missing gone",
          "missing gone/below",
          "* link",
          "content longer",
          "type type",
          "extra type/below",
        ]);
      }));

    it(`compares metadata on request (${layer})`, () =>
      withWorkspace(async (at) => {
        const pair = makePair(at, { t: { ...ONE["time"]!, mode: 0o644 } }, { t: OTHER["time"]! });
        mustRun("touch", ["-d", `@${OLD}`, ...pair]);
        assertEquals(await found(pair, { layer }), []);
        const { findings } = await verify(...pair, { layer, metadata: true }).run();
        assertEquals(findings.map(({ path, differences }) => `${path}: ${differences}`), ["t: time,mode"]);
        mustRun("touch", ["-d", `@${NEW}`, pair[0]]);
        mustRun("chmod", ["600", `${pair[0]}/t`]);
        mustRun("touch", ["-d", `@${NEW}`, `${pair[0]}/t`]);
        assertEquals(await found(pair, { layer, metadata: true }), ["metadata "]);
      }));
  }

  it("finds what two literals say, for any of them, on one thread and on several", async () => {
    await fc.assert(
      fc.asyncProperty(changedTree, fc.constantFrom(1, 3), async ({ before, after }, jobs) => {
        await withWorkspace(async (at) => {
          const lines = await found(makePair(at, before, after), { jobs }, true);
          // Times of symlinks and hard links are not in the literals of both; content is what counts for them.
          const plain = (all: readonly string[]) => all.map((line) => line.replace(/^changed/, "content"));
          assertEquals(plain(lines), plain(expected(before, after)));
        });
      }),
      { numRuns: 20 },
    );
  });

  it("finds nothing after a mirror, metadata included", () =>
    withWorkspace(async (at) => {
      const pair = makePair(at, ONE, OTHER);
      await mirror(...pair, { delete: true, checksum: true }).run();
      assertEquals(await found(pair, { metadata: true }), []);
    }));

  it("finds the paths that rsync -c would change", requires("rsync"), () =>
    withWorkspace(async (at) => {
      const [one, other] = makePair(at, ONE, OTHER);
      const said = mustRun("rsync", ["-rlnc", "--delete", "--out-format=%n", `${one}/`, `${other}/`]).split("\n");
      const theirs = said.filter((line) => line !== "").map((line) =>
        line.replace(/^deleting /, "").replace(/\/$/, "")
      );
      const ours = (await found([one, other])).map((line) => line.replace(/^\w+ /, ""));
      assertEquals(ours.sort(), [...new Set(theirs)].sort());
    }));

  it("finds one byte in large files, wherever it is, on all threads", () =>
    withWorkspace(async (at) => {
      const pair = makePair(at, {}, {});
      const bytes = new Uint8Array(70_000_000);
      for (const root of pair) {
        for (const name of ["first", "last", "middle", "same"]) writeFileSync(`${root}/${name}`, bytes);
      }
      for (const [name, position] of [["first", 0], ["last", 69_999_999], ["middle", 33_554_432]] as const) {
        const file = openSync(`${pair[1]}/${name}`, "r+");
        writeSync(file, new Uint8Array([1]), 0, 1, position);
        closeSync(file);
      }
      mustRun("touch", [
        "-d",
        `@${OLD}`,
        ...pair.flatMap((root) => ["first", "last", "middle"].map((name) => `${root}/${name}`)),
      ]);
      for (const jobs of [1, 4]) {
        assertEquals(await found(pair, { jobs }, true), [
          "content first",
          "content last",
          "content middle",
          "same same",
        ]);
      }
    }));

  it("keeps names that are not UTF-8, and follows no symlink", () =>
    withWorkspace(async (at) => {
      const pair = makePair(at, { d: { dir: { f: { file: "x" } } } }, { real: { dir: { f: { file: "x" } } } });
      symlinkSync("real", `${pair[1]}/d`);
      mustRun("bash", ["-ec", `echo > $'a\\xff\\n'`], { cwd: pair[0] });
      assertEquals(await found(pair), ["missing a\udcff\n", "type d", "missing d/f", "extra real", "extra real/f"]);
    }));

  it("compares what filters let take part, each tree by its own rule files", () =>
    withWorkspace(async (at) => {
      const pair = makePair(
        at,
        { ".gitignore": { file: "*.o\n" }, "a.o": { file: "" }, x: { file: "1", mtime: OLD } },
        {
          ".gitignore": { file: "*.o\n" },
          "b.o": { file: "" },
          x: { file: "22", mtime: NEW },
          y: { file: "3" },
        },
      );
      assertEquals(await found(pair, { gitignore: true }), ["changed x", "extra y"]);
      assertEquals(await found(pair, { exclude: ["x", "*.o"] }), ["extra y"]);
      assertEquals(await found(pair, { exclude: ["*.o"], filter: ["P y"] }), ["changed x"]);
      assertEquals(await found(pair, { filesFrom: ["x"] }), ["changed x"]);
      assertEquals(await found(pair, { maxSize: 1, exclude: ["*.o", ".gitignore"] }), ["extra y"]);
      assertEquals(await found(pair, { predicate: ({ path }) => path === "y" ? "include" : "exclude" }), ["extra y"]);
    }));

  it("stops when it is told to, in the middle and when the loop is left", () =>
    withWorkspace(async (at) => {
      const pair = makePair(at, ONE, OTHER);
      const stop = new AbortController();
      const run = verify(...pair).run({ signal: stop.signal, onEvent: ({ type }) => type === "start" && stop.abort() });
      assertEquals((await assertRejects(() => run, SyncError)).code, "cancelled");
      for await (const event of verify(...pair).stream()) if (event.type === "action") break;
      const types: string[] = [];
      for await (const { type } of verify(...pair).stream()) types.push(type);
      assertEquals([types[0], types.at(-1), types.length], ["start", "end", 12]);
    }));

  it("refuses what is no directory, and options that make no sense", () =>
    withWorkspace(async (at) => {
      const pair = makePair(at, {}, {});
      mkdirSync(at.at("empty"));
      assertEquals(await found([pair[0], at.at("empty")]), []);
      const codeOf = async (one: string, other: string) =>
        (await assertRejects(() => verify(one, other).run(), SyncError)).code;
      assertEquals(await codeOf(at.at("none"), pair[1]), "source-missing");
      assertEquals(await codeOf(pair[0], at.at("none")), "source-missing");
      writeFileSync(at.at("file"), "");
      assertEquals(await codeOf(at.at("file"), pair[1]), "source-not-directory");
      assertThrows(() => verify("a", "b", { xattrs: true }), RangeError, "--xattrs without --metadata");
      assertThrows(() => verify("a", "b", { algorithm: "md5" }), RangeError, "--algorithm without --manifest");
      assertThrows(() => verify({ manifest: "a" }, "b", { metadata: true }), RangeError, "--metadata with --manifest");
      assertThrows(() => verify({ manifest: "a" }, "b", { filesFrom: ["x"] }), RangeError, "--files-from with");
      assertThrows(() => verify("a", "b", { jobs: 1000 }), RangeError, "jobs");
    }));
});
