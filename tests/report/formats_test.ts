import { FORMAT_OF_ENDING, formatOfFile, reportDocument } from "../../lib/report/formats.ts";
import { assert, assertEquals, assertThrows, describe, it } from "../support/test_api.ts";
import { hostileStory, tellAll } from "./told.ts";

describe("formatOfFile()", () => {
  it("goes by the ending, in any case", () => {
    const files = ["plan.html", "a/b.NDJSON", "junit.xml", "x.y.md", ".txt"];
    assertEquals(files.map(formatOfFile), ["html", "ndjson", "junit", "markdown", "text"]);
  });

  it("names the endings that are known", () => {
    for (const file of ["plan", "plan.json", "plan.html/x", "plan.toString", "plan."]) {
      assertThrows(() => formatOfFile(file), RangeError, ".html, .ndjson, .xml, .md or .txt");
    }
  });
});

describe("reportDocument()", () => {
  for (const format of ["itemize", ...Object.values(FORMAT_OF_ENDING)] as const) {
    it(`makes a report in ${format} that holds no control character`, async () => {
      const text = tellAll(await reportDocument(format), hostileStory());
      assert(text.isWellFormed());
      // Programs are given names as they are, as far as JSON lets them through.
      const unseen = format === "ndjson" ? text.replaceAll(/[\u202e\x7f\x9b]/g, "") : text;
      // deno-lint-ignore no-control-regex
      assertEquals(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\u2028\u2029]/.exec(unseen)?.index, undefined);
    });
  }
});
