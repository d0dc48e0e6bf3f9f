/**
 * What one thread does with one directory: list both sides, plan, and according to the pass count, carry out, or
 * delete. A run is made of passes over directories; see `run.ts` for their order.
 *
 * @module
 */
import { applyChanges, type Place } from "../../../lib/apply/apply_changes.ts";
import { JointComparison } from "../../../lib/apply/joint_comparison.ts";
import { ApplyContext, type Outcome } from "../../../lib/apply/context.ts";
import { LentFiles } from "../../../lib/apply/lent_files.ts";
import { linkShared, type Sharing } from "../../../lib/apply/link_shared.ts";
import { Preserver } from "../../../lib/apply/preserver.ts";
import { cannotRemove } from "../../../lib/apply/remove_source.ts";
import { removeTree, type WalkBelow } from "../../../lib/apply/remove.ts";
import { type StagedWork, Staging } from "../../../lib/apply/staging.ts";
import { discardStaged, Switch } from "../../../lib/apply/switch.ts";
import { changeUnseen, changeWithin, settle } from "../../../lib/apply/settle.ts";
import { asSyncError, atPath, atSide, type SyncError } from "../../../lib/errors.ts";
import type { Entry } from "../../../lib/model/entry.ts";
import { baseName, childPath, parentPath, type RelPath, ROOT } from "../../../lib/model/rel_path.ts";
import type { Steps } from "../../../lib/model/steps.ts";
import type { Directory, Tree } from "../../../lib/model/tree.ts";
import type { Action, Delete, RemoveSource, Sweep } from "../../../lib/plan/action.ts";
import type { DirectoryPlan, Extraneous } from "../../../lib/plan/directory_plan.ts";
import type { Frontier, Pending } from "../../../lib/scan/frontier.ts";
import { FILE_TICKETS } from "../../../lib/os/open_tree.ts";
import { openIfThere } from "../../../lib/scan/open_if_there.ts";
import { walkSubtree } from "../../../lib/scan/subtree.ts";
import type { Findings } from "../threads/findings.ts";
import type { Ledger } from "../checksums/ledger.ts";
import type { MirrorRules } from "../rules.ts";
import { HELP_SHIFT, isEntered, type Pass, VISIT } from "../threads/passes.ts";
import { removeArrived, removePlanned } from "./source_removal.ts";
import { Census, type CensusInit } from "./census.ts";
import type { Listener } from "../threads/listener.ts";
import { Look, type LookInit } from "./look.ts";

/** What a thread works with. */
export interface VisitorInit extends LookInit, CensusInit {
  /** Where old entries are kept, if they have a place of their own and anything will be changed. */
  readonly store: Tree | undefined;
  /** Twelve hexadecimal digits of this thread's own. */
  readonly runId: string;
  /** Where threads compare large files together, if they do. */
  readonly joint?: SharedArrayBuffer | undefined;
  /** Number of this thread. */
  readonly slot?: number;
}

/** One thread's hands. */
export class Visitor {
  readonly #source: Tree;
  readonly #destination: Tree | undefined;
  readonly #rules: MirrorRules;
  readonly #listener: Listener;
  readonly #look: Look;
  readonly #census: Census;
  readonly #context: ApplyContext | undefined;
  readonly #ledger: Ledger | undefined;
  readonly #failed = new Set<RelPath>();

