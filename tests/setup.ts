/**
 * Set-up of the tests: npm packages, and the Debian programs that tests compare with.
 *
 * As root with apt-get, missing programs are installed. Otherwise they are named, and the tests that need them skip.
 */
import { findProgram, missingPrograms, packagesOf, type Program } from "./support/programs.ts";
import { PROJECT_ROOT } from "./support/runtimes.ts";

/** What the set-up found. */
export interface SetupResult {
  /** Programs that are not installed. */
  readonly missing: readonly Program[];
  /** What went wrong, one line each. */
  readonly problems: readonly string[];
}

/** Brings what the tests need, as far as it can. */
export async function setUp(strict: boolean): Promise<SetupResult> {
  const problems: string[] = [];
  const frozen = strict ? ["--frozen"] : [];
  if (!await succeeds([Deno.execPath(), "install", "--quiet", ...frozen])) {
    problems.push("deno install failed, see above; it reads all that mod.ts imports, too");
  }
  if (missingPrograms().length > 0) await installPrograms(missingPrograms());
  const missing = missingPrograms();
  if (missing.length > 0) {
    const line = `missing: ${missing.join(", ")} (Debian: apt-get install ${packagesOf(missing).join(" ")})`;
    console.log(line);
    if (strict) problems.push(line);
  }
  return { missing, problems };
}

async function installPrograms(programs: readonly Program[]): Promise<void> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0 || findProgram("apt-get") === undefined) return;
  const packages = packagesOf(programs);
  console.log(`installing ${packages.join(", ")}`);
  await succeeds(["apt-get", "update", "-qq"]);
  await succeeds(["apt-get", "install", "-y", "-qq", "--no-install-recommends", ...packages]);
}

/** Runs a command; what it says is shown when it fails. */
async function succeeds(command: readonly string[]): Promise<boolean> {
  const [program = "", ...args] = command;
  const options: Deno.CommandOptions = { args, cwd: PROJECT_ROOT, env: { DEBIAN_FRONTEND: "noninteractive" } };
  const { success, stdout, stderr } = await new Deno.Command(program, options).output();
  if (!success) console.log(`${command.join(" ")} failed\n${textOf(stdout)}${textOf(stderr)}`);
  return success;
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
