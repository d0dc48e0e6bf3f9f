/**
 * The runner itself, run over a folder whose tests pass, fail, crash and skip: it must report each of them.
 */
import { execFile } from "node:child_process";
import { env } from "node:process";
import { PROJECT_ROOT, runtimeExecutable, RUNTIMES } from "./support/runtimes.ts";
import { assertEquals, assertStringIncludes, describe, it, requires } from "./support/test_api.ts";

/** The files of that folder that must fail, in order. */
const FAILING_FILES = ["dies", "fails_in_hook", "fails_in_timer", "fails", "has_no_tests", "skips", "throws_on_load"];

/** What a log must tell of them. */
const DETAILS = [
  "exit code 137",
  "boom in hook",
  "boom in timer",
  "> suite > fails <&>",
  "no test ran",
  "[skipped: flaky]",
  "boom on load",
];

/** Runs the runner over `tests/data/runner`; returns its exit code and its lines. */
function runRunner(...args: string[]): Promise<{ code: number; lines: string[] }> {
  const command = ["run", "-A", "tests/run.ts", "--tests=tests/data/runner", ...args];
  const options = { cwd: PROJECT_ROOT, env: { ...env, CI: "" } };
  return new Promise((resolve) => {
    const child = execFile(runtimeExecutable("deno"), command, options, (_error, stdout) => {
      resolve({ code: child.exitCode ?? -1, lines: stdout.trimEnd().split("\n") });
    });
  });
}

describe("tests/run.ts", () => {
  it("ends with the totals and code 0 when all passed", requires("Deno"), async () => {
    const { code, lines } = await runRunner("passes");
    assertEquals([code, lines.at(-1)], [0, "4 passed, 0 failed"]);
    assertEquals(lines.includes("deno: 2 passed, 0 failed"), true);
    assertEquals(lines.includes("bun: 2 passed, 0 failed"), true);
  });

  for (const runtime of RUNTIMES) {
    it(`tells every kind of failure under ${runtime}`, requires("Deno"), async () => {
      const { code, lines } = await runRunner(runtime);
      assertEquals([code, /failed, 1 skipped$/.test(lines.at(-1) ?? "")], [1, true]);
      const failedFiles = lines.filter((line) => line.startsWith("FAILED ")).map((line) => line.split(" ")[2]);
      assertEquals(failedFiles, FAILING_FILES.map((file) => `tests/data/runner/${file}_test.ts`));
      for (const detail of DETAILS) assertStringIncludes(lines.join("\n"), detail);
    });
  }

  it("fails when no test ran", requires("Deno"), async () => {
    const { code, lines } = await runRunner("no-such-file");
    assertEquals([code, lines.at(-1)], [1, "0 passed, 0 failed"]);
  });
});
