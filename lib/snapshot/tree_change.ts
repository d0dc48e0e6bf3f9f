/**
 * What is different between two trees, as plain data, and its totals.
 *
 * @module
 */
import type { Entry } from "../model/entry.ts";
import type { RelPath } from "../model/rel_path.ts";
import type { Action, Reason } from "../plan/action.ts";

/** One difference. */
export type TreeChange =
  | { readonly change: "added"; readonly path: RelPath; readonly after: Entry }
  | { readonly change: "removed"; readonly path: RelPath; readonly before: Entry }
  | {
    readonly change: "changed";
    readonly path: RelPath;
    readonly before: Entry;
    readonly after: Entry;
    /** In what they differ; never empty. */
    readonly reasons: readonly Reason[];
  }
  | {
    readonly change: "moved";
    readonly path: RelPath;
    /** Its old name. */
    readonly from: RelPath;
    readonly before: Entry;
    readonly after: Entry;
    /** In what it differs beside its name. */
    readonly reasons: readonly Reason[];
  };

/** Kinds of differences, in the order in which totals list them. */
export const CHANGE_NAMES = ["added", "changed", "moved", "removed"] as const satisfies readonly TreeChange["change"][];

/** Totals of the differences between two trees. */
export interface ChangeTotals {
  /** Entries that only the later tree has. */
  readonly added: number;
  /** Entries that differ in content, kind or metadata. */
  readonly changed: number;
  /** Files that have another name. */
  readonly moved: number;
  /** Entries that only the earlier tree has. */
  readonly removed: number;
  /** Entries that do not differ. */
  readonly unchanged: number;
  /** Bytes of the files that were added. */
  readonly addedBytes: number;
  /** Bytes that files have whose content changed. */
  readonly changedBytes: number;
  /** Bytes of the files that were moved. */
  readonly movedBytes: number;
  /** Bytes of the files that were removed. */
  readonly removedBytes: number;
}

/** Reasons for which a file has other content, or an entry is another one. */
const CONTENT_REASONS: readonly Reason[] = ["size", "content", "time", "kind", "target", "device"];

/**
 * Whether a change touches what an entry holds, and not its metadata alone. A file of another time counts: nobody has
 * looked at its content.
 *
 * @param change The change.
 * @returns Whether it does.
 */
export function changesContent(change: TreeChange): boolean {
  if (change.change !== "changed") return true;
  return change.after.kind === "directory" && change.before.kind === "directory"
    ? false
    : change.reasons.some((reason) => CONTENT_REASONS.includes(reason));
}

/**
 * Adds changes up.
 *
 * @param changes The changes.
 * @param unchanged How many entries do not differ.
 * @returns The totals.
 */
export function totalsOf(changes: readonly TreeChange[], unchanged: number): ChangeTotals {
  const count = { added: 0, changed: 0, moved: 0, removed: 0 };
  const bytes = { added: 0, changed: 0, moved: 0, removed: 0 };
  for (const change of changes) {
    count[change.change]++;
    const { kind, size } = change.change === "removed" ? change.before : change.after;
    if (kind === "file" && changesContent(change)) bytes[change.change] += size;
  }
  return {
    ...count,
    unchanged,
    addedBytes: bytes.added,
    changedBytes: bytes.changed,
    movedBytes: bytes.moved,
    removedBytes: bytes.removed,
  };
}

/**
 * The step by which the earlier tree would become more like the later one; reports are made of steps.
 *
 * @param change A change.
 * @returns The step.
 */
export function actionOf(change: TreeChange): Action {
  const { path } = change;
  if (change.change === "removed") return { op: "delete", path, have: change.before, reasons: ["extraneous"] };
  const want = change.after;
  if (change.change === "added") return { op: makingOf(want), path, want, reasons: ["missing"] };
  const { before: have, reasons } = change;
  if (change.change === "moved") {
    return {
      op: "move",
      path,
      from: change.from,
      want,
      have,
      entries: 1,
      bytes: want.size,
      reasons: ["moved", ...reasons],
    };
  }
  if (!changesContent(change)) return { op: "set-metadata", path, want, have, reasons };
  return { op: makingOf(want), path, want, have, reasons };
}

function makingOf({ kind }: Entry): "create-directory" | "write-file" | "create-symlink" | "create-special" {
  if (kind === "directory") return "create-directory";
  if (kind === "file") return "write-file";
  return kind === "symlink" ? "create-symlink" : "create-special";
}
