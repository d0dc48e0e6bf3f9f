import { assertEquals, assertGreater, describe, it } from "../support/test_api.ts";
import { anyBreaches, defaultExportBreaches, headerBreaches, nameBreaches, testApiBreaches } from "./form.ts";
import { parseSource, readSources } from "./source.ts";

const SOURCES = readSources("lib", "tasks", "tools", "mod.ts", "cli.ts");
const ALL = [...SOURCES, ...readSources("tests", "examples")];

describe("the sources", () => {
  it("open with a header", () => {
    assertGreater(SOURCES.length, 10);
    assertEquals(SOURCES.flatMap(headerBreaches), []);
  });

  it("have names that say something", () => {
    assertEquals(ALL.flatMap(({ path }) => nameBreaches(path)), []);
  });

  it("have no any", () => {
    assertEquals(ALL.flatMap(anyBreaches), []);
  });

  it("have no default export", () => {
    assertEquals(ALL.flatMap(defaultExportBreaches), []);
  });
});

describe("the test files", () => {
  it("use the façade", () => {
    assertEquals(ALL.flatMap(testApiBreaches), []);
  });
});

describe("testApiBreaches()", () => {
  const breaches = (path: string, text: string) => testApiBreaches(parseSource(path, text)).length;

  it("finds each way past the façade", () => {
    assertEquals(breaches("tests/a_test.ts", `import { it } from "node:test";`), 1);
    assertEquals(breaches("tests/support/contract.ts", `import { it } from "bun:test";`), 1);
    assertEquals(breaches("tests/a_test.ts", "Deno.test('a', () => {});"), 1);
  });

  it("accepts the façade, and what imports it", () => {
    assertEquals(breaches("tests/x/a_test.ts", `import { it } from "../support/test_api.ts"; /x/.test("x");`), 0);
    assertEquals(breaches("tests/support/test_api.ts", `import { it } from "node:test";`), 0);
  });
});

describe("headerBreaches()", () => {
  const long = "\nexport const a = 1;".repeat(40);
  const breaches = (head: string, rest = long) => headerBreaches(parseSource("x.ts", head + rest)).length;

  it("finds a long file without a header", () => {
    assertEquals(breaches(""), 1);
    assertEquals(breaches("// One.\n// Two.\n"), 1);
    assertEquals(breaches("/** One line. */\n"), 1);
    assertEquals(breaches("/**\n * Two lines,\n * of a declaration.\n */"), 1);
    assertEquals(breaches(`/**\n${" * A line.\n".repeat(13)} */\nimport "./a.ts";`), 1);
  });

  it("accepts a header before imports or before documented declarations", () => {
    assertEquals(breaches(`/**\n * One.\n *\n * Two.\n */\nimport "./a.ts";`), 0);
    assertEquals(breaches("/**\n * One.\n * Two.\n */\n\n/** A. */"), 0);
  });

  it("lets short files go without", () => {
    assertEquals(breaches("", "export const a = 1;"), 0);
  });
});

describe("nameBreaches()", () => {
  it("finds names that say nothing or are written otherwise", () => {
    for (const path of ["lib/utils/a.ts", "lib/plan/path_helpers.ts", "lib/common.ts", "tasks/task_manager.ts"]) {
      assertEquals(nameBreaches(path).length, 1, path);
    }
    assertEquals(nameBreaches("lib/plan/planMirror.ts").length, 1);
    assertEquals(nameBreaches("lib/plan/plan-mirror.ts").length, 1);
  });

  it("accepts snake_case and a private file", () => {
    assertEquals(nameBreaches("lib/kernels/_rolling_ref.ts"), []);
    assertEquals(nameBreaches("lib/kernels/rolling_32.asm.ts"), []);
    assertEquals(nameBreaches("lib/wire/uncommon.ts"), []);
  });
});

describe("anyBreaches()", () => {
  it("finds the type and not the word", () => {
    const breaches = (text: string) => anyBreaches(parseSource("x.ts", text)).length;
    assertEquals(breaches("let a: any;"), 1);
    assertEquals(breaches("f(a as unknown as Map<string, any[]>);"), 1);
    assertEquals(breaches("// any\nconst any = 'any'; AbortSignal.any([]);"), 0);
  });
});

describe("defaultExportBreaches()", () => {
  it("finds it in every form", () => {
    const breaches = (text: string) => defaultExportBreaches(parseSource("x.ts", text)).length;
    assertEquals(breaches("export default 1;"), 1);
    assertEquals(breaches("export default function a() {}"), 1);
    assertEquals(breaches("export default class {}"), 1);
    assertEquals(breaches("export { a as default };"), 1);
    assertEquals(breaches("export { default as a } from './a.ts'; switch (1) { default: }"), 0);
  });
});
