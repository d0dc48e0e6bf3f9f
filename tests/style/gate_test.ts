/**
 * Formatting, lint rules, types and documentation, as tests: so that the one command that CI runs covers them.
 * Each runs what `deno task ok` runs, over the whole repository.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { PROJECT_ROOT, runtimeExecutable } from "../support/runtimes.ts";
import { assertEquals, describe, it, requires } from "../support/test_api.ts";

const GATES: readonly (readonly string[])[] = [["fmt", "--check"], ["lint"], ["task", "check"], ["task", "doc:lint"]];

/** Runs `deno`; returns what it said when it failed, and nothing when it did not. */
async function complaintsOf(args: readonly string[]): Promise<string> {
  try {
    await promisify(execFile)(runtimeExecutable("deno"), args, { cwd: PROJECT_ROOT });
    return "";
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    return `${stdout ?? ""}${stderr ?? error}`;
  }
}

describe("the repository", () => {
  for (const args of GATES) {
    it(`passes deno ${args.join(" ")}`, requires("Deno"), async () => {
      const complaints = await complaintsOf(args);
      if (complaints !== "") throw new Error(complaints);
    });
  }
});

describe("complaintsOf()", () => {
  it("returns what a failing command says", requires("Deno"), async () => {
    const said = await complaintsOf(["fmt", "--check", "no-such-file.ts"]);
    assertEquals(said.includes("No target files found"), true, said);
  });
});