  /** Prepares to visit directories. */
  constructor(init: VisitorInit) {
    this.#source = init.source;
    this.#destination = init.destination;
    this.#rules = init.rules;
    this.#listener = init.listener;
    this.#ledger = init.ledger;
    this.#census = new Census(init);
    this.#look = new Look(init, {
      looked: (entries) => init.listener.looked(entries),
      failed: (path, error) => this.#tellFailed(path, error),
    });
    this.#context = init.destination === undefined ? undefined : this.#contextFor(init, init.destination);
  }

  #contextFor(
    { source, store, bases = [], rules, runId, joint, slot = 0 }: VisitorInit,
    destination: Tree,
  ): ApplyContext {
    const context = new ApplyContext(source, destination, rules.apply, this.#outcome(), runId);
    context.bases = bases;
    if (rules.basis?.lent !== undefined) context.lent = new LentFiles(rules.basis.lent);
    if (rules.delays) context.staging = new Staging();
    if (joint !== undefined) context.joint = new JointComparison(joint, slot, FILE_TICKETS);
    // A plan that is only made keeps nothing.
    if (rules.keep === undefined || (rules.keep.store !== undefined && store === undefined)) return context;
    context.preserver = new Preserver({ context, rules: rules.keep, store, walk: walkSubtree });
    return context;
  }

  /** Remembers what failed in the directory at hand, so that a directory that could not be made is not entered. */
  #tellFailed(path: RelPath, error: SyncError): void {
    this.#failed.add(path);
    this.#listener.failed(path, error);
  }

  #outcome(): Outcome {
    const listener = this.#listener;
    return {
      applied: (action) => listener.applied(action),
      copied: (bytes) => listener.copied(bytes),
      failed: (path, error) => this.#tellFailed(path, error),
      notLinked: () => listener.notLinked?.(),
      spared: (bytes) => listener.spared?.(bytes),
      notInPlace: () => listener.notInPlace?.(),
      ...(listener.keepsActions === false && listener.shared !== undefined
        ? { shared: (files: number, bytes: number) => listener.shared!(files, bytes) }
        : {}),
      fromBasis: (bytes, isCloned) => listener.fromBasis?.(bytes, isCloned),
      leftBehind: (directory) => this.#census.findings.deletions.push(directory),
      mayDelete: () => this.#rules.ignoreErrors || !listener.isSourceUnread(),
    };
  }

  /** Hands over what was found, and starts anew. */
  takeFindings(): Findings {
    const staged = this.#context?.staging?.take();
    const found = this.#census.take();
    const checksums = this.#ledger?.take() ?? found.checksums;
    return staged === undefined ? { ...found, checksums } : { ...found, checksums, staged };
  }

  /**
   * Visits one directory.
   *
   * @param pass What is to be done.
   * @param pending The directory.
   * @param frontier Receives its subdirectories.
   * @returns Steps.
   * @throws {SyncError} when the run cannot go on: the file system is full, or a defect.
   */
  *visit(pass: Pass, pending: Pending, frontier: Frontier): Steps {
    this.#failed.clear();
    const joint = this.#context?.joint;
    if ((pending.flags & VISIT.help) !== 0) return yield* joint?.help(pending.flags >>> HELP_SHIFT) ?? [];
    let source: Directory | undefined;
    let destination: Directory | undefined;
    try {
      if (joint !== undefined) joint.call = (slot, threads) => callFor(frontier, slot, threads);
      source = this.#source.open(pending.path);
      destination = this.#openDestination(pass, pending);
      yield* this.#visitOpen(pass, pending, frontier, source, destination);
    } catch (thrown) {
      this.#handle(thrown, pass, pending, source !== undefined);
    } finally {
      if (joint !== undefined) joint.call = undefined;
      this.#close(source, destination);
    }
  }

  #close(source: Directory | undefined, destination: Directory | undefined): void {
    source?.close();
    destination?.close();
    this.#look.close();
    this.#context?.preserver?.close();
  }

  /** Walks what is removed for another reason than that the source does not have it; never onto a mount. */
  readonly #walk: WalkBelow = (tree, top, entry, failures) =>
    walkSubtree(tree, top, entry, failures, this.#look.within(parentPath(top), undefined));

  #openDestination(pass: Pass, pending: Pending): Directory | undefined {
    const isAbsent = pass === "survey" && (pending.flags & VISIT.fresh) !== 0;
    return isAbsent ? undefined : this.#destination?.open(pending.at ?? pending.path);
  }

  *#visitOpen(
    pass: Pass,
    pending: Pending,
    frontier: Frontier,
    source: Directory,
    destination: Directory | undefined,
  ): Steps {
    const plan = yield* this.#look.plan(pending, source, destination);
    if (pass === "delete" || pass === "sweep") return yield* this.#delete(pass, plan, source, destination!);
    if (pass === "remove-source") {
      yield* removeArrived(this.#listener, { source, destination: destination! }, plan.moving, this.#failed);
    }
    if (pass !== "remove-source") yield* this.#workOn(pass, plan, pending, source, destination);
    for (const child of plan.children) {
      if (!isEntered(pass, pending, child)) continue;
      const path = childPath(plan.path, child.name);
      if (this.#failed.has(path)) continue;
      const flags = (child.fresh ? VISIT.fresh : 0) | (child.settle ? VISIT.settle : 0);
      frontier.push(path, flags, child.fresh && pass === "write" ? this.#locate(pending, path) : undefined);
    }
  }

  *#workOn(
    pass: Pass,
    plan: DirectoryPlan,
    pending: Pending,
    source: Directory,
    destination: Directory | undefined,
  ): Steps {
    this.#census.count(plan, this.#look, (pending.flags & VISIT.flat) === 0);
    if (pass === "survey") {
      yield* this.#census.survey(plan, pending, this.#look);
      const ahead = [...plan.actions, ...plan.linked.map(({ alone }) => alone)];
      yield* this.#ledger?.guard(pending.path, source, ahead) ?? [];
    } else yield* this.#write(plan, pending, source, destination!);
  }

  /** Where a new directory is until the switch, if there will be one. */
  #locate({ at }: Pending, path: RelPath): RelPath | undefined {
    const staging = this.#context?.staging;
    if (staging === undefined) return undefined;
    return at === undefined ? staging.locate(path) : childPath(at, baseName(path));
  }

  *#write(plan: DirectoryPlan, pending: Pending, source: Directory, destination: Directory): Steps {
    const mustSettle = (pending.flags & VISIT.settle) !== 0;
    const { basis } = this.#look;
    if (plan.shared !== undefined && basis !== undefined) {
      const { index, directory } = basis;
      const sharing = { shared: plan.shared, index, basis: directory, destination, path: plan.path };
      return yield* this.#change(pending, source, destination, plan.actions, mustSettle, sharing);
    }
    if (plan.actions.length === 0 && !mustSettle) return;
    yield* this.#change(pending, source, destination, plan.actions, mustSettle);
  }

  /** Carries out changes in a directory, and sets its own metadata when they touched it or when it has to be. */
  *#change(
    pending: Pending,
    source: Directory,
    destination: Directory,
    actions: readonly Action[],
    mustSettle: boolean,
    sharing?: Sharing,
  ): Steps {
    const context = this.#context!;
    if (context.staging !== undefined) context.staging.inside = pending.at !== undefined;
    const work = this.#applyAndLearn(pending.path, { source, destination }, actions, sharing);
    if (!context.waits) {
      return yield* changeWithin(
        context,
        destination,
        () => this.#wanted(pending.path, source),
        orAlways(work, mustSettle),
      );
    }
    // Until the switch the directory looks as before.
    yield* changeUnseen(context, destination, this.#entryOf(destination), work);
    context.staging!.settleLater(pending.path);
  }

  *#applyAndLearn(
    path: RelPath,
    sides: Place,
    actions: readonly Action[],
    sharing: Sharing | undefined,
  ): Steps<boolean> {
    const changed = yield* this.#work(sides, actions, sharing);
    yield* this.#ledger?.learn(path, sides.source, actions, this.#failed) ?? [];
    return changed;
  }

  /** What is linked comes first: what cannot be is copied with the rest. */
  *#work(place: Place, actions: readonly Action[], sharing: Sharing | undefined): Steps<boolean> {
    const context = this.#context!;
    if (sharing === undefined) return yield* applyChanges(context, place, actions, this.#walk);
    const left = yield* linkShared(context, sharing);
    yield* applyChanges(context, place, left.length === 0 ? actions : [...left, ...actions], this.#walk);
    return true;
  }

  /**
   * Prepares the switch of everything that waits.
   *
   * @param staged What all threads have staged.
   * @returns The switch; to be carried out on this thread.
   */
  switchOf(staged: StagedWork): Switch {
    return new Switch(this.#context!, staged, walkSubtree);
  }

  /** Sets metadata of directories, after the switch. */
  *settleIn(path: RelPath): Steps {
    this.#context!.staging = undefined;
    yield* this.applyIn(path, []);
  }

  /** Learns what other threads have staged. */
  learn(staged: StagedWork): void {
    this.#context?.staging?.learn(staged);
  }

  /** Removes what waits and will not be switched. */
  *discard(staged: StagedWork): Steps {
    if (this.#context !== undefined) yield* discardStaged(this.#context, staged.held, walkSubtree);
  }

  /**
   * Removes from one directory of the source what a plan names and the destination has.
   *
   * @param path The directory.
   * @param actions What is to be removed there.
   * @returns Steps.
   */
  *removeSourcesIn(path: RelPath, actions: readonly RemoveSource[]): Steps {
    this.#failed.clear();
    let source: Directory | undefined;
    let destination: Directory | undefined;
    try {
      source = this.#source.open(path);
      destination = openIfThere(this.#destination!, path);
      if (destination === undefined) throw cannotRemove(path, "vanished", "the destination does not have it");
      const { moving } = yield* this.#look.plan({ path, flags: 0 }, source, destination);
      const isTold = (each: RelPath) => this.#context!.isUnmade(each) || this.#failed.has(each);
      yield* removePlanned(this.#listener, { source, destination }, actions, moving, isTold);
    } catch (thrown) {
      this.#handle(thrown, "remove-source", { path, flags: 0 }, true);
    } finally {
      this.#close(source, destination);
    }
  }

  *#delete(pass: Pass, plan: DirectoryPlan, source: Directory, destination: Directory): Steps {
    yield* changeWithin(
      this.#context!,
      destination,
      () => this.#wanted(plan.path, source),
      this.#removeAll(pass, plan),
    );
  }

  *#removeAll(pass: Pass, plan: DirectoryPlan): Steps<boolean> {
    const leftovers = plan.actions.filter((action) => action.op === "sweep");
    for (const action of leftovers) yield* this.#remove(action.path, action.have, undefined);
    const extraneous = pass === "delete" ? plan.extraneous : [];
    for (const { path, have, reason } of extraneous) yield* this.#remove(path, have, reason);
    return true;
  }

  *#remove(top: RelPath, have: Entry, reason: Extraneous["reason"] | undefined): Steps {
    // What was moved aside is counted below its top, which has something in its place.
    const walk: WalkBelow = reason !== undefined
      ? (...below) => this.#approvedWalk(undefined, ...below, this.#look.selection)
      : (...below) => this.#approvedWalk(top, ...below, this.#look.within(parentPath(top), undefined));
    const preserver = reason === undefined ? undefined : this.#context?.preserver;
    yield* removeTree(this.#destination!, top, have, walk, {
      ...(preserver === undefined ? {} : { keep: (...entry) => preserver.keep(...entry) }),
      failed: (path, error) => this.#listener.failed(path, error),
      removed: (path, entry) => {
        if (reason !== undefined) this.#listener.applied({ op: "delete", path, have: entry, reasons: [reason] });
      },
    });
  }

  /** The guard counted before; what appeared since then is counted here. */
  *#approvedWalk(
    uncounted: RelPath | undefined,
    ...below: Parameters<typeof walkSubtree>
  ): ReturnType<typeof walkSubtree> {
    for (const each of walkSubtree(...below)) {
      if (each.path !== uncounted) this.#listener.approveDeletion();
      yield each;
    }
  }

  /** A directory that was just made but cannot be read at the source still gets its own metadata. */
  #settleUnreadable(pass: Pass, pending: Pending): void {
    if (pass !== "write" || (pending.flags & VISIT.settle) === 0 || pending.path === "") return;
    if (this.#context?.staging !== undefined && pending.at === undefined) {
      return this.#context.staging.settleLater(pending.path);
    }
    let parent: Directory | undefined;
    let directory: Directory | undefined;
    try {
      parent = this.#source.open(parentPath(pending.path));
      directory = this.#destination!.open(pending.at ?? pending.path);
      const want = parent.lookup(baseName(pending.path));
      if (want?.kind !== "directory") return;
      const { xattrs } = this.#rules;
      const whole = xattrs === undefined ? want : { ...want, xattrs: parent.xattrs(baseName(pending.path), xattrs) };
      settle(this.#context!, directory, whole, directory.entry());
    } catch (thrown) {
      this.#listener.failed(pending.path, atPath(asSyncError(thrown), pending.path));
    } finally {
      parent?.close();
      directory?.close();
    }
  }

  #entryOf(directory: Directory): Entry {
    const entry = directory.entry();
    const { xattrs } = this.#rules;
    return xattrs === undefined ? entry : { ...entry, xattrs: directory.xattrs(undefined, xattrs) };
  }

  #wanted(path: RelPath, source: Directory): Entry | undefined {
    if (path === ROOT && this.#rules.leavesRoot) return undefined;
    try {
      return this.#entryOf(source);
    } catch (thrown) {
      throw atSide(asSyncError(thrown), "source");
    }
  }

  /**
   * Carries out actions that were decided elsewhere: hard links after a pass, or a plan that was kept.
   *
   * @param path The directory of all actions.
   * @param actions What to do there.
   * @returns Steps.
   */
  *applyIn(path: RelPath, actions: readonly Action[]): Steps {
    this.#failed.clear();
    const located = this.#context!.staging?.locate(path) ?? path;
    const pending = { path, flags: VISIT.settle, at: located === path ? undefined : located };
    let source: Directory | undefined;
    let destination: Directory | undefined;
    try {
      source = this.#source.open(path);
      destination = this.#destination!.open(located);
      yield* this.#change(pending, source, destination, actions, true);
    } catch (thrown) {
      for (const action of actions) this.#context!.markUnmade(action.path);
      this.#handle(thrown, "write", pending, source !== undefined);
    } finally {
      this.#close(source, destination);
    }
  }

  /**
   * Removes entries that were decided elsewhere. The source need not have their directory any more, and the directory
   * itself may be gone with what replaced it. Where that could not be put into its place, everything stays.
   *
   * @param path The directory of all actions.
   * @param actions What to remove there.
   * @param mustSettle Whether the directory's own metadata is set in any case. @default {when something is removed}
   * @returns Steps.
   */
  *removeIn(path: RelPath, actions: readonly (Delete | Sweep)[], mustSettle = false): Steps {
    if (this.#context!.isBelowUnmade(path)) return;
    let destination: Directory | undefined;
    let source: Directory | undefined;
    try {
      destination = openIfThere(this.#destination!, path);
      if (destination === undefined) {
        for (const action of actions) this.#listener.applied(action);
        return;
      }
      source = openIfThere(this.#source, path);
      const work = applyChanges(this.#context!, { source: destination, destination }, actions, this.#walk);
      const wanted = () => source === undefined ? undefined : this.#wanted(path, source);
      yield* changeWithin(this.#context!, destination, wanted, orAlways(work, mustSettle));
    } catch (thrown) {
      this.#handle(thrown, "delete", { path, flags: 0 }, true);
    } finally {
      this.#close(source, destination);
    }
  }

  /** What ends the run is thrown on; everything else is told, and the run goes on. */
  #handle(thrown: unknown, pass: Pass, pending: Pending, sourceWasRead: boolean): void {
    const error = sourceWasRead ? asSyncError(thrown) : atSide(asSyncError(thrown), "source");
    if (error.code === "no-space" || error.code === "internal" || error.code === "too-many-deletions") throw error;
    // Nothing was changed yet; whoever looks into a directory for the first time finds a rule file that cannot be used.
    if (error.code === "filter-invalid" && pass === "survey") throw error;
    this.#listener.failed(pending.path, atPath(error, pending.path));
    if (!sourceWasRead) this.#settleUnreadable(pass, pending);
  }
}

/** The same work, with a result that does not depend on it when it is to be `true`. */
function* orAlways(work: Steps<boolean>, always: boolean): Steps<boolean> {
  return (yield* work) || always;
}

/** Asks as many threads as there are for help with a large file; those that come late find that there is nothing to do. */
function callFor(frontier: Frontier, slot: number, threads: number): void {
  for (let each = 0; each < threads; each++) frontier.push(ROOT, VISIT.help | (slot << HELP_SHIFT));
  frontier.share();
}
