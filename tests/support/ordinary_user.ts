/**
 * Runs a mirror as a user without privileges. When the tests run as root, the runtime and the sources are copied to
 * where that user can read them, since a home folder of root cannot be entered.
 */
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { mustRun, runCommand } from "./commands.ts";
import type { MirrorAnswer, MirrorOrder } from "./mirror_program.ts";
import { PROJECT_ROOT, runtimeExecutable } from "./runtimes.ts";
import { isRoot, runtimeName } from "./test_api.ts";
import type { Workspace } from "./workspace.ts";

/** Number of the user and of the group without rights. */
const NOBODY = 65534;

/** What is needed of the project to run a mirror. No configuration: nothing is to be installed. */
const SOURCES = ["mod.ts", "lib", "tasks", "tests/support/mirror_program.ts"];

/** A user without privileges, and what it can run. */
export interface OrdinaryUser {
  /** Runs a shell script as that user. */
  shell(script: string, cwd: string): void;
  /** Mirrors as that user. */
  mirror(order: MirrorOrder): MirrorAnswer;
}

/** The command that runs `mirror_program.ts` under this runtime, to which an order is added. */
export function runtimeCommand(
  executable: string = runtimeExecutable(runtimeName),
  project: string = PROJECT_ROOT,
): string[] {
  const file = join(project, "tests/support/mirror_program.ts");
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
  return {
    shell(script, cwd) {
      mustRun(program, [...before, "bash", "-ec", script], { cwd, env });
    },
    mirror(order) {
      const command = [...before, ...runtimeCommand(runtime.executable, runtime.project), JSON.stringify(order)];
      const { status, stdout, stderr } = runCommand(program, command, { cwd: at.path, env });
      if (status !== 0) throw new Error(`the program ended with ${status}: ${stderr}`);
      return JSON.parse(new TextDecoder().decode(stdout)) as MirrorAnswer;
    },
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
