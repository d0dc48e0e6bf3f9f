/**
 * What `doctor` found, for people.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { formatBytes } from "../bytes/quantities.ts";
import type { Capabilities, Degradation } from "../model/capabilities.ts";
import type { Failure } from "../model/event.ts";
import { type Paint, painter } from "./paint.ts";

/** What is shown; the task's report has it all. */
export interface DoctorFindings {
  /** The runtime and the machine. */
  readonly runtime: {
    readonly name: string;
    readonly version: string;
    readonly platform: string;
    readonly architecture: string;
    readonly kernel?: string;
  };
  /** Cores this process may use. */
  readonly cores: number;
  /** Why the native layer cannot be used. */
  readonly nativeProblem: Failure | undefined;
  /** What the layer offers. */
  readonly capabilities: Capabilities;
  /** What it cannot keep. */
  readonly warnings: readonly Degradation[];
  /** The folder. */
  readonly directory: string;
  /** Its file system. */
  readonly fileSystem:
    | { readonly type: string; readonly totalBytes: number; readonly freeBytes: number }
    | undefined;
  /** What was tried. */
  readonly probes: readonly { readonly title: string; readonly works: boolean; readonly detail?: string }[];
  /** Why nothing could be tried. */
  readonly probeProblem: Failure | undefined;
}

const TERM_WIDTH = 14;
const PLAIN: Paint = painter(false);

/**
 * Shows what was found.
 *
 * @param version Version of the toolkit.
 * @param found What was found.
 * @param paint Colours. @default {none}
 * @returns Lines with their ends.
 */
export function doctorText(version: string, found: DoctorFindings, paint: Paint = PLAIN): string {
  const { runtime, capabilities, fileSystem } = found;
  const lines = [
    line("undrift", version),
    line("runtime", `${runtime.name} ${runtime.version}`),
    line("machine", machineText(found)),
    line("layer", `${capabilities.layer}, ${capabilities.confined ? "confined to open directories" : "by paths"}`),
    ...(found.nativeProblem === undefined ? [] : [line("", found.nativeProblem.message)]),
    ...(found.nativeProblem?.hint === undefined ? [] : [line("", `hint: ${found.nativeProblem.hint}`)]),
    line("privileged", capabilities.privileged ? "yes: owners and devices are carried" : "no"),
    ...found.warnings.map((warning) => `${paint("yellow", "warning".padEnd(TERM_WIDTH))}${warning.message}`),
    "",
    line("directory", printable(found.directory)),
    line("file system", fileSystem === undefined ? "not known" : fileSystemText(fileSystem)),
    ...found.probes.map((probe) => probeLine(probe, paint)),
    ...(found.probeProblem === undefined ? [] : [line("", `nothing could be tried: ${found.probeProblem.message}`)]),
  ];
  return lines.map((each) => `${each}\n`).join("");
}

function line(term: string, text: string): string {
  return `${term.padEnd(TERM_WIDTH)}${text}`;
}

function machineText({ runtime, cores }: DoctorFindings): string {
  const kernel = runtime.kernel === undefined ? "" : ` ${runtime.kernel}`;
  return `${runtime.platform}${kernel}, ${runtime.architecture}, ${cores} ${cores === 1 ? "core" : "cores"}`;
}

function fileSystemText({ type, totalBytes, freeBytes }: NonNullable<DoctorFindings["fileSystem"]>): string {
  return `${type}, ${formatBytes(freeBytes)} free of ${formatBytes(totalBytes)}`;
}

function probeLine({ title, works, detail }: DoctorFindings["probes"][number], paint: Paint): string {
  const answer = works ? paint("green", "yes") : paint("red", "no ");
  return `  ${answer}  ${title}${detail === undefined ? "" : paint("dim", `  (${detail})`)}`;
}
