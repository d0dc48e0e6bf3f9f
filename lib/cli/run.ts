/**
 * The program: arguments go in, an exit code comes out. Nothing is thrown, whatever happens.
 *
 * @module
 */
import { asSyncError } from "../errors.ts";
import { painter } from "../report/paint.ts";
import { errorText } from "../report/text.ts";
import { EXIT, exitCodeOfError } from "./exit_code.ts";
import { hasColor, type Io } from "./io.ts";
import type { Call } from "./mirror_command.ts";
import type { Invocation } from "./parse.ts";
import { TASKS, type Tasks } from "./tasks.ts";
import { VERSION } from "./version.ts";

/**
 * Runs one command line.
 *
 * @param args Arguments of the process, without the program.
 * @param io The process.
 * @param tasks What the commands can do. @default {the tasks of the toolkit}
 * @returns The exit code.
 */
export async function run(args: readonly string[], io: Io, tasks: Tasks = TASKS): Promise<number> {
  try {
    if (args.length === 1 && VERSION_OPTIONS.includes(args[0]!)) return showVersion(io);
    // Loaded here: the shortest of all runs needs no parser.
    const { parseCommandLine } = await import("./parse.ts");
    return await carryOut(parseCommandLine(args), io, tasks);
  } catch (thrown) {
    const error = asSyncError(thrown);
    io.stderr.write(`${errorText("undrift", error, painter(hasColor("auto", io.stderr, io.env)))}\n`);
    if (error.code === "internal") io.stderr.write(`${describeDefect(error.cause)}\n`);
    return exitCodeOfError(error.code);
  }
}

/** What asks for the version when it stands alone. */
const VERSION_OPTIONS: readonly string[] = ["--version", "-V"];

function showVersion(io: Io): number {
  io.stdout.write(`undrift ${VERSION}\n`);
  return EXIT.done;
}

async function carryOut(invocation: Invocation, io: Io, tasks: Tasks): Promise<number> {
  if (invocation.kind === "version") return showVersion(io);
  if (invocation.kind === "help") {
    const { commandHelp, programHelp } = await import("./help.ts");
    const paint = painter(hasColor("auto", io.stdout, io.env));
    const { command } = invocation;
    io.stdout.write(command === undefined ? programHelp(VERSION, paint) : commandHelp(command, paint));
    return EXIT.done;
  }
  const { operands, values } = invocation;
  const call: Call = { operands, values, io, tasks };
  switch (invocation.command.name) {
    case "mirror":
      return await (await import("./mirror_command.ts")).mirrorCommand(call);
    case "apply":
      return await (await import("./mirror_command.ts")).applyCommand(call);
    case "snapshot":
      return await (await import("./snapshot_command.ts")).snapshotCommand(call);
    case "snapshots":
      return await (await import("./snapshot_command.ts")).snapshotsCommand(call);
    case "restore":
      return await (await import("./snapshot_command.ts")).restoreCommand(call);
    case "explain":
      return await (await import("./explain_command.ts")).explainCommand(call);
    case "signature":
      return await (await import("./delta_command.ts")).signatureCommand(call);
    case "delta":
      return await (await import("./delta_command.ts")).deltaCommand(call);
    case "patch":
      return await (await import("./delta_command.ts")).patchCommand(call);
    case "manifest":
      return await (await import("./manifest_command.ts")).manifestCommand(call);
    case "diff":
      return await (await import("./diff_command.ts")).diffCommand(call);
    case "history":
      return await (await import("./history_command.ts")).historyCommand(call);
    case "du":
      return await (await import("./history_command.ts")).duCommand(call);
    case "timeline":
      return await (await import("./timeline_command.ts")).timelineCommand(call);
    case "prune":
      return await (await import("./prune_command.ts")).pruneCommand(call);
    case "verify":
      return await (await import("./verify_command.ts")).verifyCommand(call);
    case "doctor":
      return await (await import("./doctor_command.ts")).doctorCommand(call);
    case "help":
      return EXIT.usage; // the parser makes it an invocation of its own kind
  }
}

function describeDefect(cause: unknown): string {
  const stack = cause instanceof Error && cause.stack !== undefined ? `\n${cause.stack}` : "";
  return `hint: this is a defect of undrift; please report it, with what follows${stack}`;
}
