/**
 * Runs a mirror: plan and apply in one pass, a directory at a time.
 *
 * With deletions, or when totals are wanted, both trees are surveyed first: deletions are counted before anything
 * changes, and the passes after it visit only directories in which something has to be done. Then changes, then hard
 * links (whose other names may be anywhere), deletions last of all.
 *
 * @module
 */
import { asSyncError } from "../../lib/errors.ts";
import { degradationsOf } from "../../lib/model/capabilities.ts";
import { comparePaths, parentPath, type RelPath, ROOT } from "../../lib/model/rel_path.ts";
import type { Action, Change } from "../../lib/plan/action.ts";
import { deletionLimit, guardDeletions } from "../../lib/plan/guards.ts";
import { planHardLinks } from "../../lib/plan/hard_links.ts";
import { addAction, hasChanges } from "../../lib/plan/summary.ts";
import type { Pending } from "../../lib/scan/frontier.ts";
import { Collector } from "./collector.ts";
import { Crew, stopped } from "./crew.ts";
import { allowDeletions, counterMemory } from "./listener.ts";
import type { MirrorReport } from "./report.ts";
import type { MirrorPair } from "./pair.ts";
import { openRoots, type Purpose, type Roots } from "./roots.ts";
import { lensWarnings } from "./lens.ts";
import { reachOf } from "./reach.ts";
import { rootChange } from "./root_change.ts";
import { type MirrorRules, mirrorRules, type Taking } from "./rules.ts";
import type { Findings } from "./findings.ts";
import { leavesRoot, readsRuleFiles, selectionOf } from "./selection.ts";
import { VISIT } from "./visit.ts";
import type { RunOptions } from "./watch.ts";
import { holdBack, tellWithheld, withholdsDeletions } from "./withhold.ts";

/** Everything of one run. */
export interface Run {
  readonly pair: MirrorPair;
  readonly roots: Roots;
  readonly rules: MirrorRules;
  readonly crew: Crew;
  readonly collector: Collector;
  readonly counters: ReturnType<typeof counterMemory>;
}

/**
 * Runs a mirror.
 *
 * @param pair What to mirror.
 * @param watch How it is watched and stopped.
 * @returns The report.
 * @throws {SyncError} when it was refused or could not go on.
 */
export function runMirror(pair: MirrorPair, watch: RunOptions): Promise<MirrorReport> {
  return withRun(pair, watch, { changes: true }, async (run) => {
    const change = rootChange(run.roots.source, run.roots.destination, run.rules);
    const seed: Pending = { path: ROOT, flags: change === undefined ? 0 : VISIT.settle };
    if (needsSurvey(run, watch)) await surveyAndWrite(run, seed, change);
    else await writeAll(run, seed);
    if (change !== undefined && !run.collector.rootFailed) run.collector.applied(change);
    if (pair.options.fsync) run.roots.destination!.flush();
  });
}

/** Whether the whole has to be known before the first change. */
function needsSurvey({ pair, rules }: Run, watch: RunOptions): boolean {
  if (pair.options.delete || watch.totals === true) return true;
  // A rule file that cannot be used may lie anywhere.
  return rules.selection !== undefined && readsRuleFiles(rules.selection.spec);
}

/**
 * Opens everything a run needs, says how it starts and ends, and closes everything.
 *
 * @param pair What to mirror.
 * @param watch How it is watched.
 * @param purpose Whether anything will be changed.
 * @param body The run itself.
 * @returns The report.
 */
export async function withRun(
  pair: MirrorPair,
  watch: RunOptions,
  purpose: Purpose,
  body: (run: Run) => Promise<void>,
): Promise<MirrorReport> {
  const { env, options } = pair;
  const counters = counterMemory(options.jobs);
  const collector = new Collector(env, counters, watch.onEvent, watch.actions, options.policy);
  collector.emit({ type: "start", task: "mirror", source: pair.source, destination: pair.destination });
  try {
    if (options.signal?.aborted === true || watch.signal?.aborted === true) throw stopped();
    const roots = await openRoots(pair, purpose);
    try {
      const report = await runWithin(pair, watch, purpose, roots, collector, counters, body);
      collector.emit({ type: "end", report });
      return report;
    } finally {
      roots.close();
    }
  } catch (thrown) {
    const error = asSyncError(thrown);
    if (error.code !== "cancelled") collector.ended(error);
    collector.emit({ type: "end", report: collector.report(pair, "stopped") });
    throw error;
  }
}

