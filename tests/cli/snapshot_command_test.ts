/** `undrift snapshot`, `snapshots` and `restore`, as they are typed. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { snapshotsText } from "../../lib/report/snapshots_text.ts";
import { type Schema, schemaBreaches } from "../support/json_schema.ts";
import { PROJECT_ROOT } from "../support/runtimes.ts";
import { assertEquals, assertMatch, describe, it, requires } from "../support/test_api.ts";
import { makeTree } from "../support/trees.ts";
import { differencesOf } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";
import { runFake } from "./fake_io.ts";

const SCHEMA = JSON.parse(readFileSync(join(PROJECT_ROOT, "lib/report/ndjson.schema.json"), "utf8")) as Schema;

function prepare(at: Workspace): readonly [source: string, store: string] {
  makeTree(at.at("source"), { a: { file: "a", mtime: "1000000000" }, d: { dir: { b: { file: "bb" } } } });
  return [at.at("source"), at.at("store")];
}

/** The records of an output, each as the schema wants it. */
function records(out: string): Record<string, unknown>[] {
  return out.trimEnd().split("\n").map((line) => {
    const found = JSON.parse(line) as Record<string, unknown>;
    assertEquals(schemaBreaches(SCHEMA, found), [], line);
    return found;
  });
}

describe("undrift snapshot", () => {
  it("always says what was shared and what is new", requires("Linux"), () =>
    withWorkspace(async (at) => {
      const sides = prepare(at);
      const first = await runFake(["snapshot", ...sides]);
      assertEquals(first.code, 0, first.err);
      assertMatch(first.err, /; snapshot \d{4}-\S+Z: shared 0 files, 0 B; new 2 files, 3 B\n$/);
      const second = await runFake(["snapshot", "--verify", "--tags", "weekly", ...sides]);
      assertMatch(second.err, /: shared 2 files, 3 B; new 0 files, 0 B, verified\n$/);
    }));

  it("shows what it would do, and changes nothing", requires("Linux"), () =>
    withWorkspace(async (at) => {
      const sides = prepare(at);
      await runFake(["snapshot", ...sides]);
      const { code, out, err } = await runFake(["snapshot", "-n", ...sides]);
      assertEquals(code, 0, err);
      assertMatch(out, /^link .* a$/m);
      assertEquals((await runFake(["snapshots", sides[1]])).out.trimEnd().split("\n").length, 2);
    }));

  it("fails when not enough is shared, before anything is made", requires("Linux"), () =>
    withWorkspace(async (at) => {
      const sides = prepare(at);
      const { code, err } = await runFake(["snapshot", "--expect", "linked>=90%", ...sides]);
      assertEquals(code, 3);
      assertMatch(err, /linked>=90%, but it is 0% \(0 of 2 files written or linked\)/);
      assertEquals((await runFake(["snapshots", sides[1]])).out, "no snapshots\n");
      await runFake(["snapshot", ...sides]);
      assertEquals((await runFake(["snapshot", "--expect", "linked>=90%", ...sides])).code, 0);
    }));

  it(
    "tells programs the facts of the snapshot, as the schema describes them",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        const sides = prepare(at);
        const told = records((await runFake(["snapshot", "--json", ...sides])).out);
        assertEquals([told[0]!["task"], told.at(-1)!["type"]], ["snapshot", "summary"]);
        assertEquals((told.at(-1)!["snapshot"] as Record<string, unknown>)["newFiles"], 2);
        await runFake(["snapshot", "--tags=x,y", ...sides]);
        makeTree(at.at("store/2001-01-01T00-00-00Z"), {});
        const listed = records((await runFake(["snapshots", "--json", sides[1]])).out);
        assertEquals(listed.map(({ type }) => type), ["start", "snapshot", "snapshot", "snapshot", "summary"]);
        assertEquals(listed.map(({ tags }) => tags).slice(1, 4), [undefined, [], ["x", "y"]]);
      }),
  );

  it("refuses what makes no sense, and what is no store", requires("Linux"), () =>
    withWorkspace(async (at) => {
      const [source, store] = prepare(at);
      for (
        const [options, code] of [[["--share=copy", "--link-dest=x"], 2], [["--tags", "a b"], 2], [
          ["--delete"],
          2,
        ]] as const
      ) {
        assertEquals((await runFake(["snapshot", ...options, source, store])).code, code, options[0]);
      }
      assertEquals((await runFake(["snapshot", store, source])).code, 3);
      const { code, out } = await runFake(["snapshots", "--json", source]);
      assertEquals([code, records(out).map(({ type }) => type)], [3, ["start", "summary"]]);
    }));
});

describe("undrift restore", () => {
  it("mirrors a snapshot, or paths of it", requires("Linux"), () =>
    withWorkspace(async (at) => {
      const sides = prepare(at);
      await runFake(["snapshot", ...sides]);
      assertEquals((await runFake(["restore", sides[1], "latest", at.at("back")])).code, 0);
      assertEquals(differencesOf(sides[0], at.at("back")), []);
      const { code, err } = await runFake(["restore", "-v", sides[1], "latest", at.at("part"), "d"]);
      assertEquals(code, 0, err);
      assertEquals((await runFake(["restore", sides[1], "1999", at.at("part")])).code, 3);
      assertEquals((await runFake(["restore", sides[1], "latest", at.at("part"), "../x"])).code, 2);
    }));
});

describe("snapshotsText()", () => {
  const record = {
    entries: 1200,
    newFiles: 3,
    newBytes: 2048,
    sharedFiles: 900,
    failures: 0,
    verified: true,
    tags: ["x"],
  };

  it("is a table, oldest first", () => {
    assertEquals(
      snapshotsText([
        { name: "2026-11-22T01-06-11Z", record },
        { name: "2026-11-23T01-06-11Z", record: { ...record, failures: 2, verified: false, tags: [] } },
        { name: "2026-11-24T01-06-11Z", record: undefined },
      ]),
      [
        "snapshot              entries  shared files  new files  new bytes",
        "2026-11-22T01-06-11Z    1,200           900          3    2.0 KiB  verified #x",
        "2026-11-23T01-06-11Z    1,200           900          3    2.0 KiB  2 failed",
        "2026-11-24T01-06-11Z        -             -          -          -  (nothing is written down of it)",
        "",
      ].join("\n"),
    );
  });
});
