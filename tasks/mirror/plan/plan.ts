/**
 * A mirror's plan as a value: looked at, saved, loaded, and applied exactly as it is.
 *
 * @module
 */
import { asSyncError, SyncError } from "../../../lib/errors.ts";
import { printable } from "../../../lib/bytes/printable.ts";
import type { CauseCounts } from "../../../lib/model/cause_tally.ts";
import type { Degradation } from "../../../lib/model/capabilities.ts";
import type { Env } from "../../../lib/model/env.ts";
import { type Failure, toFailure } from "../../../lib/model/event.ts";
import { ROOT } from "../../../lib/model/rel_path.ts";
import type { Tree } from "../../../lib/model/tree.ts";
import type { FilterSpec } from "../../../lib/filter/spec.ts";
import { sha256, writeLines } from "../../../lib/os/lines.ts";
import type { Action } from "../../../lib/plan/action.ts";
import { appliedLine, encodePlan, type JsonValue, type PlanHeader } from "../../../lib/plan/codec.ts";
import { guardDeletions } from "../../../lib/plan/guards.ts";
import type { SpaceNeed } from "../../../lib/plan/space_need.ts";
import type { PlanSummary } from "../../../lib/plan/summary.ts";
import type { Bases } from "../trees/bases.ts";
import { refuseRot } from "../checksums/planned_rot.ts";
import { guardRot } from "../checksums/rules.ts";
import { carryOut } from "./carry_out.ts";
import { stopped } from "../threads/crew.ts";
import { guardExpectations } from "../expecting.ts";
import { findDrift } from "./drift.ts";
import { FILTER_OPTION_NAMES } from "../options/filter_options.ts";
import { optionsFrom, resolveOptions } from "../options/options.ts";
import { PlanFile } from "./plan_file.ts";
import { type PlannedActions, SpooledActions } from "./planned_actions.ts";
import { checkSpace } from "../trees/preflight.ts";
import type { MirrorReport } from "../report.ts";
import type { MirrorPair } from "../trees/pair.ts";
import type { Purpose } from "../trees/roots.ts";
import { mirrorRules } from "../rules.ts";
import { type Run, withRun } from "../run.ts";
import { leavesRoot } from "../selection/filter_traits.ts";
import { type Surveyed, surveyPlan } from "./survey.ts";
import type { WatchOptions } from "../options/watch.ts";

/**
 * What a mirror would do: iterate it as often as you like, save it, or apply it. Its actions are not all in memory: a
 * large plan is in a temporary file without a name, a loaded one stays in its file.
 */
export interface MirrorPlan extends AsyncIterable<Action> {
  /** The source, as it was given. */
  readonly source: string;
  /** The destination, as it was given. */
  readonly destination: string;
  /** Totals. */
  readonly summary: PlanSummary;
  /** Entries that failed, were warned of, or were ignored, by cause; what did not occur is absent. */
  readonly causes: CauseCounts;
  /** What this machine, runtime or file system cannot keep. */
  readonly warnings: readonly Degradation[];
  /** Entries that could not be read: the first thousand. */
  readonly failures: readonly Failure[];
  /** How many there were. */
  readonly failureCount: number;
  /** Room that it needs at the destination; absent when nobody asked or the file system does not say. */
  readonly needs: SpaceNeed | undefined;
  /** Why {@linkcode apply} would refuse, if a guard already says so. */
  readonly refusal: Failure | undefined;
  /**
   * Writes the plan as NDJSON, to be reviewed, kept, and loaded again.
   *
   * @param file Path of the file; an old one is replaced at once.
   */
  save(file: string): Promise<void>;
  /**
   * Carries out exactly this plan.
   *
   * @param watch Signal and listener.
   * @returns The report.
   * @throws {SyncError} code `"drift"` when an entry of either side is not what the plan expects, or the plan was
   * applied before; `"plan-damaged"` when its file was changed since it was loaded; the code of a guard; nothing was
   * changed then. A plan that was loaded says in its file that it was applied.
   */
  apply(watch?: WatchOptions): Promise<MirrorReport>;
  /** Gives back the file that the plan is kept in; it is of no more use then. Happens by itself, sooner or later. */
  close(): void;
}

