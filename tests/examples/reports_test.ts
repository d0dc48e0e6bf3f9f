/**
 * The examples that report, and the workflow that uses them: its steps are taken from the file and run one by one, in a
 * folder that looks like the workspace of a runner.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { env } from "node:process";
import { parse } from "deno-std/yaml/parse.js";
import { parseJunit } from "../support/junit.ts";
import { PROJECT_ROOT, runtimeExecutable } from "../support/runtimes.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary_folder.ts";
import {
  afterEach,
  assertEquals,
  assertMatch,
  assertStringIncludes,
  beforeEach,
  describe,
  it,
} from "../support/test_api.ts";

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
}

interface Workflow {
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

const WORKFLOW = parse(readFileSync(join(PROJECT_ROOT, "examples", "workflow.yml"), "utf8")) as Workflow;

/** What a workspace needs of the project. */
const PROJECT = ["examples", "lib", "tasks", "mod.ts", "deno.json", "package.json", "tsconfig.json", "node_modules"];

let workspace: TemporaryFolder;
const at = (name: string) => join(workspace.path, name);
const read = (name: string) => readFileSync(at(name), "utf8");

beforeEach(() => {
  workspace = temporaryFolder();
  for (const name of PROJECT) symlinkSync(join(PROJECT_ROOT, name), at(name));
  for (const folder of ["dist", "site", "bin"]) mkdirSync(at(folder));
  symlinkSync(runtimeExecutable("deno"), at("bin/deno"));
  writeFileSync(at("dist/index.html"), "<h1>new</h1>");
  writeFileSync(at("dist/a|b`::error::%0A.txt"), "hostile");
  writeFileSync(at("site/gone.html"), "old");
});
afterEach(() => workspace.remove());

/** Runs a step as the runner does: by bash, which stops at the first failure. */
function runStep(run: string): { readonly code: number | null; readonly out: string } {
  const { status, stdout, stderr } = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", run], {
    cwd: workspace.path,
    encoding: "utf8",
    env: {
      ...env,
      ...WORKFLOW.env,
      NO_COLOR: "1",
      PATH: [at("bin"), env["PATH"]].join(delimiter),
      GITHUB_ACTIONS: "true",
      GITHUB_STEP_SUMMARY: at("summary.md"),
      GITHUB_OUTPUT: at("output"),
    },
  });
  return { code: status, out: `${stdout}${stderr}` };
}

function stepsOf(job: string): string[] {
  return WORKFLOW.jobs[job]!.steps.flatMap(({ run }) => run === undefined ? [] : [run]);
}

describe("examples/workflow.yml", () => {
  it("puts no expression into a script, where it could be more than text", () => {
    for (const job of Object.keys(WORKFLOW.jobs)) {
      assertEquals(stepsOf(job).filter((run) => run.includes("${{")), []);
      assertEquals(stepsOf(job).length > 0, true);
    }
  });

  it("plans, reports, and applies exactly what was looked at", () => {
    const [plan, report] = stepsOf("plan").map(runStep);
    assertEquals([plan!.code, report!.code], [0, 0], `${plan!.out}${report!.out}`);
    assertMatch(plan!.out, /delete .* gone\.html\n/);
    assertEquals(existsSync(at("site/index.html")), false);
    assertStringIncludes(read("review/plan.html"), "<!doctype html>");
    assertStringIncludes(read("review/plan.md"), "Delete: 1");
    assertStringIncludes(report!.out, "::warning title=undrift mirror%3A delete::gone.html (");
    assertEquals(report!.out.match(/^::error/gm), null);
    assertMatch(read("output"), /^changes<<(\S+)\ntrue\n\1$/m);
    assertStringIncludes(read("summary.md"), "### undrift mirror: planned");
    assertEquals(parseJunit(read("review/junit.xml")).length >= 3, true);

    const [apply] = stepsOf("deploy").map(runStep);
    assertEquals(apply!.code, 0, apply!.out);
    assertEquals([read("site/index.html"), existsSync(at("site/gone.html"))], ["<h1>new</h1>", false]);
    assertStringIncludes(read("summary.md"), "### undrift mirror: done");
  });

  it("stops before it changes anything when a side has moved since", () => {
    runStep(stepsOf("plan")[0]!);
    writeFileSync(at("dist/index.html"), "<h1>newer</h1>");
    const apply = runStep(stepsOf("deploy")[0]!);
    assertEquals(apply.code, 5, apply.out);
    assertStringIncludes(apply.out, "index.html");
    assertEquals([existsSync(at("site/index.html")), existsSync(at("site/gone.html"))], [false, true]);
  });
});

describe("examples/ci_report.ts", () => {
  it("fails for a plan that would be refused", () => {
    for (let at = 0; at < 120; at++) writeFileSync(join(workspace.path, "site", `old-${at}`), "");
    const [plan, report] = stepsOf("plan").map(runStep);
    assertEquals([plan!.code, report!.code], [0, 1], report!.out);
    assertMatch(report!.out, /^::error title=undrift mirror%3A would be refused::Cannot delete 121 of /m);
  });
});

describe("examples/review_then_apply.ts", () => {
  it("says how it is used", () => {
    const { code, out } = runStep("deno run $FLAGS examples/review_then_apply.ts");
    assertEquals(code, 1);
    assertMatch(out, /^usage: Cannot tell what to do/);
  });
});
