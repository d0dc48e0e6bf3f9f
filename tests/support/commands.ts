/** Programs that a test runs to their end, with their output as bytes. */
import { spawnSync } from "node:child_process";
import { env } from "node:process";

/** How a program is run. */
export interface CommandOptions {
  /** Folder it runs in. @default {the folder of this process} */
  readonly cwd?: string;
  /** What it reads. @default {nothing} */
  readonly input?: string | Uint8Array;
  /** Its environment, beside that of this process. @default {{}} */
  readonly env?: Readonly<Record<string, string>>;
}

/** How a program ended. */
export interface CommandResult {
  /** Its exit code, or `null` when a signal ended it. */
  readonly status: number | null;
  /** What it wrote. */
  readonly stdout: Uint8Array;
  /** What it complained of. */
  readonly stderr: string;
}

/** Runs a program and tells how it ended. */
export function runCommand(program: string, args: readonly string[], options: CommandOptions = {}): CommandResult {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    input: options.input ?? "",
    env: { ...env, LC_ALL: "C", ...options.env },
    maxBuffer: 1 << 28,
  });
  if (error !== undefined) throw error;
  return { status, stdout, stderr: new TextDecoder().decode(stderr) };
}

/**
 * Runs a program that must succeed.
 *
 * @returns what it wrote to stdout
 * @throws {Error} when it ends with another code than 0
 */
export function mustRun(program: string, args: readonly string[], options: CommandOptions = {}): string {
  const { status, stdout, stderr } = runCommand(program, args, options);
  if (status !== 0) {
    throw new Error(`${program} ${args.join(" ").slice(0, 500)} ended with ${status}: ${stderr.slice(0, 2000)}`);
  }
  return new TextDecoder().decode(stdout);
}
