/**
 * A mirror's plan as a value: looked at, saved, loaded, and applied exactly as it is.
 *
 * @module
 */
import { SyncError } from "../../lib/errors.ts";
import type { CauseCounts } from "../../lib/model/cause_tally.ts";
import type { Degradation } from "../../lib/model/capabilities.ts";
import type { Env } from "../../lib/model/env.ts";
import type { Failure } from "../../lib/model/event.ts";
import { compareForRemoval, comparePaths, type RelPath, ROOT } from "../../lib/model/rel_path.ts";
import type { Tree } from "../../lib/model/tree.ts";
import { decodeFilter, encodeFilter } from "../../lib/filter/codec.ts";
import type { FilterSpec } from "../../lib/filter/spec.ts";
import { readChunks, sha256, writeLines } from "../../lib/os/lines.ts";
import type { Action, Change, Delete, Sweep } from "../../lib/plan/action.ts";
import { decodePlan, encodePlan, type JsonValue, type PlanHeader } from "../../lib/plan/codec.ts";
import { deletionLimit, guardDeletions } from "../../lib/plan/guards.ts";
import { planHardLinks } from "../../lib/plan/hard_links.ts";
import { addAction, type PlanSummary } from "../../lib/plan/summary.ts";
import { findDrift } from "./drift.ts";
import { FILTER_OPTION_NAMES } from "./filter_options.ts";
import { allowDeletions, markSourceUnread } from "./listener.ts";
import { optionsFrom, resolveOptions } from "./options.ts";
import type { MirrorReport } from "./report.ts";
import type { MirrorPair } from "./pair.ts";
import { rootChange } from "./root_change.ts";
import { groupByDirectory, type Run, tellFound, withRun } from "./run.ts";
import { leavesRoot } from "./selection.ts";
import { VISIT } from "./visit.ts";
import type { WatchOptions } from "./watch.ts";
import { holdBack, tellWithheld, withholdsDeletions } from "./withhold.ts";

/** What a mirror would do. It holds every action; iterate it, save it, or apply it. */
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
   * applied before; the code of a guard; nothing was changed then.
   */
  apply(watch?: WatchOptions): Promise<MirrorReport>;
}

/**
 * Looks at both sides and decides.
 *
 * @param pair What to mirror.
 * @param watch Signal and listener.
 * @returns The plan.
 */
export async function planMirror(pair: MirrorPair, watch: WatchOptions): Promise<MirrorPlan> {
  let planned: { actions: Action[]; summary: PlanSummary } | undefined;
  let filter: FilterSpec | undefined;
  const report = await withRun(pair, watch, { changes: false }, async (run) => {
    filter = run.rules.selection?.spec;
    planned = await survey(run);
  });
  const { actions, summary } = planned!;
  return new KeptPlan(pair, actions, {
    task: "mirror",
    source: pair.source,
    destination: pair.destination,
    options: plainOptions(pair, filter),
    summary,
    warnings: report.warnings,
    failures: report.failures,
    failureCount: report.failureCount,
    causes: report.causes,
  });
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
  const actions: Action[] = [];
  let header: PlanHeader | undefined;
  for await (const item of decodePlan(readChunks(file), sha256())) {
    if (item.type === "header") header = item.header;
    else actions.push(item.action);
  }
  const { source, destination, options } = header!;
  const pair = { source, destination, options: resolveOptions(optionsFrom(options), env.cores), env };
  return new KeptPlan(pair, actions, header!);
}

async function survey(run: Run): Promise<{ actions: Action[]; summary: PlanSummary }> {
  const { roots, rules, crew } = run;
  const change = rootChange(roots.source, roots.destination, rules);
  const flags = roots.destination === undefined ? VISIT.fresh : 0;
  const found = await crew.pass("survey", [{ path: ROOT, flags }]);
  const links = planHardLinks(found.linked);
  for (const each of links) addAction(found.planned, each);
  if (change !== undefined) addAction(found.planned, change);
  tellFound(run, found);
  holdBack(run, found);
  tellWithheld(run.collector, found.planned.withheld);
  const all: Action[] = [...(change === undefined ? [] : [change]), ...links];
  for (const action of found.actions) all.push(action);
  return { actions: inOrder(all), summary: found.planned };
}

/** Directories before what is in them, deletions last and the other way round. */
function inOrder(actions: Action[]): Action[] {
  return actions.sort((a, b) => {
    const [x, y] = [a.op === "delete", b.op === "delete"];
    if (x !== y) return x ? 1 : -1;
    return x ? compareForRemoval(a.path, b.path) : comparePaths(a.path, b.path);
  });
}

/**
 * What the plan was made with; threads and signals are matters of the run that applies it. What takes part is kept as
 * it was found, but of a list of paths only whether it names the root: the actions name the others.
 */
function plainOptions({ options }: MirrorPair, filter: FilterSpec | undefined): Record<string, JsonValue> {
  const plain: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries<unknown>(options)) {
    if (NOT_KEPT.has(name) || value === undefined) continue;
    plain[name] = value as JsonValue;
  }
  if (filter === undefined) return plain;
  const listed = filter.paths === undefined ? {} : { paths: filter.paths.filter(({ path }) => path === ROOT) };
  return { ...plain, selection: encodeFilter({ ...filter, ...listed }) };
}

