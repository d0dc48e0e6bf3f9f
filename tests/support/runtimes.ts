/**
 * Where the executables of the two runtimes are.
 *
 * A test may start the other runtime. The runner hands both paths down in the environment, since a test under Bun
 * could not find the Deno that `npx` brought.
 */
import { env, execPath } from "node:process";
import { fileURLToPath } from "node:url";
import { findBun } from "./bun.ts";

/** The runtimes that the suite runs under. */
export const RUNTIMES = ["deno", "bun"] as const;

/** Name of a runtime. */
export type Runtime = (typeof RUNTIMES)[number];

/** The folder of the project, with a slash at the end. */
export const PROJECT_ROOT: string = fileURLToPath(new URL("../../", import.meta.url));

/** Returns the absolute path of a runtime's executable. */
export function runtimeExecutable(name: Runtime): string {
  const own = "Bun" in globalThis ? "bun" : "deno";
  if (name === own) return execPath;
  const handedDown = env[variableOf(name)];
  if (handedDown !== undefined) return handedDown;
  return name === "bun" ? findBun(PROJECT_ROOT) : "deno";
}

/** Returns the environment that tells a child process where the executables are. */
export function runtimeEnvironment(): Record<string, string> {
  return Object.fromEntries(RUNTIMES.map((name) => [variableOf(name), runtimeExecutable(name)]));
}

function variableOf(name: Runtime): string {
  return `UNDRIFT_TEST_${name.toUpperCase()}`;
}
