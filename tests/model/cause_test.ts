import type { SyncErrorCode } from "../../lib/errors.ts";
import { CAUSE_NAMES, causeOf, CAUSES, hidesSource, isCause, policyProblem } from "../../lib/model/cause.ts";
import { assertEquals, assertStringIncludes, describe, it } from "../support/test_api.ts";

describe("the table of causes", () => {
  it("warns of what vanished, and fails for everything else", () => {
    const milder = CAUSE_NAMES.filter((cause) => CAUSES[cause].usual !== "fail");
    assertEquals(milder.map((cause) => [cause, CAUSES[cause].usual]), [["vanished", "warn"]]);
    assertEquals(CAUSE_NAMES.filter((cause) => CAUSES[cause].fixed === true), ["file-too-large", "no-space"]);
  });

  it("has words for each that end a sentence", () => {
    assertEquals(CAUSE_NAMES.filter((cause) => !/^[a-z].*[a-z-]$/.test(CAUSES[cause].words)), []);
  });
});

describe("causeOf()", () => {
  it("gives a class of failure its own name, with three exceptions", () => {
    for (const cause of CAUSE_NAMES) assertEquals(causeOf(cause), cause === "vanished" ? "drift" : cause);
    assertEquals(causeOf("source-vanished"), "vanished");
    assertEquals(causeOf("too-many-deletions"), "deletions-withheld");
  });

  it("knows no cause for what concerns a whole run", () => {
    for (const code of ["usage", "cancelled", "overlap", "plan-damaged", "internal"] satisfies SyncErrorCode[]) {
      assertEquals(causeOf(code), undefined);
    }
  });

  it("is not fooled by names that every object has", () => {
    assertEquals(["constructor", "__proto__", "toString"].map(isCause), [false, false, false]);
  });
});

describe("policyProblem()", () => {
  it("says what is wrong, and nothing when all is right", () => {
    assertStringIncludes(policyProblem("vanishd", "warn") ?? "", "there is no such cause");
    assertStringIncludes(policyProblem("vanished", "shout") ?? "", "ignore, warn or fail");
    assertStringIncludes(policyProblem("vanished", undefined) ?? "", "ignore, warn or fail");
    for (const cause of CAUSE_NAMES) assertEquals(policyProblem(cause, "fail"), undefined);
    assertEquals(policyProblem("permission", "ignore"), undefined);
  });

  it("lets nobody make light of want of space", () => {
    for (const cause of ["no-space", "file-too-large"]) {
      assertStringIncludes(policyProblem(cause, "ignore") ?? "", "always fails");
      assertStringIncludes(policyProblem(cause, "warn") ?? "", "always fails");
    }
  });
});

describe("hidesSource()", () => {
  it("holds for what could not be read in the source, and not for what went away", () => {
    const hiding = (code: SyncErrorCode) => hidesSource({ code, side: "source" });
    assertEquals((["permission", "io", "symlink-refused", "internal"] as const).map(hiding), [true, true, true, true]);
    assertEquals((["source-vanished", "changed-while-read"] as const).map(hiding), [false, false]);
    assertEquals(hidesSource({ code: "permission", side: "destination" }), false);
    assertEquals(hidesSource({ code: "permission" }), false);
  });
});
