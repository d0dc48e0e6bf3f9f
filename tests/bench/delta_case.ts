/**
 * Signatures, deltas and patches beside those of `rdiff`: a file of random bytes, one with a hundredth of it edited, and
 * one that has nothing in common with it. What Undrift writes is checked by rdiff in the warm-up.
 */
import { closeSync, copyFileSync, mkdirSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Bench } from "./bench.ts";
import { type Command, measure, run } from "./measure.ts";
import {
  type CaseResult,
  FORMS,
  type Row,
  rowsOf,
  type Runner,
  type Sample,
  type Samples,
  type Target,
} from "./results.ts";

const MEBIBYTES = 1024;
const MEBIBYTE = 2 ** 20;
const EDIT_BYTES = 1000;
/** Edits of that many bytes change a hundredth of a GiB. */
const EDITS_PER_MEBIBYTE = 10;

/** One kind of work: what of Undrift and what of rdiff does it, and how much less time it is to take. */
interface Work {
  readonly what: string;
  readonly ours: Command;
  readonly theirs: Command;
  readonly output: string;
  /** Checks the output of Undrift. */
  readonly check: () => void;
  readonly most: number;
}

/** Measures all kinds of work. */
export function deltaCase(bench: Bench): CaseResult {
  const mebibytes = Math.floor(MEBIBYTES / bench.shrink);
  const folder = join(bench.stage, "delta");
  mkdirSync(folder, { recursive: true });
  bench.say("making the files of the case delta");
  makeFiles(folder, mebibytes);
  const rows: Row[] = [];
  const samples: Record<string, Samples> = {};
  for (const work of works(folder, mebibytes)) {
    const taken = takeTurns(bench, folder, work);
    const target: Target = { rival: "rdiff", most: work.most };
    samples[work.what] = taken;
    rows.push(...rowsOf(work.what, taken, "wall", { binary: [target], bun: [target], deno: [target] }));
  }
  rmSync(folder, { recursive: true });
  return { name: "delta", table: "delta", rows, samples };
}

function works(folder: string, mebibytes: number): Work[] {
  const at = (name: string) => join(folder, name);
  const same = (a: string, b: string) => () => void run(["cmp", at(a), at(b)]);
  const patches = (delta: string, fresh: string) => () => {
    run(["rdiff", "--force", "patch", at("old"), at(delta), at("patched")]);
    same("patched", fresh)();
    rmSync(at("patched"));
  };
  const work = (what: string, most: number, output: string, args: Command, check: () => void): Work => {
    const full = [...args, at(output)];
    const whole = `${what}, ${mebibytes} MiB`;
    return { what: whole, most, output: at(output), ours: full, theirs: ["rdiff", "--force", ...full], check };
  };
  run(["rdiff", "--force", "signature", at("old"), at("signature")]);
  run(["rdiff", "--force", "delta", at("signature"), at("edited"), at("changes")]);
  return [
    work("signature", 0.33, "sums", ["signature", at("old")], same("sums", "signature")),
    work("delta, 1 % edited", 0.33, "delta", ["delta", at("signature"), at("edited")], patches("delta", "edited")),
    work("delta, all different", 0.5, "delta", ["delta", at("signature"), at("other")], patches("delta", "other")),
    work("patch", 1, "patched", ["patch", at("old"), at("changes")], same("patched", "edited")),
  ];
}

/** Runs everybody in turn, round after round; the first is a warm-up in which outputs are checked. */
function takeTurns(bench: Bench, folder: string, work: Work): Samples {
  const samples = new Map<Runner, Sample[]>();
  for (let round = 0; round <= bench.rounds; round++) {
    bench.say(`${work.what}: ${round === 0 ? "warm-up" : `round ${round} of ${bench.rounds}`}`);
    for (const runner of [...FORMS, "rdiff"] as const) {
      rmSync(work.output, { force: true });
      const sample = measure(runner === "rdiff" ? work.theirs : [...bench.forms[runner], ...work.ours], folder);
      if (round === 0) work.check();
      else samples.set(runner, [...samples.get(runner) ?? [], sample]);
    }
  }
  rmSync(work.output, { force: true });
  return Object.fromEntries(samples);
}

/** Makes `old`, `edited` (a hundredth of it changed) and `other` of random bytes, in a folder. */
export function makeFiles(folder: string, mebibytes: number): void {
  const at = (name: string) => join(folder, name);
  for (const name of ["old", "other"]) run(["dd", "if=/dev/urandom", `of=${at(name)}`, "bs=1M", `count=${mebibytes}`]);
  copyFileSync(at("old"), at("edited"));
  const edited = openSync(at("edited"), "r+");
  const noise = openSync(at("other"), "r");
  const bytes = new Uint8Array(EDIT_BYTES);
  const edits = mebibytes * EDITS_PER_MEBIBYTE;
  for (let edit = 0; edit < edits; edit++) {
    readSync(noise, bytes, 0, EDIT_BYTES, edit * EDIT_BYTES);
    const word = new DataView(bytes.buffer).getUint32(0); // random, and the same for everybody
    writeSync(edited, bytes, 0, EDIT_BYTES, word % (mebibytes * MEBIBYTE - EDIT_BYTES));
  }
  closeSync(edited);
  closeSync(noise);
}
