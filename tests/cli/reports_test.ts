import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary_folder.ts";
import { parseJunit } from "../support/junit.ts";
import {
  afterEach,
  assertEquals,
  assertMatch,
  assertStringIncludes,
  beforeEach,
  describe,
  it,
} from "../support/test_api.ts";
import { run } from "../../lib/cli/run.ts";
import { fakeIo, NO_TASKS, runFake } from "./fake_io.ts";

let folder: TemporaryFolder;
let source: string;
let destination: string;

beforeEach(() => {
  folder = temporaryFolder();
  [source, destination] = [join(folder.path, "src"), join(folder.path, "dst")];
  mkdirSync(source);
  mkdirSync(destination);
  writeFileSync(join(source, "a"), "hello\n");
  writeFileSync(join(source, "b##[error]x"), "b");
  writeFileSync(join(destination, "old"), "");
});
afterEach(() => folder.remove());

const at = (name: string) => join(folder.path, name);
const read = (name: string) => readFileSync(at(name), "utf8");
const mirror = (args: readonly string[], env: Record<string, string> = {}) =>
  runFake(["mirror", "--no-times", "--delete", ...args, source, destination], undefined, { env });

describe("--report", () => {
  it("writes every kind of file beside the usual list, for a plan and for a run", async () => {
    const names = ["r.html", "r.ndjson", "r.xml", "r.md", "r.txt"];
    const reports = names.flatMap((name) => ["--report", at(name)]);
    const usual = await mirror(["-n"]);
    const planned = await mirror(["-n", ...reports]);
    assertEquals([planned.code, planned.out, planned.err], [0, usual.out, usual.err]);
    assertStringIncludes(read("r.html"), '<span class="outcome planned">planned</span>');
    assertStringIncludes(read("r.txt"), "delete  file            0 B  old\nplan: create 2, delete 1; ");
    assertEquals(parseJunit(read("r.xml")).length, 3);
    assertStringIncludes(read("r.md"), "### undrift mirror: planned");
    const ran = await mirror(["-j1", ...reports]);
    assertEquals([ran.code, ran.out, existsSync(join(destination, "old"))], [0, "", false]);
    const records = read("r.ndjson").trimEnd().split("\n").map((line) => JSON.parse(line));
    assertEquals(records.map(({ type, op }) => op ?? type).sort(), [
      "delete",
      "start",
      "summary",
      "write-file",
      "write-file",
    ]);
    assertEquals([records.at(-1).outcome, records.at(-1).exitCode], ["done", 0]);
    assertStringIncludes(read("r.html"), '<span class="word">deleted</span>');
    assertEquals(readdirSync(folder.path).sort(), ["dst", ...names, "src"].sort());
  });

  it("tells of a refusal and of a check, too", async () => {
    await mirror(["--max-delete=0", "--report", at("r.txt")]);
    assertMatch(read("r.txt"), /^mirror .*\n(?:.*\n)*undrift: Cannot delete 1 of .*\nhint: .*\n$/);
    const { code } = await mirror(["--check", "--report", at("r.ndjson")]);
    assertEquals([code, JSON.parse(read("r.ndjson").trimEnd().split("\n").at(-1)!).exitCode], [1, 1]);
  });

  it("tells what apply did", async () => {
    await mirror(["--plan-out", at("plan.ndjson"), "--report", at("review.html")]);
    assertStringIncludes(read("review.html"), "planned");
    const { code } = await runFake(["apply", at("plan.ndjson"), "--report", at("done.md")]);
    assertEquals(code, 0);
    assertStringIncludes(read("done.md"), "### undrift mirror: done");
  });

  it("is refused before anything is looked at when it cannot be written", async () => {
    const place = await runFake(["mirror", source, destination, "--report", at("none/r.html")], NO_TASKS);
    assertEquals(place.code, 2);
    assertMatch(place.err, /^undrift: Cannot write ".*none\/r\.html": .*\nhint: nothing was changed/);
    const ending = await runFake(["mirror", source, destination, "--report", at("r.pdf")], NO_TASKS);
    assertEquals([ending.code, readdirSync(folder.path).sort()], [2, ["dst", "src"]]);
    assertMatch(ending.err, /its name must end in \.html, \.ndjson, \.xml, \.md or \.txt/);
  });

  it("leaves no file behind when another one cannot be written", async () => {
    const args = ["mirror", source, destination, "--report", at("r.txt"), "--report", at("none/r.txt")];
    assertEquals((await runFake(args, NO_TASKS)).code, 2);
    assertEquals(readdirSync(folder.path).sort(), ["dst", "src"]);
  });

  it("that cannot be finished turns success into failure, in every report", async () => {
    mkdirSync(at("taken.txt"));
    const failed = await mirror(["-n", "--json", "--report", at("taken.txt")]);
    assertEquals(failed.code === 0, false);
    assertMatch(failed.err, /^undrift: Cannot write ".*taken\.txt"/);
    assertEquals(JSON.parse(failed.out.trimEnd().split("\n").at(-1)!).exitCode, failed.code);
  });
});

