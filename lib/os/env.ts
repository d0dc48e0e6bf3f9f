/**
 * The world as a value: the clocks, random digits, turns of the event loop and cores of this process.
 *
 * @module
 */
import { availableParallelism } from "node:os";
import { setImmediate } from "node:timers";
import type { Env } from "../model/env.ts";

/**
 * Makes the environment of this process.
 *
 * @returns The environment.
 */
export function environment(): Env {
  return {
    now: () => performance.now(),
    wallClock: () => Date.now(),
    randomHex: (digits) => crypto.getRandomValues(new Uint8Array(Math.ceil(digits / 2))).toHex().slice(0, digits),
    turn: () => new Promise((resolve) => setImmediate(resolve)),
    cores: countCores(),
  };
}

function countCores(): number {
  try {
    return availableParallelism();
  } catch {
    // Deno without permission to ask: the web API answers always.
    return navigator.hardwareConcurrency;
  }
}
