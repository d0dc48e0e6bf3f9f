/**
 * A second manifest with a catalog, after a hundredth of the files was changed, beside the first one, which reads
 * everything. In the warm-up sha256sum has to agree with the second.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Bench } from "./bench.ts";
import { type Command, measure, run } from "./measure.ts";
import { type CaseResult, FORMS, type Row, rowsOf, type Sample, type Samples } from "./results.ts";

const MEBIBYTES = 2048;
const MEBIBYTE = 1 << 20;
/** What was changed just now is read again the next time, too. */
const SETTLING_MS = 200;
const TARGET = { rival: "first manifest", most: 0.1 } as const;

/** Measures reading only what changed. */
export function catalogCase(bench: Bench): CaseResult {
  const files = Math.floor(MEBIBYTES / bench.shrink);
  const folder = join(bench.stage, "catalog");
  mkdirSync(join(folder, "tree"), { recursive: true });
  bench.say("making the tree of the case catalog");
  const script = 'cd "$1" && head -c "$2" /dev/urandom | split -a 4 -b 1M - file-';
  run(["sh", "-ec", script, "sh", join(folder, "tree"), `${files * MEBIBYTE}`]);
  const what = `manifest again, 1 % of ${files} MiB changed`;
  const samples: Record<string, Samples> = {};
  const rows: Row[] = [];
  for (const form of FORMS) {
    const taken = takeTurns(bench, `${what}, ${form}`, folder, bench.forms[form]);
    samples[`${what}, ${form}`] = { [form]: taken.second, "first manifest": taken.first };
    rows.push(...rowsOf(what, samples[`${what}, ${form}`]!, "wall", { [form]: [TARGET] }));
  }
  rmSync(folder, { recursive: true });
  return { name: "catalog", table: "time", rows, samples };
}

function takeTurns(bench: Bench, what: string, folder: string, form: Command): { first: Sample[]; second: Sample[] } {
  const at = (name: string) => join(folder, name);
  const command = [...form, "manifest", "--catalog", at("known"), at("tree"), at("sums")];
  const taken = { first: [] as Sample[], second: [] as Sample[] };
  for (let round = 0; round <= bench.rounds; round++) {
    bench.say(`${what}: ${round === 0 ? "warm-up" : `round ${round} of ${bench.rounds}`}`);
    for (const end of ["", "-wal", "-shm"]) rmSync(at(`known${end}`), { force: true });
    const first = measure(command, folder);
    changeSome(at("tree"), round);
    settle();
    const second = measure(command, folder);
    if (round === 0) {
      run(["sh", "-ec", 'cd "$1" && sha256sum --check --strict --quiet "$2"', "sh", at("tree"), at("sums")]);
    } else {
      taken.first.push(first);
      taken.second.push(second);
    }
  }
  return taken;
}

/** Writes every hundredth file anew. */
function changeSome(tree: string, round: number): void {
  const names = run(["ls", tree]).trim().split("\n");
  for (let at = round % 100; at < names.length; at += 100) {
    writeFileSync(join(tree, names[at]!), new Uint8Array(MEBIBYTE).fill(round + 1));
  }
}

function settle(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SETTLING_MS);
}
