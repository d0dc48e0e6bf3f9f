import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadPlan, mirror, report, SyncError, verify } from "undrift";
import { parseJunit } from "../support/junit.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary_folder.ts";
import {
  afterEach,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  beforeEach,
  describe,
  it,
} from "../support/test_api.ts";

let folder: TemporaryFolder;
beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(at("from"));
  mkdirSync(at("to"));
  writeFileSync(at("from/a"), "one");
  writeFileSync(at("to/old"), "");
});
afterEach(() => folder.remove());

const at = (name: string) => join(folder.path, name);
const task = () => mirror(at("from"), at("to"), { delete: true, times: false });

describe("report()", () => {
  it("shows the dry run of a task in every format, and changes nothing", async () => {
    const review = report(task());
    assertEquals(await review.itemize(), ">f+++++++++ a\n*deleting   old\n");
    assertMatch(await review.text(), /\nplan: create 1, delete 1; write 1 file, 3 B\n$/);
    assertMatch(await review.html(), /^<!doctype html>[\s\S]*<\/html>\n$/);
    assertStringIncludes(await review.markdown(), "Delete: 1");
    assertEquals(parseJunit(await review.junit()).length, 2);
    assertEquals((await review.ndjson()).trimEnd().split("\n").map((line) => JSON.parse(line).type), [
      "start",
      "item",
      "item",
      "summary",
    ]);
    const { outcome, totals } = await review.summary();
    assertEquals([outcome, totals?.deleted, readdirSync(at("to"))], ["planned", 1, ["old"]]);
  });

  it("shows what a verification finds, run once, and why it cannot be run", async () => {
    const review = report(verify(at("from"), at("to")));
    assertMatch(await review.text(), /^verify .*\n- a\n\+ old\nverify: 2 of 2 entries: 1 missing, 1 extra; /);
    writeFileSync(at("to/later"), "");
    assertEquals(parseJunit(await review.junit()).length, 2);
    assertStringIncludes(await report(await verify(at("from"), at("to")).run()).markdown(), "Extra: 2");
    assertEquals((await report(verify(at("from"), at("from"))).summary()).outcome, "done");
    const { outcome, error } = await report(verify(at("from"), at("none"))).summary();
    assertEquals([outcome, error?.code], ["refused", "source-missing"]);
  });

  it("plans once", async () => {
    let plans = 0;
    const { source, destination, plan } = task();
    const review = report({ source, destination, plan: () => (plans++, plan()) });
    const first = await review.text();
    writeFileSync(at("from/later"), "");
    assertEquals([await review.text(), plans], [first, 1]);
  });

  it("shows plans, saved ones too", async () => {
    const plan = await task().plan();
    await plan.save(at("plan.ndjson"));
    const [kept, loaded] = [report(plan), report(await loadPlan(at("plan.ndjson")))];
    assertEquals(await loaded.text(), await kept.text());
  });

  it("saves by the ending of the name", async () => {
    const review = report(task());
    for (const name of ["p.html", "p.ndjson", "p.xml", "p.md", "p.txt"]) await review.save(at(name));
    assertEquals(readFileSync(at("p.txt"), "utf8"), await review.text());
    assertEquals(readFileSync(at("p.html"), "utf8"), await review.html());
    await assertRejects(() => review.save(at("p.pdf")), RangeError, ".html");
    await assertRejects(() => review.save(at("none/p.md")), SyncError, "Cannot write");
    assertEquals(readdirSync(folder.path).sort(), ["from", "p.html", "p.md", "p.ndjson", "p.txt", "p.xml", "to"]);
  });

  it("runs a task by its events, and shows what was done", async () => {
    const done = report(task().stream());
    assertMatch(await done.text(), /create .* a\n[\s\S]*delete .* old\ndone: created 1, deleted 1; /);
    assertEquals([readFileSync(at("to/a"), "utf8"), existsSync(at("to/old"))], ["one", false]);
    assertEquals((await done.summary()).outcome, "done");
  });

  it("shows what a run said at its end", async () => {
    const ended = report(await task().run());
    assertMatch(await ended.text(), /^mirror .*\ndone: created 1, deleted 1; 1 file, 3 B in .*\n$/);
  });

  it("tells why a task is refused, and throws that it was stopped", async () => {
    const missing = mirror(at("none"), at("to"));
    for (const refused of [report(missing), report(missing.stream())]) {
      const { outcome, error } = await refused.summary();
      assertEquals([outcome, error?.code], ["refused", "source-missing"]);
      assertMatch(await refused.text(), /undrift: Cannot mirror /);
    }
    const stopped = mirror(at("from"), at("to"), { signal: AbortSignal.abort() });
    await assertRejects(() => report(stopped).text(), SyncError, "stopped");
    await assertRejects(() => report(stopped.stream()).text(), SyncError, "stopped");
  });

  it("shows a plan that a guard would refuse", async () => {
    const review = report(mirror(at("from"), at("to"), { delete: true, maxDelete: 0 }));
    const { outcome, error } = await review.summary();
    assertEquals([outcome, error?.code], ["planned", "too-many-deletions"]);
    assertStringIncludes(await review.html(), "This plan would be refused");
  });

  it("writes for GitHub into the files that the environment names", async () => {
    const env = { GITHUB_STEP_SUMMARY: at("summary"), GITHUB_OUTPUT: at("out") };
    const review = report(task());
    assertStringIncludes(await review.github(env), "::warning title=undrift mirror%3A delete::old");
    assertEquals(readFileSync(at("summary"), "utf8"), await review.markdown());
    assertMatch(readFileSync(at("out"), "utf8"), /^outcome<<(undrift_[0-9a-f]{32})\nplanned\n\1\n/);
    assertStringIncludes(await review.github(), "::notice");
  });

  it("takes no events of something else", async () => {
    const none = (async function* () {})();
    await assertRejects(() => report(none).text(), RangeError, "they have no end");
  });
});
