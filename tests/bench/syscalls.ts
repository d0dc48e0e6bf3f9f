/**
 * Counts system calls per file, to see waste: `deno run -A tests/bench/syscalls.ts [binary|bun|deno]`. Each case runs
 * under `strace -c -f` twice, over a tree and over one of a single file; the difference belongs to the files.
 */
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { run } from "./measure.ts";
import { type Form, FORMS } from "./results.ts";
import { mirrorCommand, rsyncCommand, undriftForms } from "./runners.ts";
import type { Command } from "./measure.ts";
import { fillDestination, makePair, makeStage, type Pair, removeDestination, removeStage } from "./trees.ts";

const FILES = 10_000;
const PER_DIRECTORY = 50;
const BYTES = 4096;
/** Calls that are rarer than this for a file are left out. */
const RARE = 0.005;

/** Counts the system calls of a command. */
function countCalls(command: Command, folder: string): Map<string, number> {
  const log = join(folder, "strace.txt");
  run(["strace", "-c", "-f", "-o", log, ...command]);
  const counts = new Map<string, number>();
  for (const line of readFileSync(log, "utf8").split("\n")) {
    // % time, seconds, usecs/call, calls, errors (may be empty), syscall
    const found = line.match(/^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?(\w+)$/);
    if (found !== null && found[2] !== "total") counts.set(found[2]!, Number(found[1]));
  }
  return counts;
}

function countBoth(
  what: string,
  pairs: readonly [Pair, Pair],
  before: (pair: Pair) => void,
  of: (pair: Pair) => Command,
) {
  const [many, one] = pairs.map((pair) => {
    before(pair);
    return countCalls(of(pair), pair.folder);
  });
  const perFile = [...many!].map(([name, count]) => [name, (count - (one!.get(name) ?? 0)) / FILES] as const)
    .filter(([, count]) => count >= RARE).sort((a, b) => b[1] - a[1]);
  const total = perFile.reduce((sum, [, count]) => sum + count, 0);
  console.log(`\n${what}: ${total.toFixed(2)} system calls a file`);
  for (const [name, count] of perFile) console.log(`  ${count.toFixed(3).padStart(8)}  ${name}`);
}

async function main(args: readonly string[]): Promise<void> {
  const form = FORMS.find((each): each is Form => args.includes(each)) ?? "binary";
  const undrift = (await undriftForms())[form];
  const stage = makeStage(tmpdir());
  try {
    const spec = { perDirectory: PER_DIRECTORY, bytes: BYTES };
    const pairs = [
      makePair(stage, "many", { ...spec, files: FILES }),
      makePair(stage, "one", { ...spec, files: 1 }),
    ] as const;
    const mirror = ({ source, destination }: Pair) => mirrorCommand(undrift, source, destination);
    const rsync = ({ source, destination }: Pair) => rsyncCommand(source, destination);
    countBoth(`first copy, Undrift (${form})`, pairs, removeDestination, mirror);
    countBoth("first copy, rsync", pairs, removeDestination, rsync);
    pairs.forEach(fillDestination);
    countBoth(`nothing to do, Undrift (${form})`, pairs, () => {}, mirror);
    countBoth("nothing to do, rsync", pairs, () => {}, rsync);
  } finally {
    removeStage(stage);
  }
}

await main(process.argv.slice(2));
