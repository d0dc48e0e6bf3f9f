/**
 * The mirror task: makes the contents of one directory equal those of another.
 *
 * @module
 */
import { environment } from "../lib/os/env.ts";
import type { MirrorOptions } from "./mirror/options/options.ts";
import { resolveOptions } from "./mirror/options/options.ts";
import { type MirrorPlan, planMirror, readPlan } from "./mirror/plan/plan.ts";
import type { MirrorEvent, MirrorReport } from "./mirror/report.ts";
import { runMirror } from "./mirror/run.ts";
import { runPlanned } from "./mirror/plan/run_planned.ts";
import type { RunOptions, WatchOptions } from "./mirror/options/watch.ts";
import { streamOf } from "./stream.ts";

/** A mirror that can be looked at, run, or watched. Nothing happens before one of its methods is called. */
export interface MirrorTask {
  /** Where entries come from. */
  readonly source: string;
  /** What is made equal. */
  readonly destination: string;
  /** Looks at both sides and changes nothing. */
  plan(options?: WatchOptions): Promise<MirrorPlan>;
  /** Plans and applies in one pass; memory is bounded by the largest directory. */
  run(options?: RunOptions): Promise<MirrorReport>;
  /** The same as {@linkcode run}, as a stream of events; leaving the loop stops the run. */
  stream(options?: Omit<RunOptions, "onEvent">): AsyncIterable<MirrorEvent>;
}

/**
 * Makes the contents of `destination` equal those of `source`, with or without a trailing slash.
 *
 * Entries that only the destination has are kept unless `delete` is set. A run refuses, before it changes anything, a
 * source that is missing or empty, sides that overlap, and more deletions than `maxDelete`.
 *
 * @param source Path of a directory.
 * @param destination Path of a directory; it is made when only its last name is missing.
 * @param options What is carried and how it is compared.
 * @returns A task. Its methods throw {@linkcode SyncError} with the code of a guard when the run is refused,
 * `"cancelled"` when it was stopped, `"no-space"` when the destination is full.
 * @throws {RangeError} when an option is out of its range.
 *
 * @example Look first, then apply exactly that
 * ```ts
 * import { mirror } from "undrift";
 *
 * const deploy = mirror("dist", "site", { delete: true });
 * const plan = await deploy.plan();
 * await plan.save("deploy.plan.ndjson");
 * if (plan.summary.deleted < 10) await plan.apply();
 * ```
 */
export function mirror(source: string, destination: string, options: MirrorOptions = {}): MirrorTask {
  const env = environment();
  const resolved = resolveOptions(options, env.cores);
  // Who only got another name is known once everything was looked at.
  const run = resolved.detectMoves ? runPlanned : runMirror;
  const pair = { source, destination, options: resolved, env };
  return {
    source,
    destination,
    plan: (watch = {}) => planMirror(pair, watch),
    run: (watch = {}) => run(pair, watch),
    stream: (watch = {}) => streamOf((inner) => run(pair, inner), watch),
  };
}

/**
 * Reads a plan that {@linkcode MirrorPlan.save} wrote.
 *
 * @param file Path of the file.
 * @returns The plan; `apply()` carries out exactly that, and refuses when either side has moved since.
 * @throws {SyncError} code `"plan-damaged"` when the file is not a whole plan of a known version, `"vanished"` when
 * there is no such file.
 *
 * @example Review a plan, apply it later
 * ```ts
 * import { loadPlan } from "undrift";
 *
 * const plan = await loadPlan("deploy.plan.ndjson");
 * for await (const action of plan) console.log(action.op, action.path);
 * await plan.apply();
 * ```
 */
export function loadPlan(file: string): Promise<MirrorPlan> {
  return readPlan(file, environment());
}
