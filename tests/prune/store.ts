/** Stores for tests: real folders with snapshots that share files, and records when they are wanted. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { openTree } from "../../lib/os/open_tree.ts";
import { parseSnapshotName, snapshotTime } from "../../lib/snapshot/name.ts";
import type { SnapshotRecord } from "../../lib/snapshot/record.ts";
import { pointLatest, prepareStore, writeRecord } from "../../lib/snapshot/store.ts";
import { mustRun } from "../support/commands.ts";
import { makeTree, type TreeLiteral } from "../support/trees.ts";

/** One snapshot of a test store. */
export interface TestSnapshot {
  /** Its name. */
  readonly name: string;
  /** What its run left to say; `false` for none. @default {a run without failures} */
  readonly record?: Partial<SnapshotRecord> | false;
  /** What it has that the one before had not. @default {nothing} */
  readonly adds?: TreeLiteral;
  /** What of the one before it has not. @default {nothing} */
  readonly removes?: readonly string[];
}

/** Makes a store; each snapshot is the one before, linked, with changes. `latest` leads to the last one. */
export function makeStore(path: string, snapshots: readonly TestSnapshot[], options: { latest?: boolean } = {}): void {
  mkdirSync(path, { recursive: true });
  const tree = openTree(path, "auto");
  prepareStore(tree, path);
  let before: string | undefined;
  for (const { name, record = {}, adds = {}, removes = [] } of snapshots) {
    const parsed = parseSnapshotName(name)!;
    const at = join(path, name);
    if (before === undefined) mkdirSync(at);
    else mustRun("cp", ["-al", join(path, before), at]);
    for (const gone of removes) mustRun("rm", ["-rf", join(at, gone)]);
    makeTree(at, adds);
    if (record !== false) writeRecord(tree, parsed, { ...recordAt(snapshotTime(parsed)), ...record });
    if (options.latest !== false) pointLatest(tree, parsed);
    before = name;
  }
  tree.close();
}

function recordAt(started: number): SnapshotRecord {
  return {
    ...{
      started,
      finished: started + 1000,
      source: "/source",
      entries: 1,
      sharedFiles: 0,
      sharedBytes: 0,
      newFiles: 0,
    },
    ...{ newBytes: 0, innerLinks: 0, failures: 0, verified: false, tags: [] },
  };
}

/** Names of so many days, one a day, the last one on November 24 of 2026. */
export function dailyNames(count: number): string[] {
  return Array.from({ length: count }, (_, day) => {
    const at = new Date(Date.UTC(2026, 10, 24 - (count - 1 - day), 3)).toISOString();
    return at.replace(/\.\d+Z$/, "Z").replaceAll(":", "-");
  });
}
