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
import { type Degradation, degradationsOf } from "../../lib/model/capabilities.ts";
import { comparePaths, parentPath, type RelPath, ROOT } from "../../lib/model/rel_path.ts";
import type { Action, Change } from "../../lib/plan/action.ts";
import { deletionLimit, guardDeletions } from "../../lib/plan/guards.ts";
import type { LinkCandidate } from "../../lib/plan/directory_plan.ts";
import { planHardLinks } from "../../lib/plan/hard_links.ts";
import { addNeed, type SpaceNeed, totalNeed } from "../../lib/plan/space_need.ts";
import { addAction, hasChanges } from "../../lib/plan/summary.ts";
import { readsRuleFiles } from "../../lib/filter/spec.ts";
import type { Pending } from "../../lib/scan/frontier.ts";
import { Collector } from "./collector.ts";
import { Crew, stopped } from "./threads/crew.ts";
import { allowDeletions, type CounterMemory, counterMemory, countOf, readCloned } from "./threads/listener.ts";
import { guardExpectations, unmetBy } from "./expecting.ts";
import { checkSpace, fitsForSure, SPACE_UNKNOWN, spaceRules } from "./trees/preflight.ts";
import type { MirrorReport } from "./report.ts";
import type { MirrorPair } from "./trees/pair.ts";
import { openRoots, type Purpose, type Roots } from "./trees/roots.ts";
import { basisRules } from "./trees/bases.ts";
import { lensWarnings } from "./trees/lens.ts";
import { reachOf } from "./selection/reach.ts";
import { rootChange } from "./trees/root_change.ts";
import { storeWarnings } from "./trees/store.ts";
import { type MirrorRules, mirrorRules, type Taking } from "./rules.ts";
import type { Findings } from "./threads/findings.ts";
import { checksumRules, guardRot, rottenFailures } from "./checksums/rules.ts";
import { loadLedger } from "./checksums/load_ledger.ts";
import { leavesRoot, loadSelector, selectsAll } from "./selection/filter_traits.ts";
import { VISIT } from "./threads/passes.ts";
import type { RunOptions } from "./options/watch.ts";
import { holdBack, tellWithheld, withholdsDeletions } from "./withhold.ts";

/** Everything of one run. */
export interface Run {
  readonly pair: MirrorPair;
  readonly roots: Roots;
  readonly rules: MirrorRules;
  readonly crew: Crew;
  readonly collector: Collector;
  readonly counters: CounterMemory;
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
  return withRun(pair, watch, { changes: true, isLate: true }, async (first, complete) => {
    const surveyed = needsSurvey(first, watch) ? await surveyFirst(first) : undefined;
    const run = complete();
    const change = rootChange(run.roots.source, run.roots.destination, run.rules);
    // What was surveyed without a destination is everything.
    if (surveyed !== undefined && run === first) await writeSurveyed(run, surveyed);
    else await writeAll(run, change);
    if (pair.options.removeSourceFiles) await removeSources(run);
    if (change !== undefined && !run.collector.rootFailed) run.collector.applied(change);
    if (pair.options.fsync) run.roots.destination!.flush();
  });
}

/** What is only in memory yet must not be the last that there is of a file. */
async function removeSources({ crew, roots }: Run): Promise<void> {
  roots.destination!.flush();
  await crew.pass("remove-source", [{ path: ROOT, flags: 0 }]);
}

/** Whether the whole has to be known before the first change, so that everything is looked at first. */
function needsSurvey({ pair, roots, rules }: Run, watch: RunOptions): boolean {
  if (pair.options.delete || watch.totals === true || Object.keys(pair.options.expect).length > 0) return true;
  // So may a file that decayed.
  if (rules.checksums?.guards === true) return true;
  // A rule file that cannot be used may lie anywhere.
  if (rules.selection !== undefined && readsRuleFiles(rules.selection.spec)) return true;
  return !fitsForSure(pair, roots.source, roots.destination);
}

/** A run. It calls `complete` before its first change and goes on with what that returns. */
type RunBody = (run: Run, complete: () => Run) => Promise<void>;

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
  body: RunBody,
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

