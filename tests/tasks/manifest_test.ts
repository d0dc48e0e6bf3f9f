/** Manifests of real trees: what is in them, in which order, on several threads, and what becomes of what cannot be read. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SyncError } from "../../lib/errors.ts";
import { comparePaths } from "../../lib/model/rel_path.ts";
import { manifest } from "../../tasks/manifest.ts";
import type { ManifestOptions } from "../../tasks/manifest/options.ts";
import type { ManifestEvent } from "../../tasks/manifest/report.ts";
import { mustRun } from "../support/commands.ts";
import { assertEquals, assertRejects, assertThrows, describe, it } from "../support/test_api.ts";
import { makeTree, type TreeLiteral } from "../support/trees.ts";
import { withWorkspace } from "../support/workspace.ts";

const TREE: TreeLiteral = {
  "a.txt": { file: "abc", mtime: "1000000000.5" },
  a: { dir: { b: { file: "" }, deep: { dir: {} } } },
  link: { link: "a/b\tc" },
  pipe: { fifo: true },
};
const ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

async function textOf(root: string, options: ManifestOptions = {}): Promise<string> {
  let text = "";
  for await (const piece of manifest(root, options).lines()) text += new TextDecoder().decode(piece);
  return text;
}

/** Many small files, and some that are read in pieces. */
function makeMany(root: string): void {
  for (let folder = 0; folder < 20; folder++) {
    mkdirSync(join(root, `d${folder}`), { recursive: true });
    for (let file = 0; file < 50; file++) {
      writeFileSync(join(root, `d${folder}/f${file}`), `${folder}/${file}`.repeat(file));
    }
  }
  for (const name of ["big", "d7/big", "z"]) writeFileSync(join(root, name), new Uint8Array(20_000_000).fill(7));
}

describe("manifest()", () => {
  for (const layer of ["native", "portable"] as const) {
    it(`lists everything in the order of paths (${layer})`, () =>
      withWorkspace(async (at) => {
        makeTree(at.at("tree"), TREE);
        assertEquals(
          await textOf(at.at("tree"), { layer, recordTimes: true, exclude: ["b"] }),
          "#undrift manifest 1 sha256\n" +
            "#undrift directory\ta\n" +
            "#undrift directory\ta/deep\n" +
            "#undrift file\ta.txt\t3\t1000000000\t500000000\n" +
            `${ABC}  a.txt\n` +
            "#undrift symlink\tlink\ta/b\\tc\n" +
            "#undrift fifo\tpipe\n",
        );
        assertEquals(
          await textOf(at.at("tree"), { layer, comments: false, tag: true }),
          `SHA256 (a/b) = ${NOTHING}\nSHA256 (a.txt) = ${ABC}\n`,
        );
      }));
  }

  it("is the same on one thread and on several, and as it is told", () =>
    withWorkspace(async (at) => {
      const root = at.directory("tree");
      makeMany(root);
      const one = await textOf(root, { jobs: 1 });
      assertEquals(await textOf(root, { jobs: 4 }), one);
      assertEquals(await textOf(root, { layer: "portable" }), one);
      const paths: string[] = [];
      const files: (string | undefined)[] = [];
      let ended: ManifestEvent | undefined;
      for await (const event of manifest(root, { jobs: 3 }).stream()) {
        ended = event;
        if (event.type !== "action") continue;
        paths.push(event.action.path);
        if (event.action.kind === "file") files.push(`${event.action.digest}  ${event.action.path}`);
      }
      assertEquals(paths, [...paths].sort(comparePaths));
      assertEquals(files, one.split("\n").filter((line) => line !== "" && !line.startsWith("#")));
      const { outcome, entries, bytes } = ended?.type === "end" ? ended.report : undefined!;
      assertEquals([outcome, entries, files.length], ["done", 1023, 1003]);
      assertEquals(
        bytes,
        Number(mustRun("find", [root, "-type", "f", "-printf", "%s\n"]).split("\n").reduce((a, b) => a + Number(b), 0)),
      );
    }));

  it("leaves out what filters leave out", () =>
    withWorkspace(async (at) => {
      makeTree(at.at("tree"), { ...TREE, ".gitignore": { file: "*.txt\n" }, x: { file: "xx" } });
      const files = async (options: ManifestOptions) =>
        (await textOf(at.at("tree"), { comments: false, ...options })).split("\n").filter((line) => line !== "")
          .map((line) => line.slice(66));
      assertEquals(await files({ gitignore: true }), [".gitignore", "a/b", "x"]);
      assertEquals(await files({ maxSize: 2 }), ["a/b", "x"]);
      assertEquals(await files({ filesFrom: ["a/b"] }), ["a/b"]);
      assertEquals(await files({ predicate: ({ path }) => path === "x" ? "exclude" : undefined }), [
        ".gitignore",
        "a/b",
        "a.txt",
      ]);
      const { failures, outcome } = await manifest(at.at("tree"), { filesFrom: ["none"] }).run();
      assertEquals([outcome, failures.map(({ path, code }) => [path, code])], ["partial", [[
        "none",
        "listed-missing",
      ]]]);
    }));

  it("stops when it is told to, and leaves no file", () =>
    withWorkspace(async (at) => {
      makeMany(at.directory("tree"));
      const stop = new AbortController();
      const task = manifest(at.at("tree"), { jobs: 3 });
      const onEvent = (event: ManifestEvent) => event.type === "action" && stop.abort();
      const error = await assertRejects(
        () => task.lines({ signal: stop.signal, onEvent }).writeTo(at.at("SUMS")),
        SyncError,
      );
      assertEquals(error.code, "cancelled");
      assertThrows(() => readFileSync(at.at("SUMS")));
      for await (const _ of task.lines()) break;
      for await (const _ of task.stream()) break;
      assertEquals((await task.run()).outcome, "done");
    }));

  it("refuses what is no directory, and options that make no sense", () =>
    withWorkspace(async (at) => {
      writeFileSync(at.at("file"), "");
      const codeOf = async (path: string) => (await assertRejects(() => manifest(path).run(), SyncError)).code;
      assertEquals(await codeOf(at.at("none")), "source-missing");
      assertEquals(await codeOf(at.at("file")), "source-not-directory");
      assertThrows(() => manifest("x", { algorithm: "crc32" as "md5" }), RangeError, "must be sha256, ");
      assertThrows(() => manifest("x", { jobs: 0 }), RangeError, "jobs");
      assertThrows(() => manifest("x", { recordTimes: true, comments: false }), RangeError, "--comments never");
    }));

  it("only warns of a file that is gone by the time it is read", () =>
    withWorkspace(async (at) => {
      makeMany(at.directory("tree"));
      const onEvent = (event: ManifestEvent) =>
        event.type === "action" && rmSync(at.at("tree/d0/f49"), { force: true });
      // It was listed when the directories before it were told: they are looked at together.
      const report = await manifest(at.at("tree"), { jobs: 1, exclude: ["big"] }).run({ onEvent });
      assertEquals([report.outcome, report.failures], ["done", []]);
      assertEquals(report.entries - report.files, 20);
    }));
});
