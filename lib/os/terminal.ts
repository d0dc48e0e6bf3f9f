/**
 * The streams, signals, environment and clock of this process, for programs of the command line.
 *
 * Tried on Deno 2.9.6 and Bun 1.4.5: a large write that is followed by an exit is lost on Bun, so callers wait for
 * {@linkcode ProcessStream.drained} and let the process end by itself; a reader that has gone away (`| head`) is an
 * error event, which without a listener ends the process with a stack. On Bun the first touch of `process.stdout` takes
 * 10 ms and `node:tty` 3 ms, where the whole start takes 5; `console.log` is there already.
 *
 * @module
 */
import process from "node:process";

/** Small writes are put together up to this size. */
const BATCH = 65_536;
/** More than this waiting to be written is too much. */
const FULL = 1 << 20;
/** So much is printed in a simple way at most; a pipe takes this even when nobody reads it yet (pipe(7)). */
const PRINTED = 16_384;
const DEFAULT_COLUMNS = 80;

/** Signals that stop the process, and the exit codes that shells expect after them. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
/** Exit code when nobody reads the output: 128 and the number of SIGPIPE. */
const READER_GONE = 141;

/** A stream of the process, for text. Nothing about it is asked or opened before it is needed: that takes time. */
export class ProcessStream {
  readonly #descriptor: 1 | 2;
  readonly #onBroken: () => void;
  #other: ProcessStream | undefined;
  #isTerminal: boolean | undefined;
  #stream: NodeJS.WriteStream | undefined;
  #batch = "";
  #printed = 0;
  #waiting = 0;
  #isBroken = false;
  #idle: (() => void)[] = [];

  /**
   * Stands for a stream.
   *
   * @param descriptor 1 for the standard output, 2 for the standard error.
   * @param onBroken Called when nobody reads it any more.
   */
  constructor(descriptor: 1 | 2, onBroken: () => void) {
    this.#descriptor = descriptor;
    this.#onBroken = onBroken;
  }

  /** What was written to the other stream before goes out before: both may be the same terminal. */
  keepOrderWith(other: ProcessStream): void {
    this.#other = other;
  }

  /** Whether a person sees it. */
  get isTerminal(): boolean {
    this.#isTerminal ??= process.getBuiltinModule("node:tty").isatty(this.#descriptor);
    return this.#isTerminal;
  }

  /** Width of the terminal as it is now. */
  get columns(): number {
    return this.isTerminal ? this.#open().columns || DEFAULT_COLUMNS : DEFAULT_COLUMNS;
  }

  /** Whether too much waits to be written. */
  get isFull(): boolean {
    return this.#waiting > FULL;
  }

  /** Writes text, sooner or later: what one turn of the event loop writes goes out together. */
  write(text: string): void {
    if (this.#isBroken) return;
    this.#other?.flush();
    if (this.#batch === "") setTimeout(() => this.flush(), 0);
    this.#batch += text;
    if (this.#batch.length >= BATCH) this.flush();
  }

  /** Writes now what has been put together. */
  flush(): void {
    const text = this.#batch;
    if (text === "" || this.#isBroken) return;
    this.#batch = "";
    if (this.#print(text)) return;
    this.#waiting += text.length;
    this.#open().write(text, () => this.#written(text.length));
  }

  /** Resolves when everything is written, or nobody reads any more. */
  drained(): Promise<void> {
    this.flush();
    if (this.#waiting === 0 || this.#isBroken) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Writes a few whole lines without opening the stream; more might block, and a signal could not be handled. */
  #print(text: string): boolean {
    if (this.#stream !== undefined || this.#printed + text.length > PRINTED || !text.endsWith("\n")) return false;
    this.#printed += text.length;
    if (this.#descriptor === 2) return printError(text);
    console.log(text.slice(0, -1));
    return true;
  }

  #written(length: number): void {
    this.#waiting -= length;
    if (this.#waiting === 0) this.#wake();
  }

  #open(): NodeJS.WriteStream {
    if (this.#stream === undefined) {
      this.#stream = (this.#descriptor === 1 ? process.stdout : process.stderr) as NodeJS.WriteStream;
      this.#stream.on("error", () => this.#break());
    }
    return this.#stream;
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

/** Writes to the standard error without its stream; Bun's `console.error` would paint it red on a terminal. */
function printError(text: string): boolean {
  const { writeSync } = process.getBuiltinModule("node:fs");
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(2, bytes, at);
    } catch (thrown) {
      // Not ready at the moment: the stream knows how to wait. Otherwise nobody is there to be told.
      if (at === 0 && thrown instanceof Error && "code" in thrown && thrown.code === "EAGAIN") return false;
      return true;
    }
  }
  return true;
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
  /** Waits until everything is written. */
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
  onSignals((code) => {
    if (stop.signal.aborted) process.exit(code);
    stopWith(code);
  });
  const stdout = new ProcessStream(1, () => stopWith(READER_GONE));
  // Without anybody to talk to, work goes on.
  const stderr = new ProcessStream(2, () => {});
  stdout.keepOrderWith(stderr);
  stderr.keepOrderWith(stdout);
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
    },
  };
}

/** Calls a function at each signal, with the exit code for it. Listening keeps neither runtime alive. */
function onSignals(call: (code: number) => void): void {
  for (const [name, code] of Object.entries(SIGNALS) as [keyof typeof SIGNALS, number][]) {
    try {
      process.on(name, () => call(code));
    } catch {
      // a platform that does not have this signal
    }
  }
}

function readVariable(name: string): string | undefined {
  try {
    return process.env[name];
  } catch {
    return undefined; // Deno without the permission to read it
  }
}
