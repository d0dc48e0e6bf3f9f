import { assertEquals, describe, it, nameOfSkipped } from "../support/test_api.ts";
import { ALLOWED_SKIPS, isSkipAllowed, type SkipConditions } from "./allowed.ts";

const MACHINE: SkipConditions = { runtime: "bun", platform: "linux", root: false, missing: ["rdiff"] };

function allowed(reason: string, conditions: Partial<SkipConditions> = {}): boolean {
  return isSkipAllowed(nameOfSkipped("suite > test", reason), { ...MACHINE, ...conditions });
}

describe("isSkipAllowed()", () => {
  it("expects a skip for what the machine lacks", () => {
    assertEquals(allowed("needs root"), true);
    assertEquals(allowed("needs Deno"), true);
    assertEquals(allowed("needs root, rdiff"), true);
  });

  it("does not expect a skip for what the machine has", () => {
    assertEquals(allowed("needs rsync"), false);
    assertEquals(allowed("needs rdiff, rsync"), false);
    assertEquals(allowed("needs root", { root: true }), false);
    assertEquals(allowed("needs Deno", { runtime: "deno" }), false);
    assertEquals(allowed("needs Linux"), false);
  });

  it("does not expect a skip without a known reason", () => {
    assertEquals(allowed("flaky"), false);
    assertEquals(allowed("needs luck"), false);
    assertEquals(isSkipAllowed("suite > test", MACHINE), false);
  });
});

describe("ALLOWED_SKIPS", () => {
  it("names each need once, with a reason", () => {
    const needs = ALLOWED_SKIPS.map(({ need }) => need);
    assertEquals(needs.length, new Set(needs).size);
    assertEquals(ALLOWED_SKIPS.filter(({ reason }) => reason.length < 20), []);
  });
});
