/**
 * What the command line needs of the process it runs in, as a value: `cli.ts` makes it from the real streams, tests
 * make it by hand.
 *
 * @module
 */

/** A stream for text. */
export interface OutputStream {
  /** Whether a person sees it on a terminal. */
  readonly isTerminal: boolean;
  /** Width of the terminal; 80 when it is none. */
  readonly columns: number;
  /** Whether so much waits to be written that a writer should wait, too. */
  readonly isFull: boolean;
  /** Writes text, sooner or later. A reader that has gone away stops the run through {@linkcode Io.signal}. */
  write(text: string): void;
  /** Resolves when everything is written, or nobody reads any more. */
  drained(): Promise<void>;
}

/** The process. */
export interface Io {
  /** For data. */
  readonly stdout: OutputStream;
  /** For talk: warnings, progress, totals, errors. */
  readonly stderr: OutputStream;
  /** Aborts when the process is to stop: by a signal, or because nobody reads what it says. */
  readonly signal: AbortSignal;
  /** Exit code that the reason for the stop asks for; `undefined` while there is none. */
  stopCode(): number | undefined;
  /** A variable of the environment. */
  env(name: string): string | undefined;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
}

/**
 * Whether a stream gets colours.
 *
 * @param choice What `--color` says.
 * @param stream The stream.
 * @param env Variables of the environment.
 * @returns For `auto`: on a terminal that is not dumb, unless `NO_COLOR` is set; `FORCE_COLOR` and `CLICOLOR_FORCE`
 * colour everything.
 */
export function hasColor(
  choice: "auto" | "always" | "never",
  stream: Pick<OutputStream, "isTerminal">,
  env: (name: string) => string | undefined,
): boolean {
  if (choice !== "auto") return choice === "always";
  const isSet = (name: string) => (env(name) ?? "") !== "";
  if (isSet("NO_COLOR")) return false;
  if (isForced(env("FORCE_COLOR")) || isForced(env("CLICOLOR_FORCE"))) return true;
  return stream.isTerminal && env("TERM") !== "dumb";
}

function isForced(value: string | undefined): boolean {
  return value !== undefined && value !== "" && value !== "0";
}
