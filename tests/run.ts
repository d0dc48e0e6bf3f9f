/**
 * Runs the whole suite under Deno and under Bun: `deno task test [deno|bun] [part of a path ...]`.
 *
 * Each file runs in a process of its own, so that a crash in native code costs one file and is told with its name, and
 * so that files under Bun, which would share one process, stay apart. As many run at once as half the cores: tests
 * that race, kill and measure want the machine they were written for; `--jobs=N` says otherwise. `--tests=FOLDER`
 * runs another folder's tests. The last line is `N passed, N failed`.
 */
import { join, relative } from "node:path";
import { walk } from "@std/fs";
import { setUp } from "./setup.ts";
import { isSkipAllowed, type SkipConditions } from "./skips/allowed.ts";
import { parseJunit, type TestResult } from "./support/junit.ts";
import { killAllProcesses, runProcess } from "./support/run_process.ts";
import { PROJECT_ROOT, type Runtime, runtimeEnvironment, runtimeExecutable, RUNTIMES } from "./support/runtimes.ts";
import { TEST_TIMEOUT_MS } from "./support/test_api.ts";
import { addTallies, exitCodeOf, type FileRun, summaryLine, type Tally, tallyFile } from "./support/tally.ts";

/** How long a file may take. */
const FILE_TIMEOUT_MS = 600_000;

interface Arguments {
  readonly runtimes: readonly Runtime[];
  readonly filters: readonly string[];
  readonly jobs: number;
  readonly folder: string;
}

function parseArguments(args: readonly string[]): Arguments {
  const isRuntime = (arg: string): arg is Runtime => (RUNTIMES as readonly string[]).includes(arg);
  const named = args.filter(isRuntime);
  const valueOf = (option: string) => args.find((arg) => arg.startsWith(`--${option}=`))?.slice(option.length + 3);
  const filters = args.filter((arg) => !isRuntime(arg) && !arg.startsWith("--"));
  return {
    runtimes: named.length > 0 ? named : RUNTIMES,
    filters,
    jobs: Math.max(1, Math.floor(Number(valueOf("jobs") ?? navigator.hardwareConcurrency / 2))),
    folder: valueOf("tests") ?? "tests",
  };
}

/** Below the folder of tests: benchmarks and long fuzzing have commands of their own, data is for tests to read. */
const NOT_TESTS_REGEXP = /^(?:bench|fuzz\/long|data)\//;

/** Returns the paths of the test files below a folder of the project, in order. */
async function findTestFiles({ folder, filters }: Arguments): Promise<string[]> {
  const root = join(PROJECT_ROOT, folder);
  const files: string[] = [];
  for await (const { path } of walk(root, { includeDirs: false, match: [/_test\.ts$/] })) {
    if (!NOT_TESTS_REGEXP.test(relative(root, path))) files.push(relative(PROJECT_ROOT, path));
  }
  return files.sort().filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)));
}

function testCommand(runtime: Runtime, file: string, junit: string): string[] {
  return runtime === "deno"
    ? ["test", "-A", "--no-check", `--junit-path=${junit}`, file]
    : ["test", `--timeout=${TEST_TIMEOUT_MS}`, "--reporter=junit", `--reporter-outfile=${junit}`, `./${file}`];
}

async function runFile(runtime: Runtime, file: string, folder: string): Promise<FileRun> {
  const junit = join(folder, `${runtime}-${file.replaceAll("/", "-")}.xml`);
  const ended = await runProcess({
    command: [runtimeExecutable(runtime), ...testCommand(runtime, file, junit)],
    cwd: PROJECT_ROOT,
    env: { ...Deno.env.toObject(), NO_COLOR: "1", ...runtimeEnvironment() },
    log: `${junit}.log`,
    timeoutMs: FILE_TIMEOUT_MS,
  });
  return { runtime, file, ...ended, results: await readResults(junit) };
}

async function readResults(junit: string): Promise<TestResult[]> {
  try {
    return parseJunit(await Deno.readTextFile(junit));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return []; // the process ended before it could write
    throw error;
  }
}

/** Runs files under one runtime, `jobs` at a time, and prints a line for each and one for all. */
async function runRuntime(
  files: readonly string[],
  conditions: SkipConditions,
  { jobs, folder }: { readonly jobs: number; readonly folder: string },
): Promise<Tally> {
  const { runtime } = conditions;
  const queue = files.values();
  const tallies: Tally[] = [];
  const worker = async () => {
    for (const file of queue) {
      const started = performance.now();
      const tally = tallyFile(await runFile(runtime, file, folder), (name) => isSkipAllowed(name, conditions));
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(`${runtime} ${file}: ${summaryLine(tally)} (${seconds} s)`);
      tallies.push(tally);
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  const total = addTallies(tallies);
  console.log(`${runtime}: ${summaryLine(total)}`);
  return total;
}

async function main(args: readonly string[]): Promise<number> {
  const given = parseArguments(args);
  const { missing, problems } = await setUp(Deno.env.get("CI") === "true");
  const files = await findTestFiles(given);
  const folder = await Deno.makeTempDir({ prefix: "undrift-tests-" });
  const machine = { platform: Deno.build.os, root: Deno.uid() === 0, missing };
  const tallies: Tally[] = [{
    passed: 0,
    skipped: 0,
    failures: problems.map((detail) => ({ title: "set-up", detail })),
  }];
  for (const runtime of given.runtimes) {
    tallies.push(await runRuntime(files, { ...machine, runtime }, { jobs: given.jobs, folder }));
  }
  await Deno.remove(folder, { recursive: true });
  const total = addTallies(tallies);
  for (const { title, detail } of total.failures) console.log(`\nFAILED ${title}\n${detail.trimEnd()}`);
  if (total.failures.length > 0) console.log("");
  console.log(summaryLine(total));
  return exitCodeOf(total);
}

if (import.meta.main) {
  Deno.addSignalListener("SIGINT", () => {
    killAllProcesses();
    Deno.exit(130);
  });
  Deno.exit(await main(Deno.args));
}