const NOT_KEPT: ReadonlySet<string> = new Set(["signal", "jobs", ...FILTER_OPTION_NAMES]);

/** A plan in memory. */
class KeptPlan implements MirrorPlan {
  readonly #pair: MirrorPair;
  readonly #actions: readonly Action[];
  readonly #header: PlanHeader;
  #applied = false;

  constructor(pair: MirrorPair, actions: readonly Action[], header: PlanHeader) {
    this.#pair = pair;
    this.#actions = actions;
    this.#header = header;
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

  get refusal(): Failure | undefined {
    try {
      this.#guard();
      return undefined;
    } catch (thrown) {
      const { code, message, hint } = thrown as SyncError;
      return { path: "", code, message, ...(hint === undefined ? {} : { hint }) };
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Action, void, undefined> {
    yield* this.#actions;
  }

  save(file: string): Promise<void> {
    return Promise.try(() => writeLines(file, encodePlan(this.#header, this.#actions, sha256())));
  }

  async apply(watch: WatchOptions = {}): Promise<MirrorReport> {
    if (this.#applied) {
      throw new SyncError("drift", "Cannot apply this plan again: it was applied before", { hint: "make a new plan" });
    }
    this.#guard();
    const check = (source: Tree, destination: Tree | undefined) => this.#checkDrift(source, destination, watch);
    return await withRun(this.#pair, watch, { changes: true, decided: this.#decided(), check }, async (run) => {
      this.#applied = true;
      await this.#carryOut(run);
    });
  }

  #decided(): { readonly leavesRoot: boolean } {
    const { selection } = this.#header.options;
    return { leavesRoot: selection !== undefined && leavesRoot(decodeFilter(selection)) };
  }

  #guard(): void {
    const { deleted, destinationEntries } = this.summary;
    guardDeletions(deleted, destinationEntries, this.#pair.options.maxDelete);
  }

  async #checkDrift(source: Tree, destination: Tree | undefined, watch: WatchOptions): Promise<void> {
    const { options, env } = this.#pair;
    const step = Math.max(source.capabilities.timeStepNanoseconds, destination?.capabilities.timeStepNanoseconds ?? 1);
    const exactTimes = options.times && options.modifyWindow === 0 && step === 1;
    const drifted = await findDrift(this.#actions, source, destination, exactTimes, env);
    if (drifted.length === 0) return;
    for (const { path, message } of drifted) {
      watch.onEvent?.({ type: "failure", failure: { path, code: "drift", message } });
    }
    const [first] = drifted;
    throw new SyncError(
      "drift",
      `Cannot apply the plan: ${drifted.length} entries have moved since, first "${first!.path}": ${first!.message}`,
      { path: first!.path, hint: "make a new plan" },
    );
  }

  async #carryOut(run: Run): Promise<void> {
    run.collector.followPlan();
    if (this.summary.withheld > 0) markSourceUnread(run.counters);
    const root = this.#actions.find(({ path }) => path === ROOT);
    const changes: Change[] = [];
    const links: Change[] = [];
    const removals: (Delete | Sweep)[] = [];
    for (const action of this.#actions) {
      if (action.path === ROOT) continue;
      if (action.op === "delete" || action.op === "sweep") removals.push(action);
      else (action.op === "link" ? links : changes).push(action);
    }
    const aside = await run.crew.apply(withDirectories(changes, root !== undefined));
    if (links.length > 0) aside.push(...await run.crew.apply(groupByDirectory(links)));
    // Deepest first: a directory is empty when its turn comes.
    const withholds = withholdsDeletions(run);
    const removed = withholds ? removals.filter(({ op }) => op === "sweep") : removals;
    if (withholds) tellWithheld(run.collector, this.summary.withheld + removals.length - removed.length);
    if (removed.length > 0) await run.crew.remove(groupByDirectory(removed).reverse());
    const { destinationEntries } = this.summary;
    allowDeletions(run.counters, deletionLimit(this.#pair.options.maxDelete, destinationEntries));
    if (aside.length > 0) await run.crew.pass("sweep", aside.map((path) => ({ path, flags: VISIT.flat })));
    if (root !== undefined) run.collector.applied(root);
    if (this.#pair.options.fsync) run.roots.destination!.flush();
  }
}

/** Groups by directory, with a group for each directory whose own metadata is to be set. */
function withDirectories(changes: readonly Change[], withRoot: boolean): [RelPath, readonly Action[]][] {
  const groups = new Map<RelPath, readonly Action[]>(groupByDirectory(changes));
  if (withRoot && !groups.has(ROOT)) groups.set(ROOT, []);
  for (const { path, want } of changes) {
    if (want.kind === "directory" && !groups.has(path)) groups.set(path, []);
  }
  return [...groups].sort(([a], [b]) => comparePaths(a, b));
}