/** What is said when links to other trees could not be made. */
const NOT_LINKED: Degradation = {
  name: "basis-not-linked",
  message: "Some files are copied, not linked: no hard links to the files of --link-dest can be made",
};

/** What is said when files could not be changed where they are. */
const NOT_IN_PLACE: Degradation = {
  name: "not-in-place",
  message:
    "Some files are replaced, not changed in place: they have further names, or are not this process's to change",
};

/** What is said when contents could not be in common with other trees. */
const NOT_CLONED: Degradation = {
  name: "basis-not-cloned",
  message: "Some files are copied: the file system cannot let them have their content in common with older ones",
};

async function runWithin(
  pair: MirrorPair,
  watch: RunOptions,
  purpose: Purpose,
  roots: Roots,
  collector: Collector,
  counters: CounterMemory,
  body: RunBody,
): Promise<MirrorReport> {
  const { env, options } = pair;
  const { jobs } = options;
  const signal = AbortSignal.any([options.signal, watch.signal].filter((each) => each !== undefined));
  const taking: Taking = purpose.decided ?? await select(pair, roots, collector);
  const makeSelector = await loadSelector(taking.selection);
  const checksums = checksumRules(pair);
  const makeLedger = await loadLedger(checksums, env);
  const crews: Crew[] = [];
  const begin = (): Run => {
    const rules = { ...rulesFor(pair, roots, collector, taking), checksums };
    const loaded = { makeSelector, makeLedger };
    const crew = new Crew({ env, roots, rules, collector, counters, jobs, keep: purpose.keep, signal, ...loaded });
    crews.push(crew);
    return { pair, roots, rules, crew, collector, counters };
  };
  try {
    const run = begin();
    await body(run, () => roots.complete() ? begin() : run);
  } finally {
    for (const crew of crews) {
      await crew.end();
      crew.discardStaged();
    }
  }
  if (countOf(counters, "notLinked") > 0) collector.warn(NOT_LINKED);
  if (countOf(counters, "notInPlace") > 0) collector.warn(NOT_IN_PLACE);
  const cloned = readCloned(counters);
  if (pair.shared?.clones === true && cloned.copies > 0) collector.warn(NOT_CLONED);
  const report = collector.report(pair, collector.failureCount === 0 ? "done" : "partial");
  const told = pair.shared?.clones === true
    ? { ...report, clonedFiles: cloned.files, clonedBytes: cloned.bytes }
    : report;
  return purpose.changes ? { ...told, unmet: unmetBy(options.expect, report.done, report) } : told;
}

/** What takes part; what was listed and is not there is told before anything else. */
async function select(
  { options, source, destination, env }: MirrorPair,
  roots: Roots,
  collector: Collector,
): Promise<Taking> {
  if (selectsAll(options)) return { leavesRoot: false };
  const { selectionOf } = await import("./selection/selection.ts");
  const { rules, missing } = selectionOf(options, { source, destination, tree: roots.source, now: env.wallClock() });
  for (const { path, error } of missing) collector.incomplete(path, error);
  return { selection: rules, leavesRoot: rules !== undefined && leavesRoot(rules.spec) };
}

/** The rules for both roots; what they cannot keep is said. */
function rulesFor(pair: MirrorPair, roots: Roots, collector: Collector, taking: Taking): MirrorRules {
  const { source, destination, store, lens, bases } = roots;
  const target = (destination ?? source).capabilities;
  for (const capabilities of [source.capabilities, target]) {
    for (const warning of degradationsOf(capabilities)) collector.warn(warning);
  }
  for (const warning of [...lensWarnings(lens, target), ...bases.warnings, ...storeWarnings(store, source)]) {
    collector.warn(warning);
  }
  const space = spaceRules(pair, source, destination);
  if (pair.options.preflight && space === undefined) collector.warn(SPACE_UNKNOWN);
  const rules = mirrorRules(pair.options, source.capabilities, target, store?.rules, taking);
  const { shared } = pair;
  return {
    ...rules,
    ...(shared === undefined ? {} : {
      plan: { ...rules.plan, detaches: true },
      apply: { ...rules.apply, clones: shared.clones },
    }),
    basis: basisRules(pair.options, rules.plan.compare, shared),
    reach: reachOf(pair.options, source, destination),
    lens,
    space,
  };
}

