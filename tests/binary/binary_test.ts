/**
 * The standalone binary: that it does what the sources do, with all its threads, and that the folder it is started in
 * has no say in how it runs.
 */
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { currentBinary } from "../../tools/build.ts";
import { mustRun, runCommand } from "../support/commands.ts";
import { makeFullTree } from "../support/full_tree.ts";
import { PROJECT_ROOT, runtimeExecutable } from "../support/runtimes.ts";
import { assertEquals, assertStringIncludes, before, describe, it, requires } from "../support/test_api.ts";
import { differencesOf } from "../support/walker.ts";
import { withWorkspace } from "../support/workspace.ts";

const DIRECTORIES = 400;
const FILES_EACH = 20;

let binary = "";

before(async () => {
  binary = await currentBinary();
});

/** Makes a tree that takes long enough for the other threads to be called. */
function makeWideTree(root: string): void {
  const script = `for ((d = 0; d < ${DIRECTORIES}; d++)); do mkdir "d$d"
    for ((f = 0; f < ${FILES_EACH}; f++)); do echo "$d $f" > "d$d/f$f"; done; done`;
  mustRun("bash", ["-ec", script], { cwd: root });
}

/** What a run tells, but for how long it took. */
function withoutDurations(text: string): string {
  return text.replace(/ in [\d.]+ m?s(?: \([^)]*\))?/g, " in TIME").replace(/"durationMs":[\d.e-]+/g, '"durationMs":0');
}

/** Threads that gave files their times, as `strace` saw them. */
function writingThreads(log: string): string[] {
  const lines = readFileSync(log, "utf8").split("\n").filter((line) => / utimensat\(/.test(line));
  return [...new Set(lines.map((line) => line.split(" ")[0]!))];
}

describe("the binary", () => {
  it("tells the version of the project", requires("Linux"), () => {
    const { version } = JSON.parse(readFileSync(join(PROJECT_ROOT, "deno.json"), "utf8")) as { version: string };
    assertEquals(mustRun(binary, ["--version"]), `undrift ${version}\n`);
  });

  it("signs a long file with several threads as rdiff does", requires("Linux", "rdiff"), () =>
    withWorkspace((at) => {
      const old = at.at("old");
      writeFileSync(old, "something at the beginning");
      truncateSync(old, 80_000_000);
      mustRun(binary, ["signature", "--jobs", "2", old, at.at("ours")]);
      mustRun("rdiff", ["signature", old, at.at("theirs")]);
      assertEquals(readFileSync(at.at("ours")).equals(readFileSync(at.at("theirs"))), true);
    }));

  it(
    "mirrors a tree of every ordinary kind, and then has nothing to do",
    requires("Linux"),
    () =>
      withWorkspace((at) => {
        const source = at.directory("source");
        makeFullTree(source, ["ordinary", "bytes", "specials", "times"]);
        const destination = at.at("destination");
        mustRun(binary, ["mirror", "--jobs", "2", source, destination]);
        assertEquals(differencesOf(source, destination), []);
        assertEquals(mustRun(binary, ["mirror", "-i", source, destination]), "");
      }),
  );

  it("works with two threads", requires("Linux", "strace"), () =>
    withWorkspace((at) => {
      const source = at.directory("source");
      makeWideTree(source);
      const [destination, log] = [at.at("destination"), at.at("strace.txt")];
      const traced = ["-f", "-e", "trace=utimensat", "-o", log, binary];
      mustRun("strace", [...traced, "mirror", "--jobs", "2", source, destination]);
      assertEquals(differencesOf(source, destination), []);
      assertEquals(writingThreads(log).length, 2);
    }));

  it("keeps a catalog with all its threads, and looks for decay by it", requires("Linux"), () =>
    withWorkspace((at) => {
      const source = at.directory("source");
      makeWideTree(source);
      mustRun("sleep", ["0.2"]);
      const catalog = ["--catalog", at.at("catalog")];
      mustRun(binary, ["mirror", "--jobs", "2", ...catalog, source, at.at("destination")]);
      const { status, stderr } = runCommand(binary, ["verify", ...catalog, "--jobs", "2", source]);
      assertEquals(status, 0);
      // All of them were known from the mirror.
      assertStringIncludes(stderr, `${(DIRECTORIES * FILES_EACH).toLocaleString("en-US")} entries, all the same`);
    }));

  it("is not influenced by bunfig.toml and .env of the current folder", requires("Linux"), () =>
    withWorkspace((at) => {
      const folder = at.directory("hostile");
      writeFileSync(join(folder, "bunfig.toml"), 'preload = ["./preload.ts"]\n');
      writeFileSync(join(folder, "preload.ts"), 'console.log("preloaded"); process.exit(77);\n');
      writeFileSync(join(folder, ".env"), "FORCE_COLOR=1\nBUN_OPTIONS=--preload=./preload.ts\nUNDRIFT_JOBS=0\n");
      writeFileSync(join(folder, "package.json"), '{"type": "commonjs"}');
      const { status, stdout, stderr } = runCommand(binary, ["--version"], { cwd: folder });
      assertEquals([status, new TextDecoder().decode(stdout).startsWith("undrift "), stderr], [0, true, ""]);
      const source = at.directory("source");
      writeFileSync(join(source, "file"), "content");
      mustRun(binary, ["mirror", source, at.at("destination")], { cwd: folder });
      assertEquals(differencesOf(source, at.at("destination")), []);
    }));

  it("opens neither of the two", requires("Linux", "strace"), () =>
    withWorkspace((at) => {
      const folder = at.directory("current");
      const log = at.at("strace.txt");
      mustRun("strace", ["-f", "-e", "trace=%file", "-o", log, binary, "--version"], { cwd: folder });
      const looked = readFileSync(log, "utf8").split("\n").filter((line) => /bunfig|\.env/.test(line));
      assertEquals(looked, []);
    }));

  for (const options of [["-i", "--dry-run"], ["--dry-run"], ["--json"], ["-n", "--format=html"]]) {
    it(`tells what the sources tell, with ${options.join(" ")}`, requires("Linux"), () =>
      withWorkspace((at) => {
        const source = at.directory("source");
        makeFullTree(source, ["ordinary", "bytes"]);
        const destination = at.at("destination");
        // One thread, so that the order of what is told is the same.
        const args = ["mirror", "--jobs", "1", ...options, source, destination];
        const told = [[binary], [runtimeExecutable("bun"), join(PROJECT_ROOT, "cli.ts")]].map((program) => {
          mustRun("sh", ["-c", `rm -rf "$0" && mkdir "$0" && touch -d @5 "$0"`, destination]);
          return withoutDurations(mustRun(program[0]!, [...program.slice(1), ...args]));
        });
        assertEquals(told[0], told[1]);
      }));
  }

  it("ends with 2 and names the nearest option when one is unknown", requires("Linux"), () => {
    const { status, stderr } = runCommand(binary, ["mirror", "--dry-rum", "a", "b"]);
    assertEquals(status, 2);
    assertStringIncludes(stderr, "--dry-run");
  });
});
