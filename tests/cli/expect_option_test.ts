import { expectationsOf } from "../../lib/cli/expect_option.ts";
import { SyncError } from "../../lib/errors.ts";
import { assertEquals, assertStringIncludes, assertThrows, describe, it } from "../support/test_api.ts";

function complaint(...values: string[]): string {
  const error = assertThrows(() => expectationsOf(values), SyncError);
  assertEquals(error.code, "usage");
  return error.message;
}

describe("--expect", () => {
  it("may be repeated, also for one metric, and may hold blanks", () => {
    assertEquals(expectationsOf([]), {});
    assertEquals(expectationsOf(["deletions<=10", " bytes < 1.5 GB ", "bytes>1kB", "linked>=90%", "files!=0"]), {
      deletions: { atMost: "10" },
      bytes: { below: "1.5 GB", above: "1kB" },
      linked: { atLeast: "90%" },
      files: { not: "0" },
    });
  });

  it("quotes what is wrong", () => {
    const problems = {
      "": "a metric, a comparison and a number",
      "<=10": "a metric, a comparison and a number",
      "deletion<=10": 'there is no metric "deletion"; did you mean deletions?',
      "speed>1": 'there is no metric "speed"; metrics are deletions, creations',
      "deletions": "there is no comparison; comparisons are <",
      "deletions 10": "there is no comparison",
      "deletions==10": '"==" is no comparison',
      "deletions=<10": '"=<" is no comparison',
      "deletions<=": "there is no number",
      "deletions<=ten": '"ten": it must be a number from 0',
      "deletions<=10MB": '"10MB": deletions has no unit',
      "bytes<1gb": '"gb" is no unit',
      "bytes<90%": "no whole to be a share of",
      "constructor<1": "there is no metric",
      "\x1b[31m<1": "there is no metric",
    };
    for (const [value, problem] of Object.entries(problems)) {
      const message = complaint(value);
      assertStringIncludes(message, "Cannot use --expect ");
      assertStringIncludes(message, problem);
      assertEquals(message.includes("\x1b"), false);
    }
  });

  it("does not let one comparison be given twice", () => {
    assertStringIncludes(complaint("files<5", "files<6"), "files is compared in this way already, with 5");
  });
});
