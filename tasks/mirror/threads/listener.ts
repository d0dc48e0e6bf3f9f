/**
 * How a thread tells what it does: numbers go into shared memory, where the main thread reads them whenever it wants;
 * actions and failures go into a batch, which is sent now and then.
 *
 * @module
 */
import type { Outcome } from "../../../lib/apply/context.ts";
import { SyncError } from "../../../lib/errors.ts";
import { hidesSource } from "../../../lib/model/cause.ts";
import { type Failure, toFailure } from "../../../lib/model/event.ts";
import type { RelPath } from "../../../lib/model/rel_path.ts";
import type { Action } from "../../../lib/plan/action.ts";
import { addAction, emptySummary, type RunningSummary } from "../../../lib/plan/summary.ts";

/** Numbers of one thread in shared memory; only that thread writes them. */
const COUNTERS = {
  entries: 0,
  files: 1,
  bytes: 2,
  deleted: 3,
  notLinked: 4,
  spared: 5,
  notInPlace: 6,
  cloned: 7,
  clonedBytes: 8,
  copies: 9,
} as const;
const WORDS_PER_THREAD = 16;
/** Words of the limits: deletions that are left, and entries of the source that could not be read. */
const LIMITS = { deletions: 0, unread: 1 } as const;
const LIMIT_WORDS = 2;

/** Memory for the numbers of all threads. */
export interface CounterMemory {
  /** The numbers. */
  readonly counts: SharedArrayBuffer;
  /** Deletions that are still allowed, and what stands against all of them. */
  readonly allowance: SharedArrayBuffer;
}

/** Totals over all threads. */
export interface Counts {
  /** Entries looked at. */
  readonly entries: number;
  /** Files written. */
  readonly files: number;
  /** Bytes written. */
  readonly bytes: number;
  /** Entries removed. */
  readonly deleted: number;
  /** Bytes that were there already and were not written. */
  readonly spared: number;
}

/**
 * Makes memory for the numbers of a run.
 *
 * @param threads Largest number of threads.
 * @returns The memory, all zero.
 */
export function counterMemory(threads: number): CounterMemory {
  return {
    counts: new SharedArrayBuffer(threads * WORDS_PER_THREAD * 8),
    allowance: new SharedArrayBuffer(LIMIT_WORDS * 4),
  };
}

/**
 * Sets how many deletions are allowed from now on.
 *
 * @param memory Memory of the run.
 * @param deletions The number.
 */
export function allowDeletions(memory: CounterMemory, deletions: number): void {
  Atomics.store(new Int32Array(memory.allowance), LIMITS.deletions, Math.min(deletions, 0x7fff_ffff));
}

/**
 * Keeps in mind that it is not known what the source has.
 *
 * @param memory Memory of the run.
 */
export function markSourceUnread(memory: CounterMemory): void {
  Atomics.add(new Int32Array(memory.allowance), LIMITS.unread, 1);
}

/**
 * Whether something of the source could not be read.
 *
 * @param memory Memory of the run.
 * @returns `true` from the first such entry on, whichever thread met it.
 */
export function isSourceUnread(memory: CounterMemory): boolean {
  return Atomics.load(new Int32Array(memory.allowance), LIMITS.unread) > 0;
}

/**
 * Adds up the numbers of all threads.
 *
 * @param memory Memory of the run.
 * @returns Totals as they are now.
 */
export function readCounts(memory: CounterMemory): Counts {
  const words = new Float64Array(memory.counts);
  const total = { entries: 0, files: 0, bytes: 0, deleted: 0, spared: 0 };
  for (let at = 0; at < words.length; at += WORDS_PER_THREAD) {
    total.entries += words[at + COUNTERS.entries]!;
    total.files += words[at + COUNTERS.files]!;
    total.bytes += words[at + COUNTERS.bytes]!;
    total.deleted += words[at + COUNTERS.deleted]!;
    total.spared += words[at + COUNTERS.spared]!;
  }
  return total;
}

/**
 * How many files could not be made as they were meant to.
 *
 * @param memory Memory of the run.
 * @param what Could not become further names of a basis, or could not be changed where they are.
 * @returns The number, over all threads.
 */
export function countOf(memory: CounterMemory, what: "notLinked" | "notInPlace"): number {
  const words = new Float64Array(memory.counts);
  let total = 0;
  for (let at: number = COUNTERS[what]; at < words.length; at += WORDS_PER_THREAD) total += words[at]!;
  return total;
}

/** Files that a basis has and that were written all the same. */
export interface ClonedCounts {
  /** Files that have their content in common with it. */
  readonly files: number;
  /** Bytes in these. */
  readonly bytes: number;
  /** Files that were copied. */
  readonly copies: number;
}

/**
 * How files were written that a basis has.
 *
 * @param memory Memory of the run.
 * @returns The numbers, over all threads.
 */