describe("a report of what was stopped", () => {
  for (const [code, speaks] of [[130, true], [141, false]] as const) {
    it(`is written, whoever stopped it (${code})`, async () => {
      const io = fakeIo();
      io.stop(code);
      const args = ["mirror", source, destination, "--report", at("r.ndjson"), "--report", at("r.html")];
      assertEquals(await run(args, io), code);
      assertEquals(io.err().includes("Cannot finish: it was interrupted"), speaks);
      assertEquals(io.err() !== "", speaks);
      const { outcome, exitCode } = JSON.parse(read("r.ndjson").trimEnd().split("\n").at(-1)!);
      assertEquals([outcome, exitCode], ["stopped", code]);
      assertStringIncludes(read("r.html"), "This task was stopped");
      assertEquals(readdirSync(folder.path).sort(), ["dst", "r.html", "r.ndjson", "src"]);
    });
  }
});

describe("--format", () => {
  it("html and junit write one document to stdout, and talk to stderr", async () => {
    const html = await mirror(["-n", "--format=html"]);
    assertMatch(html.out, /^<!doctype html>\n[\s\S]*<\/html>\n$/);
    assertMatch(html.err, /^plan: create 2, delete 1; .*\n$/);
    const junit = await mirror(["--check", "--format=junit"]);
    assertEquals([junit.code, parseJunit(junit.out).map(({ outcome }) => outcome)], [1, [
      "failed",
      "failed",
      "failed",
    ]]);
  });

  it("github adds a summary and outputs to the files of the runner, and annotates", async () => {
    writeFileSync(at("out"), "before=1\n");
    const env = { GITHUB_STEP_SUMMARY: at("summary"), GITHUB_OUTPUT: at("out"), GITHUB_ACTIONS: "true" };
    const { code, out, err } = await mirror(["-n", "--format=github"], env);
    assertEquals([code, err], [0, "plan: create 2, delete 1; write 2 files, 7 B\n"]);
    assertStringIncludes(out, "create  file            1 B  b##\\x5berror]x\n");
    assertStringIncludes(out, "::warning title=undrift mirror%3A delete::old (");
    assertMatch(read("out"), /^before=1\noutcome<<(undrift_[0-9a-f]{32})\nplanned\n\1\n/);
    assertMatch(read("out"), /\ndeleted<<(undrift_[0-9a-f]{32})\n1\n\1\n/);
    assertStringIncludes(read("summary"), "### undrift mirror: planned");
    await mirror(["--format=github"], env);
    assertStringIncludes(read("summary"), "### undrift mirror: done");
  });

  it("github says when a file of the runner cannot be written", async () => {
    const { code, err } = await mirror(["-n", "--format=github"], { GITHUB_OUTPUT: folder.path });
    assertEquals(code === 0, false);
    assertMatch(err, /Cannot write/);
  });

  it("github needs no runner", async () => {
    const { code, out } = await mirror(["-n", "--format=github"]);
    assertEquals(code, 0);
    assertMatch(out, /^::notice title=undrift mirror::plan: /m);
  });
});
