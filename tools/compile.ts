/**
 * Makes standalone binaries in `dist/`.
 *
 *     deno task compile         dist/undrift for this machine
 *     deno task compile:all     dist/undrift-<platform> for every platform that Bun knows, or for those that are named
 *     deno task compile:deno    dist/undrift-deno with `deno compile`
 *
 * Bun fetches what it needs for other platforms from the npm registry. `deno compile` needs its runtime from Deno's own
 * download host, or the path of one in `DENORT_BIN`.
 */
import { execFile } from "node:child_process";
import { mkdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { PROJECT_ROOT, runtimeExecutable } from "../tests/support/runtimes.ts";
import { build, ENTRY, type Target, TARGETS, WORKERS } from "./build.ts";

const DIST = join(PROJECT_ROOT, "dist");
/** What the command line may ask of Deno; `deno compile` fixes permissions at build time. */
const DENO_PERMISSIONS = ["--allow-read", "--allow-write", "--allow-ffi", "--allow-env", "--allow-sys", "--allow-run"];
const MEGABYTE = 1e6;

/** Makes what the arguments ask for; returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  mkdirSync(DIST, { recursive: true });
  if (args.includes("--deno")) return await compileWithDeno();
  const names = args.filter((arg) => !arg.startsWith("--"));
  const unknown = names.filter((name) => !(TARGETS as readonly string[]).includes(name));
  if (unknown.length > 0) {
    console.error(`Cannot build for "${unknown[0]}": the platforms are ${TARGETS.join(", ")}`);
    return 2;
  }
  if (!args.includes("--all") && names.length === 0) {
    await makeOne(join(DIST, "undrift"));
    return 0;
  }
  for (const target of names.length > 0 ? names as Target[] : TARGETS) {
    await makeOne(join(DIST, `undrift-${target}`), target);
  }
  return 0;
}

async function makeOne(outfile: string, target?: Target): Promise<void> {
  await build(target === undefined ? { outfile } : { outfile, target });
  const made = target?.startsWith("windows") ? `${outfile}.exe` : outfile;
  const size = (statSync(made).size / MEGABYTE).toFixed(1);
  console.log(`${relative(PROJECT_ROOT, made)}  ${size} MB`);
}

async function compileWithDeno(): Promise<number> {
  const outfile = join(DIST, "undrift-deno");
  const includes = WORKERS.flatMap((worker) => ["--include", worker]);
  const args = ["compile", ...DENO_PERMISSIONS, ...includes, "--output", outfile, ENTRY];
  try {
    await promisify(execFile)(runtimeExecutable("deno"), args, { cwd: PROJECT_ROOT });
  } catch (cause) {
    const { stderr = "" } = cause as { stderr?: string };
    console.error(explainDenoFailure(stderr));
    return 1;
  }
  console.log(relative(PROJECT_ROOT, outfile));
  return 0;
}

/** Returns what to tell when `deno compile` failed with the given output. */
function explainDenoFailure(stderr: string): string {
  const lines = stderr.trim().split("\n").map((line) => `  ${line}`).join("\n");
  if (!/download|denort|dl\.deno\.land/i.test(stderr)) return `Cannot compile with Deno:\n${lines}`;
  return `Cannot compile with Deno: its runtime (denort) cannot be downloaded\n${lines}\n` +
    "hint: allow connections to dl.deno.land, or set DENORT_BIN to a denort of this version,\n" +
    'hint: or use "deno task compile", which needs nothing but the npm registry';
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
