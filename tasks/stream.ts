/**
 * A run as a stream of events.
 *
 * @module
 */

/** What is handed to a run. */
interface Watch<Event> {
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: Event) => void;
}

/**
 * Turns a function that reports events into an async iterable of them. The run starts with the first `next()`; leaving
 * the loop stops it and waits until it has tidied up.
 *
 * @param run Runs to the end and calls `onEvent`.
 * @param options Handed on; its signal stops the run, too.
 * @returns The events, in order. An error of the run is thrown after the events before it.
 */
export async function* streamOf<Event, Options extends { readonly signal?: AbortSignal }>(
  run: (options: Options & Watch<Event>) => Promise<unknown>,
  options: Options,
): AsyncGenerator<Event, void, undefined> {
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
  const waiting: Event[] = [];
  let wake = () => {};
  let ended = false;
  const finished = run({
    ...options,
    signal,
    onEvent: (event: Event) => {
      waiting.push(event);
      wake();
    },
  }).finally(() => {
    ended = true;
    wake();
  });
  // The loop below throws it on; until then nobody waits for it.
  finished.catch(() => {});
  try {
    for (;;) {
      const woken = new Promise<void>((resolve) => wake = resolve);
      yield* waiting.splice(0);
      if (ended && waiting.length === 0) break;
      await woken;
    }
    await finished;
  } finally {
    if (!ended) {
      stop.abort();
      await finished.catch(() => {});
    }
  }
}
