/**
 * Runs a process to its end, or to the end of its time, and sweeps what it left behind.
 *
 * Its output goes to a file and not to a pipe: a daemon that a test forgot would hold the pipe open, and reading it
 * would never end. The process leads a group of its own, which is killed as a whole when the leader is done.
 */
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { kill } from "node:process";

/** What to run. */
export interface ProcessSpec {
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** Folder it runs in. */
  readonly cwd: string;
  /** Its environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** File that takes its output. */
  readonly log: string;
  /** After how long it is killed. */
  readonly timeoutMs: number;
}

/** How a process ended. */
export interface Ended {
  /** Its exit code; for a signal, 128 and its number; 127 when it could not be started. */
  readonly exitCode: number;
  /** Whether it was killed because its time was up. */
  readonly timedOut: boolean;
  /** What it wrote to stdout and stderr, in that order of time. */
  readonly output: string;
}

const RUNNING = new Set<number>();

/** Runs a process. Never rejects: what goes wrong is in the result. */
export async function runProcess({ command, cwd, env, log, timeoutMs }: ProcessSpec): Promise<Ended> {
  const [program = "", ...args] = command;
  const output = openSync(log, "w");
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ["ignore", output, output] });
  closeSync(output);
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    killGroup(child.pid);
  }, timeoutMs);
  if (child.pid !== undefined) RUNNING.add(child.pid);
  const exitCode = await new Promise<number>((resolve) => {
    child.once("error", () => resolve(127));
    child.once("exit", (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
  clearTimeout(timer);
  killGroup(child.pid);
  return { exitCode, timedOut, output: readFileSync(log, "utf8") };
}

/** Kills all that runs now; for a runner that is interrupted. */
export function killAllProcesses(): void {
  for (const pid of RUNNING) killGroup(pid);
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  RUNNING.delete(pid);
  try {
    kill(-pid, "SIGKILL");
  } catch {
    // nothing of the group is left
  }
}
