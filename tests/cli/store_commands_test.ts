/** `undrift diff`, `undrift history`, `undrift du` and `undrift timeline` on a real store, with names that are not what they seem. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dailyNames, makeStore } from "../prune/store.ts";
import { type Schema, schemaBreaches } from "../support/json_schema.ts";
import { mustRun } from "../support/commands.ts";
import { PROJECT_ROOT } from "../support/runtimes.ts";
import { assert, assertEquals, describe, it } from "../support/test_api.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";
import { runFake } from "./fake_io.ts";

const SCHEMA = JSON.parse(readFileSync(join(PROJECT_ROOT, "lib/report/ndjson.schema.json"), "utf8")) as Schema;
const [A = "", B = "", C = ""] = dailyNames(3);
const HOSTILE = "--help\x1b[2J\u202e\n";

async function withStore(body: (store: string, at: Workspace) => Promise<void>): Promise<void> {
  await withWorkspace(async (at) => {
    const store = at.at("store");
    const same = { file: "same", mtime: "1000" };
    makeStore(store, [
      { name: A, adds: { f: { file: "one", mtime: "1000" }, g: same, old: { file: "moved", mtime: "2000" } } },
      { name: B, removes: ["f"], adds: { f: { file: "three", mtime: "3000" }, [HOSTILE]: { file: "" } } },
      { name: C, removes: ["old"], adds: { d: { dir: { new: { file: "moved", mtime: "2000" } } } } },
    ]);
    await body(store, at);
  });
}

function recordsOf(output: string): Record<string, unknown>[] {
  return output.trimEnd().split("\n").map((line) => {
    const record = JSON.parse(line) as Record<string, unknown>;
    assertEquals(schemaBreaches(SCHEMA, record), [], line);
    return record;
  });
}

describe("undrift diff", () => {
  it("lists what was added, changed, moved and removed, and escapes names", async () => {
    await withStore(async (store) => {
      const { code, out, err } = await runFake(["diff", store, "2026-11-22", "latest"]);
      assertEquals([code, err], [
        0,
        `${A} -> ${C}: 2 added; 1 changed, 5 B; 1 moved, 5 B; 1 entry is the same\n`,
      ]);
      assertEquals(out.split("\n"), [
        "added    file            0 B  --help\\x1b[2J\\u{202e}\\n",
        "added    directory            d/",
        "moved    file            5 B  d/new <= old",
        "changed  file            5 B  f  (size was 3 B, time)",
        "",
      ]);
    });
  });

  it("writes records and every other format, on stdout and into files", async () => {
    await withStore(async (store, at) => {
      const records = recordsOf((await runFake(["diff", "--json", store, A, C])).out);
      assertEquals(records.map(({ type }) => type), ["start", ...Array(4).fill("change"), "difference", "summary"]);
      assertEquals(records[3]?.["from"], "old");
      const { out: itemized } = await runFake(["diff", "--format=itemize", store, A, C]);
      assertEquals(itemized.split("\n")[2], "*moving     d/new <= old");
      for (const format of ["html", "junit"]) {
        const { code, out } = await runFake(["diff", `--format=${format}`, store, A, C]);
        assertEquals([code, out.includes("new"), out.includes("\x1b")], [0, true, false], format);
      }
      const files = ["a.html", "a.md", "a.txt", "a.ndjson", "a.xml"].map((name) => at.at(name));
      assertEquals((await runFake(["diff", ...files.map((file) => `--report=${file}`), store, A, C])).code, 0);
      for (const file of files) assert(readFileSync(file, "utf8").includes("new"), file);
    });
  });

  it("refuses snapshots that are not there or not clear, and leaves no report behind", async () => {
    await withStore(async (store, at) => {
      for (const name of ["2020", "2026", "../store", "", "-x", HOSTILE]) {
        const { code, out } = await runFake(["diff", `--report=${at.at("r.html")}`, "--", store, name, "latest"]);
        assertEquals([code === 2 || code === 3, out, existsSync(at.at("r.html"))], [true, "", false], name);
      }
      assertEquals((await runFake(["diff", "--format=github", store, A, C])).code, 2);
      assertEquals((await runFake(["diff", "--report=x.doc", store, A, C])).code, 2);
    });
  });

  it("reads contents only when it is to", async () => {
    await withStore(async (store) => {
      const path = join(store, C, "g");
      mustRun("sh", ["-ec", 'rm "$1"; printf SAME > "$1"; touch -d @1000 "$1"', "sh", path]);
      assertEquals((await runFake(["diff", store, B, C])).out.includes(" g"), false);
      assertEquals((await runFake(["diff", "--checksum", store, B, C])).out.includes(" g  (content)"), true);
    });
  });
});

describe("undrift history", () => {
  it("lists the versions of a file", async () => {
    await withStore(async (store) => {
      const { code, out, err } = await runFake(["history", store, "./f"]);
      assertEquals([code, err], [0, "f: 2 versions\n"]);
      assertEquals(out.split("\n"), [
        `${A}                           1 snapshot  file  3 B  1970-01-01 00:16:40Z`,
        `${B} .. ${C}  2 snapshots  file  5 B  1970-01-01 00:50:00Z  changed: size, time`,
        "",
      ]);
      const records = recordsOf((await runFake(["history", "--json", "--", store, HOSTILE])).out);
      assertEquals(records.map(({ type, change }) => change ?? type), ["start", "first", "appeared", "summary"]);
    });
  });

  it("leads out of no snapshot", async () => {
    await withStore(async (store) => {
      for (const path of ["../x", "/etc/passwd", "a/../../x"]) {
        assertEquals((await runFake(["history", store, path])).code, 3, path);
      }
    });
  });
});

describe("undrift du", () => {
  it("tells what each snapshot takes and alone holds", async () => {
    await withStore(async (store) => {
      const records = recordsOf((await runFake(["du", "--json", store])).out);
      assertEquals(records.map(({ type }) => type), ["start", "usage", "usage", "usage", "usage-total", "summary"]);
      const { code, out, err } = await runFake(["du", store]);
      assertEquals([code, out.split("\n").length, err.startsWith("3 snapshots, ")], [0, 5, true]);
      assert(out.startsWith("SNAPSHOT "), out);
    });
  });

  it("says nothing of what is no snapshot, and copes with an empty store", async () => {
    await withStore(async (store, at) => {
      mkdirSync(join(store, "2026-02-30T00-00-00Z"));
      writeFileSync(join(store, "x"), "x");
      assertEquals((await runFake(["du", store])).err.startsWith("3 snapshots"), true);
      for (const name of [A, B, C]) renameSync(join(store, name), at.at(name));
      const { code, err } = await runFake(["du", store]);
      assertEquals([code, err], [0, "0 snapshots, 0 B together\n"]);
      assertEquals((await runFake(["du", at.at("none")])).code, 3);
    });
  });
});

describe("undrift timeline", () => {
  it("draws the snapshots as text, records and pages", async () => {
    await withStore(async (store, at) => {
      const files = ["t.html", "t.txt", "t.ndjson"].map((name) => at.at(name));
      const { code, out, err } = await runFake(["timeline", ...files.map((file) => `--report=${file}`), store]);
      assertEquals([code, out.split("\n").filter((line) => line.startsWith("2026")).length], [0, 3]);
      assert(err.startsWith("3 snapshots, "), err);
      const [html = "", text = "", records = ""] = files.map((file) => readFileSync(file, "utf8"));
      assertEquals([html.includes("<svg"), text.includes(A), recordsOf(records).length], [true, true, 6]);
      const types = recordsOf((await runFake(["timeline", "--json", store])).out).map(({ type }) => type);
      assertEquals(types, ["start", "usage", "usage", "usage", "usage-total", "summary"]);
      assert((await runFake(["timeline", "--format=html", store])).out.startsWith("<!doctype html>"));
      for (const odd of ["--format=junit", "--report=x.xml", "--report=x"]) {
        assertEquals((await runFake(["timeline", odd, store])).code, 2, odd);
      }
    });
  });
});
