/** The command verify: its lines, its formats, and how it ends. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../support/commands.ts";
import { parseJunit } from "../support/junit.ts";
import { PROJECT_ROOT, runtimeExecutable } from "../support/runtimes.ts";
import { assertEquals, assertMatch, assertStringIncludes, describe, it, runtimeName } from "../support/test_api.ts";
import { makeTree } from "../support/trees.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";
import { runFake } from "./fake_io.ts";

const TIME = "1000000000";
const ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

function makeBoth(at: Workspace): readonly [string, string] {
  makeTree(at.at("a"), {
    d: { dir: { f: { file: "abc", mtime: TIME } } },
    gone: { file: "" },
    x: { file: "1", mtime: TIME },
  });
  makeTree(at.at("b"), {
    d: { dir: { f: { file: "abc", mtime: TIME } } },
    more: { dir: {} },
    x: { file: "2", mtime: TIME },
  });
  return [at.at("a"), at.at("b")];
}

describe("undrift verify", () => {
  it("prints a line for each difference, and for what is the same on request", () =>
    withWorkspace(async (at) => {
      const pair = makeBoth(at);
      const { code, out, err } = await runFake(["verify", ...pair]);
      assertEquals([code, out], [1, "- gone\n+ more/\n* x  (content)\n"]);
      assertMatch(
        err,
        /^verify: 3 of 5 entries: 1 of other content, 1 missing, 1 extra; 2 files, 4 B compared in .*\n$/,
      );
      assertEquals(
        (await runFake(["verify", "-v", "-q", ...pair])).out,
        "= d/\n= d/f\n- gone\n+ more/\n* x  (content)\n",
      );
      const same = await runFake(["verify", pair[0], pair[0]]);
      assertEquals([same.code, same.out], [0, ""]);
      assertMatch(same.err, /^verify: 4 entries, all the same; /);
      assertEquals((await runFake(["verify", "--exclude=gone", "--exclude=more", "--exclude=x", ...pair])).code, 0);
    }));

  it("holds a tree against a checksum file, standard input included", () =>
    withWorkspace(async (at) => {
      const [, tree] = makeBoth(at);
      writeFileSync(at.at("SUMS"), `${ABC}  d/f\n${ABC}  x\n`);
      const { code, out } = await runFake(["verify", "--manifest", at.at("SUMS"), tree]);
      assertEquals([code, out], [1, "* x  (content)\n"]);
      const before = runtimeName === "deno" ? ["run", "-A", "--no-check"] : [];
      const command = [...before, join(PROJECT_ROOT, "cli.ts"), "verify", "--manifest", "-", tree, "--exclude=x"];
      const { status, stdout } = runCommand(runtimeExecutable(runtimeName), command, { input: `${ABC}  d/f\n` });
      assertEquals([status, new TextDecoder().decode(stdout)], [0, ""]);
      writeFileSync(at.at("SUMS"), `${ABC}  d/f\r\n`);
      const damaged = await runFake(["verify", "--manifest", at.at("SUMS"), tree]);
      assertEquals([damaged.code, damaged.out], [5, ""]);
      assertMatch(
        damaged.err,
        /^undrift: Cannot use manifest ".*": line 1: it ends in CR LF; .*\nhint: nothing was compared/,
      );
    }));

  it("tells all formats of the same findings", () =>
    withWorkspace(async (at) => {
      const pair = makeBoth(at);
      const files = ["xml", "html", "md", "txt", "ndjson"].map((ending) => at.at(`report.${ending}`));
      const { code } = await runFake(["verify", ...files.flatMap((file) => ["--report", file]), ...pair]);
      assertEquals(code, 1);
      const [xml = "", html = "", markdown = "", text = "", ndjson = ""] = files.map((file) =>
        readFileSync(file, "utf8")
      );
      assertEquals(parseJunit(xml).length, 3);
      for (const page of [html, markdown, text]) assertStringIncludes(page, "gone");
      assertStringIncludes(html, '<span class="outcome different">different</span>');
      assertEquals(ndjson.trimEnd().split("\n").length, 5);
      const junit = await runFake(["verify", "--format=junit", ...pair]);
      assertEquals(parseJunit(junit.out).length, 3);
      const github = await runFake(["verify", "--format=github", ...pair]);
      assertMatch(github.out, /^::error title=undrift verify%3A of other content::x \(content\)$/m);
      const json = await runFake(["verify", "--json", ...pair]);
      assertMatch(json.out, /"outcome":"different","exitCode":1/);
    }));

  it("ends with 4 when all that is known is the same", () =>
    withWorkspace(async (at) => {
      const [one] = makeBoth(at);
      writeFileSync(at.at("list"), "x\nnone\n");
      const { code, err } = await runFake(["verify", one, one, "--files-from", at.at("list")]);
      assertEquals(code, 4);
      assertMatch(err, /^failed: none: .*\nverify: 1 entry, all the same; .*; 1 failed \(listed-missing\)\n$/);
    }));

  it("refuses what cannot be meant", () =>
    withWorkspace(async (at) => {
      const [one, other] = makeBoth(at);
      for (
        const [args, code, message] of [
          [[one], 2, /B is missing, or --manifest FILE/],
          [["--manifest", "x", one, other], 2, /--manifest with two directories/],
          [["--algorithm=md5", one, other], 2, /--algorithm without --manifest/],
          [["--metadata", "--manifest", "x", one], 2, /--metadata with --manifest/],
          [[one, at.at("none")], 3, /there is no such directory/],
          [["--delete", one, other], 2, /--delete/],
        ] as const
      ) {
        const said = await runFake(["verify", ...args]);
        assertEquals([said.code, said.out], [code, ""]);
        assertMatch(said.err, message);
      }
    }));
});