/**
 * Looks at both sides and decides.
 *
 * @param pair What to mirror.
 * @param watch Signal and listener.
 * @returns The plan.
 */
export async function planMirror(pair: MirrorPair, watch: WatchOptions): Promise<MirrorPlan> {
  let actions = new SpooledActions();
  try {
    let planned: Surveyed | undefined;
    let refusal: SyncError | undefined;
    let filter: FilterSpec | undefined;
    const keep = (action: Action) => actions.add(action);
    const report = await withRun(pair, watch, { changes: false, keep }, async (run) => {
      filter = run.rules.selection?.spec;
      planned = await surveyPlan(run, actions);
      const { summary, needs, checksums } = planned;
      actions = planned.actions;
      refusal = refusalOf(() => {
        guardRot(checksums);
        checkSpace(pair, run.roots.destination, needs, summary.deleted);
      });
    });
    const { summary, needs } = planned!;
    return new KeptPlan(
      pair,
      actions,
      {
        task: "mirror",
        source: pair.source,
        destination: pair.destination,
        options: await plainOptions(pair, filter),
        summary,
        warnings: [...report.warnings, ...actions.warnings],
        failures: report.failures,
        failureCount: report.failureCount,
        causes: report.causes,
        ...(needs === undefined ? {} : { needs }),
      },
      { leavesRoot: filter !== undefined && leavesRoot(filter) },
      refusal,
    );
  } catch (thrown) {
    actions.close();
    throw thrown;
  }
}

function refusalOf(check: () => void): SyncError | undefined {
  try {
    check();
    return undefined;
  } catch (thrown) {
    return asSyncError(thrown);
  }
}

/**
 * Reads a plan that was saved.
 *
 * @param file Path of the file.
 * @param env The world.
 * @returns The plan, ready to be applied.
 * @throws {SyncError} code `"plan-damaged"` when the file is not a whole plan of a known version.
 */
export async function readPlan(file: string, env: Env): Promise<MirrorPlan> {
  const actions = await PlanFile.open(file, env);
  try {
    const { source, destination, options } = actions.header;
    const pair = { source, destination, options: resolveOptions(optionsFrom(options), env.cores), env };
    return new KeptPlan(pair, actions, actions.header, { leavesRoot: await leavesRootOf(options["selection"]) });
  } catch (thrown) {
    actions.close();
    throw thrown;
  }
}

/**
 * What the plan was made with; threads and signals are matters of the run that applies it. What takes part is kept as
 * it was found, but of a list of paths only whether it names the root: the actions name the others.
 */
async function plainOptions(
  { options }: MirrorPair,
  filter: FilterSpec | undefined,
): Promise<Record<string, JsonValue>> {
  const plain: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries<unknown>(options)) {
    if (NOT_KEPT.has(name) || value === undefined) continue;
    plain[name] = value as JsonValue;
  }
  if (filter === undefined) return plain;
  const { encodeFilter } = await import("../../../lib/filter/codec.ts");
  const listed = filter.paths === undefined ? {} : { paths: filter.paths.filter(({ path }) => path === ROOT) };
  return { ...plain, selection: encodeFilter({ ...filter, ...listed }) };
}

/** What a plan says of its filter has to be a filter. */
async function leavesRootOf(selection: unknown): Promise<boolean> {
  if (selection === undefined) return false;
  const { decodeFilter } = await import("../../../lib/filter/codec.ts");
  return leavesRoot(decodeFilter(selection));
}

const NOT_KEPT: ReadonlySet<string> = new Set(["signal", "jobs", ...FILTER_OPTION_NAMES]);

/** A plan whose actions are kept somewhere. */
class KeptPlan implements MirrorPlan {
  readonly #pair: MirrorPair;
  readonly #actions: PlannedActions;
  readonly #header: PlanHeader;
  readonly #decided: { readonly leavesRoot: boolean };
  readonly #refusal: SyncError | undefined;
  #applied = false;

