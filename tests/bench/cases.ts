/**
 * The cases: what is done, with which rivals, and which targets hold. The sizes are those that the targets were set
 * for; a quick run takes a tenth of them and tells at once if something is far off.
 */
import type { Bench, Case } from "./bench.ts";
import { catalogCase } from "./catalog_case.ts";
import { deltaCase } from "./delta_case.ts";
import { literalCase } from "./literal_case.ts";
import { matchLoopCase } from "./match_loop_case.ts";
import { inplaceCase } from "./inplace_case.ts";
import { pruneCase } from "./prune_case.ts";
import { measure, measureShort } from "./measure.ts";
import type { Command } from "./measure.ts";
import { FILTER_RULES } from "./filter_rules.ts";
import { type CaseResult, FORMS, judged, type Row, rowsOf, type Runner, type Sample } from "./results.ts";
import type { Samples, Target, Targets } from "./results.ts";
import { emptyPrograms, mirrorCommand, rsyncCommand } from "./runners.ts";
import { snapshotCase } from "./snapshot_case.ts";
import {
  ageDestination,
  fillDestination,
  makeLargePair,
  makePair,
  type Pair,
  removeDestination,
  requireEqual,
  requireRoomFor,
  warmMemory,
} from "./trees.ts";
import { manifestCase, verifyCase } from "./verify_case.ts";

/** All cases by name. */
export const CASES: Readonly<Record<string, Case>> = {
  "copy": copyCase,
  "nothing": (bench) => nothingCase(bench, false),
  "large": largeCase,
  "changed": changedCase,
  "delete": (bench) => nothingCase(bench, true),
  "rules": rulesCase,
  "delta": deltaCase,
  "match_loop": matchLoopCase,
  "literal": literalCase,
  "inplace": inplaceCase,
  "snapshot": snapshotCase,
  "prune": pruneCase,
  "verify": verifyCase,
  "manifest": manifestCase,
  "catalog": catalogCase,
  "memory": memoryCase,
  "start-up": startUpCase,
};

const OF_RSYNC = (most: number): Target => ({ rival: "rsync", most });
const OF_CP: Target = { rival: "cp", most: 1 };
const LARGE_MIB = 2048;
const SMALL_FILE = 4096;
const CHANGED_FILE = 512;
const GROWTH_MB = 40;
const EVERY_HUNDREDTH = 100;
/** Runs of a program that is over in milliseconds, for each counted round of the others. */
const SHORT_RUNS = 4;
const MEMORY_ROUNDS = 2;
/** What a file takes of a file system's table: one entry on each side, and a little for directories. */
const FILES_AND_DIRECTORIES = 2.1;

function forAll(...targets: Target[]): Targets {
  return { binary: targets, bun: targets, deno: targets };
}

function copyCase(bench: Bench): CaseResult {
  const files = 50_000 / bench.shrink;
  const pair = makePair(bench.stage, "copy", { files, perDirectory: 50, bytes: SMALL_FILE });
  const what = `first copy of ${counted(files)} small files`;
  const samples = alternate(bench, what, pair, [], removeDestination, ["cp", "-a"]);
  return timed("copy", what, samples, forAll(OF_RSYNC(0.5), OF_CP));
}

function nothingCase(bench: Bench, deletes: boolean): CaseResult {
  const files = 100_000 / bench.shrink;
  const name = deletes ? "delete" : "nothing";
  const pair = makePair(bench.stage, name, { files, perDirectory: 100, bytes: CHANGED_FILE });
  fillDestination(pair);
  const what = `nothing to do, ${counted(files)} files${deletes ? ", --delete" : ""}`;
  const samples = alternate(bench, what, pair, deletes ? ["--delete"] : [], () => {}, undefined);
  return timed(name, what, samples, deletes ? {} : { binary: [OF_RSYNC(0.6)], deno: [OF_RSYNC(0.8)] });
}

/**
 * Rules cost time although none of them matches; each form is compared with itself without them. Where nothing changed,
 * few names have to be asked about; in a first copy all are.
 */
