/**
 * A program that takes one snapshot: `snapshot_program.ts '{"source": …, "store": …, "options": {…}}'`. It says `start`
 * on a line of its own when the run starts. Tests start it to kill it.
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
}

if (import.meta.main) {
  const { argv } = await import("node:process");
  const { source, store, options } = JSON.parse(argv[2] ?? "") as SnapshotOrder;
  await snapshot(source, store, options).run({
    actions: false,
    onEvent: ({ type }) => type === "start" && console.log(type),
  });
}
