/**
 * How fast the kernels and the matcher are in a core's time, beside a plain read of as much memory in the same run.
 *
 * Where all matches, every byte goes through the weak and the strong sum, so the strong sum is the bound: of the sums of
 * files, BLAKE2b and MD4, neither reaches 3 GB/s by itself. Where nothing matches, a weak sum of 32 bits still promises a
 * block at one window in 130,000, for an old file of 1 GiB, and the strong sum of that block is computed for nothing.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "../../tools/build.ts";
import { compileAssembly } from "../../tools/kernels.ts";
import { PROJECT_ROOT, runtimeExecutable } from "../support/runtimes.ts";
import type { Bench } from "./bench.ts";
import { type Command, run } from "./measure.ts";
import { type CaseResult, FORMS, judged, median, type Row } from "./results.ts";
import type { Forms } from "./runners.ts";

const HERE = join(PROJECT_ROOT, "tests/bench");
const PROGRAM = join(HERE, "match_loop_program.ts");
const READER = "memory_read.asm.ts";
const READ = "memory read";
/** Least speeds in GB/s, by what rows begin with. */
const LEAST: readonly (readonly [string, number])[] = [
  ["match loop, nothing matches", 1],
  ["match loop, all matches, rsync and xxh128", 3],
];

/** Speeds in GB/s by what was done. */
type Speeds = Readonly<Record<string, number>>;

/** Measures the match loop and what it is made of. */
export async function matchLoopCase(bench: Bench): Promise<CaseResult> {
  const source = readFileSync(join(HERE, READER), "utf8");
  const reader = (await compileAssembly(new Map([[READER, source]]), READER)).toBase64();
  const forms = await programForms(bench.stage);
  const rows: Row[] = [];
  for (const form of FORMS) {
    const runs: Speeds[] = [];
    for (let round = 1; round <= bench.rounds; round++) {
      bench.say(`match loop, ${form}: round ${round} of ${bench.rounds}`);
      runs.push(JSON.parse(run([...forms[form], reader])) as Speeds);
    }
    rows.push(...rowsOfSpeeds(form, runs));
  }
  rows.sort((a, b) => order(rows, a) - order(rows, b)); // the forms of one row together
  return { name: "match_loop", table: "kernels", rows, samples: {} };
}

function order(rows: readonly Row[], row: Row): number {
  return rows.findIndex(({ what }) => what === row.what);
}

async function programForms(stage: string): Promise<Forms> {
  const outfile = join(stage, "match_loop");
  await build({ outfile, entries: [PROGRAM] });
  const bun: Command = [runtimeExecutable("bun"), PROGRAM];
  return { binary: [outfile], bun, deno: [runtimeExecutable("deno"), "run", "-A", PROGRAM] };
}

function rowsOfSpeeds(form: Row["form"], runs: readonly Speeds[]): Row[] {
  return Object.keys(runs[0] ?? {}).map((what) => {
    const least = LEAST.find(([start]) => what.startsWith(start))?.[1];
    const read = median(runs.map((speeds) => speeds[READ] ?? 0));
    const ratio = median(runs.map((speeds) => (speeds[what] ?? 0) / (speeds[READ] ?? 0)));
    return judged({
      ...{ what, form, unit: "GB/s" },
      value: median(runs.map((speeds) => speeds[what] ?? 0)),
      rivals: what === READ ? {} : { [READ]: { value: read, ratio } },
      targets: least === undefined ? [] : [{ rival: undefined, least }],
    });
  });
}