function rulesCase(bench: Bench): CaseResult {
  const files = 100_000 / bench.shrink;
  const pair = makePair(bench.stage, "rules", { files, perDirectory: 100, bytes: CHANGED_FILE });
  const rules = `${FILTER_RULES.length} rules`;
  const copied = withAndWithoutRules(bench, pair, `first copy of ${counted(files)} files, ${rules}`, removeDestination);
  const same = withAndWithoutRules(bench, pair, `nothing to do, ${counted(files)} files, ${rules}`, () => {});
  removeDestination({ ...pair, destination: pair.folder });
  return {
    name: "rules",
    table: "time",
    rows: [...copied.rows, ...same.rows],
    samples: { ...copied.samples, ...same.samples },
  };
}

function withAndWithoutRules(
  bench: Bench,
  pair: Pair,
  what: string,
  before: (pair: Pair) => void,
): Pick<CaseResult, "rows" | "samples"> {
  const options = FILTER_RULES.map((rule) => `--filter=${rule}`);
  const { source, destination } = pair;
  const rows: Row[] = [];
  const samples: Record<string, Samples> = {};
  for (const form of FORMS) {
    const commands: readonly (readonly [Runner, Command])[] = [
      [form, mirrorCommand(bench.forms[form], source, destination, options)],
      ["no filter", mirrorCommand(bench.forms[form], source, destination)],
      ["rsync", rsyncCommand(source, destination, options)],
    ];
    const taken = samples[`${what}, ${form}`] = takeTurns(bench, `${what}, ${form}`, pair, commands, before);
    rows.push(...rowsOf(what, taken, "wall", forAll({ rival: "no filter", most: 1.1 })));
  }
  return { rows, samples };
}

function largeCase(bench: Bench): CaseResult {
  const mebibytes = Math.floor(LARGE_MIB / bench.shrink);
  const pair = makeLargePair(bench.stage, "large", mebibytes);
  const what = `one file of ${mebibytes} MiB`;
  const prepare = (at: Pair) => {
    removeDestination(at);
    warmMemory(at, mebibytes);
  };
  const samples = alternate(bench, what, pair, [], prepare, ["cp", "-a"]);
  return timed("large", what, samples, forAll(OF_CP));
}

function changedCase(bench: Bench): CaseResult {
  const files = 100_000 / bench.shrink;
  const pair = makePair(bench.stage, "changed", { files, perDirectory: 100, bytes: CHANGED_FILE });
  fillDestination(pair);
  const what = `1 % of ${counted(files)} files changed`;
  const samples = alternate(bench, what, pair, [], (at) => ageDestination(at, EVERY_HUNDREDTH), undefined);
  return timed("changed", what, samples, forAll(OF_RSYNC(0.6)));
}

function timed(name: string, what: string, samples: Samples, targets: Targets): CaseResult {
  return { name, table: "time", rows: rowsOf(what, samples, "wall", targets), samples: { [what]: samples } };
}

/** Runs everybody in turn, round after round; the first round is not counted, and its results are checked. */
function alternate(
  bench: Bench,
  what: string,
  pair: Pair,
  options: Command,
  before: (pair: Pair) => void,
  cp: Command | undefined,
): Samples {
  const { source, destination } = pair;
  const commands: [Runner, Command][] = FORMS.map((form) => [
    form,
    mirrorCommand(bench.forms[form], source, destination, options),
  ]);
  commands.push(["rsync", rsyncCommand(source, destination, options)]);
  if (cp !== undefined) commands.push(["cp", [...cp, source, destination]]);
  const samples = takeTurns(bench, what, pair, commands, before);
  removeDestination({ ...pair, destination: pair.folder });
  return samples;
}

function takeTurns(
  bench: Bench,
  what: string,
  pair: Pair,
  commands: readonly (readonly [Runner, Command])[],
  before: (pair: Pair) => void,
): Samples {
  const samples = new Map<Runner, Sample[]>(commands.map(([runner]) => [runner, []]));
  for (let round = 0; round <= bench.rounds; round++) {
    bench.say(`${what}: ${round === 0 ? "warm-up" : `round ${round} of ${bench.rounds}`}`);
    for (const [runner, command] of commands) {
      before(pair);
      const sample = measure(command, pair.folder);
      if (round === 0) requireEqual(pair, runner);
      else samples.get(runner)!.push(sample);
    }
  }
  return Object.fromEntries(samples);
}

