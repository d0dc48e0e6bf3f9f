/**
 * One large file of which a hundred blocks have changed, brought up to date in place, beside rsync's way to do so. What
 * counts is that both read both files once; rsync also sums them.
 */
import { closeSync, openSync, utimesSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Bench } from "./bench.ts";
import { type Command, measure } from "./measure.ts";
import { type CaseResult, FORMS, rowsOf, type Runner, type Sample, type Target } from "./results.ts";
import { mirrorCommand, rsyncCommand } from "./runners.ts";
import { fillDestination, makeLargePair, type Pair, removeDestination, requireEqual } from "./trees.ts";

const MEBIBYTES = 4096;
const MEBIBYTE = 2 ** 20;
const BLOCK = 4096;
const CHANGED_BLOCKS = 100;
/** Numbers that spread evenly over the file: the golden ratio of 2^32. */
const SPREAD = 2_654_435_761;

/** Measures updates in place. */
export function inplaceCase(bench: Bench): CaseResult {
  const mebibytes = Math.floor(MEBIBYTES / bench.shrink);
  const pair = makeLargePair(bench.stage, "inplace", mebibytes);
  fillDestination(pair);
  const what = `${CHANGED_BLOCKS} blocks of ${mebibytes} MiB changed, --inplace`;
  const commands: [Runner, Command][] = FORMS.map((form) => [
    form,
    mirrorCommand(bench.forms[form], pair.source, pair.destination, ["--inplace"]),
  ]);
  commands.push(["rsync", rsyncCommand(pair.source, pair.destination, ["--inplace", "--no-whole-file"])]);
  const samples = new Map<Runner, Sample[]>();
  for (let round = 0; round <= bench.rounds; round++) {
    bench.say(`${what}: ${round === 0 ? "warm-up" : `round ${round} of ${bench.rounds}`}`);
    for (const [runner, command] of commands) {
      changeBlocks(pair, mebibytes * MEBIBYTE, round);
      const sample = measure(command, pair.folder);
      if (round === 0) requireEqual(pair, runner);
      else samples.set(runner, [...samples.get(runner) ?? [], sample]);
    }
  }
  removeDestination({ ...pair, destination: pair.folder });
  const target: Target = { rival: "rsync", most: 0.4 };
  const taken = Object.fromEntries(samples);
  const rows = rowsOf(what, taken, "wall", { binary: [target], bun: [target], deno: [target] });
  return { name: "inplace", table: "delta", rows, samples: { [what]: taken } };
}

/** Gives some blocks of the destination other bytes, and the file another time. */
function changeBlocks({ destination }: Pair, size: number, round: number): void {
  const path = join(destination, "large.bin");
  const file = openSync(path, "r+");
  const blocks = size / BLOCK;
  for (let at = 0; at < CHANGED_BLOCKS; at++) {
    const block = ((at + 1) * SPREAD + round) % blocks;
    writeSync(file, new Uint8Array(BLOCK).fill(at), 0, BLOCK, block * BLOCK);
  }
  closeSync(file);
  utimesSync(path, 1_000_000_000 + round, 1_000_000_000);
}
