/**
 * A snapshot of files that did not change, beside `rsync --link-dest` and `cp -al`. Each starts with one older tree and
 * makes one more, which is removed before the next. In the warm-up it is checked that all files are shared.
 */
import { mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Bench } from "./bench.ts";
import { type Command, measure, run } from "./measure.ts";
import { type CaseResult, FORMS, rowsOf, type Runner, type Sample, type Target } from "./results.ts";
import { makePair } from "./trees.ts";

const TARGETS: readonly Target[] = [{ rival: "rsync", most: 0.35 }, { rival: "cp", most: 1.2 }];

/** Measures it. */
export function snapshotCase(bench: Bench): CaseResult {
  const files = 50_000 / bench.shrink;
  const what = `snapshot of ${files.toLocaleString("en-US")} unchanged files`;
  const { folder, source } = makePair(bench.stage, "snapshot", { files, perDirectory: 50, bytes: 512 });
  const [store, older] = [join(folder, "store"), join(folder, "older")];
  run([...bench.forms.binary, "snapshot", "--quiet", source, store]);
  const first = snapshotsOf(store)[0]!;
  mkdirSync(older);
  run(["rsync", "-a", `${source}/`, `${older}/0/`]);
  const commands: (readonly [Runner, Command])[] = FORMS.map((form) => [
    form,
    [...bench.forms[form], "snapshot", source, store],
  ]);
  commands.push(["rsync", ["rsync", "-a", "--link-dest=../0", `${source}/`, `${older}/1/`]]);
  commands.push(["cp", ["cp", "-al", `${older}/0`, `${older}/1`]]);
  const samples = new Map<Runner, Sample[]>(commands.map(([runner]) => [runner, []]));
  for (let round = 0; round <= bench.rounds; round++) {
    bench.say(`${what}: ${round === 0 ? "warm-up" : `round ${round} of ${bench.rounds}`}`);
    for (const [runner, command] of commands) {
      const sample = measure(command, folder);
      const isOther = runner === "rsync" || runner === "cp";
      const [before, after] = isOther ? [`${older}/0`, `${older}/1`] : [first, snapshotsOf(store)[1]!];
      if (round === 0) requireShared(before, after, runner);
      else samples.get(runner)!.push(sample);
      run(["rm", "-rf", after]);
    }
  }
  run(["rm", "-rf", folder]);
  const taken = Object.fromEntries(samples);
  const targets = { binary: TARGETS, bun: TARGETS, deno: TARGETS };
  return { name: "snapshot", table: "time", rows: rowsOf(what, taken, "wall", targets), samples: { [what]: taken } };
}

function snapshotsOf(store: string): string[] {
  return readdirSync(store).filter((name) => /^\d.*Z/.test(name)).sort().map((name) => join(store, name));
}

/**
 * Complains when the new tree is not the old one with every file shared.
 *
 * @throws {Error} with what differs
 */
function requireShared(before: string, after: string, who: string): void {
  run(["diff", "-r", "-q", before, after]);
  for (const name of readdirSync(before, { recursive: true }) as string[]) {
    const [old, fresh] = [statSync(join(before, name)), statSync(join(after, name))];
    if (old.isFile() && old.ino !== fresh.ino) throw new Error(`Cannot count ${who}: "${name}" is not shared`);
  }
}
