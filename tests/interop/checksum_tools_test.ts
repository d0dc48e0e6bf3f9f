/** Manifests are read by the tools that people have, and theirs are read here: same names, same checksums. */
import { readFileSync, symlinkSync } from "node:fs";
import { decodeName, encodeName } from "../../lib/bytes/name.ts";
import { ALGORITHM_NAMES, ALGORITHMS, type HashAlgorithm } from "../../lib/manifest/algorithm.ts";
import { LineSplitter } from "../../lib/manifest/line_splitter.ts";
import { ManifestReader } from "../../lib/manifest/manifest_reader.ts";
import { manifest } from "../../tasks/manifest.ts";
import type { ManifestOptions } from "../../tasks/manifest/options.ts";
import { mustRun, runCommand } from "../support/commands.ts";
import { assertEquals, describe, it, requires } from "../support/test_api.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

/** Names that lines give a meaning, as bytes of the shell's `$'...'`. */
const PLAIN = ["a", "b c", " d ", "#e", "(f) = 00", "*g", "ü"];
const ESCAPED = ["h\\\\i", "j\\nk", "l\\rm", "n\\\\n"];
const UNDECODABLE = ["o\\xffp", "\\x80"];

function makeFiles(at: Workspace, names: readonly string[]): string {
  const root = at.directory("tree");
  const commands = names.flatMap((name) => [`printf %s $'${name}' > $'./${name}'`, `cp $'./${name}' $'sub/${name}'`]);
  mustRun("bash", ["-ec", ["mkdir sub", ...commands].join("\n")], { cwd: root });
  symlinkSync("a", `${root}/link`);
  return root;
}

async function written(at: Workspace, root: string, options: ManifestOptions): Promise<string> {
  const file = at.at("SUMS");
  const report = await manifest(root, options).lines().writeTo(file);
  assertEquals([report.outcome, report.failures], ["done", []]);
  return file;
}

/** Paths and checksums in order of a list that is read here. */
function read(bytes: Uint8Array, algorithm: HashAlgorithm): (readonly [string, string | undefined])[] {
  const reader = new ManifestReader(algorithm);
  const splitter = new LineSplitter();
  const entries = [...splitter.push(bytes), ...splitter.end()].flatMap((line) => reader.push(line) ?? []);
  assertEquals(reader.problems, []);
  return entries.filter(({ entry }) => entry.kind === "file").map(({ entry }) => [entry.path, entry.digest] as const)
    .sort(([a], [b]) => a < b ? -1 : 1);
}

/** What a tool says of all files below a folder. */
function theirs(root: string, program: string, ...args: string[]): Uint8Array {
  const files = runCommand("find", [".", "-type", "f", "-print0"], { cwd: root }).stdout;
  const { status, stdout, stderr } = runCommand("xargs", ["-0", program, ...args, "--"], { cwd: root, input: files });
  assertEquals([status, stderr.trim()], [0, ""]);
  return stdout;
}

const GNU = ALGORITHM_NAMES.filter((name) => name !== "blake3" && name !== "xxh128");

describe("a manifest", () => {
  for (const algorithm of GNU) {
    const { program } = ALGORITHMS[algorithm];
    for (const tag of [false, true]) {
      it(
        `in ${tag ? "BSD's" : "GNU's"} form is read by ${program}, and ${program}'s is read here`,
        requires("sha256sum"),
        () =>
          withWorkspace(async (at) => {
            const root = makeFiles(at, [...PLAIN, ...ESCAPED, ...UNDECODABLE]);
            const file = await written(at, root, { algorithm, tag, recordTimes: true });
            mustRun(program, ["--check", "--strict", "--quiet", file], { cwd: root });
            const ours = read(readFileSync(file), algorithm);
            assertEquals(ours.length, 2 * (PLAIN.length + ESCAPED.length + UNDECODABLE.length));
            assertEquals(read(theirs(root, program, ...(tag ? ["--tag"] : [])), algorithm), ours);
          }),
      );
    }
  }

  it("fails sha256sum when a file changes", requires("sha256sum"), () =>
    withWorkspace(async (at) => {
      const root = makeFiles(at, ESCAPED);
      const file = await written(at, root, {});
      mustRun("bash", ["-ec", "echo >> $'sub/j\\nk'"], { cwd: root });
      const { status, stdout } = runCommand("sha256sum", ["--check", "--quiet", file], { cwd: root });
      assertEquals([status, decodeName(stdout)], [1, "\\sub/j\\nk: FAILED\n"]);
    }));

  it("holds byte for byte the lines of sha256sum", requires("sha256sum"), () =>
    withWorkspace(async (at) => {
      const root = makeFiles(at, [...PLAIN, ...ESCAPED, ...UNDECODABLE]);
      const file = await written(at, root, { comments: false });
      const lines = (bytes: Uint8Array) => decodeName(bytes).replaceAll("./", "").split("\n").sort();
      assertEquals(lines(readFileSync(file)), lines(theirs(root, "sha256sum")));
      assertEquals(encodeName(decodeName(readFileSync(file))).length, readFileSync(file).length);
    }));

  it(
    "lists files alone for b3sum, which reads it; b3sum's is read here",
    requires("b3sum"),
    () =>
      withWorkspace(async (at) => {
        // b3sum 1.2 knows no escape for CR and checks no name that is not UTF-8.
        const root = makeFiles(at, [...PLAIN, ...ESCAPED.filter((name) => !name.includes("\\r"))]);
        const file = await written(at, root, { algorithm: "blake3" });
        mustRun("b3sum", ["--check", "--quiet", file], { cwd: root });
        assertEquals(read(theirs(root, "b3sum"), "blake3"), read(readFileSync(file), "blake3"));
      }),
  );

  it("is read by xxh128sum, and xxh128sum's is read here", requires("xxh128sum"), () =>
    withWorkspace(async (at) => {
      // xxh128sum 0.8.1 knows no escapes, and takes comments for lines that it warns of.
      const root = makeFiles(at, [...PLAIN, ...UNDECODABLE]);
      for (const tag of [false, true]) {
        const file = await written(at, root, { algorithm: "xxh128", tag, comments: false });
        mustRun("xxh128sum", ["--check", "--strict", "--quiet", file], { cwd: root });
      }
      const file = await written(at, root, { algorithm: "xxh128" });
      mustRun("xxh128sum", ["--check", "--quiet", file], { cwd: root });
      assertEquals(read(theirs(root, "xxh128sum"), "xxh128"), read(readFileSync(file), "xxh128"));
    }));
});
