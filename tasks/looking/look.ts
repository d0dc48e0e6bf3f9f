/**
 * What tasks have in common that only look at a store: they open it, work in steps, and can be stopped and watched.
 *
 * @module
 */
import { SyncError } from "../../lib/errors.ts";
import type { Env } from "../../lib/model/env.ts";
import { type Failure, toFailure } from "../../lib/model/event.ts";
import type { Steps } from "../../lib/model/steps.ts";
import type { EntryFailure, Tree } from "../../lib/model/tree.ts";
import { environment } from "../../lib/os/env.ts";
import type { LayerChoice } from "../../lib/os/open_tree.ts";
import { openStore } from "../snapshot/open_store.ts";
import { streamOf } from "../stream.ts";

/** Options of all tasks that look at a store. */
export interface LookOptions {
  /** Which implementation of the file system is used. @default {"auto"} */
  readonly layer?: LayerChoice;
  /** Stops the task. @default {undefined} */
  readonly signal?: AbortSignal;
}

/** What all their reports have. */
export interface LookReport {
  /** Name of the task. */
  readonly task: string;
  /** The store, as it was given. */
  readonly store: string;
  /** What could not be looked at, by its path in the store: the first of it. */
  readonly failures: readonly Failure[];
  /** How much there was of it. */
  readonly failureCount: number;
}

/** One thing that such a task says. */
export type LookEvent<Report> =
  | { readonly type: "start"; readonly task: string; readonly store: string }
  | { readonly type: "failure"; readonly failure: Failure }
  | { readonly type: "end"; readonly report: Report };

/** How such a task is watched and stopped. */
export interface LookWatch<Report> {
  /** Stops it, beside the signal of the task. @default {undefined} */
  readonly signal?: AbortSignal;
  /** Hears every event as it happens. @default {undefined} */
  readonly onEvent?: (event: LookEvent<Report>) => void;
}

/** A task that looks at a store and changes nothing. It does so when one of its methods is called. */
export interface LookTask<Report> {
  /** The store. */
  readonly store: string;
  /** Looks. */
  run(watch?: LookWatch<Report>): Promise<Report>;
  /** The same, as a stream of events; leaving the loop stops it. */
  stream(watch?: Pick<LookWatch<Report>, "signal">): AsyncIterable<LookEvent<Report>>;
}

/** What a look finds, before what all reports have is added. */
type Found<Report extends LookReport> = Omit<Report, keyof LookReport>;

/** Looks at an open store, in steps. */
export type Look<Report extends LookReport> = (tree: Tree, failures: EntryFailure[]) => Steps<Found<Report>>;

const SLICE_MS = 15;
const MOST_FAILURES = 100;

/**
 * Makes a task of a look.
 *
 * @param task Its name.
 * @param store The store.
 * @param options Its options.
 * @param look What it does.
 * @returns The task.
 */
export function lookTask<Report extends LookReport>(
  task: Report["task"],
  store: string,
  options: LookOptions,
  look: Look<Report>,
): LookTask<Report> {
  const env = environment();
  const run = async (watch: LookWatch<Report>): Promise<Report> => {
    watch.onEvent?.({ type: "start", task, store });
    const signals = [options.signal, watch.signal].filter((each) => each !== undefined);
    const failures = new Failures((failure) => watch.onEvent?.({ type: "failure", failure }));
    const tree = openStore({ store, layer: options.layer ?? "auto", env });
    try {
      const found = await drive(look(tree, failures.list), env, AbortSignal.any(signals), () => failures.tell());
      failures.tell();
      const report = { task, store, ...found, failures: failures.first, failureCount: failures.count };
      // The compiler cannot know that a report is what was left out of it and what it was left out of.
      watch.onEvent?.({ type: "end", report: report as unknown as Report });
      return report as unknown as Report;
    } finally {
      tree.close();
    }
  };
  return {
    store,
    run: (watch = {}) => run(watch),
    stream: (watch = {}) => streamOf<LookEvent<Report>, LookWatch<Report>>(run, watch),
  };
}

async function drive<Result>(steps: Steps<Result>, env: Env, signal: AbortSignal, tell: () => void): Promise<Result> {
  let sliceEnd = env.now() + SLICE_MS;
  try {
    for (;;) {
      if (signal.aborted) throw new SyncError("cancelled", "Cannot finish: it was stopped");
      const step = steps.next();
      if (step.done === true) return step.value;
      if (env.now() < sliceEnd) continue;
      tell();
      await env.turn();
      sliceEnd = env.now() + SLICE_MS;
    }
  } finally {
    steps.return(undefined as Result);
  }
}

/** What could not be looked at, told as it comes and forgotten then, but for the first. */
class Failures {
  readonly list: EntryFailure[] = [];
  readonly first: Failure[] = [];
  readonly #onFailure: (failure: Failure) => void;
  count = 0;

  constructor(onFailure: (failure: Failure) => void) {
    this.#onFailure = onFailure;
  }

  tell(): void {
    for (const { path, error } of this.list.splice(0)) {
      const failure = toFailure(path, error);
      this.count++;
      if (this.first.length < MOST_FAILURES) this.first.push(failure);
      this.#onFailure(failure);
    }
  }
}
