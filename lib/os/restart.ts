/**
 * The standalone binary without the last tier of its runtime's compiler.
 *
 * That tier takes a fifth of all CPU of a run and never pays off: measured on two cores, a first copy of 50,000 files
 * takes 1.72 s of CPU with it and 1.37 s without, a run with nothing to do over 100,000 files 0.51 s and 0.42 s, and one
 * over a million files the same with and without. It can only be switched off by a variable that the runtime reads when
 * it starts, so the binary starts itself once more, in the same process, before anything else is done. That takes about
 * 9 ms; if it cannot be done, the run goes on as it is.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import { allocateMemory, type ForeignInterface, foreignInterface, type Memory } from "./ffi.ts";

/** The variable, and what it is set to. */
const VARIABLE = "BUN_JSC_useFTLJIT";
const OFF = "0";
const POINTER_BYTES = 8;

/** Starts the binary once more in the same process; returns when that was done before, or cannot be done. */
export function restartLean(): void {
  if (process.env[VARIABLE] !== undefined) {
    // Other programs that this one starts have nothing to do with it.
    delete process.env[VARIABLE];
    return;
  }
  try {
    const commandLine = readFileSync("/proc/self/cmdline");
    const ffi = foreignInterface();
    for (const library of ["libc.so.6", `libc.musl-${process.arch === "x64" ? "x86_64" : "aarch64"}.so.1`]) {
      execute(ffi, library, commandLine);
    }
  } catch {
    // No such library, no /proc: it is only about speed.
  }
}

/** Replaces the program of this process by itself; comes back only when that failed. */
function execute(ffi: ForeignInterface, library: string, commandLine: Uint8Array): void {
  // A table of its own: opening all the functions of a run would take longer than the rest of this.
  const { setenv, execv } = ffi.open(library, {
    setenv: { args: ["ptr", "ptr", "i32"], returns: "i32" },
    execv: { args: ["ptr", "ptr"], returns: "i32" },
  });
  const text = allocateMemory(ffi, commandLine.length + 1);
  text.bytes.set(commandLine);
  const starts = [0];
  for (let at = 0; at < commandLine.length - 1; at++) {
    if (commandLine[at] === 0) starts.push(at + 1);
  }
  const list = allocateMemory(ffi, (starts.length + 1) * POINTER_BYTES);
  const pointers = new BigUint64Array(list.bytes.buffer);
  for (const [index, start] of starts.entries()) pointers[index] = BigInt(text.address + start);
  const strings = [VARIABLE, OFF, "/proc/self/exe"].map((each) => cString(ffi, each));
  const [variable, off, program] = strings.map(({ address }) => address);
  setenv!(variable!, off!, 1);
  execv!(program!, list.address);
  // Only now may the memory go: C holds addresses, which keep nothing alive.
  kept.push(text, list, ...strings);
}

const kept: Memory[] = [];

function cString(ffi: ForeignInterface, text: string): Memory {
  const memory = allocateMemory(ffi, text.length + 1);
  memory.bytes.set(new TextEncoder().encode(text));
  return memory;
}
