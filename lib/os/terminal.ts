/**
 * The streams, signals, environment and clock of this process, for programs of the command line.
 *
 * Tried on Deno 2.9.6 and Bun 1.4.5: a large write that is followed by an exit is lost on Bun, so callers wait for
 * {@linkcode ProcessStream.drained} and let the process end by itself; a reader that has gone away (`| head`) is an
 * error event, which without a listener ends the process with a stack.
 *
 * @module
 */
import process from "node:process";
import { isatty } from "node:tty";

/** Small writes are put together up to this size, unless a person watches. */
const BATCH = 65_536;
/** More than this waiting to be written is too much. */
const FULL = 1 << 20;
const DEFAULT_COLUMNS = 80;

/** Signals that stop the process, and the exit codes that shells expect after them. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
/** Exit code when nobody reads the output: 128 and the number of SIGPIPE. */
const READER_GONE = 141;

/** A stream of the process, for text. */
export class ProcessStream {
  /** Whether a person sees it. */
  readonly isTerminal: boolean;
  readonly #stream: () => NodeJS.WriteStream;
  readonly #onBroken: () => void;
  #opened: NodeJS.WriteStream | undefined;
  #batch = "";
  #waiting = 0;
  #isBroken = false;
  #idle: (() => void)[] = [];

  /** Wraps a stream, which is opened at the first write: that takes time. */
  constructor(descriptor: number, stream: () => NodeJS.WriteStream, onBroken: () => void) {
    this.isTerminal = isatty(descriptor);
    this.#stream = stream;
    this.#onBroken = onBroken;
  }

  /** Width of the terminal as it is now. */
  get columns(): number {
    return this.isTerminal ? this.#open().columns || DEFAULT_COLUMNS : DEFAULT_COLUMNS;
  }

  /** Whether too much waits to be written. */
  get isFull(): boolean {
    return this.#waiting > FULL;
  }

  /** Writes text, sooner or later. */
  write(text: string): void {
    if (this.#isBroken) return;
    // What one turn of the event loop writes goes out together.
    if (this.#batch === "" && !this.isTerminal) setTimeout(() => this.#flush(), 0);
    this.#batch += text;
    if (this.isTerminal || this.#batch.length >= BATCH) this.#flush();
  }

  /** Resolves when everything is written, or nobody reads any more. */
  drained(): Promise<void> {
    this.#flush();
    if (this.#waiting === 0 || this.#isBroken) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #flush(): void {
    const text = this.#batch;
    if (text === "" || this.#isBroken) return;
    this.#batch = "";
    this.#waiting += text.length;
    this.#open().write(text, () => this.#written(text.length));
  }

  #written(length: number): void {
    this.#waiting -= length;
    if (this.#waiting === 0) this.#wake();
  }

  #open(): NodeJS.WriteStream {
    if (this.#opened === undefined) {
      this.#opened = this.#stream();
      this.#opened.on("error", () => this.#break());
    }
    return this.#opened;
  }

  #break(): void {
    if (this.#isBroken) return;
    this.#isBroken = true;
    this.#onBroken();
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#idle;
    this.#idle = [];
    for (const resolve of waiting) resolve();
  }
}

/** This process, as the command line sees it. */
export interface ProcessIo {
  /** For data. */
  readonly stdout: ProcessStream;
  /** For talk. */
  readonly stderr: ProcessStream;
  /** Aborts at the first signal, and when nobody reads the standard output. */
  readonly signal: AbortSignal;
  /** Exit code that the reason for the stop asks for. */
  stopCode(): number | undefined;
  /** A variable of the environment; `undefined` also when reading it is not permitted. */
  env(name: string): string | undefined;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Waits until everything is written, and leaves signals to the runtime again. */
  close(): Promise<void>;
}

/**
 * Takes over the streams and signals of this process. The first SIGINT, SIGTERM or SIGHUP aborts the signal, so that
 * work can be tidied up; a second one ends the process at once.
 *
 * @returns The process.
 */
export function processIo(): ProcessIo {
  const stop = new AbortController();
  let stopCode: number | undefined;
  const stopWith = (code: number) => {
    stopCode ??= code;
    stop.abort();
  };
  const removeHandlers = onSignals((code) => {
    if (stop.signal.aborted) process.exit(code);
    stopWith(code);
  });
  const stdout = new ProcessStream(1, () => process.stdout as NodeJS.WriteStream, () => stopWith(READER_GONE));
  // Without anybody to talk to, work goes on.
  const stderr = new ProcessStream(2, () => process.stderr as NodeJS.WriteStream, () => {});
  return {
    stdout,
    stderr,
    signal: stop.signal,
    stopCode: () => stopCode,
    env: readVariable,
    now: () => performance.now(),
    async close() {
      await stdout.drained();
      await stderr.drained();
      removeHandlers();
    },
  };
}

/** Calls a function at each signal, with the exit code for it; returns what ends that. */
function onSignals(call: (code: number) => void): () => void {
  const removals: (() => void)[] = [];
  for (const [name, code] of Object.entries(SIGNALS) as [keyof typeof SIGNALS, number][]) {
    const handler = () => call(code);
    try {
      process.on(name, handler);
      removals.push(() => process.off(name, handler));
    } catch {
      // a platform that does not have this signal
    }
  }
  return () => removals.forEach((remove) => remove());
}

function readVariable(name: string): string | undefined {
  try {
    return process.env[name];
  } catch {
    return undefined; // Deno without the permission to read it
  }
}
