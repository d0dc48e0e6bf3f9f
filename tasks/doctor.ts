/**
 * The doctor task: what this machine, this runtime and the file system of a folder offer, found out by trying.
 *
 * @module
 */
import { asSyncError } from "../lib/errors.ts";
import { type Capabilities, type Degradation, degradationsOf } from "../lib/model/capabilities.ts";
import { type Failure, toFailure } from "../lib/model/event.ts";
import type { Tree } from "../lib/model/tree.ts";
import { environment } from "../lib/os/env.ts";
import { type LayerChoice, openTree } from "../lib/os/open_tree.ts";
import {
  type FileSystemInfo,
  fileSystemInfo,
  type Probe,
  probeTree,
  type RuntimeInfo,
  runtimeInfo,
} from "../lib/os/probe.ts";

/** Options of {@linkcode doctor}. */
export interface DoctorOptions {
  /** Which implementation of the file system is used. @default {"auto"} */
  readonly layer?: LayerChoice;
}

/** What was found. */
export interface DoctorReport {
  /** Always `"doctor"`. */
  readonly task: "doctor";
  /** The runtime and the machine. */
  readonly runtime: RuntimeInfo;
  /** Cores this process may use. */
  readonly cores: number;
  /** Why the native layer cannot be used, when it cannot. */
  readonly nativeProblem: Failure | undefined;
  /** What the layer that would be used offers. */
  readonly capabilities: Capabilities;
  /** What it cannot keep, in words. */
  readonly warnings: readonly Degradation[];
  /** The folder, as it was given. */
  readonly directory: string;
  /** Its file system; absent when it cannot be asked. */
  readonly fileSystem: FileSystemInfo | undefined;
  /** What was tried in it; empty when nothing could be. */
  readonly probes: readonly Probe[];
  /** Why nothing could be tried. */
  readonly probeProblem: Failure | undefined;
}

/** A look at the machine. Nothing happens before it is run. */
export interface DoctorTask {
  /** The folder that is looked at. */
  readonly directory: string;
  /** Looks. */
  run(): Promise<DoctorReport>;
}

/**
 * Tells what this machine, this runtime and the file system of a folder offer. What the file system can do is tried in
 * a hidden folder, which is removed again.
 *
 * @param directory Path of a directory.
 * @param options Which layer is asked.
 * @returns A task. Its `run` throws {@linkcode SyncError} when the directory cannot be opened.
 */
export function doctor(directory: string, options: DoctorOptions = {}): DoctorTask {
  const { layer = "auto" } = options;
  return { directory, run: () => Promise.try(() => examine(directory, layer)) };
}

function examine(directory: string, layer: LayerChoice): DoctorReport {
  const env = environment();
  const tree = openTree(directory, layer);
  try {
    const { probes, probeProblem } = probe(tree, env.randomHex(12));
    const { capabilities } = tree;
    return {
      task: "doctor",
      runtime: runtimeInfo(),
      cores: env.cores,
      nativeProblem: capabilities.layer === "native" ? undefined : problemOfNative(directory),
      capabilities,
      warnings: degradationsOf(capabilities),
      directory,
      fileSystem: fileSystemInfo(directory),
      probes,
      probeProblem,
    };
  } finally {
    tree.close();
  }
}

function probe(tree: Tree, id: string): Pick<DoctorReport, "probes" | "probeProblem"> {
  try {
    return { probes: probeTree(tree, id), probeProblem: undefined };
  } catch (thrown) {
    return { probes: [], probeProblem: toFailure("", asSyncError(thrown)) };
  }
}

function problemOfNative(directory: string): Failure | undefined {
  try {
    openTree(directory, "native").close();
    return undefined;
  } catch (thrown) {
    return toFailure("", asSyncError(thrown));
  }
}
