/**
 * The trees that are measured: made by one short script under Bun, which is the fastest here, and kept in one folder
 * that is removed at the end.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runtimeExecutable } from "../support/runtimes.ts";
import { run } from "./measure.ts";
import { rsyncCommand } from "./runners.ts";

/** What a tree looks like. */
export interface TreeSpec {
  /** Number of files. */
  readonly files: number;
  /** Files in each directory. */
  readonly perDirectory: number;
  /** Largest size; sizes spread evenly below it. */
  readonly bytes: number;
}

/** A source, and the destination that belongs to it. */
export interface Pair {
  /** The folder of both. */
  readonly folder: string;
  /** Path of the source. */
  readonly source: string;
  /** Path of the destination. */
  readonly destination: string;
}

const MAKER = fileURLToPath(new URL("make_tree.ts", import.meta.url));
const AN_HOUR_AGO = 3_600;
const DOT = 0x2e;

/** Makes a folder for everything that is measured. */
export function makeStage(parent: string): string {
  return mkdtempSync(join(parent, "undrift-bench-"));
}

/**
 * Complains when a file system has no room for so many files, which `/dev/shm` limits by the memory of the machine.
 *
 * @throws {Error} with what to do
 */
export function requireRoomFor(files: number, stage: string): void {
  const free = Number(run(["df", "--output=iavail", stage]).split("\n")[1]);
  if (free > files || free === 0) return; // 0: a file system that does not count
  throw new Error(
    `Cannot make ${files} files: there is room for ${free}; mount a tmpfs with nr_inodes=8m and name it with --dir`,
  );
}

/** Makes a source and no destination. */
export function makePair(stage: string, name: string, spec: TreeSpec): Pair {
  const pair = emptyPair(stage, name);
  const { files, perDirectory, bytes } = spec;
  run([runtimeExecutable("bun"), MAKER, pair.source, String(files), String(perDirectory), String(bytes)]);
  return pair;
}

/**
 * Takes memory and gives it back. On a virtual machine, memory that was not used for a while has to be got from the host
 * again, and that can take longer than the copy: everybody is to find it as warm as the one before left it.
 */
export function warmMemory(pair: Pair, mebibytes: number): void {
  const file = join(pair.folder, "warm.bin");
  execFileSync("dd", ["if=/dev/zero", `of=${file}`, "bs=1M", `count=${mebibytes}`, "status=none"]);
  rmSync(file);
}

/** Makes a source of one large file without holes. */
export function makeLargePair(stage: string, name: string, megabytes: number): Pair {
  const pair = emptyPair(stage, name);
  mkdirSync(pair.source);
  const file = join(pair.source, "large.bin");
  run(["dd", "if=/dev/urandom", `of=${file}`, "bs=1M", `count=${megabytes}`, "status=none"]);
  return pair;
}

function emptyPair(stage: string, name: string): Pair {
  const folder = join(stage, name);
  mkdirSync(folder);
  return { folder, source: join(folder, "source"), destination: join(folder, "destination") };
}

/** Makes the destination equal to the source. */
export function fillDestination({ source, destination }: Pair): void {
  run(rsyncCommand(source, destination));
}

/** Removes the destination. */
export function removeDestination({ destination }: Pair): void {
  // `rm` and not `rmSync`: Deno's is ten times slower on a large tree.
  run(["rm", "-rf", destination]);
}

/** Gives every n-th file of the destination other content of the same length and an older time. */
export function ageDestination({ destination }: Pair, every: number): void {
  const then = Math.floor(Date.now() / 1000) - AN_HOUR_AGO;

  let count = 0;
  for (const outer of readdirSync(destination)) {
    for (const inner of readdirSync(join(destination, outer))) {
      const directory = join(destination, outer, inner);
      for (const name of readdirSync(directory).sort()) {
        if (count++ % every !== 0) continue;
        writeFileSync(join(directory, name), new Uint8Array(statSync(join(directory, name)).size).fill(DOT));
        utimesSync(join(directory, name), then, then);
      }
    }
  }
}

/**
 * Complains when source and destination differ in anything that rsync sees.
 *
 * @throws {Error} with the first differences
 */
export function requireEqual({ source, destination }: Pair, who: string): void {
  const differences = run(["rsync", "-aHn", "--itemize-changes", "--delete", `${source}/`, `${destination}/`]);
  if (differences === "") return;
  throw new Error(`Cannot count ${who}: its result differs:\n${differences.split("\n").slice(0, 5).join("\n")}`);
}

/** Removes everything. */
export function removeStage(stage: string): void {
  rmSync(stage, { recursive: true, force: true });
}
