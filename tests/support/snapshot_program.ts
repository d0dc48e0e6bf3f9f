/**
 * A program that takes one snapshot: `snapshot_program.ts '{"source": …, "store": …, "options": {…}}'`. It prints its
 * report in JSON. Tests start it as another user, or to kill it.
 */
import { snapshot, type SnapshotOptions } from "../../mod.ts";

/** What the program is to do. */
export interface SnapshotOrder {
  /** Where from. */
  readonly source: string;
  /** Where to. */
  readonly store: string;
  /** How. @default {{}} */
  readonly options?: SnapshotOptions;
  /** Only say `start` on a line of its own when the run starts. @default {false} */
  readonly announce?: boolean;
}

if (import.meta.main) {
  const { argv } = await import("node:process");
  const { source, store, options, announce = false } = JSON.parse(argv[2] ?? "") as SnapshotOrder;
  const report = await snapshot(source, store, options).run({
    actions: false,
    onEvent: ({ type }) => announce && type === "start" && console.log(type),
  });
  if (!announce) console.log(JSON.stringify(report));
}