async function runWithin(
  pair: MirrorPair,
  watch: RunOptions,
  purpose: Purpose,
  roots: Roots,
  collector: Collector,
  counters: ReturnType<typeof counterMemory>,
  body: (run: Run) => Promise<void>,
): Promise<MirrorReport> {
  const { options, env } = pair;
  const target = roots.destination?.capabilities ?? roots.source.capabilities;
  for (const capabilities of [roots.source.capabilities, target]) {
    for (const warning of degradationsOf(capabilities)) collector.warn(warning);
  }
  for (const warning of lensWarnings(roots.lens, target)) collector.warn(warning);
  const taking = purpose.decided ?? select(pair, roots, collector);
  const rules = {
    ...mirrorRules(options, roots.source.capabilities, target, roots.store?.rules, taking),
    reach: reachOf(options, roots.source, roots.destination),
    lens: roots.lens,
  };
  const signal = AbortSignal.any([options.signal, watch.signal].filter((each) => each !== undefined));
  const { jobs } = options;
  const crew = new Crew({ env, roots, rules, collector, counters, jobs, keep: purpose.keep, signal });
  try {
    await body({ pair, roots, rules, crew, collector, counters });
  } finally {
    await crew.end();
    crew.discardStaged();
  }
  return collector.report(pair, collector.failureCount === 0 ? "done" : "partial");
}

/** What takes part; what was listed and is not there is told before anything else. */
function select(
  { options, source, destination, env }: MirrorPair,
  roots: Roots,
  collector: Collector,
): Taking {
  const { rules, missing } = selectionOf(options, { source, destination, tree: roots.source, now: env.wallClock() });
  for (const { path, error } of missing) collector.incomplete(path, error);
  return { selection: rules, leavesRoot: rules !== undefined && leavesRoot(rules.spec) };
}

/** Without deletions: one walk that lists, plans and applies each directory. */
async function writeAll(run: Run, seed: Pending): Promise<void> {
  const found = await run.crew.pass("write", [seed]);
  await finishRun(run, planHardLinks(found.linked), found.deletions, 0);
  tellFound(run, found);
}

/** With deletions or totals: a walk that only looks, then visits where something has to be done. */
async function surveyAndWrite(run: Run, seed: Pending, change: Change | undefined): Promise<void> {
  const { pair, crew, collector } = run;
  const survey = await crew.pass("survey", [seed]);
  const links = planHardLinks(survey.linked);
  for (const link of links) addAction(survey.planned, link);
  if (change !== undefined) addAction(survey.planned, change);
  collector.setTotals(survey.planned);
  tellFound(run, survey);
  holdBack(run, survey);
  const { deleted, destinationEntries } = survey.planned;
  guardDeletions(deleted, destinationEntries, pair.options.maxDelete);
  if (!hasChanges(survey.planned)) return tellWithheld(collector, survey.planned.withheld);
  // The last is taken first. A directory's own change is told by the directory that holds it, before it is set.
  const work = survey.work.sort((a, b) => comparePaths(b.path, a.path));
  const written = await crew.pass("write", work);
  allowDeletions(run.counters, deletionLimit(pair.options.maxDelete, destinationEntries));
  await finishRun(run, links, [...survey.deletions, ...written.deletions], deleted + survey.planned.withheld);
}

async function finishRun(
  run: Run,
  links: readonly Change[],
  deletions: readonly RelPath[],
  planned: number,
): Promise<void> {
  // What lends its inode comes first: it may be in a directory that is sorted behind.
  const lenders = await run.crew.apply(groupByDirectory(links.filter(({ op }) => op !== "link")));
  const others = await run.crew.apply(groupByDirectory(links.filter(({ op }) => op === "link")));
  const switched = await run.crew.switchStaged(run.pair.options.fsync);
  const directories = [...new Set([...deletions, ...lenders, ...others, ...switched])];
  const withholds = withholdsDeletions(run);
  if (withholds) tellWithheld(run.collector, planned);
  if (directories.length === 0) return;
  try {
    await run.crew.pass(withholds ? "sweep" : "delete", directories.map((path) => ({ path, flags: VISIT.flat })));
  } catch (thrown) {
    const error = asSyncError(thrown);
    // The guard was passed and changes were made: what is over the limit now is kept, and told.
    if (error.code !== "too-many-deletions") throw error;
    run.collector.incomplete(ROOT, error);
  }
}

/**
 * Puts actions together by the directory they are in.
 *
 * @param actions Actions in the order in which they are to be done.
 * @returns Directories in tree order, with their actions in the given order.
 */
export function groupByDirectory<Step extends Action>(actions: readonly Step[]): [RelPath, Step[]][] {
  const groups = new Map<RelPath, Step[]>();
  for (const action of actions) {
    const directory = parentPath(action.path);
    const group = groups.get(directory);
    if (group === undefined) groups.set(directory, [action]);
    else group.push(action);
  }
  return [...groups].sort(([a], [b]) => comparePaths(a, b));
}

/**
 * Tells how many entries were found, and which are left out because this process may not make them; those the caller
 * left out are not told.
 *
 * @param run The run.
 * @param found What was found.
 */
export function tellFound({ collector, pair, rules }: Run, found: Findings): void {
  collector.sawEntries(found.planned);
  const { devices, specials } = found.planned.skipped;
  if (!pair.options.specials) return;
  if (devices > 0 && !rules.plan.carried.devices) {
    collector.warn({
      name: "devices-left-out",
      message: `${devices} devices are left out: making them needs privileges`,
    });
  }
  if (specials > 0 && !rules.plan.carried.specials) {
    collector.warn({ name: "specials-left-out", message: `${specials} FIFOs and sockets are left out` });
  }
}
