/**
 * Commands of dax as steps: what they write is told line by line, and they end when the task is stopped.
 *
 * @module
 */
import { SyncError } from "../../lib/errors.ts";
import { environment } from "../../lib/os/env.ts";
import { killMarked } from "../../lib/os/marked_processes.ts";

/** How long a command that was asked to end may take before it is made to. */
const PATIENCE_MS = 2000;
/** What marks a command and all that it starts. One that was asked to end and does not is found by it: the runtimes do
 * not all send a second signal to a child. */
const MARK = "UNDRIFT_COMMAND";
const MARK_DIGITS = 32;
/** So much of what a command writes is kept. */
const MOST_KEPT = 2 ** 20;

/** A command of dax (`$`...``), as far as it is used here. It is not awaited: a command starts when it is. */
export interface DaxCommand {
  /** Has a non-zero exit code not thrown. */
  noThrow(value?: boolean): DaxCommand;
  /** Sets a variable of its environment. */
  env(name: string, value: string): DaxCommand;
  /** Says where it writes. */
  stdout(stream: WritableStream<Uint8Array>): DaxCommand;
  /** Says where it writes errors. */
  stderr(stream: WritableStream<Uint8Array>): DaxCommand;
  /** Starts it. */
  spawn(): DaxChild;
}

/** A command that runs. */
export interface DaxChild extends PromiseLike<{ readonly code: number }> {
  /** Sends it a signal. */
  kill(signal: "SIGTERM" | "SIGKILL"): void;
}

/** What a command did. */
export interface CommandReport {
  /** Always `"command"`. */
  readonly task: "command";
  /** Its exit code: 0, or another when it has `noThrow()`. */
  readonly code: number;
  /** What it wrote to stdout: the last MiB. */
  readonly stdout: string;
  /** What it wrote to stderr: the last MiB. */
  readonly stderr: string;
  /** How long it took. */
  readonly durationMs: number;
}

/** One line that a command wrote, without its end. */
export interface CommandEvent {
  /** Always `"output"`. */
  readonly type: "output";
  /** Where it wrote it. */
  readonly stream: "stdout" | "stderr";
  /** The line. */
  readonly line: string;
}

/**
 * Runs a command. Its output is told instead of shown.
 *
 * @param command The command.
 * @param signal Asks it to end, and after a while makes it.
 * @param tell Hears every line.
 * @returns What it did.
 * @throws {SyncError} code `"cancelled"` when it was stopped, `"task-failed"` when it failed.
 */
export async function runCommand(
  command: DaxCommand,
  signal: AbortSignal,
  tell: (event: CommandEvent) => void,
): Promise<CommandReport> {
  const { now, randomHex } = environment();
  const began = now();
  const mark = randomHex(MARK_DIGITS);
  const stdout = new Lines((line) => tell({ type: "output", stream: "stdout", line }));
  const stderr = new Lines((line) => tell({ type: "output", stream: "stderr", line }));
  const child = command.env(MARK, mark).stdout(stdout.stream()).stderr(stderr.stream()).spawn();
  let patience: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    child.kill("SIGTERM");
    patience = setTimeout(() => {
      if (killMarked(MARK, mark) === 0) child.kill("SIGKILL");
    }, PATIENCE_MS);
  };
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    const { code } = await child;
    if (signal.aborted) throw cancelled(undefined);
    return { task: "command", code, stdout: stdout.end(), stderr: stderr.end(), durationMs: now() - began };
  } catch (thrown) {
    if (signal.aborted) throw cancelled(thrown);
    throw failed(thrown, stderr.end());
  } finally {
    signal.removeEventListener("abort", stop);
    clearTimeout(patience);
  }
}

function cancelled(cause: unknown): SyncError {
  return new SyncError("cancelled", "The command was stopped", { cause });
}

function failed(thrown: unknown, stderr: string): SyncError {
  const why = stderr.trimEnd().split("\n").at(-1) ?? "";
  const message = `The command failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
  return new SyncError("task-failed", why === "" ? message : `${message}: ${why}`, { cause: thrown });
}

/** Text that arrives in pieces, as lines and as a whole. */
class Lines {
  readonly #tell: (line: string) => void;
  readonly #decoder = new TextDecoder();
  #line = "";
  #kept = "";

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  stream(): WritableStream<Uint8Array> {
    return new WritableStream({ write: (bytes) => this.#add(this.#decoder.decode(bytes, { stream: true })) });
  }

  #add(text: string): void {
    this.#kept = `${this.#kept}${text}`.slice(-MOST_KEPT);
    const lines = `${this.#line}${text}`.split("\n");
    this.#line = lines.pop()!;
    for (const line of lines) this.#tell(line);
  }

  /** Tells a last line that has no end; returns what was kept. */
  end(): string {
    this.#add(this.#decoder.decode());
    if (this.#line !== "") this.#tell(this.#line);
    this.#line = "";
    return this.#kept;
  }
}
