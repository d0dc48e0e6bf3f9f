/**
 * Runs a task as a user without privileges. When the tests run as root, the runtime and the sources are copied to
 * where that user can read them, since a home folder of root cannot be entered.
 */
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { mustRun, runCommand } from "./commands.ts";
import type { PruneReport, SnapshotReport } from "../../mod.ts";
import type { PruneOrder } from "./prune_program.ts";
import type { SnapshotOrder } from "./snapshot_program.ts";
import type { MirrorAnswer, MirrorOrder } from "./mirror_program.ts";
import { PROJECT_ROOT, runtimeExecutable } from "./runtimes.ts";
import { isRoot, runtimeName } from "./test_api.ts";
import type { Workspace } from "./workspace.ts";

/** Number of the user and of the group without rights. */
const NOBODY = 65534;

/** What is needed of the project to run a task. No configuration: nothing is to be installed. */
const SOURCES = [
  ...["mod.ts", "lib", "tasks"],
  ...["mirror_program.ts", "prune_program.ts", "snapshot_program.ts"].map((name) => `tests/support/${name}`),
];

/** A user without privileges, and what it can run. */
export interface OrdinaryUser {
  /** Runs a shell script as that user. */
  shell(script: string, cwd: string): void;
  /** Mirrors as that user. */
  mirror(order: MirrorOrder): MirrorAnswer;
  /** Prunes as that user. */
  prune(order: PruneOrder): PruneReport;
  /** Takes a snapshot as that user. */
  snapshot(order: SnapshotOrder): SnapshotReport;
}

/** The command that runs a program of `tests/support/` under this runtime, to which an order is added. */
export function runtimeCommand(
  executable: string = runtimeExecutable(runtimeName),
  project: string = PROJECT_ROOT,
  program = "mirror_program.ts",
): string[] {
  const file = join(project, "tests/support", program);
  return [executable, "run", ...(runtimeName === "deno" ? ["-A", "--no-check", "--no-lock"] : []), file];
}

/** Prepares a workspace, which then belongs to the ordinary user. */
export function ordinaryUser(at: Workspace): OrdinaryUser {
  const runtime = isRoot() ? copyForAnybody(at) : { executable: runtimeExecutable(runtimeName), project: PROJECT_ROOT };
  const identity = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"];
  const [program, before] = isRoot() ? ["setpriv", [...identity]] : ["env", []];
  const env = { HOME: at.at("home"), DENO_DIR: at.at("home"), PWD: at.path };
  mkdirSync(at.at("home"), { recursive: true });
  if (isRoot()) mustRun("chown", [`${NOBODY}:${NOBODY}`, at.path, at.at("home")]);
  const ask = (file: string, order: object): unknown => {
    const start = runtimeCommand(runtime.executable, runtime.project, file);
    const { status, stdout, stderr } = runCommand(program, [...before, ...start, JSON.stringify(order)], {
      cwd: at.path,
      env,
    });
    if (status !== 0) throw new Error(`the program ended with ${status}: ${stderr}`);
    return JSON.parse(new TextDecoder().decode(stdout));
  };
  return {
    shell(script, cwd) {
      mustRun(program, [...before, "bash", "-ec", script], { cwd, env });
    },
    mirror: (order) => ask("mirror_program.ts", order) as MirrorAnswer,
    prune: (order) => ask("prune_program.ts", order) as PruneReport,
    snapshot: (order) => ask("snapshot_program.ts", order) as SnapshotReport,
  };
}

function copyForAnybody(at: Workspace): { readonly executable: string; readonly project: string } {
  const project = at.directory("project");
  const executable = at.at(runtimeName);
  cpSync(runtimeExecutable(runtimeName), executable);
  for (const name of SOURCES) {
    mkdirSync(join(project, name, ".."), { recursive: true });
    cpSync(join(PROJECT_ROOT, name), join(project, name), { recursive: true });
  }
  mustRun("chmod", ["-R", "a+rX", project, executable]);
  mustRun("chmod", ["755", executable]);
  return { executable, project };
}
