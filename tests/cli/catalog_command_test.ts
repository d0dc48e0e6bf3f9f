/** Catalogs from the command line: manifest, verify and scrubbing. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { manifest, verify } from "../../mod.ts";
import { decayFrom, untilSettled } from "../support/decay.ts";
import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
  describe,
  it,
  requires,
} from "../support/test_api.ts";
import { makeTree } from "../support/trees.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";
import { runFake } from "./fake_io.ts";

async function prepared(at: Workspace): Promise<void> {
  makeTree(at.at("tree"), {
    a: { file: "gOod", mtime: "5" },
    d: { dir: { b: { file: "b", mtime: "5" }, e: { dir: { f: { file: "f", mtime: "5" } } } } },
    z: { file: "z", mtime: "5" },
  });
  await untilSettled();
}

function decay(at: Workspace, path: string, content: string): void {
  decayFrom({ catalog: at.at("catalog"), root: at.at("tree"), path }, content);
}

/** What `undrift manifest` writes. */
async function linesOf(at: Workspace, ...options: readonly string[]): Promise<string> {
  const { code, err } = await runFake(["manifest", ...options, at.at("tree"), at.at("lines")]);
  assertEquals(code, 0, err);
  return readFileSync(at.at("lines"), "utf8");
}

describe("undrift manifest --catalog", () => {
  it(
    "writes the same with and without, and reads only what is not known",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        await prepared(at);
        const plain = await linesOf(at);
        const line = ["--catalog", at.at("catalog")];
        for (const jobs of ["1", "3"]) assertEquals(await linesOf(at, ...line, "--jobs", jobs), plain);
        const options = { catalog: at.at("catalog") };
        const known = await manifest(at.at("tree"), options).run();
        assertEquals([known.files, known.bytes], [4, 0]);
        writeFileSync(at.at("tree/d/e/f"), "other");
        const changed = await manifest(at.at("tree"), options).run();
        assertEquals([changed.files, changed.bytes], [4, 5]);
        const paranoid = await manifest(at.at("tree"), { ...options, paranoid: true }).run();
        assertEquals([paranoid.files, paranoid.bytes], [4, 11]);
        assertEquals(await linesOf(at, ...line), await linesOf(at));
        // What is not read cannot be seen.
        decay(at, "a", "good");
        assert(await linesOf(at, ...line) !== plain);
      }),
  );

  it("lists nothing that decayed, and says so", requires("Linux"), () =>
    withWorkspace(async (at) => {
      await prepared(at);
      decay(at, "a", "good");
      const line = ["manifest", "--catalog", at.at("catalog"), "--paranoid", at.at("tree"), at.at("sums")];
      const { code, err } = await runFake(line);
      const out = readFileSync(at.at("sums"), "utf8");
      assertEquals(code, 4);
      assertStringIncludes(err, 'Cannot vouch for "a"');
      assertEquals(/ {2}a$/m.test(out), false);
      assert(/ {2}d\/b$/m.test(out));
    }));
});

describe("undrift verify --manifest --catalog", () => {
  it("finds the same as without, and tells what decayed", requires("Linux"), () =>
    withWorkspace(async (at) => {
      await prepared(at);
      makeTree(at.at("good"), { a: { file: "good", mtime: "5" }, z: { file: "other", mtime: "9" } });
      await manifest(at.at("good")).lines().writeTo(at.at("sums"));
      const expected = { manifest: at.at("sums") };
      const plain = await verify(expected, at.at("tree")).run();
      for (let turn = 0; turn < 2; turn++) {
        const known = await verify(expected, at.at("tree"), { catalog: at.at("catalog") }).run();
        assertEquals(known.totals, plain.totals);
        assertEquals(known.findings, plain.findings);
      }
      decay(at, "a", "good");
      const { findings } = await verify(expected, at.at("tree"), { catalog: at.at("catalog"), paranoid: true }).run();
      assertEquals(findings.filter(({ path }) => path === "a").map(({ finding }) => finding), ["rotten"]);
      assertThrows(() => verify(at.at("good"), at.at("tree"), { catalog: at.at("catalog") }), RangeError);
      assertThrows(() => verify(expected, at.at("tree"), { paranoid: true }), RangeError);
      assertThrows(() => manifest(at.at("tree"), { paranoid: true }), RangeError);
    }));
});

describe("undrift verify --catalog FILE DIR", () => {
  it("notes, finds what decayed with code 1, and repairs it", requires("Linux"), () =>
    withWorkspace(async (at) => {
      await prepared(at);
      const line = ["verify", "--catalog", at.at("catalog"), at.at("tree")];
      assertEquals((await runFake(line)).code, 0);
      decay(at, "a", "good");
      writeFileSync(at.at("tree/z"), "changed");
      await untilSettled();
      const found = await runFake(line);
      assertEquals(found.code, 1);
      assert(/^! a /m.test(found.out), found.out);
      assert(/^\* z /m.test(found.out), found.out);
      makeTree(at.at("replica"), { a: { file: "good" } });
      const repaired = await runFake([...line, "--repair-from", at.at("replica")]);
      assertEquals(repaired.code, 0, repaired.err);
      assertStringIncludes(repaired.err, "1 file repaired");
      assertEquals(readFileSync(at.at("tree/a"), "utf8"), "good");
    }));

  it("says when its budget is used up", requires("Linux"), () =>
    withWorkspace(async (at) => {
      await prepared(at);
      const line = ["verify", "--catalog", at.at("catalog"), "--budget", "2k", at.at("tree")];
      assertEquals((await runFake(line)).err.includes("goes on from here"), false);
      writeFileSync(at.at("tree/z"), "z".repeat(5_000));
      assertStringIncludes((await runFake([...line, "--oldest-first"])).err, "goes on from here");
    }));

  it("refuses options that say nothing here", requires("Linux"), () =>
    withWorkspace(async (at) => {
      const tree = at.directory("tree");
      mkdirSync(at.at("other"));
      const catalog = ["--catalog", at.at("catalog")];
      for (
        const args of [
          ["--budget", "5m", tree, at.at("other")],
          ["--oldest-first", tree, at.at("other")],
          ["--repair-from", tree, "--manifest", "x", tree],
          [...catalog, tree, at.at("other")],
          [...catalog, "--metadata", tree],
          [...catalog, "--paranoid", tree],
          [...catalog, "--exclude", "x", tree],
          [...catalog, "--budget", "much", tree],
          [tree],
        ]
      ) assertEquals((await runFake(["verify", ...args])).code, 2, args.join(" "));
    }));
});
