/** Symlinks that are swapped in while a mirror runs: nothing outside of the roots is read, written or deleted. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { mirror, SyncError } from "../../mod.ts";
import { runCommand } from "../support/commands.ts";
import { PROJECT_ROOT, runtimeExecutable } from "../support/runtimes.ts";
import { assert, assertEquals, assertGreater, describe, it, requires, runtimeName } from "../support/test_api.ts";
import { makeTree, type TreeLiteral } from "../support/trees.ts";
import { compareTrees, walkTree } from "../support/walker.ts";
import { withWorkspace } from "../support/workspace.ts";

/** How long it is raced, and how long at most until it was raced often enough: that takes longer on a busy machine. */
const RACE_MS = 5_000;
const LONGEST_RACE_MS = 40_000;
const LEAST_ROUNDS = 10;
const CANARY = "CANARY-OF-WHAT-IS-OUTSIDE";

/** Folders and files under the names that the racer swaps, two levels deep. */
function tree(content: string, mtime: string): TreeLiteral {
  const file = { file: content, mtime };
  const names = Array.from({ length: 20 }, (_, at) => `f${at}`);
  const files = Object.fromEntries(names.map((name) => [name, file]));
  const folder = { dir: { ...files, deep: { dir: files } } };
  return { d: folder, e: { dir: { inner: folder } }, file };
}

/** Runs something again and again while names are swapped, until the swaps met it; it tells how often they did. */
async function whileRacing(folder: string, outside: string, names: readonly string[], body: () => Promise<number>) {
  const program = join(PROJECT_ROOT, "tests/support/racer_program.ts");
  const args = runtimeName === "deno" ? ["run", "-A", "--no-check", program] : ["run", program];
  const racer = spawn(runtimeExecutable(runtimeName), [...args, folder, outside, ...names], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await new Promise((resolve) => racer.stdout.once("data", resolve));
    let [rounds, met] = [0, 0];
    const started = performance.now();
    const isEnough = (ms: number) => ms >= RACE_MS && rounds > LEAST_ROUNDS && met > 0;
    for (let ms = 0; !isEnough(ms) && ms < LONGEST_RACE_MS; ms = performance.now() - started) {
      met += await body();
      rounds++;
    }
    assertEquals(racer.exitCode, null, "the racer fell over");
    assertGreater(rounds, LEAST_ROUNDS);
    assertGreater(met, 0, "the race never met the mirror");
  } finally {
    const ended = new Promise((resolve) => racer.once("exit", resolve));
    racer.kill("SIGKILL");
    await ended;
  }
}

/** Mirrors; what cannot be mirrored in the middle of a race may fail, but by a class of its own. */
async function mirrorAnyhow(source: string, destination: string): Promise<number> {
  try {
    const options = { delete: true, maxDelete: 100_000, allowEmptySource: true, jobs: 2, layer: "native" } as const;
    const { failures, failureCount } = await mirror(source, destination, options).run();
    assert(failures.every(({ code }) => code !== "internal"), JSON.stringify(failures));
    return failureCount;
  } catch (thrown) {
    assert(thrown instanceof SyncError && thrown.code !== "internal", String(thrown));
    return 1;
  }
}

describe("mirror() while directories are swapped for symlinks", () => {
  it(
    "reads nothing outside of the source",
    { ...requires("Linux"), timeout: 60_000 },
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("source"), tree("inside", "1000000000"));
        makeTree(at.at("outside"), tree(CANARY, "1100000000"));
        await whileRacing(at.at("source"), at.at("outside"), ["d", "e", "file"], async () => {
          const failures = await mirrorAnyhow(at.at("source"), at.at("to"));
          const { stdout } = runCommand("grep", ["-rl", CANARY, at.at("to")]);
          assertEquals(new TextDecoder().decode(stdout), "");
          return failures;
        });
      }),
  );

  it(
    "writes and deletes nothing outside of the destination",
    { ...requires("Linux"), timeout: 60_000 },
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("one"), tree("one", "1000000000"));
        makeTree(at.at("two"), { ...tree("two!", "1000000001"), file: { file: "two!", mtime: "5" } });
        makeTree(at.at("outside"), { ...tree(CANARY, "1100000000"), keep: { file: CANARY, mtime: "5" } });
        const before = walkTree(at.at("outside"));
        let turn = 0;
        await whileRacing(at.directory("to"), at.at("outside"), ["d", "e", "file"], async () => {
          const failures = await mirrorAnyhow(at.at(++turn % 2 === 0 ? "one" : "two"), at.at("to"));
          assertEquals(compareTrees(before, walkTree(at.at("outside"))), []);
          return failures;
        });
        assertEquals(await mirrorAnyhow(at.at("one"), at.at("to")), 0);
        assertEquals(compareTrees(walkTree(at.at("one")), walkTree(at.at("to"))), []);
      }),
  );
});
