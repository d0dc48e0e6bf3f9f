/**
 * What a result has to be read with: the machine and the programs. Nothing here names the machine or its owner.
 */
import { arch, availableParallelism, platform, release, totalmem } from "node:os";
import { readFileSync } from "node:fs";
import { run } from "./measure.ts";
import { runtimeExecutable } from "../support/runtimes.ts";

/** The surroundings of a run. */
export interface Machine {
  /** Operating system and processor architecture. */
  readonly platform: string;
  /** Model of the processor. */
  readonly processor: string;
  /** Number of cores. */
  readonly cores: number;
  /** Memory in GiB. */
  readonly memoryGib: number;
  /** Version of the kernel. */
  readonly kernel: string;
  /** File system of the trees. */
  readonly fileSystem: string;
  /** Versions of the programs. */
  readonly versions: Readonly<Record<string, string>>;
}

const GIBIBYTE = 2 ** 30;

/** Describes this machine. */
export function describeMachine(folder: string): Machine {
  return {
    platform: `${platform()}-${arch()}`,
    processor: processorModel(),
    cores: availableParallelism(),
    memoryGib: Math.round(totalmem() / GIBIBYTE),
    // Only the number: what follows it may name the host's owner.
    kernel: release().match(/^\d+(?:\.\d+)*/)?.[0] ?? "",
    fileSystem: run(["stat", "-f", "-c", "%T", folder]).trim(),
    versions: {
      deno: firstVersion([runtimeExecutable("deno"), "--version"]),
      bun: firstVersion([runtimeExecutable("bun"), "--version"]),
      rsync: firstVersion(["rsync", "--version"]),
      cp: firstVersion(["cp", "--version"]),
    },
  };
}

/** Returns the part of a file's name that tells the kind of machine. */
export function machineKind({ platform, cores }: Machine): string {
  return `${platform}-${cores}-cores`;
}

/** Returns one line about a machine. */
export function machineLine(machine: Machine): string {
  const { cores, processor, memoryGib, platform, kernel, fileSystem, versions } = machine;
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(", ");
  return `${cores} cores (${processor}), ${memoryGib} GiB, ${platform}, kernel ${kernel}, ${fileSystem}; ${programs}`;
}

function processorModel(): string {
  const found = readFileSync("/proc/cpuinfo", "utf8").match(/^model name\s*:\s*(.*)$/m);
  return found?.[1]?.trim() ?? "unknown";
}

function firstVersion(command: readonly string[]): string {
  return run(command).match(/\d+\.\d+(?:\.\d+)?/)?.[0] ?? "unknown";
}