function memoryCase(bench: Bench): CaseResult {
  const sizes = [100_000 / bench.shrink, 1_000_000 / bench.shrink] as const;
  requireRoomFor(sizes[1] * FILES_AND_DIRECTORIES, bench.stage);
  const rows: Row[] = [];
  const samples: Record<string, Samples> = {};
  const peaks = { copy: [] as Row[][], nothing: [] as Row[][] };
  for (const files of sizes) {
    const pair = makePair(bench.stage, `memory-${files}`, { files, perDirectory: 100, bytes: 0 });
    const quiet = { ...bench, rounds: MEMORY_ROUNDS };
    const copy = `peak memory, first copy of ${counted(files)} empty files`;
    samples[copy] = alternateKeeping(quiet, copy, pair, removeDestination);
    peaks.copy.push(rowsOf(copy, samples[copy], "peak", {}));
    const nothing = `peak memory, nothing to do, ${counted(files)} files`;
    samples[nothing] = alternateKeeping(quiet, nothing, pair, () => {});
    peaks.nothing.push(rowsOf(nothing, samples[nothing], "peak", {}));
    removeDestination({ ...pair, destination: pair.folder });
  }
  for (const [what, [small = [], large = []]] of Object.entries(peaks)) {
    rows.push(...small, ...large, ...growthRows(what === "copy" ? "first copy" : "nothing to do", small, large));
  }
  return { name: "memory", table: "memory", rows, samples };
}

/** Memory needs no warm-up. The trees stay, since the next measurement goes on with them. */
function alternateKeeping(bench: Bench, what: string, pair: Pair, before: (pair: Pair) => void): Samples {
  const samples = new Map<Runner, Sample[]>();
  for (let round = 1; round <= bench.rounds; round++) {
    bench.say(`${what}: round ${round} of ${bench.rounds}`);
    for (const runner of [...FORMS, "rsync"] as const) {
      before(pair);
      const command = runner === "rsync"
        ? rsyncCommand(pair.source, pair.destination)
        : mirrorCommand(bench.forms[runner], pair.source, pair.destination);
      const sample = measure(command, pair.folder);
      if (round === 1) requireEqual(pair, runner);
      samples.set(runner, [...samples.get(runner) ?? [], sample]);
    }
  }
  return Object.fromEntries(samples);
}

/** How much more memory ten times the entries take. */
function growthRows(what: string, small: readonly Row[], large: readonly Row[]): Row[] {
  return large.map((row, index) => {
    const before = small[index]!;
    const rsync = (row.rivals.rsync?.value ?? 0) - (before.rivals.rsync?.value ?? 0);
    const value = row.value - before.value;
    return judged({
      what: `more memory for ten times the files, ${what}`,
      form: row.form,
      unit: "MB",
      value,
      rivals: { rsync: { value: rsync, ratio: value / rsync } },
      targets: [{ rival: undefined, most: GROWTH_MB }],
    });
  });
}

async function startUpCase(bench: Bench): Promise<CaseResult> {
  const empty = await emptyPrograms(`${bench.stage}/empty`);
  const rows: Row[] = [];
  const samples: Record<string, Samples> = {};
  for (const form of FORMS) {
    const what = `--version, ${form}`;
    bench.say(what);
    const runs = { mine: [] as Sample[], theirs: [] as Sample[] };
    for (let round = 0; round <= bench.rounds * SHORT_RUNS; round++) {
      const mine = measureShort([...bench.forms[form], "--version"]);
      const theirs = measureShort(empty[form]);
      if (round === 0) continue;
      runs.mine.push(mine);
      runs.theirs.push(theirs);
    }
    samples[what] = { [form]: runs.mine, "empty program": runs.theirs };
    const target = { rival: "empty program", most: 1.5 } as const;
    rows.push(...rowsOf("--version", samples[what], "wall", { binary: [target] }));
  }
  return { name: "start-up", table: "start-up", rows, samples };
}

function counted(files: number): string {
  return files.toLocaleString("en-US");
}
