/**
 * The architecture: who may import whom, and who may name a runtime. The tables are the rules; the checks read all
 * of the sources, and are tested themselves with sources that break each rule.
 */
import { assertEquals, assertGreater, describe, it } from "./support/test_api.ts";
import { type Area, areaOf, globalBreaches, identifierBreaches, importBreaches } from "./style/architecture.ts";
import { importCycles, type Rules } from "./style/architecture.ts";
import { parseSource, readSources } from "./style/source.ts";

const VOCABULARY = ["lib/errors.ts", "model", "bytes"];
const PURE = ["filter", "compare", "plan", "delta", "wire", "report", "progress", "kernels"];
const PORTS = ["scan", "apply", "session", "snapshot", "manifest", "catalog"];
const ADAPTERS = ["os", "transport", "std"];

function area(areas: readonly string[], packages: readonly string[] = []): Area {
  return { areas, packages };
}

/** Folders and what each may import. This table is the architecture. `std` is reached by its `@std/` names alone. */
const RULES: Rules = {
  "lib/errors.ts": area(["bytes"]),
  "model": area(VOCABULARY),
  "bytes": area(VOCABULARY),

  "filter": area(VOCABULARY),
  "compare": area(VOCABULARY),
  "progress": area(VOCABULARY),
  "kernels": area(VOCABULARY, ["hash-wasm"]),
  "plan": area([...VOCABULARY, "compare"]),
  "delta": area([...VOCABULARY, "kernels"]),
  "wire": area([...VOCABULARY, "filter", "delta", "kernels"]),
  "report": area([...VOCABULARY, "plan", "compare", "progress"]),

  "scan": area([...VOCABULARY, ...PURE]),
  "apply": area([...VOCABULARY, ...PURE]),
  "session": area([...VOCABULARY, ...PURE, "scan", "apply"]),
  "snapshot": area([...VOCABULARY, ...PURE]),
  "manifest": area([...VOCABULARY, ...PURE]),
  "catalog": area([...VOCABULARY, ...PURE]),

  "os": area(VOCABULARY, ["node:", "bun:"]),
  "transport": area(VOCABULARY, ["node:", "bun:", "dax"]),
  "std": area(VOCABULARY, ["node:", "deno-std/", "hash-wasm", "@deno/shim-deno"]),

  "tasks": area([...VOCABULARY, ...PURE, ...PORTS, "os", "transport"], [
    "@std/fs",
    "@std/streams",
    "@std/crypto",
    "dax",
  ]),
  "cli": area([...VOCABULARY, ...PURE, ...PORTS, "os", "transport", "tasks"], ["@std/cli", "@std/fs", "@std/streams"]),
  "mod.ts": area([...VOCABULARY, ...PURE, ...PORTS, "os", "transport", "tasks"]),
  "cli.ts": area([...VOCABULARY, "cli", "os"], ["node:process"]),
};

/** Globals that only adapters name. `Date.now`, `Math.random` and `new Date()` go with them. */
const ADAPTERS_GLOBALS = ["Deno", "Bun", "process", "console", "globalThis", "performance", "fetch"];

/** What single files outside of the adapters may name. */
const ALLOWED_GLOBALS: Readonly<Record<string, readonly string[]>> = {
  "cli.ts": ["process"], // argv and streams of this process are what it is for
};

const SOURCES = readSources("lib", "tasks", "mod.ts", "cli.ts");

describe("the sources", () => {
  it("are found", () => {
    assertGreater(SOURCES.length, 10);
    assertEquals(SOURCES.some(({ path }) => path === "lib/errors.ts"), true);
  });

  it("import only what the table allows", () => {
    assertEquals(SOURCES.flatMap((source) => importBreaches(source, RULES)), []);
  });

  it("form no cycle", () => {
    assertEquals(importCycles(SOURCES), []);
  });

  it("name a runtime, the clock and chance in adapters alone", () => {
    const others = SOURCES.filter(({ path }) => !ADAPTERS.includes(areaOf(path)));
    const forbidden = (path: string) => ADAPTERS_GLOBALS.filter((name) => !ALLOWED_GLOBALS[path]?.includes(name));
    assertEquals(others.flatMap((source) => globalBreaches(source, forbidden(source.path))), []);
  });

  it("know nothing of dry runs below tasks/", () => {
    const below = SOURCES.filter(({ path }) => path.startsWith("lib/") && areaOf(path) !== "cli");
    assertEquals(below.flatMap((source) => identifierBreaches(source, /^(?:is)?dry[-_]?run$/i)), []);
  });
});

describe("the table", () => {
  it("keeps the rules that the design names", () => {
    const mayNot = [["apply", "os"], ["session", "transport"], ["plan", "scan"], ["report", "apply"], ["tasks", "cli"]];
    for (const [from = "", to = ""] of mayNot) {
      assertEquals(RULES[from]?.areas.includes(to), false, `${from} -> ${to}`);
    }
    const lower = [...VOCABULARY, ...PURE, ...PORTS];
    const upwards = lower.flatMap((name) => (RULES[name]?.areas ?? []).filter((to) => !lower.includes(to)));
    assertEquals(upwards, []);
  });
});

function breachesOf(path: string, text: string): string[] {
  return importBreaches(parseSource(path, text), RULES);
}

