/**
 * Counts what one thread finds in a pass, and in a survey tells every action of the plan that is made.
 *
 * @module
 */
import { atPath, atSide } from "../../../lib/errors.ts";
import type { Entry } from "../../../lib/model/entry.ts";
import type { RelPath } from "../../../lib/model/rel_path.ts";
import type { Steps } from "../../../lib/model/steps.ts";
import type { EntryFailure, Tree } from "../../../lib/model/tree.ts";
import type { Action } from "../../../lib/plan/action.ts";
import { type DirectoryPlan, type Extraneous, hasWork } from "../../../lib/plan/directory_plan.ts";
import { addNeed } from "../../../lib/plan/space_need.ts";
import type { SharedEntries } from "../../../lib/plan/shared_entries.ts";
import { addAction } from "../../../lib/plan/summary.ts";
import type { Pending } from "../../../lib/scan/frontier.ts";
import { walkSubtree } from "../../../lib/scan/subtree.ts";
import { emptyFindings, type Findings } from "../threads/findings.ts";
import { replaces } from "./keep_replaced.ts";
import type { Listener } from "../threads/listener.ts";
import type { Look } from "./look.ts";
import { VISIT } from "../threads/passes.ts";
import { keepsBeside, type MirrorRules } from "../rules.ts";
import { removalOf } from "./source_removal.ts";

/** Deletions that are counted between two steps. */
const SURVEY_STEP = 256;

/** What a census is made with. */
export interface CensusInit {
  /** The destination; absent when there is none. */
  readonly destination: Tree | undefined;
  /** The rules of the run. */
  readonly rules: MirrorRules;
  /** Hears of failures, and of every action of a plan. */
  readonly listener: Listener;
  /** Whether a survey tells every action, for a plan; then it does not remember where something has to be done. */
  readonly keepActions: boolean;
}

/** One thread's tally. */
export class Census {
  /** What was found since the last time it was handed over. */
  findings: Findings = emptyFindings();
  readonly #destination: Tree | undefined;
  readonly #rules: MirrorRules;
  readonly #listener: Listener;
  readonly #keepActions: boolean;

  /** Starts to count. */
  constructor({ destination, rules, listener, keepActions }: CensusInit) {
    this.#destination = destination;
    this.#rules = rules;
    this.#listener = listener;
    this.#keepActions = keepActions;
  }

  /** Hands over what was found, and starts anew. */
  take(): Findings {
    const found = this.findings;
    this.findings = emptyFindings();
    return found;
  }

  /**
   * Counts what is planned in a directory.
   *
   * @param plan The plan.
   * @param look How the directory looks.
   * @param complete Whether it was not counted before.
   */
  count(plan: DirectoryPlan, look: Look, complete: boolean): void {
    const { planned } = this.findings;
    for (const { path, error, side } of plan.problems) {
      this.#listener.failed(path, atPath(atSide(error, side), path));
    }
    if (!complete) {
      // Some may have got further names since the survey.
      for (const candidate of plan.linked) this.findings.linked.push(candidate);
      return;
    }
    planned.sourceEntries += look.sourceEntries;
    planned.destinationEntries += look.destinationEntries;
    planned.skipped.symlinks += plan.skipped.symlinks;
    planned.skipped.specials += plan.skipped.specials;
    planned.skipped.devices += plan.skipped.devices;
    for (const action of plan.actions) this.#countAction(action);
    if (plan.shared !== undefined) this.#countShared(plan.shared);
    planned.sourceRemoved += plan.moving.length;
    for (const candidate of plan.linked) this.findings.linked.push(candidate);
    if (plan.extraneous.length > 0 && !this.#keepActions) this.findings.deletions.push(plan.path);
  }

  #countShared({ count, bytes }: SharedEntries): void {
    const { planned, need } = this.findings;
    planned.created += count;
    planned.basisLinked += count;
    planned.basisBytes += bytes;
    need.entries += count * (this.#rules.space?.linkEntries ?? 0);
  }

  #countAction(action: Action): void {
    addAction(this.findings.planned, action);
    if (this.#rules.space !== undefined) addNeed(this.findings.need, action, this.#rules.space);
  }

  /**
   * Remembers where something has to be done, or tells all of it, and counts what would be deleted.
   *
   * @param plan The plan of the directory.
   * @param pending The directory.
   * @param look How it looks.
   * @returns Steps.
   */
  *survey(plan: DirectoryPlan, pending: Pending, look: Look): Steps {
    const { findings } = this;
    const fresh = (pending.flags & VISIT.fresh) !== 0;
    if (this.#keepActions) {
      for (const action of plan.actions) this.#listener.planned(action);
    } else if (!fresh && (hasWork(plan) || (pending.flags & VISIT.settle) !== 0)) {
      findings.work.push({ path: pending.path, flags: VISIT.flat | (pending.flags & VISIT.settle) });
    }
    if (this.#keepActions) { for (const each of plan.moving) this.#listener.planned(removalOf(each)); }
    for (const { path, have, reason } of plan.extraneous) yield* this.#surveyDeletion(look, path, have, reason);
    if (!this.#rules.plan.deletes) return;
    for (const { path, have } of [...plan.actions.filter(replaces), ...plan.linked]) {
      if (have?.kind === "directory") yield* this.#surveyDeletion(look, path, have, undefined);
    }
  }

  /**
   * Counts what goes with an entry: all that is below it, and the entry itself, for which there is a reason unless
   * something takes its place.
   */
  *#surveyDeletion(look: Look, top: RelPath, have: Entry, reason: Extraneous["reason"] | undefined): Steps {
    const failures: EntryFailure[] = [];
    // A directory that is replaced gets another name with all that is in it.
    if (reason === undefined && keepsBeside(this.#rules)) return;
    for (const { path, entry } of walkSubtree(this.#destination!, top, have, failures, look.selection)) {
      if (path !== top) this.findings.planned.destinationEntries++;
      else if (reason === undefined) continue;
      this.findings.planned.deleted++;
      if (this.#keepActions) {
        this.#listener.planned({ op: "delete", path, have: entry, reasons: [reason ?? "extraneous"] });
      }
      if (this.findings.planned.deleted % SURVEY_STEP === 0) yield;
    }
    for (const { path, error } of failures) this.#listener.failed(path, error);
  }
}
