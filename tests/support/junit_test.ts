import { assertEquals, assertStringIncludes, describe, it } from "./test_api.ts";
import { parseJunit } from "./junit.ts";

const DENO_XML = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="6" failures="3" errors="0" time="0.019">
    <testsuite name="./tests/x_test.ts" tests="4" disabled="1" errors="0" failures="2">
        <testcase name="outer &lt;x&gt;" classname="./tests/x_test.ts" time="0.009" line="3" col="1">
            <failure message="1 test step failed">1 test step failed.</failure>
        </testcase>
        <testcase name="hook" classname="./tests/x_test.ts" time="0.001" line="14" col="1">
            <failure message="Uncaught Error: after boom">Error: after boom
    at file:///x_test.ts:14:53</failure>
        </testcase>
    </testsuite>
    <testsuite name="ext:deno_node/testing.ts" tests="10" disabled="3" errors="0" failures="4">
        <testcase name="outer &lt;x&gt; &gt; passes" classname="ext" time="0.001" line="1" col="23191">
        </testcase>
        <testcase name="outer &lt;x&gt; &gt; skips" classname="ext" time="0.000" line="1" col="21231">
            <skipped/>
        </testcase>
        <testcase name="outer &lt;x&gt; &gt; fails" classname="ext" time="0.001" line="1" col="21231">
            <failure message="Uncaught Error: a
b">Error: a
b
    at x_test.ts:7</failure>
        </testcase>
        <testcase name="hook &gt; ok" classname="ext" time="0.000" line="1" col="23191">
        </testcase>
    </testsuite>
</testsuites>`;

const BUN_XML = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="bun test" tests="3" assertions="0" failures="1" skipped="1" time="0.08">
  <testsuite name="tests/x_test.ts" file="tests/x_test.ts" tests="3" hostname="h">
    <testsuite name="outer &lt;x&gt;" file="tests/x_test.ts" line="3" tests="2">
      <testcase name="passes" classname="outer" time="0.0008" file="tests/x_test.ts" line="4" assertions="0" />
      <testcase name="skips" classname="outer" time="0" file="tests/x_test.ts" line="5" assertions="0">
        <skipped />
      </testcase>
      <testsuite name="inner" file="tests/x_test.ts" line="9" tests="1">
        <testcase name="deep" classname="inner" time="0" file="tests/x_test.ts" line="9" assertions="0">
          <failure type="Error" message="deep">Error: deep&#10;      at x_test.ts:9&#10;</failure>
        </testcase>
      </testsuite>
    </testsuite>
    <testcase name="top" classname="" time="0" file="tests/x_test.ts" line="16" assertions="0" />
  </testsuite>
</testsuites>`;

describe("parseJunit()", () => {
  it("reads Deno's form and drops suites that failed for a test in them", () => {
    const found = parseJunit(DENO_XML);
    assertEquals(found.map(({ name, outcome }) => [name, outcome]), [
      ["hook", "failed"],
      ["outer <x> > passes", "passed"],
      ["outer <x> > skips", "skipped"],
      ["outer <x> > fails", "failed"],
      ["hook > ok", "passed"],
    ]);
  });

  it("reads Bun's form with nested suites", () => {
    const found = parseJunit(BUN_XML);
    assertEquals(found.map(({ name, outcome }) => [name, outcome]), [
      ["outer <x> > passes", "passed"],
      ["outer <x> > skips", "skipped"],
      ["outer <x> > inner > deep", "failed"],
      ["top", "passed"],
    ]);
  });

  it("keeps message and stack of a failure", () => {
    const [deep] = parseJunit(BUN_XML).filter(({ outcome }) => outcome === "failed");
    assertEquals(deep?.detail, "Error: deep\n      at x_test.ts:9\n");
    const fails = parseJunit(DENO_XML).find(({ name }) => name.endsWith("fails"));
    assertStringIncludes(fails?.detail ?? "", "Error: a\nb\n    at x_test.ts:7");
  });

  it("returns nothing for a file without tests", () => {
    assertEquals(parseJunit(`<testsuites name="bun test" tests="0"></testsuites>`), []);
  });
});