describe("importBreaches()", () => {
  it("finds an import that the table does not allow, in every form", () => {
    assertEquals(breachesOf("lib/apply/x.ts", `import { a } from "../os/a.ts";`), [
      "lib/apply/x.ts:1: apply must not import os",
    ]);
    assertEquals(breachesOf("lib/plan/x.ts", `\nimport type { A } from "../scan/a.ts";`).length, 1);
    assertEquals(breachesOf("lib/report/x.ts", `export { a } from "../apply/a.ts";`).length, 1);
    assertEquals(breachesOf("lib/report/x.ts", `export * from "../apply/a.ts";`).length, 1);
    assertEquals(breachesOf("lib/session/x.ts", `const a = await import("../transport/a.ts");`).length, 1);
    assertEquals(breachesOf("lib/plan/x.ts", `type A = import("../scan/a.ts").A;`).length, 1);
    assertEquals(breachesOf("lib/model/x.ts", `import "../../tasks/a.ts";`).length, 1);
    assertEquals(breachesOf("lib/model/x.ts", `import { a } from "../../tests/support/a.ts";`).length, 1);
    assertEquals(breachesOf("tasks/x.ts", `import { a } from "../lib/cli/a.ts";`).length, 1);
    assertEquals(breachesOf("tasks/x.ts", `import { a } from "../lib/std/fs.ts";`).length, 1);
  });

  it("finds packages and runtimes' modules where they must not be", () => {
    assertEquals(breachesOf("lib/plan/x.ts", `import { join } from "node:path";`), [
      'lib/plan/x.ts:1: plan must not import "node:path"',
    ]);
    assertEquals(breachesOf("lib/scan/x.ts", `import { walk } from "@std/fs";`).length, 1);
    assertEquals(breachesOf("tasks/x.ts", `import { assert } from "@std/assert";`).length, 1);
    assertEquals(breachesOf("lib/model/x.ts", `import { mirror } from "undrift";`).length, 1);
    assertEquals(breachesOf("lib/kernels/x.ts", `import { a } from "hash-wasm/x";`).length, 1);
  });

  it("knows no area that the table does not name", () => {
    assertEquals(breachesOf("lib/odds/x.ts", ""), [`lib/odds/x.ts: no rule for the area "odds"`]);
    assertEquals(breachesOf("lib/odds.ts", ""), [`lib/odds.ts: no rule for the area "lib/odds.ts"`]);
  });

  it("accepts what the table allows, and what only looks like an import", () => {
    assertEquals(breachesOf("lib/plan/x.ts", `import { a } from "../compare/a.ts"; import "./b.ts";`), []);
    assertEquals(breachesOf("lib/plan/x.ts", `import { SyncError } from "../errors.ts";`), []);
    assertEquals(breachesOf("lib/os/x.ts", `import { a } from "node:fs"; import { b } from "../model/b.ts";`), []);
    assertEquals(breachesOf("lib/plan/x.ts", `// import { a } from "../os/a.ts"\nconst s = 'from "../os/a.ts"';`), []);
  });
});

describe("importCycles()", () => {
  const file = (path: string, ...targets: string[]) =>
    parseSource(path, targets.map((target) => `import type { A } from "${target}";`).join("\n"));

  it("finds cycles of any length, types included", () => {
    assertEquals(importCycles([file("a.ts", "./a.ts")]), ["a.ts -> a.ts"]);
    assertEquals(importCycles([file("x/a.ts", "../b.ts"), file("b.ts", "./x/c.ts"), file("x/c.ts", "./a.ts")]), [
      "x/a.ts -> b.ts -> x/c.ts -> x/a.ts",
    ]);
  });

  it("accepts two ways to the same file", () => {
    assertEquals(importCycles([file("a.ts", "./b.ts", "./c.ts"), file("b.ts", "./c.ts"), file("c.ts")]), []);
  });
});

describe("globalBreaches()", () => {
  const breaches = (text: string) => globalBreaches(parseSource("lib/plan/x.ts", text), ADAPTERS_GLOBALS);

  for (
    const text of [
      "Deno.stat('x')",
      "const b = Bun;",
      "type A = Deno.FileInfo;",
      "console.log(1)",
      "process.exit()",
      "globalThis.Deno",
      "globalThis['process']",
      "'Bun' in globalThis",
      "const { env } = process;",
      "f({ process })",
      "f({ a: process })",
      "const now = Date.now;",
      "Math.random()",
      "Temporal.Now.instant()",
      "new Date()",
      "performance.now()",
      "`${process.pid}`",
    ]
  ) {
    it(`finds ${text}`, () => {
      assertEquals(breaches(text).length, 1);
    });
  }

  it("accepts members of other objects, comments, strings and given times", () => {
    assertEquals(breaches("const a = env.process + this.console; // Deno.stat\n"), []);
    assertEquals(breaches(`const a = { process: 1, "Deno": 2 }; const s = "Bun";`), []);
    assertEquals(breaches("interface A { process: number; fetch(): void }"), []);
    assertEquals(breaches("const a = new Date(env.now()); Math.max(1, 2); Date.UTC(1970, 1)"), []);
  });
});

describe("identifierBreaches()", () => {
  const breaches = (text: string) => identifierBreaches(parseSource("lib/plan/x.ts", text), /^(?:is)?dry[-_]?run$/i);

  it("finds the words as variable, member and key", () => {
    assertEquals(breaches("if (options.dryRun) {}").length, 1);
    assertEquals(breaches("const { dryRun } = options;").length, 1);
    assertEquals(breaches("const isDryRun = flags['dry-run'];").length, 2);
  });

  it("accepts comments", () => {
    assertEquals(breaches("// what a dry run shows: dryRun\n"), []);
  });
});
