/** The example that mirrors, verifies, snapshots and prunes as one task, stopped at random moments. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kill } from "node:process";
import { snapshots, type StepEvent, SyncError } from "undrift";
import { nightly } from "../../examples/nightly.ts";
import { PROJECT_ROOT, runtimeExecutable } from "../support/runtimes.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary_folder.ts";
import {
  afterEach,
  assertEquals,
  assertGreater,
  assertMatch,
  beforeEach,
  describe,
  it,
  runtimeName,
} from "../support/test_api.ts";

const FILES = 40;
const STOPS = 50;

let folder: TemporaryFolder;
const at = (...names: string[]) => join(folder.path, ...names);

/** What the source holds in a version: files that change often and seldom, and one that only this version has. */
function contentsOf(version: number): Map<string, string> {
  const files = Array.from(
    { length: FILES },
    (_, file) => [`d${file % 4}/f${file}`, `${file}:${Math.floor(version / (file + 1))}`.repeat(500)] as const,
  );
  return new Map([...files, [`only-${version}`, "x"], ["version", String(version)]]);
}

function writeSource(version: number): void {
  for (let directory = 0; directory < 4; directory++) mkdirSync(at("source", `d${directory}`), { recursive: true });
  rmSync(at("source", `only-${version - 1}`), { force: true });
  for (const [name, text] of contentsOf(version)) {
    const isSame = version > 0 && contentsOf(version - 1).get(name) === text;
    if (!isSame) writeFileSync(at("source", name), text);
  }
}

/** All files of a tree that are not hidden. */
function read(root: string): Map<string, string> {
  const names = (readdirSync(root, { recursive: true, withFileTypes: true }))
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name).slice(root.length + 1));
  return new Map(names.sort().map((name) => [name, readFileSync(join(root, name), "utf8")]));
}

function sorted(files: Map<string, string>): [string, string][] {
  return [...files].sort(([a], [b]) => a < b ? -1 : 1);
}

/** Every snapshot that is listed is one whole version, and the latest is the newest. */
async function expectConsistent(): Promise<number> {
  const listed = await snapshots(at("store")).catch((error) => {
    if (error instanceof SyncError && error.code === "store-unusable") return []; // it was stopped before there was one
    throw error;
  });
  for (const { name, record } of listed) {
    const found = read(at("store", name));
    assertEquals(sorted(found), sorted(contentsOf(Number(found.get("version")))), name);
    assertEquals(record?.tags, ["nightly"]);
  }
  if (listed.length > 0) assertEquals(readlinkSync(at("store", "latest")), listed.at(-1)?.name);
  return listed.length;
}

beforeEach(() => {
  folder = temporaryFolder();
  writeSource(0);
});
afterEach(() => folder.remove());

/** Numbers from a seed. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => (state = Math.imul(state ^ state >>> 15, 0x2c1b3c6d) + 0x9e3779b9 >>> 0) % sides;
}

describe("examples/nightly.ts", () => {
  it("does all of it, and says what each step did", async () => {
    const { reports, outcome } = await nightly(at("source"), at("copy"), at("store")).run();
    assertEquals([outcome, reports.verify.outcome, reports.mirror.done.files], ["done", "same", FILES + 2]);
    assertEquals([await expectConsistent(), reports.prune.summary.kept], [1, 1]);
    const events: StepEvent[] = await Array.fromAsync(nightly(at("source"), at("copy"), at("store")).stream());
    const ended = events.filter(({ type }) => type === "end").map(({ step }) => step.join("/"));
    assertEquals(ended, ["mirror", "verify", "snapshot", "prune", ""]);
  });

  it("is planned as one, down to what becomes of each snapshot", async () => {
    const task = nightly(at("source"), at("copy"), at("store"));
    await task.run();
    writeSource(1);
    const plan = await task.plan();
    const text = await plan.text();
    assertEquals(plan.steps.map(({ status }) => status), ["planned", "no plan", "planned", "planned"]);
    assertMatch(text, /^mirror: .*\n(?: {2}.*\n)* {2}create +file .* only-1\n/m);
    assertMatch(text, /^prune: .*\n {2}keep +\d{4}-\S+Z {2}the newest/m);
    plan.close();
  });

  it("leaves every store consistent, at whatever moment it is stopped", { timeout: 300_000 }, async () => {
    const task = nightly(at("source"), at("copy"), at("store"));
    const events = (await Array.fromAsync(task.stream())).length;
    assertGreater(events, 20);
    const roll = dice(7);
    let stopped = 0;
    for (let night = 1; night <= STOPS; night++) {
      writeSource(night);
      const stop = new AbortController();
      let left = roll(events);
      const onEvent = () => {
        if (left-- === 0) stop.abort();
      };
      const error = await task.run({ signal: stop.signal, onEvent }).then(() => undefined, (thrown) => thrown);
      if (error !== undefined) {
        assertEquals(error instanceof SyncError && error.code, "cancelled", String(error));
        stopped++;
      }
      await expectConsistent();
    }
    assertGreater(stopped, STOPS / 2);
    assertEquals((await task.run()).outcome, "done");
    assertEquals(sorted(read(at("copy"))), sorted(contentsOf(STOPS)));
    assertGreater(await expectConsistent(), 2);
    const working = at("store", ".undrift", "working");
    assertEquals([existsSync(working) ? readdirSync(working) : [], leftBehind()], [[], []]);
  });

  it("is stopped by a signal, and says so", async () => {
    for (const name of ["SIGTERM", "SIGINT"] as const) {
      const args = [...(runtimeName === "deno" ? ["run", "-A", "--no-check"] : []), "examples/nightly.ts"];
      const child = spawn(runtimeExecutable(runtimeName), [...args, at("source"), at("copy"), at("store")], {
        cwd: PROJECT_ROOT,
      });
      let [out, err] = ["", ""];
      child.stdout.on("data", (bytes) => {
        // The mirror is done, the rest is not. Deno would tell of a child that it killed by itself that the signal ended it.
        if (out === "") kill(child.pid!, name);
        out += bytes;
      });
      child.stderr.on("data", (bytes) => err += bytes);
      const code = await new Promise((resolve) => child.on("close", resolve));
      // A signal may come when all is done and nobody listens any more.
      const isOver = out.includes("snapshots kept");
      assertEquals([code === 1 || isOver, out.startsWith("mirror: done\n")], [true, true], `${code} ${out} ${err}`);
      if (code === 1) assertEquals(/^Cannot finish "(?:verify|snapshot|prune)": /.test(err), true, err);
      await expectConsistent();
    }
  });
});

/** Names of leftovers in the mirror. */
function leftBehind(): string[] {
  return [...read(at("copy")).keys()].filter((name) => name.includes("undrift"));
}
