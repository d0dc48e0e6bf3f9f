/**
 * The long fuzz run of the delta engine: `deno task fuzz [--runs=N] [--seed=N]`, or with Bun
 * `bun tests/fuzz/long/delta.ts`. What came of it is written to `tests/fuzz/results/`, one file a runtime.
 *
 * It fails when a mutant crashes the engine, when one takes longer than `MOST_MS`, or when the process needs more memory
 * than `MOST_PEAK_MB`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { arch, platform } from "node:os";
import { join } from "node:path";
import { argv, exit, stdout, version, versions } from "node:process";
import { PROJECT_ROOT } from "../../support/runtimes.ts";
import { runtimeName } from "../../support/test_api.ts";
import { type Fate, type Kind, KINDS, tryMutant } from "../delta_mutations.ts";

/** A mutant of four thousand bytes that takes so long would hang on a larger one. */
const MOST_MS = 5000;
/** A runtime with the engine needs about a third of it. */
const MOST_PEAK_MB = 512;
const SHOW_EVERY = 100_000;

interface Tally {
  readonly kind: Kind;
  readonly mutants: number;
  readonly fates: Readonly<Record<Fate, number>>;
  readonly seconds: number;
  readonly slowestMs: number;
}

function option(name: string, otherwise: number): number {
  const given = argv.find((each) => each.startsWith(`--${name}=`))?.slice(name.length + 3);
  const value = given === undefined ? otherwise : Number(given);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new RangeError(`Cannot fuzz: --${name} must be a whole number, is ${given}`);
}

function fuzz(kind: Kind, firstSeed: number, runs: number): Tally {
  const fates = { refused: 0, read: 0, "too large": 0 };
  const began = performance.now();
  let slowestMs = 0;
  for (let run = 0, last = began; run < runs; run++) {
    fates[tryMutant(kind, firstSeed + run)]++;
    const now = performance.now();
    slowestMs = Math.max(slowestMs, now - last);
    last = now;
    if (slowestMs > MOST_MS) throw new Error(`Mutant ${firstSeed + run} of a ${kind} took ${Math.round(slowestMs)} ms`);
    if ((run + 1) % SHOW_EVERY === 0) stdout.write(`${kind}: ${run + 1} of ${runs}\n`);
  }
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  return { kind, mutants: runs, fates, seconds, slowestMs: Math.round(slowestMs * 10) / 10 };
}

/** Largest memory of this process so far. */
function peakMb(): number {
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  return Math.round(Number(peak) / 1024);
}

function runtimeVersion(): string {
  return versions[runtimeName] ?? version;
}

const seed = option("seed", 1);
const runs = option("runs", 1_000_000);
const tallies = KINDS.map((kind) => fuzz(kind, seed, runs));
const result = {
  date: new Date().toISOString().slice(0, 10),
  runtime: `${runtimeName} ${runtimeVersion()}`,
  platform: `${platform()}-${arch()}`,
  seed,
  peakMb: peakMb(),
  defects: 0, // the first ends the run
  tallies,
};
const file = join(PROJECT_ROOT, "tests", "fuzz", "results", `delta-${runtimeName}.json`);
writeFileSync(file, `${JSON.stringify(result, undefined, 2)}\n`);
stdout.write(`${JSON.stringify(result)}\n`);
if (result.peakMb > MOST_PEAK_MB) {
  stdout.write(`It took ${result.peakMb} MB, more than ${MOST_PEAK_MB}\n`);
  exit(1);
}
