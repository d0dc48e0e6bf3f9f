import { assertEquals, assertGreater, describe, it } from "../support/test_api.ts";
import { fileSize, functionSizes, type Limits, quantile, sizeBreaches } from "./sizes.ts";
import { parseSource, readSources } from "./source.ts";

const FILE_LIMITS: Limits = { median: 120, p90: 350, max: 600 };
const FUNCTION_LIMITS: Limits = { median: 10, p90: 40, max: 80 };

/** What may be longer: tables and generated files, by name ("path" or "path#function"), with the reason. */
const EXEMPT: Readonly<Record<string, string>> = {
  "lib/report/page_assets.ts": "generated from lib/report/page",
};

const SOURCES = readSources("lib", "tasks", "tools", "mod.ts", "cli.ts");
const FILES = SOURCES.map(fileSize);
const FUNCTIONS = SOURCES.flatMap(functionSizes);

describe("the sources", () => {
  it("are short files", () => {
    assertGreater(FILES.length, 10);
    assertEquals(sizeBreaches(FILES, FILE_LIMITS, Object.keys(EXEMPT)), []);
  });

  it("are short functions", () => {
    assertGreater(FUNCTIONS.length, 10);
    assertEquals(sizeBreaches(FUNCTIONS, FUNCTION_LIMITS, Object.keys(EXEMPT)), []);
  });

  it("need every exemption there is", () => {
    const tooLong = [
      ...FILES.filter(({ lines }) => lines > FILE_LIMITS.max),
      ...FUNCTIONS.filter(({ lines }) => lines > FUNCTION_LIMITS.max),
    ].map(({ name }) => name);
    assertEquals(Object.keys(EXEMPT).filter((name) => !tooLong.includes(name)), []);
  });
});

describe("functionSizes()", () => {
  it("measures every kind of function that has a block", () => {
    const text = `function a() {
  return 1;
}
const b = () => {
};
const c = () => 1;
class D {
  constructor() {}
  get e() {
    return 1;
  }
  #f(): void {

  }
}
declare function g(): void;
`;
    assertEquals(functionSizes(parseSource("x.ts", text)), [
      { name: "x.ts#a", lines: 3 },
      { name: "x.ts#b", lines: 2 },
      { name: "x.ts#constructor", lines: 1 },
      { name: "x.ts#e", lines: 3 },
      { name: "x.ts##f", lines: 3 },
    ]);
  });
});

describe("sizeBreaches()", () => {
  const limits: Limits = { median: 2, p90: 5, max: 9 };
  const sizes = (...lines: number[]) => lines.map((count, at) => ({ name: `f${at}`, lines: count }));

  it("accepts what is within the limits", () => {
    assertEquals(sizeBreaches(sizes(1, 2, 2, 2, 2, 2, 2, 3, 5, 9), limits), []);
  });

  it("finds a maximum, a p90 and a median that are too large", () => {
    assertEquals(sizeBreaches(sizes(1, 1, 1, 1, 1, 1, 1, 1, 1, 10), limits), ["f9: 10 lines, at most 9"]);
    assertEquals(sizeBreaches(sizes(1, 1, 1, 1, 1, 1, 1, 1, 6, 6), limits).length, 1);
    assertEquals(sizeBreaches(sizes(3, 3, 3), limits).map((line) => line.slice(0, 6)), ["median"]);
  });

  it("leaves out what is exempt", () => {
    assertEquals(sizeBreaches(sizes(1, 100), limits, ["f1"]), []);
  });
});

describe("quantile()", () => {
  it("takes a value of the list", () => {
    assertEquals(quantile([], 0.5), 0);
    assertEquals(quantile([3, 1, 2], 0.5), 2);
    assertEquals(quantile([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 0.9), 9);
  });
});

describe("fileSize()", () => {
  it("counts lines without the empty end", () => {
    assertEquals(fileSize(parseSource("x.ts", "a\nb\n")).lines, 2);
  });
});
