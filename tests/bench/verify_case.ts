/**
 * Reading whole trees: `undrift verify` beside `rsync -anc`, and `undrift manifest` beside `sha256sum` on two processes.
 * In the warm-up a changed byte has to be found, and sha256sum has to agree with the manifest.
 */
import { closeSync, openSync, rmSync, utimesSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Bench } from "./bench.ts";
import { type Command, measure, run } from "./measure.ts";
import { type CaseResult, FORMS, type Rival, rowsOf, type Runner, type Sample, type Samples } from "./results.ts";
import { fillDestination, makeLargePair, type Pair } from "./trees.ts";

const MEBIBYTES = 2048;

/** Measures comparing two trees that are the same, by content. */
export function verifyCase(bench: Bench): CaseResult {
  const pair = makeReadPair(bench, "verify");
  fillDestination(pair);
  const { source, destination } = pair;
  const what = `verify by content, ${Math.floor(MEBIBYTES / bench.shrink)} MiB`;
  const theirs = ["rsync", "-anc", `${source}/`, `${destination}/`];
  const samples = takeTurns(bench, what, pair, "rsync -anc", ["verify", "-q", source, destination], theirs, (form) => {
    const file = join(destination, "small/file-aaaa");
    withOtherByte(file, () => requireFound(form, source, destination));
  });
  return resultOf("verify", what, samples, "rsync -anc", 0.6);
}

/** Measures taking the checksums of a tree. */
export function manifestCase(bench: Bench): CaseResult {
  const pair = makeReadPair(bench, "manifest");
  const [ours, theirs] = [join(pair.folder, "ours"), join(pair.folder, "theirs")];
  const what = `manifest, sha256, ${Math.floor(MEBIBYTES / bench.shrink)} MiB`;
  const script = `cd "$1" && find . -type f -print0 | xargs -0 -P2 -n 64 sha256sum > "$2"`;
  const rival = ["sh", "-ec", script, "sh", pair.source, theirs];
  const samples = takeTurns(bench, what, pair, "sha256sum", ["manifest", pair.source, ours], rival, () => {
    run(["sh", "-ec", 'cd "$1" && sha256sum --check --strict --quiet "$2"', "sh", pair.source, ours]);
  });
  return resultOf("manifest", what, samples, "sha256sum", 1.1);
}

/** Half of it is in files of 64 MiB, half in files of 256 KiB. */
function makeReadPair(bench: Bench, name: string): Pair {
  bench.say(`making the tree of the case ${name}`);
  const pair = makeLargePair(bench.stage, name, Math.floor(MEBIBYTES / bench.shrink / 2));
  const script = `cd "$1" && mkdir large small && split -b 64M large.bin large/file-
    tail -c +2 large.bin | split -a 4 -b 256K - small/file- && rm large.bin`;
  run(["sh", "-ec", script, "sh", pair.source]);
  return pair;
}

function resultOf(name: string, what: string, samples: Samples, rival: Rival, most: number): CaseResult {
  const target = { rival, most };
  const rows = rowsOf(what, samples, "wall", { binary: [target], bun: [target], deno: [target] });
  return { name, table: "time", rows, samples: { [what]: samples } };
}

/** Runs everybody in turn, round after round; the first is a warm-up in which results are checked. */
function takeTurns(
  bench: Bench,
  what: string,
  pair: Pair,
  rival: Rival,
  ours: Command,
  theirs: Command,
  check: (form: Command) => void,
): Samples {
  const samples = new Map<Runner, Sample[]>();
  for (let round = 0; round <= bench.rounds; round++) {
    bench.say(`${what}: ${round === 0 ? "warm-up" : `round ${round} of ${bench.rounds}`}`);
    for (const runner of [...FORMS, rival] as const) {
      const form = (FORMS as readonly string[]).includes(runner)
        ? bench.forms[runner as typeof FORMS[number]]
        : undefined;
      const sample = measure(form === undefined ? theirs : [...form, ...ours], pair.folder);
      if (round > 0) samples.set(runner, [...samples.get(runner) ?? [], sample]);
      else if (form !== undefined) check(form);
    }
  }
  rmSync(pair.folder, { recursive: true });
  return Object.fromEntries(samples);
}

/** Changes a byte for a while. */
function withOtherByte(path: string, body: () => void): void {
  const write = (byte: number) => {
    const file = openSync(path, "r+");
    writeSync(file, new Uint8Array([byte]), 0, 1, 0);
    closeSync(file);
    utimesSync(path, 1_000_000_000, 1_000_000_000);
  };
  const [before = 0] = run(["od", "-An", "-tu1", "-N1", path]).trim().split(/\s+/).map(Number);
  write(before ^ 1);
  try {
    body();
  } finally {
    write(before);
  }
}

function requireFound(form: Command, source: string, destination: string): void {
  const script = '"$@" && exit 1; [ $? = 1 ]';
  run(["sh", "-c", script, "sh", ...form, "verify", "-q", source, destination]);
}
