/**
 * The module that threads run which read files: it does one job after the other, until it is told to stop.
 *
 * @module
 */

import { asSyncError } from "../../lib/errors.ts";
import type { HashAlgorithm } from "../../lib/manifest/algorithm.ts";
import { type Failure, toFailure } from "../../lib/model/event.ts";
import type { NativeTicket } from "../../lib/os/native_tree.ts";
import { adoptTree } from "../../lib/os/open_tree.ts";
import { parentThread } from "../../lib/os/threads.ts";
import { FileWork } from "./file_work.ts";
import { loadHash } from "./load_hash.ts";
import type { FileResult, Job } from "./job.ts";

/** First message to a thread. */
export interface WorkerInit {
  /** What it reads. */
  readonly trees: readonly NativeTicket[];
  /** Which checksums it takes. */
  readonly algorithm: HashAlgorithm | undefined;
  /** A word that is not 0 once the run is stopped. */
  readonly stop: SharedArrayBuffer;
}

/** Further messages. */
export interface WorkerOrder {
  /** Number of the job. */
  readonly number: number;
  /** What is to be done. */
  readonly job: Job;
}

/** Messages of a thread. */
export type WorkerMessage =
  | { readonly type: "ready" }
  | { readonly type: "done"; readonly number: number; readonly results: readonly FileResult[] }
  /** It was told to stop in the middle of a job. */
  | { readonly type: "left"; readonly number: number }
  | { readonly type: "failed"; readonly failure: Failure };

const parent = parentThread();
let work: FileWork | undefined;
let stop: Int32Array | undefined;

function post(message: WorkerMessage): void {
  parent.post(message);
}

function fail(thrown: unknown): void {
  const error = asSyncError(thrown);
  post({ type: "failed", failure: toFailure(error.path ?? "", error) });
}

async function begin({ trees, algorithm, stop: memory }: WorkerInit): Promise<void> {
  const hash = algorithm === undefined ? undefined : await loadHash(algorithm);
  stop = new Int32Array(memory);
  work = new FileWork({ trees: trees.map(adoptTree), hash });
  post({ type: "ready" });
}

function obey(by: FileWork, { number, job }: WorkerOrder): void {
  const steps = by.do(job);
  while (Atomics.load(stop!, 0) === 0) {
    const step = steps.next();
    if (step.done === true) return post({ type: "done", number, results: step.value });
  }
  steps.return([]);
  post({ type: "left", number });
}

parent.onMessage((message) => {
  try {
    if (work === undefined) begin(message as WorkerInit).catch(fail);
    else obey(work, message as WorkerOrder);
  } catch (thrown) {
    fail(thrown);
  }
});
