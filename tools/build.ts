/**
 * Builds the standalone binary with Bun: which modules go in, with which options, and where the result goes.
 *
 * The binary must not be influenced by the folder it is started in, so the `bunfig.toml` (whose `preload` runs code
 * before ours) and the `.env` that Bun would load from there are switched off. Modules of worker threads are entry
 * points of their own, since nothing imports them; `workerAddress` of `lib/os/threads.ts` knows where they lie.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { PROJECT_ROOT, runtimeExecutable } from "../tests/support/runtimes.ts";

/** Every platform that Bun builds for, as in `--target=bun-…`. */
export const TARGETS = [
  "linux-x64",
  "linux-x64-baseline",
  "linux-x64-musl",
  "linux-arm64",
  "linux-arm64-musl",
  "darwin-x64",
  "darwin-arm64",
  "windows-x64",
  "windows-arm64",
] as const;

/** Name of a platform. */
export type Target = (typeof TARGETS)[number];

/** The module that the binary runs. */
export const ENTRY = "cli.ts";
/** Modules that worker threads run. */
export const WORKERS: readonly string[] = [
  "tasks/mirror/threads/worker.ts",
  "tasks/delta/worker.ts",
  "tasks/checking/worker.ts",
  "tasks/prune/worker.ts",
];
/** What the binary is made of, and what decides how. */
const INPUTS: readonly string[] = ["cli.ts", "mod.ts", "lib", "tasks", "deno.json", "package.json", "tools/build.ts"];
/** How long a binary of older sources is kept for a test that still runs it. */
const KEPT_MS = 3_600_000;

const FIXED_OPTIONS: readonly string[] = [
  "--compile",
  // Without it, whatever is loaded on demand brings its node: modules in at the start: 7 ms instead of 1 for --version.
  "--splitting",
  "--minify",
  "--bytecode",
  "--format=esm",
  "--no-compile-autoload-dotenv",
  "--no-compile-autoload-bunfig",
];

/** What to build. */
export interface BuildSpec {
  /** Where the binary goes; Bun adds `.exe` for Windows. */
  readonly outfile: string;
  /** Modules, the main one first. @default {the command line and its workers} */
  readonly entries?: readonly string[];
  /** The platform. @default {this one} */
  readonly target?: Target;
}

/** Returns the arguments that build a binary, after `bun`. */
export function buildArguments({ outfile, entries = [ENTRY, ...WORKERS], target }: BuildSpec): string[] {
  const platform = target === undefined ? [] : [`--target=bun-${target}`];
  return ["build", ...FIXED_OPTIONS, ...platform, ...entries, "--outfile", outfile];
}

/**
 * Builds a binary.
 *
 * @throws {Error} with what Bun said when it fails
 */
export async function build(spec: BuildSpec): Promise<void> {
  try {
    await promisify(execFile)(runtimeExecutable("bun"), buildArguments(spec), { cwd: PROJECT_ROOT });
  } catch (cause) {
    const { stderr = "" } = cause as { stderr?: string };
    throw new Error(`Cannot build "${relative(PROJECT_ROOT, spec.outfile)}": ${stderr.trim()}`, { cause });
  }
}

/**
 * Returns the path of a binary of the sources as they are now; builds it when there is none. Processes that ask at the
 * same time may both build, but none sees half a file.
 */
export async function currentBinary(): Promise<string> {
  const folder = join(PROJECT_ROOT, "dist", "cache");
  const binary = join(folder, `undrift-${sourceHash()}`);
  if (existsSync(binary)) return binary;
  mkdirSync(folder, { recursive: true });
  sweep(folder);
  const unfinished = `${binary}-${process.pid}`;
  try {
    await build({ outfile: unfinished });
    renameSync(unfinished, binary);
  } finally {
    rmSync(unfinished, { force: true });
  }
  return binary;
}

/** Removes binaries of sources that are no more. */
function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (Date.now() - statSync(path).mtimeMs > KEPT_MS) rmSync(path, { force: true });
  }
}

/** Returns a hash of everything that the binary is made of. */
export function sourceHash(): string {
  const hash = createHash("sha256");
  for (const path of INPUTS.flatMap((input) => filesBelow(join(PROJECT_ROOT, input)))) {
    hash.update(`${relative(PROJECT_ROOT, path)}\0`).update(readFileSync(path)).update("\0");
  }
  return hash.digest("hex").slice(0, 16);
}

function filesBelow(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).sort().flatMap((name) => filesBelow(join(path, name)));
}
