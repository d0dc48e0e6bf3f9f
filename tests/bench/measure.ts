/**
 * Runs a command to its end and measures it.
 *
 * Processor time and memory come from `/usr/bin/time`: it is so small that the memory a process inherits from it at its
 * start does not count. The time of the run is taken here, since `time` tells it in hundredths of a second.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { PROJECT_ROOT } from "../support/runtimes.ts";
import type { Sample } from "./results.ts";

const TIME = "/usr/bin/time";
const KIBIBYTES_PER_MEGABYTE = 1e6 / 1024;

/** A program and its arguments. */
export type Command = readonly string[];

/** Complains when the machine lacks what is needed to measure. */
export function requireTime(): void {
  if (!existsSync(TIME)) throw new Error(`Cannot measure: ${TIME} is not there, install the package "time"`);
}

/**
 * Runs a command and measures it.
 *
 * @throws {Error} when it fails
 */
export function measure(command: Command, folder: string): Sample {
  const log = join(folder, "time.txt");
  const started = performance.now();
  run([TIME, "-f", "%U %S %M", "-o", log, ...command]);
  const wallMs = performance.now() - started;
  const [user = 0, system = 0, peak = 0] = readFileSync(log, "utf8").trim().split(" ").map(Number);
  return { wallMs, cpuMs: Math.round((user + system) * 1000), peakMb: peak / KIBIBYTES_PER_MEGABYTE };
}

/** Measures only the time of a command that is over in milliseconds. */
export function measureShort(command: Command): Sample {
  const started = performance.now();
  run(command);
  return { wallMs: performance.now() - started, cpuMs: 0, peakMb: 0 };
}

/**
 * Runs a command and returns what it wrote to stdout.
 *
 * @throws {Error} with what it wrote to stderr when it fails
 */
export function run([program = "", ...args]: Command): string {
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    cwd: PROJECT_ROOT,
    env: { ...process.env, LC_ALL: "C", NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status === 0) return stdout;
  throw new Error(`Cannot run "${program} ${args.join(" ")}": ${error?.message ?? `exit ${status}: ${stderr}`}`);
}
