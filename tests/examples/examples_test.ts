/**
 * The examples run as they are, on the runtime that runs the tests, and so do those in doc comments.
 */
import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, assert, assertEquals, assertStringIncludes, before, describe, it } from "../support/test_api.ts";
import { PROJECT_ROOT, runtimeExecutable } from "../support/runtimes.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";

const own = "Bun" in globalThis ? "bun" : "deno";

/** Runs an example and returns what it printed. */
function runExample(name: string, ...args: string[]): string {
  const { status, output } = tryExample(name, ...args);
  assertEquals(status, 0, output);
  return output;
}

/** Runs an example and returns how it ended. */
function tryExample(name: string, ...args: string[]): { readonly status: number | null; readonly output: string } {
  const permissions = ["--allow-read", "--allow-write", "--allow-ffi", "--allow-env", "--allow-sys"];
  const before = own === "deno" ? ["run", ...permissions] : [];
  const { stdout, stderr, status } = spawnSync(runtimeExecutable(own), [...before, `examples/${name}`, ...args], {
    cwd: PROJECT_ROOT,
    encoding: "utf8",
  });
  return { status, output: status === 0 ? stdout : `${stdout}\n${stderr}` };
}

/** Files with examples in their comments. */
const DOCUMENTED = [
  "mod.ts",
  "tasks/mirror.ts",
  "tasks/report.ts",
  "tasks/manifest.ts",
  "tasks/verify.ts",
  "tasks/delta.ts",
  "tasks/explain_delta.ts",
  "tasks/task.ts",
  "tasks/task/define_task.ts",
  "tasks/task/parallel.ts",
  "tasks/task/retry.ts",
  "tasks/task/sequence.ts",
  "tasks/task/when.ts",
  "lib/errors.ts",
];

describe("examples", () => {
  const folder = temporaryFolder();
  const [source, destination] = [join(folder.path, "from"), join(folder.path, "to")];

  before(() => {
    mkdirSync(join(source, "deep"), { recursive: true });
    writeFileSync(join(source, "deep", "a.txt"), "one");
  });
  after(() => folder.remove());

  it("mirror_folder.ts lists its actions and mirrors", () => {
    const output = runExample("mirror_folder.ts", source, destination);
    assertStringIncludes(output, "write-file deep/a.txt missing");
    assertStringIncludes(output, "done: 1 files, 3 bytes, 0 deleted");
    assertEquals(readFileSync(join(destination, "deep", "a.txt"), "utf8"), "one");
  });

  it("verify_in_ci.ts makes a manifest, agrees with it, and tells what differs later", () => {
    const [manifest, junit] = [join(folder.path, "dist.sha256"), join(folder.path, "verify.xml")];
    assertStringIncludes(runExample("verify_in_ci.ts", manifest, source), "1 files, 3 bytes");
    assertStringIncludes(runExample("verify_in_ci.ts", manifest, source, junit), "::verify: 2 entries, all the same");
    mkdirSync(join(source, "uploads"));
    writeFileSync(join(source, "deep", "a.txt"), "two");
    const { status, output } = tryExample("verify_in_ci.ts", manifest, source, junit);
    assertEquals(status, 1, output);
    assertStringIncludes(output, "::error title=undrift verify%3A of other content::deep/a.txt (content)");
    assertStringIncludes(readFileSync(junit, "utf8"), 'failures="1"');
    rmSync(join(source, "uploads"), { recursive: true });
    writeFileSync(join(source, "deep", "a.txt"), "one");
  });

  it("mirror_folder.ts fits into 20 lines", () => {
    const lines = readFileSync(join(PROJECT_ROOT, "examples", "mirror_folder.ts"), "utf8").trimEnd().split("\n");
    assert(lines.length < 20, `it has ${lines.length}`);
  });

  it("start.ts shows a plan, applies it and says where to look", () => {
    const output = runExample("start.ts");
    assertStringIncludes(output, "write-file    notes.txt");
    const place = /Look at it: (.*)/.exec(output)?.[1] ?? "";
    assertEquals(readdirSync(join(place, "copy")), ["latest.jpg", "notes.txt", "photos"]);
    assertStringIncludes(readFileSync(join(place, "copy", "notes.txt"), "utf8"), "second version");
  });

  it("start.ts mirrors what it is given", () => {
    const other = join(folder.path, "other");
    assertStringIncludes(runExample("start.ts", source, other), "done: ");
    assert(existsSync(join(other, "deep", "a.txt")));
  });

  it("in comments have no type errors", () => {
    if (own !== "deno") return; // Bun checks no types
    const blocks = DOCUMENTED.flatMap((file) => examplesIn(readFileSync(join(PROJECT_ROOT, file), "utf8")));
    withBlocks(blocks, (files) => {
      const { status, stderr } = spawnSync(runtimeExecutable("deno"), ["check", ...files], {
        cwd: PROJECT_ROOT,
        encoding: "utf8",
      });
      assertEquals(status, 0, stderr);
    });
  });

  for (const file of DOCUMENTED) {
    it(`${file} has examples in its comments that run`, () => {
      const blocks = examplesIn(readFileSync(join(PROJECT_ROOT, file), "utf8"));
      assert(blocks.length > 0, "no example was found");
      for (const name of ["photos", "dist", "backup"]) mkdirSync(join(folder.path, name), { recursive: true });
      for (const block of blocks) {
        // A plan of one example is applied by the next, which finds the destination as the plan does.
        rmSync(join(folder.path, "site"), { recursive: true, force: true });
        runBlock(block, folder.path);
      }
    });
  }
});

/** The TypeScript blocks in doc comments, in their order. */
function examplesIn(source: string): string[] {
  const blocks = source.matchAll(/^ \* ```ts\n((?: \*.*\n)*?) \* ```$/gm);
  return [...blocks].map(([, text = ""]) => text.replaceAll(/^ \* ?/gm, ""));
}

/** Runs a block with another folder as the current one. */
function runBlock(block: string, cwd: string): void {
  withBlocks([block], ([file = ""]) => {
    const command = own === "deno"
      ? ["run", "-A", "--no-check", "--config", join(PROJECT_ROOT, "deno.json"), file]
      : [file];
    const { status, stderr } = spawnSync(runtimeExecutable(own), command, { cwd, encoding: "utf8" });
    assertEquals(status, 0, `${block}\n${stderr}`);
  });
}

/** Has blocks as files inside the project, where their imports are known. */
function withBlocks(blocks: readonly string[], use: (files: readonly string[]) => void): void {
  const files = blocks.map(() => join(PROJECT_ROOT, "tests", "examples", `.block-${randomUUID()}.ts`));
  files.forEach((file, at) => writeFileSync(file, blocks[at]!));
  try {
    use(files);
  } finally {
    for (const file of files) rmSync(file);
  }
}
