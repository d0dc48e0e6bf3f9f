import { assertEquals, assertStringIncludes, describe, it } from "./test_api.ts";
import type { TestResult } from "./junit.ts";
import { addTallies, EMPTY_TALLY, exitCodeOf, type FileRun, summaryLine, type Tally, tallyFile } from "./tally.ts";

const PASSED: TestResult = { name: "a", outcome: "passed", detail: "" };
const FAILED: TestResult = { name: "b", outcome: "failed", detail: "Error: boom" };
const SKIPPED: TestResult = { name: "c", outcome: "skipped", detail: "" };

function fileRun(run: Partial<FileRun>): FileRun {
  const whole = { runtime: "deno", file: "tests/x_test.ts", exitCode: 0, timedOut: false, output: "the output" };
  return { ...whole, results: [PASSED], ...run };
}

function failuresOf(run: Partial<FileRun>): string {
  const { failures } = tallyFile(fileRun(run), () => true);
  return failures.map(({ title, detail }) => `${title}: ${detail}`).join("; ");
}

describe("tallyFile()", () => {
  it("counts what passed, failed and was skipped", () => {
    const tally = tallyFile(fileRun({ exitCode: 1, results: [PASSED, PASSED, FAILED, SKIPPED] }), () => true);
    const failures = [{ title: "deno tests/x_test.ts > b", detail: "Error: boom" }];
    assertEquals(tally, { passed: 2, skipped: 1, failures });
  });

  it("fails a skip that nothing expects", () => {
    const tally = tallyFile(fileRun({ results: [PASSED, SKIPPED] }), () => false);
    assertEquals([tally.passed, tally.skipped, tally.failures.length], [1, 0, 1]);
  });

  it("fails a file that does not load, crashes, hangs or has no tests", () => {
    assertStringIncludes(failuresOf({ exitCode: 1, results: [] }), "exit code 1, and no test failed\nthe output");
    assertStringIncludes(failuresOf({ exitCode: 139, results: [FAILED] }), "exit code 139");
    assertStringIncludes(failuresOf({ timedOut: true, exitCode: 143 }), "took too long");
    assertStringIncludes(failuresOf({ results: [] }), "no test ran");
  });

  it("fails when the exit code and the results contradict each other", () => {
    assertStringIncludes(failuresOf({ results: [FAILED] }), "exit code 0, although tests failed");
    assertStringIncludes(failuresOf({ exitCode: 1 }), "no test failed");
  });

  it("fails for an error outside of the tests, beside a failed test", () => {
    const output = "# Unhandled error between tests\nerror: boom";
    assertStringIncludes(failuresOf({ exitCode: 1, results: [FAILED], output }), "an error outside of the tests");
  });
});

describe("summaryLine()", () => {
  it("has the form that other programs read", () => {
    const failed: Tally = { passed: 3, skipped: 0, failures: [{ title: "", detail: "" }] };
    assertEquals(summaryLine(failed), "3 passed, 1 failed");
    assertEquals(summaryLine(addTallies([failed, { ...EMPTY_TALLY, skipped: 2 }])), "3 passed, 1 failed, 2 skipped");
  });
});

describe("exitCodeOf()", () => {
  it("is 0 only when something passed and nothing failed", () => {
    assertEquals(exitCodeOf({ passed: 1, skipped: 0, failures: [] }), 0);
    assertEquals(exitCodeOf({ passed: 1, skipped: 0, failures: [{ title: "", detail: "" }] }), 1);
    assertEquals(exitCodeOf({ passed: 0, skipped: 5, failures: [] }), 1);
    assertEquals(exitCodeOf(EMPTY_TALLY), 1);
  });
});
