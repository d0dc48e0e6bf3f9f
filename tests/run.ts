/**
 * Runs the whole suite under Deno and under Bun: `deno task test [deno|bun] [--jobs=N] [part of a path ...]`.
 *
 * Each file runs in a process of its own, so that a crash in native code costs one file and is told with its name, and
 * so that files under Bun, which would share one process, stay apart. As many run at once as half the cores: tests
 * that race, kill and measure want the machine they were written for. The last line is `N passed, N failed`.
 */
import { join, relative } from "node:path";
import { walk } from "@std/fs";
import { setUp } from "./setup.ts";
import { isSkipAllowed, type SkipConditions } from "./skips/allowed.ts";
import { parseJunit, type TestResult } from "./support/junit.ts";
import { PROJECT_ROOT, type Runtime, runtimeEnvironment, runtimeExecutable, RUNTIMES } from "./support/runtimes.ts";
import { addTallies, exitCodeOf, type FileRun, summaryLine, type Tally, tallyFile } from "./support/tally.ts";

/** A test may take two minutes, a file ten. */
const TEST_TIMEOUT_MS = 120_000;
const FILE_TIMEOUT_MS = 600_000;

interface Arguments {
  readonly runtimes: readonly Runtime[];
  readonly filters: readonly string[];
  readonly jobs: number;
}

function parseArguments(args: readonly string[]): Arguments {
  const isRuntime = (arg: string): arg is Runtime => (RUNTIMES as readonly string[]).includes(arg);
  const named = args.filter(isRuntime);
  const jobs = args.map((arg) => /^--jobs=([1-9]\d*)$/.exec(arg)?.[1]).find((value) => value !== undefined);
  const filters = args.filter((arg) => !isRuntime(arg) && !arg.startsWith("--"));
  return {
    runtimes: named.length > 0 ? named : RUNTIMES,
    filters,
    jobs: jobs === undefined ? Math.max(1, Math.floor(navigator.hardwareConcurrency / 2)) : Number(jobs),
  };
}

/** Returns the test files, in order. Benchmarks and long fuzzing have commands of their own. */
async function findTestFiles(filters: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  const skip = [/\/tests\/bench\//, /\/tests\/fuzz\/long\//, /\/tests\/data\//];
  for await (const { path } of walk(join(PROJECT_ROOT, "tests"), { includeDirs: false, match: [/_test\.ts$/], skip })) {
    files.push(relative(PROJECT_ROOT, path));
  }
  return files.sort().filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)));
}

function testCommand(runtime: Runtime, file: string, junit: string): string[] {
  return runtime === "deno"
    ? ["test", "-A", "--no-check", "--quiet", `--junit-path=${junit}`, file]
    : ["test", `--timeout=${TEST_TIMEOUT_MS}`, "--reporter=junit", `--reporter-outfile=${junit}`, `./${file}`];
}

async function runFile(runtime: Runtime, file: string, folder: string): Promise<FileRun> {
  const junit = join(folder, `${runtime}-${file.replaceAll("/", "-")}.xml`);
  const timeout = AbortSignal.timeout(FILE_TIMEOUT_MS);
  const command = new Deno.Command(runtimeExecutable(runtime), {
    args: testCommand(runtime, file, junit),
    cwd: PROJECT_ROOT,
    env: { NO_COLOR: "1", ...runtimeEnvironment() },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal: timeout,
  });
  const { code, stdout, stderr } = await command.output();
  const output = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  return { runtime, file, exitCode: code, timedOut: timeout.aborted, results: await readResults(junit), output };
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
  const { runtimes, filters, jobs } = parseArguments(args);
  const { missing, problems } = await setUp(Deno.env.get("CI") === "true");
  const files = await findTestFiles(filters);
  const folder = await Deno.makeTempDir({ prefix: "undrift-tests-" });
  const machine = { platform: Deno.build.os, root: Deno.uid() === 0, missing };
  const tallies: Tally[] = [{
    passed: 0,
    skipped: 0,
    failures: problems.map((detail) => ({ title: "set-up", detail })),
  }];
  for (const runtime of runtimes) tallies.push(await runRuntime(files, { ...machine, runtime }, { jobs, folder }));
  await Deno.remove(folder, { recursive: true });
  const total = addTallies(tallies);
  for (const { title, detail } of total.failures) console.log(`\nFAILED ${title}\n${detail.trimEnd()}`);
  if (total.failures.length > 0) console.log("");
  console.log(summaryLine(total));
  return exitCodeOf(total);
}

if (import.meta.main) Deno.exit(await main(Deno.args));