export function readCloned(memory: CounterMemory): ClonedCounts {
  const words = new Float64Array(memory.counts);
  const total = { files: 0, bytes: 0, copies: 0 };
  for (let at = 0; at < words.length; at += WORDS_PER_THREAD) {
    total.files += words[at + COUNTERS.cloned]!;
    total.bytes += words[at + COUNTERS.clonedBytes]!;
    total.copies += words[at + COUNTERS.copies]!;
  }
  return total;
}

/** What a thread has to tell. */
export interface Batch {
  /** Actions that were carried out, when somebody listens. */
  readonly actions: Action[];
  /** Actions of the plan that is kept. */
  readonly planned: Action[];
  /** Entries that failed. */
  readonly failures: Failure[];
}

/** So many things to tell are sent at once. */
export const BATCH = 256;

function emptyBatch(): Batch {
  return { actions: [], planned: [], failures: [] };
}

/** Hears what a thread does; the main thread's or a batch that is sent to it. */
export interface Listener extends Omit<Outcome, "mayDelete"> {
  /** Whether every single action is told. @default {true} */
  readonly keepsActions?: boolean;
  /** Entries of the source were looked at. */
  looked(entries: number): void;
  /** An action belongs to the plan that is kept. */
  planned(action: Action): void;
  /** One more entry is to be deleted; throws when that is more than was allowed. */
  approveDeletion(): void;
  /** Whether something of the source could not be read, by any thread. */
  isSourceUnread(): boolean;
}

/** A thread's ear: see the module comment. */
export class BatchingListener implements Listener {
  /** What was carried out, by number. */
  done: RunningSummary = emptySummary();
  #batch: Batch = emptyBatch();
  readonly #counts: Float64Array;
  readonly #allowance: Int32Array;
  readonly keepsActions: boolean;

  /** Writes numbers into the slot of one thread. */
  constructor(memory: CounterMemory, slot: number, keepsActions: boolean) {
    this.#counts = new Float64Array(memory.counts, slot * WORDS_PER_THREAD * 8, WORDS_PER_THREAD);
    this.#allowance = new Int32Array(memory.allowance);
    this.keepsActions = keepsActions;
  }

  applied(action: Action): void {
    addAction(this.done, action);
    if (action.op === "write-file" && action.basis?.links !== true) this.#counts[COUNTERS.files]!++;
    else if (action.op === "delete") this.#counts[COUNTERS.deleted]!++;
    if (this.keepsActions) this.#batch.actions.push(action);
  }

  planned(action: Action): void {
    this.#batch.planned.push(action);
  }

  failed(path: RelPath, error: SyncError): void {
    const failure = toFailure(path, error);
    if (hidesSource(failure)) Atomics.add(this.#allowance, LIMITS.unread, 1);
    this.#batch.failures.push(failure);
  }

  isSourceUnread(): boolean {
    return Atomics.load(this.#allowance, LIMITS.unread) > 0;
  }

  copied(bytes: number): void {
    this.#counts[COUNTERS.bytes]! += bytes;
  }

  leftBehind(): void {}

  spared(bytes: number): void {
    this.#counts[COUNTERS.spared]! += bytes;
  }

  notInPlace(): void {
    this.#counts[COUNTERS.notInPlace]!++;
  }

  notLinked(): void {
    this.#counts[COUNTERS.notLinked]!++;
  }

  shared(files: number, bytes: number): void {
    this.done.basisLinked += files;
    this.done.basisBytes += bytes;
    this.done.created += files;
  }

  fromBasis(bytes: number, isCloned: boolean): void {
    // Nothing is in an empty file that could be in common.
    if (bytes === 0) return;
    this.#counts[isCloned ? COUNTERS.cloned : COUNTERS.copies]!++;
    if (isCloned) this.#counts[COUNTERS.clonedBytes]! += bytes;
  }

  looked(entries: number): void {
    this.#counts[COUNTERS.entries]! += entries;
  }

  approveDeletion(): void {
    if (Atomics.sub(this.#allowance, LIMITS.deletions, 1) > 0) return;
    throw new SyncError("too-many-deletions", "Cannot delete more entries than were counted: the trees are changing", {
      hint: "run again when both sides are at rest",
    });
  }

  /** How much there is to tell. */
  get size(): number {
    return this.#batch.actions.length + this.#batch.planned.length + this.#batch.failures.length;
  }

  /** Hands over what there is to tell, and starts anew. */
  takeBatch(): Batch {
    const batch = this.#batch;
    this.#batch = emptyBatch();
    return batch;
  }

  /** Hands over the numbers of what was carried out, and starts anew. */
  takeDone(): RunningSummary {
    const { done } = this;
    this.done = emptySummary();
    return done;
  }
}
