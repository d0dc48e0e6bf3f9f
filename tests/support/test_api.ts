/**
 * What a test file imports: the runner's functions, the assertions, and what a test needs of the machine.
 *
 * `node:test` is the one interface that Deno and Bun both run. Only what behaves alike on both is passed on: a suite
 * cannot be skipped, because Bun would then report none of its tests, and a skip must say why. The reason becomes part
 * of the test's name, so that it arrives in the results; `tests/skips/allowed.ts` must know it.
 */
import "./unhandled.ts";
import { describe as runnerDescribe, it as runnerIt, type TestContext, type TestOptions } from "node:test";
import { env, geteuid, platform } from "node:process";
import { findProgram, type Program } from "./programs.ts";

export * from "@std/assert";
export { after, afterEach, before, beforeEach } from "node:test";
export type { TestContext } from "node:test";

/** What a test can need: a program of the list, to run as root, or to run on one runtime or system alone. */
export type Need = Program | "root" | "Deno" | "Bun" | "Linux";

/** How long a test may take when it does not say. */
export const TEST_TIMEOUT_MS = 120_000;

/** Options of a test. */
export interface ItOptions {
  /** Why the test is skipped; `false` runs it. @default {false} */
  readonly skip?: string | false;
  /** Milliseconds after which the test has failed. @default {120000} */
  readonly timeout?: number;
}

/** Body of a test. */
export type TestBody = (context: TestContext) => void | Promise<void>;

/** Where needs are looked up. */
export interface Machine {
  /** Whether a program that is missing, or not to be root, is a failure. */
  readonly strict: boolean;
  /** Tells whether a need is met. */
  has(need: Need): boolean;
}

/** The runtime that runs the tests. Bun is asked for first: with the shim it has a `Deno`, too. */
export const runtimeName: "deno" | "bun" = "Bun" in globalThis ? "bun" : "deno";

/** Groups tests under a name. What they need is given to each of them. */
export function describe(name: string, body: () => void): void {
  runnerDescribe(name, body);
}

/** Declares a test. */
export function it(name: string, body: TestBody): void;
/** Declares a test with options: `it("…", requires("rsync"), () => {…})`. */
export function it(name: string, options: ItOptions, body: TestBody): void;
export function it(name: string, second: ItOptions | TestBody, third?: TestBody): void {
  const body = typeof second === "function" ? second : third;
  if (body === undefined) throw new TypeError(`Cannot declare test "${name}": it must have a body`);
  const { skip = false, ...rest } = typeof second === "function" ? {} : second;
  const options: TestOptions = { timeout: TEST_TIMEOUT_MS, ...rest, skip: skip !== false };
  runnerIt(skip === false ? name : nameOfSkipped(name, skip), options, body);
}

/** Returns the name under which a skipped test is reported. */
export function nameOfSkipped(name: string, reason: string): string {
  return `${name} [skipped: ${reason}]`;
}

/** Tells whether this process may do everything on the file system. */
export function isRoot(): boolean {
  return geteuid?.() === 0;
}

/**
 * Returns options that skip a test when something it needs is missing.
 *
 * @throws {Error} under `CI=true`, when something is missing
 */
export function requires(...needs: Need[]): ItOptions {
  return requiresOn(THIS_MACHINE, needs);
}

/** {@linkcode requires} on a given machine. */
export function requiresOn(machine: Machine, needs: readonly Need[]): ItOptions {
  const missing = needs.filter((need) => !machine.has(need));
  if (missing.length === 0) return { skip: false };
  const installable = missing.filter((need) => !ENVIRONMENTS.includes(need));
  if (machine.strict && installable.length > 0) {
    throw new Error(`Cannot run under CI=true: ${installable.join(", ")} must be there`);
  }
  return { skip: `needs ${missing.join(", ")}` };
}

/** Needs that no set-up can bring. */
const ENVIRONMENTS: readonly Need[] = ["Deno", "Bun", "Linux"];

const THIS_MACHINE: Machine = {
  strict: env["CI"] === "true",
  has(need) {
    if (need === "root") return isRoot();
    if (need === "Linux") return platform === "linux";
    if (need === "Deno" || need === "Bun") return need.toLowerCase() === runtimeName;
    return findProgram(need) !== undefined;
  },
};
