/**
 * Tells which process this is, and whether another one is gone. Where the system does not answer, a process counts as
 * living.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import process from "node:process";
import type { ProcessIdentity } from "../model/process_identity.ts";

const BOOT_FILE = "/proc/sys/kernel/random/boot_id";
/** Place of the start time behind the name of the program, which may hold anything (proc(5)). */
const START_FIELD = 19;

/**
 * This process.
 *
 * @returns What the system tells of it.
 */
export function thisProcess(): ProcessIdentity {
  return {
    pid: process.pid,
    started: startOf(process.pid) ?? "",
    boot: textOf(BOOT_FILE)?.trim() ?? "",
    host: otherwiseEmpty(hostname),
  };
}

/**
 * Whether a process does not exist any more.
 *
 * @param other The process.
 * @returns `true` only when that is certain; of a process of another machine it never is.
 */
export function isGone(other: ProcessIdentity): boolean {
  const me = thisProcess();
  if (other.host !== me.host) return false;
  if (other.boot !== "" && me.boot !== "" && other.boot !== me.boot) return true;
  if (me.started !== "") {
    const started = startOf(other.pid);
    return started === undefined || (other.started !== "" && started !== other.started);
  }
  return !answers(other.pid);
}

function startOf(pid: number): string | undefined {
  const text = textOf(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(")") + 2).split(" ")[START_FIELD];
}

function answers(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return !(thrown instanceof Error && "code" in thrown && thrown.code === "ESRCH");
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined; // another system, no such process, or not ours to read
  }
}

function otherwiseEmpty(ask: () => string): string {
  try {
    return ask();
  } catch {
    return ""; // Deno without permission to ask
  }
}
