/** Tasks that are told what to do, and what composed tasks said. */
import type { StepEvent } from "undrift";

/** A task under the control of a test. */
export interface FakeTask<Report> {
  /** Its name. */
  readonly name: string;
  /** Runs until it is told how to end, or is stopped. */
  run(watch?: { readonly signal?: AbortSignal; readonly onEvent?: (event: string) => void }): Promise<Report>;
  /** How often it was begun. */
  readonly begun: number;
  /** How often it ended, in whatever way. */
  readonly ended: number;
  /** Whether it was stopped. */
  readonly wasStopped: boolean;
}

/** How a fake ends: a function is asked at each attempt. */
export type Ending<Report> = (attempt: number) => Report | Promise<Report>;

/** Makes a task that says its name and ends as it is told; one that is stopped needs a turn to tidy up. */
export function fake<Report>(name: string, ending: Ending<Report>): FakeTask<Report> {
  const state = { begun: 0, ended: 0, wasStopped: false };
  return {
    name,
    get begun() {
      return state.begun;
    },
    get ended() {
      return state.ended;
    },
    get wasStopped() {
      return state.wasStopped;
    },
    async run({ signal, onEvent } = {}) {
      onEvent?.(`${name} says ${++state.begun}`);
      const stopped = new Promise<never>((_, reject) => {
        signal?.addEventListener("abort", () => {
          state.wasStopped = true;
          setTimeout(() => reject(new DOMException("stopped", "AbortError")), 5);
        }, { once: true });
      });
      stopped.catch(() => {});
      try {
        return await Promise.race([Promise.try(ending, state.begun), stopped]);
      } finally {
        state.ended++;
      }
    },
  };
}

/** Never ends by itself. */
export function forever(name: string): FakeTask<never> {
  return fake(name, () => new Promise<never>(() => {}));
}

/** Events in short: `start a/b`, `event a/b: what it said`. */
export function outlineOf(events: readonly StepEvent[]): string[] {
  return events.map((event) => {
    const about = `${event.type} ${event.step.join("/")}`.trimEnd();
    if (event.type === "event") return `${about}: ${typeof event.event === "string" ? event.event : "..."}`;
    return event.type === "fail" || event.type === "retry" ? `${about}: ${event.error.code}` : about;
  });
}
