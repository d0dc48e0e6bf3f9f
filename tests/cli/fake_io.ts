/** A process for tests: what is written is kept, the clock and the signal are moved by hand. */
import type { Io, OutputStream } from "../../lib/cli/io.ts";
import { run } from "../../lib/cli/run.ts";
import { TASKS, type Tasks } from "../../lib/cli/tasks.ts";

/** How the process is. */
export interface FakeSettings {
  /** Variables of its environment. @default {none} */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether stdout is a terminal. @default {false} */
  readonly stdoutIsTerminal?: boolean;
  /** Whether stderr is a terminal. @default {false} */
  readonly stderrIsTerminal?: boolean;
}

/** A process and what it wrote. */
export interface FakeIo extends Io {
  /** What was written to stdout. */
  out(): string;
  /** What was written to stderr. */
  err(): string;
  /** Lets time pass. */
  pass(milliseconds: number): void;
  /** Stops it, as a signal would. */
  stop(code: number): void;
}

/** Makes a process. */
export function fakeIo(settings: FakeSettings = {}): FakeIo {
  const written = { out: "", err: "" };
  const stop = new AbortController();
  let stopCode: number | undefined;
  let now = 0;
  const stream = (key: "out" | "err", isTerminal: boolean): OutputStream => ({
    isTerminal,
    columns: 80,
    isFull: false,
    write: (text) => void (written[key] += text),
    drained: () => Promise.resolve(),
  });
  return {
    stdout: stream("out", settings.stdoutIsTerminal ?? false),
    stderr: stream("err", settings.stderrIsTerminal ?? false),
    signal: stop.signal,
    stopCode: () => stopCode,
    env: (name) => settings.env?.[name],
    now: () => now,
    out: () => written.out,
    err: () => written.err,
    pass: (milliseconds) => void (now += milliseconds),
    stop: (code) => {
      stopCode = code;
      stop.abort();
    },
  };
}

/** What came of a command line. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process. */
export async function runFake(
  args: readonly string[],
  tasks: Tasks = TASKS,
  settings: FakeSettings = {},
): Promise<Ran> {
  const io = fakeIo(settings);
  const code = await run(args, io, tasks);
  return { code, out: io.out(), err: io.err() };
}

/** Tasks that a command must not reach. */
export const NO_TASKS: Tasks = {
  mirror: () => Promise.reject(new Error("mirror was loaded")),
  loadPlan: () => Promise.reject(new Error("loadPlan was loaded")),
  snapshot: () => Promise.reject(new Error("snapshot was loaded")),
  restore: () => Promise.reject(new Error("restore was loaded")),
  delta: () => Promise.reject(new Error("delta was loaded")),
  explainDelta: () => Promise.reject(new Error("explainDelta was loaded")),
  manifest: () => Promise.reject(new Error("manifest was loaded")),
  diff: () => Promise.reject(new Error("diff was loaded")),
  history: () => Promise.reject(new Error("history was loaded")),
  du: () => Promise.reject(new Error("du was loaded")),
  prune: () => Promise.reject(new Error("prune was loaded")),
  scrub: () => Promise.reject(new Error("scrub was loaded")),
  verify: () => Promise.reject(new Error("verify was loaded")),
  doctor: () => Promise.reject(new Error("doctor was loaded")),
  explain: () => Promise.reject(new Error("explain was loaded")),
};
