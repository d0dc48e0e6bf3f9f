/**
 * Measures Undrift against rsync, cp and rdiff: `deno task bench [--quick] [--keep] [--rounds=N] [--dir=FOLDER] [case …]`.
 *
 * Everybody works on the same tree in one run, in turn, round after round; the first round is a warm-up in which every
 * result is checked. A full run writes `results/<date>-<machine>.json` and `.md`; the table of the README comes from
 * there (`readme_table.ts`). A run of some cases writes nothing, or with `--keep` puts them in the place of those that
 * were measured on the same day. A quick run takes a tenth of the sizes and writes nothing. No time is asserted.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { PROJECT_ROOT } from "../support/runtimes.ts";
import type { Case } from "./bench.ts";
import { CASES } from "./cases.ts";
import { describeMachine, type Machine, machineKind, machineLine } from "./machine.ts";
import { requireTime } from "./measure.ts";
import type { CaseResult } from "./results.ts";
import { undriftForms } from "./runners.ts";
import { renderTables, wrapped } from "./table.ts";
import { makeStage, removeStage } from "./trees.ts";

/** What a run leaves in a file. */
export interface BenchRun {
  /** Day of the run, as in ISO 8601. */
  readonly date: string;
  /** Where it ran. */
  readonly machine: Machine;
  /** Counted rounds. */
  readonly rounds: number;
  /** What came out. */
  readonly results: readonly CaseResult[];
}

/** Where results are kept. */
export const RESULTS = join(PROJECT_ROOT, "tests", "bench", "results");

const ROUNDS = 5;
const QUICK_ROUNDS = 3;
const QUICK_SHRINK = 10;

interface Arguments {
  readonly quick: boolean;
  readonly keep: boolean;
  readonly rounds: number;
  readonly folder: string;
  readonly cases: readonly (readonly [string, Case])[];
}

function parseArguments(args: readonly string[]): Arguments {
  const valueOf = (option: string) => args.find((arg) => arg.startsWith(`--${option}=`))?.slice(option.length + 3);
  const quick = args.includes("--quick");
  const named = args.filter((arg) => !arg.startsWith("--"));
  const unknown = named.find((name) => CASES[name] === undefined);
  if (unknown !== undefined) {
    throw new RangeError(`Cannot run case "${unknown}": the cases are ${Object.keys(CASES).join(", ")}`);
  }
  return {
    quick,
    keep: !quick && (named.length === 0 || args.includes("--keep")),
    rounds: Number(valueOf("rounds") ?? (quick ? QUICK_ROUNDS : ROUNDS)),
    folder: valueOf("dir") ?? (existsSync("/dev/shm") ? "/dev/shm" : tmpdir()),
    cases: Object.entries(CASES).filter(([name]) => named.length === 0 || named.includes(name)),
  };
}

async function runCases({ quick, rounds, folder, cases }: Arguments): Promise<BenchRun> {
  requireTime();
  const forms = await undriftForms();
  const stage = makeStage(folder);
  const forget = () => {
    removeStage(stage);
    process.exit(130);
  };
  process.once("SIGINT", forget);
  try {
    const machine = describeMachine(stage);
    const results: CaseResult[] = [];
    for (const [, each] of cases) {
      results.push(await each({ stage, forms, shrink: quick ? QUICK_SHRINK : 1, rounds, say: console.error }));
    }
    return { date: new Date().toISOString().slice(0, 10), machine, rounds, results };
  } finally {
    process.off("SIGINT", forget);
    removeStage(stage);
  }
}

/** Returns a run as a page. */
function renderRun(run: BenchRun): string {
  const how = `Medians of ${run.rounds} rounds after a warm-up. Ratios are medians of the ratios within a round.
    Memory is the peak of the largest process.`;
  const parts = [`# Benchmarks of ${run.date}`, wrapped(`${machineLine(run.machine)}.`), wrapped(how)];
  return `${[...parts, renderTables(run.results)].join("\n\n")}\n`;
}

function keep(measured: BenchRun): void {
  mkdirSync(RESULTS, { recursive: true });
  const path = join(RESULTS, `${measured.date}-${machineKind(measured.machine)}`);
  const run = { ...measured, results: withOthers(measured.results, `${path}.json`) };
  writeFileSync(`${path}.json`, `${JSON.stringify(run, rounded, 2)}\n`);
  writeFileSync(`${path}.md`, renderRun(run));
}

/** The cases of a run, and those that were measured before on that day, in their usual order. */
function withOthers(measured: readonly CaseResult[], file: string): CaseResult[] {
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as BenchRun).results : [];
  const byName = new Map([...kept, ...measured].map((result) => [result.name, result]));
  return Object.keys(CASES).map((name) => byName.get(name)).filter((result) => result !== undefined);
}

/** Thousandths are more than any of these numbers mean. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === "number" ? Math.round(value * 1000) / 1000 : value;
}

if (import.meta.main) {
  const args = parseArguments(process.argv.slice(2));
  const run = await runCases(args);
  console.log(`\n${renderRun(run)}`);
  if (args.keep) keep(run);
}
