/** Rules and lists from standard input, and refusals of the command line as a process. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../support/commands.ts";
import { PROJECT_ROOT, runtimeExecutable } from "../support/runtimes.ts";
import { assertEquals, describe, it, requires, runtimeName } from "../support/test_api.ts";
import { makeTree } from "../support/trees.ts";
import { walkTree } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

const F = { file: "x", mtime: "1000000000" };

function undrift(at: Workspace, args: readonly string[], input: string | Uint8Array = "") {
  const script = join(PROJECT_ROOT, "cli.ts");
  const before = runtimeName === "deno" ? ["run", "-A", "--no-check", script] : [script];
  const { status, stderr } = runCommand(runtimeExecutable(runtimeName), [...before, "mirror", ...args], {
    cwd: at.path,
    input,
  });
  return { status, stderr };
}

function withProject(body: (at: Workspace) => void): Promise<void> {
  return withWorkspace((at) => {
    makeTree(at.at("from"), { a: F, b: F, d: { dir: { a: F, c: F } }, "new\nline": F });
    body(at);
  });
}

const paths = (at: Workspace, name: string) => [...walkTree(at.at(name)).keys()].filter((path) => path !== "").sort();

describe("standard input", () => {
  it("lists paths, one a line or ended by NUL", requires("Linux"), () =>
    withProject((at) => {
      assertEquals(undrift(at, ["-q", "--files-from=-", "from", "to"], "d/c\nb\n"), { status: 0, stderr: "" });
      assertEquals(paths(at, "to"), ["b", "d", "d/c"]);
      assertEquals(undrift(at, ["-q", "-0", "--files-from", "-", "from", "to2"], "new\nline\0a\0").status, 0);
      assertEquals(paths(at, "to2"), ["a", "new\nline"]);
    }));

  it("takes a list of any length", requires("Linux"), () =>
    withProject((at) => {
      const names = Array.from({ length: 3000 }, (_, index) => `${index}-${"n".repeat(200)}`);
      mkdirSync(at.at("from/many"));
      for (const name of names) writeFileSync(at.at(`from/many/${name}`), "");
      const input = names.slice(1).map((name) => `many/${name}\n`).join("");
      assertEquals(undrift(at, ["-q", "--files-from=-", "from", "to"], input).status, 0);
      assertEquals(readdirSync(at.at("to/many")).length, 2999);
    }));

  it("holds rules and patterns, but not twice", requires("Linux"), () =>
    withProject((at) => {
      assertEquals(undrift(at, ["-q", "-f", ". -", "from", "to"], "- a\n- new*\n").status, 0);
      assertEquals(paths(at, "to"), ["b", "d", "d/c"]);
      assertEquals(undrift(at, ["-q", "--exclude-from=-", "from", "to2"], "d\n").status, 0);
      assertEquals(paths(at, "to2"), ["a", "b", "new\nline"]);
      const { status, stderr } = undrift(at, ["--files-from=-", "--exclude-from=-", "from", "to3"], "a\n");
      assertEquals([status, stderr], [
        2,
        'undrift: Cannot use the rules of "-": standard input can be read only once\n',
      ]);
    }));
});

describe("the command line", () => {
  it("ends with 2 and says what cannot be used, 4 and what is missing", requires("Linux"), () =>
    withProject((at) => {
      writeFileSync(at.at("rules"), "- ok\n-x! *.o frob\nbad rule\n");
      const refused = undrift(at, ["--filter", ". rules", "--delete", "from", "to"]);
      assertEquals([refused.status, refused.stderr.startsWith("undrift: Cannot use the rule at rules:")], [2, true]);
      assertEquals(undrift(at, ["--delete-excluded", "from", "to"]), {
        status: 2,
        stderr:
          "undrift: Cannot use --delete-excluded without --delete (API: deleteExcluded, delete): nothing is removed\n",
      });
      assertEquals(readdirSync(at.path).includes("to"), false);
      const missing = undrift(at, ["-q", "--files-from=-", "from", "to"], "a\nnope\n");
      assertEquals(missing, {
        status: 4,
        stderr: 'failed: nope: Cannot find "nope" in the source: standard input:2 lists it\n',
      });
    }));
});
