/**
 * Processes that carry a mark in their environment, and hand it on to all that they start.
 *
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";
import { kill } from "node:process";

/**
 * Ends all processes with a mark at once, those that they started included.
 *
 * @param variable Name of the variable that is the mark.
 * @param value Its value; nobody else must have the same.
 * @returns How many were found; none where processes cannot be looked at, as outside of Linux.
 */
export function killMarked(variable: string, value: string): number {
  const mark = `${variable}=${value}`;
  let found = 0;
  for (const pid of processIds()) {
    if (!environmentOf(pid).includes(mark)) continue;
    found++;
    try {
      kill(pid, "SIGKILL");
    } catch {
      // it ended meanwhile
    }
  }
  return found;
}

function processIds(): number[] {
  try {
    return readdirSync("/proc").filter((name) => /^[1-9]\d*$/.test(name)).map(Number);
  } catch {
    return [];
  }
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return []; // of somebody else, or gone
  }
}
