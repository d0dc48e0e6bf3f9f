/**
 * The tasks behind the commands, loaded when they are needed: a command that only says its version loads none.
 *
 * @module
 */
import type { delta, patch, signature } from "../../tasks/delta.ts";
import type { explainDelta } from "../../tasks/explain_delta.ts";
import type { DoctorTask } from "../../tasks/doctor.ts";
import type { ExplainOptions, ExplainTask } from "../../tasks/explain.ts";
import type { manifest } from "../../tasks/manifest.ts";
import type { scrub } from "../../tasks/scrub.ts";
import type { verify } from "../../tasks/verify.ts";
import type { MirrorTask } from "../../tasks/mirror.ts";
import type { MirrorOptions } from "../../tasks/mirror/options/options.ts";
import type { diff } from "../../tasks/diff.ts";
import type { du } from "../../tasks/du.ts";
import type { history } from "../../tasks/history.ts";
import type { prune } from "../../tasks/prune.ts";
import type { restore } from "../../tasks/restore.ts";
import type { snapshot, snapshots } from "../../tasks/snapshot.ts";
import type { MirrorPlan } from "../../tasks/mirror/plan/plan.ts";

/** What the commands can do; tests bring their own. */
export interface Tasks {
  /** Loads `mirror`. */
  mirror(): Promise<(source: string, destination: string, options: MirrorOptions) => MirrorTask>;
  /** Loads `loadPlan`. */
  loadPlan(): Promise<(file: string) => Promise<MirrorPlan>>;
  /** Loads `snapshot` and `snapshots`. */
  snapshot(): Promise<SnapshotTasks>;
  /** Loads `restore`. */
  restore(): Promise<typeof restore>;
  /** Loads `signature`, `delta` and `patch`. */
  delta(): Promise<DeltaTasks>;
  /** Loads `explainDelta`. */
  explainDelta(): Promise<typeof explainDelta>;
  /** Loads `manifest`. */
  manifest(): Promise<typeof manifest>;
  /** Loads `diff`. */
  diff(): Promise<typeof diff>;
  /** Loads `history`. */
  history(): Promise<typeof history>;
  /** Loads `du`. */
  du(): Promise<typeof du>;
  /** Loads `prune`. */
  prune(): Promise<typeof prune>;
  /** Loads `scrub`. */
  scrub(): Promise<typeof scrub>;
  /** Loads `verify`. */
  verify(): Promise<typeof verify>;
  /** Loads `doctor`. */
  doctor(): Promise<(directory: string, options: Pick<MirrorOptions, "layer">) => DoctorTask>;
  /** Loads `explain`. */
  explain(): Promise<(source: string, paths: readonly string[], options: ExplainOptions) => ExplainTask>;
}

/** The tasks of stores. */
export interface SnapshotTasks {
  /** Takes snapshots. */
  readonly snapshot: typeof snapshot;
  /** Lists them. */
  readonly snapshots: typeof snapshots;
}

/** The tasks of the delta engine. */
export interface DeltaTasks {
  /** Makes signatures. */
  readonly signature: typeof signature;
  /** Makes deltas. */
  readonly delta: typeof delta;
  /** Applies deltas. */
  readonly patch: typeof patch;
}

/** The tasks of the toolkit. */
export const TASKS: Tasks = {
  mirror: async () => (await import("../../tasks/mirror.ts")).mirror,
  loadPlan: async () => (await import("../../tasks/mirror.ts")).loadPlan,
  snapshot: () => import("../../tasks/snapshot.ts"),
  restore: async () => (await import("../../tasks/restore.ts")).restore,
  delta: () => import("../../tasks/delta.ts"),
  explainDelta: async () => (await import("../../tasks/explain_delta.ts")).explainDelta,
  manifest: async () => (await import("../../tasks/manifest.ts")).manifest,
  diff: async () => (await import("../../tasks/diff.ts")).diff,
  history: async () => (await import("../../tasks/history.ts")).history,
  du: async () => (await import("../../tasks/du.ts")).du,
  prune: async () => (await import("../../tasks/prune.ts")).prune,
  scrub: async () => (await import("../../tasks/scrub.ts")).scrub,
  verify: async () => (await import("../../tasks/verify.ts")).verify,
  doctor: async () => (await import("../../tasks/doctor.ts")).doctor,
  explain: async () => (await import("../../tasks/explain.ts")).explain,
};