  constructor(
    pair: MirrorPair,
    actions: PlannedActions,
    header: PlanHeader,
    decided: { readonly leavesRoot: boolean },
    refusal?: SyncError,
  ) {
    this.#decided = decided;
    this.#pair = pair;
    this.#actions = actions;
    this.#header = header;
    this.#refusal = refusal;
  }

  get source(): string {
    return this.#pair.source;
  }

  get destination(): string {
    return this.#pair.destination;
  }

  get summary(): PlanSummary {
    return this.#header.summary;
  }

  get warnings(): readonly Degradation[] {
    return this.#header.warnings;
  }

  get failures(): readonly Failure[] {
    return this.#header.failures;
  }

  get failureCount(): number {
    return this.#header.failureCount;
  }

  get causes(): CauseCounts {
    return this.#header.causes;
  }

  get needs(): SpaceNeed | undefined {
    return this.#header.needs;
  }

  get refusal(): Failure | undefined {
    const error = refusalOf(() => this.#guard()) ?? this.#refusal;
    return error === undefined ? undefined : toFailure("", error);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Action, void, undefined> {
    yield* this.#actions.each();
  }

  save(file: string): Promise<void> {
    return writeLines(file, this.#lines());
  }

  *#lines(): Generator<string> {
    yield* encodePlan(this.#header, this.#actions.each(), sha256());
    if (this.#actions.appliedAt !== undefined) yield appliedLine(this.#actions.appliedAt);
  }

  close(): void {
    this.#actions.close();
  }

  async apply(watch: WatchOptions = {}): Promise<MirrorReport> {
    this.#guard();
    const check: Purpose["check"] = async (source, destination, bases) => {
      await this.#checkDrift(source, destination, bases, watch);
      await refuseRot(this.#pair, this.#actions.each(["write-file"]), source, watch);
      checkSpace(this.#pair, destination, this.needs, this.summary.deleted);
    };
    return await withRun(this.#pair, watch, { changes: true, decided: this.#decided, check }, async (run) => {
      run.collector.followPlan();
      this.#markApplied(run);
      await carryOut(run, this.#actions, this.summary);
    });
  }

  /** Before the first change: what was begun does not fit any more, either. */
  #markApplied({ collector }: Run): void {
    const at = new Date(this.#pair.env.wallClock()).toISOString();
    if (!this.#actions.markApplied(at)) {
      const message = "The plan cannot be marked as applied: its file may not be written to";
      collector.warn({ name: "plan-not-marked", message });
    }
    this.#applied = true;
  }

  #guard(): void {
    const { appliedAt } = this.#actions;
    if (this.#applied || appliedAt !== undefined) {
      const when = appliedAt === undefined ? "before" : `at ${appliedAt}`;
      throw new SyncError("drift", `Cannot apply this plan again: it was applied ${when}`, { hint: "make a new plan" });
    }
    const { deleted, destinationEntries } = this.summary;
    guardDeletions(deleted, destinationEntries, this.#pair.options.maxDelete);
    guardExpectations(this.#pair.options.expect, this.summary, this.#header);
  }

  async #checkDrift(
    source: Tree,
    destination: Tree | undefined,
    bases: Bases["trees"],
    watch: WatchOptions,
  ): Promise<void> {
    const { options, env } = this.#pair;
    const { xattrs } = mirrorRules(options, source.capabilities, (destination ?? source).capabilities);
    const stop = () => {
      if (options.signal?.aborted === true || watch.signal?.aborted === true) throw stopped();
    };
    const { first, count } = await findDrift(this.#actions.each(), { source, destination, bases, xattrs }, env, stop);
    if (count === 0) return;
    for (const { path, message } of first) {
      watch.onEvent?.({ type: "failure", failure: { path, code: "drift", message } });
    }
    const [{ path, message }] = first as [typeof first[number]];
    const entries = count === 1 ? "1 entry has" : `${count} entries have`;
    throw new SyncError(
      "drift",
      `Cannot apply the plan: ${entries} moved since, first "${printable(path)}": ${message}`,
      { path, hint: "make a new plan" },
    );
  }
}
