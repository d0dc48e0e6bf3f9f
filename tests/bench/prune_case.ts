/**
 * Pruning beside `rm -rf`: 20 of 40 snapshots of one tree go, which share all of their files with those that stay. In
 * the warm-up it is checked that exactly these are gone, and that the others are as they were.
 */
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Bench } from "./bench.ts";
import { measure, run } from "./measure.ts";
import type { Command } from "./measure.ts";
import { type CaseResult, FORMS, rowsOf, type Runner, type Sample, type Target } from "./results.ts";
import { makePair, requireRoomFor } from "./trees.ts";

const SNAPSHOTS = 40;
const KEPT = 20;
const OF_RM: Target = { rival: "rm", most: 1.1 };
const NAMES_AND_DIRECTORIES = 1.1;
const MARKER = '{"undrift":"snapshots","format":1}';

/** Measures it. */
export function pruneCase(bench: Bench): CaseResult {
  const files = 20_000 / bench.shrink;
  const what = `prune ${SNAPSHOTS - KEPT} of ${SNAPSHOTS} snapshots of ${files.toLocaleString("en-US")} files`;
  // On a tmpfs every further name counts as a file.
  requireRoomFor(files * SNAPSHOTS * NAMES_AND_DIRECTORIES, bench.stage);
  const { folder, source } = makePair(bench.stage, "prune", { files, perDirectory: 100, bytes: 512 });
  const store = makeStore(join(folder, "store"));
  const names = Array.from({ length: SNAPSHOTS }, (_, hour) => nameOf(hour));
  const commands: (readonly [Runner, Command])[] = FORMS.map((form) => [
    form,
    [...bench.forms[form], "prune", `--keep-last=${KEPT}`, store],
  ]);
  commands.push(["rm", ["rm", "-rf", ...names.slice(0, -KEPT).map((name) => join(store, name))]]);
  const samples = new Map<Runner, Sample[]>(commands.map(([runner]) => [runner, []]));
  for (let round = 0; round <= bench.rounds; round++) {
    bench.say(`${what}: ${round === 0 ? "warm-up" : `round ${round} of ${bench.rounds}`}`);
    for (const [runner, command] of commands) {
      fillStore(source, store, names);
      const sample = measure(command, folder);
      if (round === 0) requireKept(source, store, names.slice(-KEPT), runner);
      else samples.get(runner)!.push(sample);
    }
  }
  run(["rm", "-rf", folder]);
  const taken = Object.fromEntries(samples);
  const targets = { binary: [OF_RM], bun: [OF_RM], deno: [OF_RM] };
  return { name: "prune", table: "time", rows: rowsOf(what, taken, "wall", targets), samples: { [what]: taken } };
}

function makeStore(store: string): string {
  for (const folder of ["records", "removed"]) mkdirSync(join(store, ".undrift", folder), { recursive: true });
  run(["sh", "-ec", `echo '${MARKER}' > "$1/.undrift/store.json"`, "sh", store]);
  return store;
}

function nameOf(hour: number): string {
  return `${new Date(Date.UTC(2026, 10, 20, hour)).toISOString().slice(0, 19).replaceAll(":", "-")}Z`;
}

function fillStore(source: string, store: string, names: readonly string[]): void {
  const present = readdirSync(store);
  for (const name of names.filter((each) => !present.includes(each))) run(["cp", "-al", source, join(store, name)]);
}

/**
 * Complains when other snapshots are left than those that are to stay, or one of them is not whole.
 *
 * @throws {Error} with what differs
 */
function requireKept(source: string, store: string, kept: readonly string[], who: string): void {
  const left = [
    ...readdirSync(store).filter((name) => name !== ".undrift"),
    ...readdirSync(join(store, ".undrift/removed")),
  ];
  if (left.sort().join() !== kept.join()) throw new Error(`Cannot count ${who}: it left ${left.join(", ")}`);
  for (const name of [kept[0]!, kept.at(-1)!]) run(["diff", "-r", "-q", source, join(store, name)]);
}
