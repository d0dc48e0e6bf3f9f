/** `undrift delta --explain`. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { joined } from "../delta/engine.ts";
import { noise } from "../kernels/kernels.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { after, assertEquals, assertMatch, assertStringIncludes, describe, it } from "../support/test_api.ts";
import { NO_TASKS, runFake } from "./fake_io.ts";

const OLD = noise(50_000, 1);
const NEW = joined([OLD.subarray(0, 20_000), noise(10_000, 2), OLD.subarray(30_000), OLD.subarray(0, 10_000)]);

describe("undrift delta --explain", () => {
  const folder = temporaryFolder();
  const path = (name: string) => join(folder.path, name);
  writeFileSync(path("old"), OLD);
  writeFileSync(path("new"), NEW);
  after(() => folder.remove());
  const explain = (...args: string[]) => runFake(["delta", "--explain", ...args, path("old"), path("new")]);
  const records = async (...args: string[]) =>
    (await explain("--json", ...args)).out.trimEnd().split("\n").map((line) => JSON.parse(line));

  it("draws the delta on stdout, and writes none", async () => {
    const { code, out, err } = await explain("--block-size=1000");
    assertEquals([code, err], [0, ""]);
    assertMatch(out, /^\[=+\+?#{12,13}\+?=+~{13}\]$/m);
    assertStringIncludes(out, "50 blocks of 1,000 bytes");
    assertEquals(readdirSync(folder.path).sort(), ["new", "old"]);
  });

  it("paints when it is told to, and lists every range", async () => {
    assertStringIncludes((await explain("--color=always")).out, "\x1b[32m█");
    const { out } = await explain("-v", "--block-size=1000");
    assertEquals(out.split("\n").slice(0, 5), [
      "kept   20,000 bytes at 0",
      "new    10,000 bytes at 20,000",
      "kept   20,000 bytes at 30,000",
      "moved  10,000 bytes at 50,000 from byte 0",
      "",
    ]);
  });

  it("gives one object a line", async () => {
    const told = await records("--block-size=1000");
    assertEquals(told.map(({ type }) => type), ["start", "range", "range", "range", "range", "delta", "summary"]);
    assertEquals(told[4], { v: 1, type: "range", kind: "moved", start: 50_000, length: 10_000, oldStart: 0 });
    const { literal, blockLength, newBytes } = told[5];
    assertEquals([literal, blockLength, newBytes], [{ ranges: 1, bytes: 10_000 }, 1000, NEW.length]);
  });

  it("takes the sums that a signature takes", async () => {
    const blake = (await records()).at(-2);
    const md4 = (await records("--hash=md4", "--rollsum=rollsum", "--sum-size=8")).at(-2);
    assertEquals(md4.signatureBytes < blake.signatureBytes, true);
    assertEquals(md4.literal, blake.literal);
  });

  it("writes reports", async () => {
    const reports = ["html", "txt", "ndjson"].map((ending) => path(`report.${ending}`));
    const { out } = await explain(...reports.map((report) => `--report=${report}`));
    const [html = "", text, ndjson] = reports.map((report) => readFileSync(report, "utf8"));
    assertMatch(html, /^<!doctype html>[\s\S]*<rect /);
    assertEquals(text?.split("\n").slice(5), out.split("\n").slice(5));
    assertEquals(ndjson, (await explain("--json")).out);
  });

  it("says what is missing, and leaves no report then", async () => {
    const failed = await runFake([
      "delta",
      "--explain",
      "--json",
      `--report=${path("x.html")}`,
      path("none"),
      path("new"),
    ]);
    assertEquals([failed.code, existsSync(path("x.html"))], [3, false]);
    const summary = JSON.parse(failed.out.trimEnd().split("\n").at(-1)!);
    assertEquals([summary.type, summary.outcome, summary.error.code], ["summary", "refused", "source-missing"]);
  });

  it("refuses what cannot be, before anything is loaded", async () => {
    for (
      const [args, why] of [
        [["--explain", "a"], "two files"],
        [["--explain", "a", "b", "c"], "two files"],
        [["--explain", "-", "-"], "both from standard input"],
        [["--explain", "--hash=md4", "--sum-size=17", "a", "b"], "--sum-size 17 with --hash md4"],
        [["--explain", "--report=x.xml", "a", "b"], ".html, .ndjson or .txt"],
        [["--explain", "--report=x.png", "a", "b"], "its name must end in"],
        [["--block-size=7", "a", "b"], "--block-size without --explain"],
        [["--hash=md4", "a", "b"], "--hash without --explain"],
        [["--json", "a", "b"], "--json without --explain"],
        [["--report=x.html", "a", "b"], "--report without --explain"],
        [["--color=never", "a", "b"], "--color without --explain"],
      ] as const
    ) {
      const { code, err } = await runFake(["delta", ...args], NO_TASKS);
      assertEquals([code, err.includes(why)], [2, true], err);
    }
  });
});
