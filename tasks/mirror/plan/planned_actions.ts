/**
 * The actions of a plan, wherever they are kept.
 *
 * @module
 */
import { asSyncError } from "../../../lib/errors.ts";
import type { Degradation } from "../../../lib/model/capabilities.ts";
import { openScratch } from "../../../lib/os/scratch_file.ts";
import type { Action, Operation } from "../../../lib/plan/action.ts";
import { ActionSpool } from "../../../lib/plan/action_spool.ts";

/** Actions in the order of a plan, as often as they are wanted. */
export interface PlannedActions {
  /** When they were carried out; `undefined` when they were not. */
  readonly appliedAt: string | undefined;
  /** Each action, from the first on; those of some operations when they are given. */
  each(wanted?: readonly Operation[]): Iterable<Action>;
  /** Keeps in mind, for good, that they are carried out; `false` where that cannot be written down. */
  markApplied(at: string): boolean;
  /** Gives back what they take; they cannot be read any more. */
  close(): void;
}

/** The actions of a plan that was just made. */
export class SpooledActions implements PlannedActions {
  /** What could not be done to keep memory free. */
  readonly warnings: Degradation[] = [];
  appliedAt: string | undefined;
  #deletes = true;
  readonly #spool = new ActionSpool({ scratch: () => this.#openScratch() });

  /**
   * Takes an action.
   *
   * @throws {SyncError} code `"no-space"` when the temporary folder is full.
   */
  add(action: Action): void {
    this.#spool.add(action);
  }

  /** Forgets all deletions. */
  leaveOutDeletions(): void {
    this.#deletes = false;
  }

  *each(wanted?: readonly Operation[]): Generator<Action, void, undefined> {
    for (const action of this.#spool.each(wanted)) {
      if (action.op !== "delete" || this.#deletes) yield action;
    }
  }

  markApplied(at: string): boolean {
    this.appliedAt = at;
    return true;
  }

  close(): void {
    this.#spool.close();
  }

  #openScratch(): ReturnType<typeof openScratch> | undefined {
    try {
      return openScratch();
    } catch (thrown) {
      const { message } = asSyncError(thrown);
      this.warnings.push({ name: "plan-in-memory", message: `The whole plan is held in memory: ${message}` });
      return undefined;
    }
  }
}