/** One walk that lists, plans and applies each directory. */
async function writeAll(run: Run, change: Change | undefined): Promise<void> {
  const found = await run.crew.pass("write", [seedOf(change)]);
  await finishRun(run, planHardLinks(found.linked), found.deletions, 0);
  tellFound(run, found);
}

function seedOf(change: Change | undefined): Pending {
  return { path: ROOT, flags: change === undefined ? 0 : VISIT.settle };
}

/** What a walk found that only looked, so that the next visits only where something has to be done. */
interface Surveyed {
  readonly found: Findings;
  readonly links: readonly Change[];
}

/** Looks at everything, and refuses what must not be done. */
async function surveyFirst(run: Run): Promise<Surveyed> {
  const { pair, roots, crew, collector } = run;
  const change = rootChange(roots.source, roots.destination, run.rules);
  const { path, flags } = seedOf(change);
  const found = await crew.pass("survey", [{ path, flags: roots.destination === undefined ? VISIT.fresh : flags }]);
  const links = planHardLinks(found.linked);
  addPlanned(run, found, [...links, ...(change === undefined ? [] : [change])]);
  collector.setTotals(found.planned);
  tellFound(run, found);
  holdBack(run, found);
  for (const failure of rottenFailures(found.checksums)) collector.addFailure(failure);
  guardRot(found.checksums);
  const { deleted, destinationEntries } = found.planned;
  guardDeletions(deleted, destinationEntries, pair.options.maxDelete);
  guardExpectations(pair.options.expect, found.planned, collector);
  checkSpace(pair, roots.destination, needOf(run, found), deleted);
  return { found, links };
}

/** Carries out what was surveyed. */
async function writeSurveyed(run: Run, { found, links }: Surveyed): Promise<void> {
  const { pair, crew, collector } = run;
  const { deleted, withheld, destinationEntries } = found.planned;
  if (!hasChanges(found.planned)) return tellWithheld(collector, withheld);
  // The last is taken first. A directory's own change is told by the directory that holds it, before it is set.
  const work = found.work.sort((a, b) => comparePaths(b.path, a.path));
  const written = await crew.pass("write", work);
  allowDeletions(run.counters, deletionLimit(pair.options.maxDelete, destinationEntries));
  const linked = withNewLinks(found.linked, written.linked);
  const allLinks = linked === found.linked ? links : planHardLinks(linked);
  await finishRun(run, allLinks, [...found.deletions, ...written.deletions], deleted + withheld);
}

/** A file that has got a further name since the survey was not written with the others: it is one more candidate. */
function withNewLinks(surveyed: readonly LinkCandidate[], seen: readonly LinkCandidate[]): readonly LinkCandidate[] {
  if (seen.length === 0) return surveyed;
  const known = new Set(surveyed.map(({ path }) => path));
  const isNew = ({ path }: LinkCandidate) => !known.has(path);
  return seen.some(isNew) ? [...surveyed, ...seen.filter(isNew)] : surveyed;
}

/**
 * Adds what was decided after a survey.
 *
 * @param run The run.
 * @param found What the survey found; changed in place.
 * @param changes What belongs to it, too.
 */
export function addPlanned({ rules }: Run, found: Findings, changes: readonly Change[]): void {
  for (const change of changes) {
    addAction(found.planned, change);
    if (rules.space !== undefined) addNeed(found.need, change, rules.space);
  }
}

/**
 * The room that is needed for what a survey found.
 *
 * @param run The run.
 * @param found What the survey found.
 * @returns The need; `undefined` when nobody asks, or the room is not known.
 */
export function needOf({ rules }: Run, found: Findings): SpaceNeed | undefined {
  return rules.space === undefined ? undefined : totalNeed(found.need);
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
