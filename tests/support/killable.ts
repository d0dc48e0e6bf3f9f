/** A task in a process of its own that can be killed at any moment of its run. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import type { MirrorOrder } from "./mirror_program.ts";
import { PROJECT_ROOT, runtimeExecutable } from "./runtimes.ts";
import { runtimeName } from "./test_api.ts";

/** How a process ended. */
export interface KilledRun {
  /** Milliseconds from the start of the run to the end of the process. */
  readonly durationMs: number;
  /** Whether it was killed before it was done. */
  readonly killed: boolean;
}

/**
 * Runs a mirror and kills it.
 *
 * @param order What to mirror.
 * @param afterMs When the run is killed, counted from its start; never if absent.
 */
export function runAndKill(order: MirrorOrder, afterMs?: number): Promise<KilledRun> {
  return killProgram("mirror_program.ts", order, afterMs);
}

/** The same for any program of `tests/support/` that says something when its run starts. */
export function killProgram(program: string, order: object, afterMs?: number): Promise<KilledRun> {
  const file = join(PROJECT_ROOT, "tests/support", program);
  const args = runtimeName === "deno" ? ["run", "-A", "--no-check", file] : ["run", file];
  const child = spawn(runtimeExecutable(runtimeName), [...args, JSON.stringify({ ...order, announce: true })], {
    cwd: PROJECT_ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  return new Promise((resolve, reject) => {
    let started = NaN;
    child.stdout.once("data", () => {
      started = performance.now();
      if (afterMs !== undefined) setTimeout(() => child.kill("SIGKILL"), afterMs);
    });
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      const durationMs = performance.now() - started;
      if (signal === "SIGKILL" || code === 0) resolve({ durationMs, killed: signal !== null });
      else reject(new Error(`the program ended with ${code ?? signal}`));
    });
  });
}
