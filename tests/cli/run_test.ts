import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../lib/cli/run.ts";
import { TASKS, type Tasks } from "../../lib/cli/tasks.ts";
import { SyncError } from "../../lib/errors.ts";
import { parseRelPath } from "../../lib/model/rel_path.ts";
import { emptySummary } from "../../lib/plan/summary.ts";
import type { MirrorEvent, MirrorReport } from "../../tasks/mirror/report.ts";
import { action, entry } from "../report/actions.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary_folder.ts";
import { afterEach, assertEquals, assertMatch, beforeEach, describe, it } from "../support/test_api.ts";
import { type FakeIo, fakeIo, NO_TASKS, runFake } from "./fake_io.ts";

let folder: TemporaryFolder;
let source: string;
let destination: string;

beforeEach(() => {
  folder = temporaryFolder();
  source = join(folder.path, "src");
  destination = join(folder.path, "dst");
  mkdirSync(join(source, "d"), { recursive: true });
  mkdirSync(destination);
  writeFileSync(join(source, "a"), "hello\n");
  writeFileSync(join(source, "d", "b"), "x".repeat(2048));
  symlinkSync("a", join(source, "l"));
});

afterEach(() => folder.remove());

function records(out: string): Record<string, unknown>[] {
  assertEquals(out.endsWith("\n"), true);
  return out.trimEnd().split("\n").map((line) => JSON.parse(line));
}

describe("undrift", () => {
  it("says its version and help without loading a task", async () => {
    assertMatch((await runFake(["--version"], NO_TASKS)).out, /^undrift \d+\.\d+\.\d+\n$/);
    for (const args of [["--help"], ["help"], ["mirror", "--help"], ["help", "apply"]]) {
      const { code, out, err } = await runFake(args, NO_TASKS);
      assertEquals([code, err, out.includes("Usage: undrift")], [0, "", true], args.join(" "));
    }
  });

  it("answers a mistake with one line and 2, and touches nothing", async () => {
    for (const args of [["mirror", "--delte", source, destination], ["mirror", source], [], ["miror"]]) {
      const { code, out, err } = await runFake(args, NO_TASKS);
      assertEquals([code, out, err.split("\n").length], [2, "", 2], err);
      assertEquals(err.startsWith("undrift: Cannot "), true);
    }
  });

  it("reports a defect with its stack", async () => {
    const { code, err } = await runFake(["doctor"], NO_TASKS);
    assertEquals(code, 70);
    assertMatch(err, /^undrift: doctor was loaded\nhint: this is a defect of undrift.*\nError: doctor was loaded\n/);
  });
});

describe("undrift mirror", () => {
  it("lists what it would do and changes nothing", async () => {
    const { code, out, err } = await runFake(["mirror", "-n", "--no-times", "--delete", source, destination]);
    assertEquals(
      out,
      "create  file            6 B  a\n" +
        "create  directory            d/\n" +
        "create  file        2.0 KiB  d/b\n" +
        "create  symlink              l -> a\n",
    );
    assertEquals([code, err], [0, "plan: create 4; write 2 files, 2.0 KiB\n"]);
    assertEquals(readdirSync(destination), []);
  });

  it("mirrors quietly but for one line, then finds nothing to do", async () => {
    const first = await runFake(["mirror", source, destination]);
    assertEquals([first.code, first.out], [0, ""]);
    assertMatch(first.err, /^done: created 4(, adjusted 1)?; 2 files, 2\.0 KiB in .*\n$/);
    assertEquals(readFileSync(join(destination, "a"), "utf8"), "hello\n");
    const second = await runFake(["mirror", "--check", source, destination]);
    assertEquals([second.code, second.out, second.err], [0, "", "plan: nothing to do, 4 entries agree\n"]);
  });

  it("lists what it did with -v and -i, and says nothing more with -q", async () => {
    const listed = await runFake(["mirror", "-qi", "-j1", source, destination]);
    const lines = listed.out.trimEnd().split("\n").filter((line) => !line.endsWith("./")).sort();
    assertEquals(lines, [">f+++++++++ a", ">f+++++++++ d/b", "cL+++++++++ l -> a", "cd+++++++++ d/"]);
    assertEquals([listed.code, listed.err], [0, ""]);
    const again = await runFake(["mirror", "-v", source, destination]);
    assertEquals([again.out, /^done: nothing to do in /.test(again.err)], ["", true]);
  });

  it("exits with 1 when --check finds differences", async () => {
    const { code } = await runFake(["mirror", "--check", "-q", source, destination]);
    assertEquals(code, 1);
    assertEquals(readdirSync(destination), []);
  });

  it("tells programs everything between a start and a summary", async () => {
    const planned = records((await runFake(["mirror", "-n", "--json", source, destination])).out);
    const ran = records((await runFake(["mirror", "--json", "-j1", source, destination])).out);
    for (const told of [planned, ran]) {
      assertEquals([told[0]!["type"], told[0]!["source"], told.at(-1)!["type"]], ["start", source, "summary"]);
      assertEquals(told.filter(({ op }) => op === "write-file").map(({ path }) => path).sort(), ["a", "d/b"]);
      assertEquals([told.at(-1)!["exitCode"], told.at(-1)!["failures"]], [0, 0]);
    }
    assertEquals([planned.at(-1)!["outcome"], ran.at(-1)!["outcome"], ran.at(-1)!["copiedBytes"]], [
      "planned",
      "done",
      2054,
    ]);
  });

  it("refuses with 3, a hint, and for programs a summary", async () => {
    const missing = join(folder.path, "none");
    const text = await runFake(["mirror", missing, destination]);
    assertEquals([text.code, text.out, text.err.split("\n").length], [3, "", 3]);
    assertMatch(text.err, /^undrift: Cannot mirror .*\nhint: /);
    const json = await runFake(["mirror", "--json", missing, destination]);
    const end = records(json.out).at(-1)!;
    assertEquals([json.code, end["type"], end["outcome"], end["exitCode"]], [3, "summary", "refused", 3]);
    assertEquals((end["error"] as { code: string }).code, "source-missing");
    assertEquals(records(json.out).length, 2);
  });

  it("shows a plan that a guard would refuse, and exits with 3", async () => {
    writeFileSync(join(destination, "extra"), "");
    const args = ["mirror", "--delete", "--max-delete=0", source, destination];
    const preview = await runFake([...args, "-n"]);
    assertEquals([preview.code, preview.out.includes("delete  file            0 B  extra\n")], [3, true]);
    assertMatch(preview.err, /^plan: .*\nundrift: Cannot delete 1 of .*\nhint: .*--max-delete 1/);
    const real = await runFake(args);
    assertEquals([real.code, existsSync(join(destination, "extra")), existsSync(join(destination, "a"))], [
      3,
      true,
      false,
    ]);
    assertMatch(real.err, /^undrift: Cannot delete 1 of .*\nhint: .*\n$/);
  });

  it("saves a plan, shows it, applies it, and refuses to do so twice", async () => {
    const file = join(folder.path, "plan.ndjson");
    const saved = await runFake(["mirror", source, destination, "--plan-out", file]);
    assertEquals([saved.code, saved.out, readdirSync(destination)], [0, "", []]);
    assertMatch(saved.err, /\nsaved: undrift apply .*plan\.ndjson\n$/);
    const shown = await runFake(["apply", "-n", "-i", file]);
    assertMatch(shown.out, /^>f\+{9} a$/m);
    assertEquals([shown.code, readdirSync(destination)], [0, []]);
    const applied = await runFake(["apply", file]);
    assertEquals([applied.code, readFileSync(join(destination, "a"), "utf8")], [0, "hello\n"]);
    const again = await runFake(["apply", file, "--json"]);
    assertEquals([again.code, records(again.out).at(-1)!["outcome"]], [5, "refused"]);
  });

  it("refuses a plan that is none with 5, and still ends its records", async () => {
    const file = join(folder.path, "plan.ndjson");
    writeFileSync(file, "{}\n");
    const { code, out } = await runFake(["apply", "--json", file]);
    assertEquals([code, records(out).map(({ type }) => type)], [5, ["start", "summary"]]);
  });

  it("takes names that look like options or numbers", async () => {
    writeFileSync(join(source, "-n"), "1");
    writeFileSync(join(source, "a\nb\x1b[2J"), "2");
    const { out } = await runFake(["mirror", "-n", "--", source, destination]);
    assertMatch(out, /^create {2}file {12}1 B {2}a\\nb\\x1b\[2J$/m);
  });
});

/** A mirror that says what a test wants it to say. */
function scripted(script: (say: (event: MirrorEvent) => void, io: FakeIo) => MirrorReport, io: FakeIo): Tasks {
  return {
    ...NO_TASKS,
    mirror: () =>
      Promise.resolve((from: string, to: string) => ({
        source: from,
        destination: to,
        plan: () => Promise.reject(new Error("not planned")),
        run: (watch = {}) => Promise.try(() => script((event) => watch.onEvent?.(event), io)),
        stream: () => {
          throw new Error("not streamed");
        },
      })),
  };
}

function report(fields: Partial<MirrorReport> = {}): MirrorReport {
  return {
    task: "mirror",
    source: "a",
    destination: "b",
    outcome: "done",
    done: { ...emptySummary(), created: 1, files: 1 },
    copiedBytes: 1024,
    failures: [],
    failureCount: 0,
    causes: {},
    unmet: [],
    warnings: [],
    durationMs: 1000,
    ...fields,
  };
}

const NO_SPACE = { path: "big", code: "no-space", message: "Cannot write big: no space left (ENOSPC)" } as const;
const DENIED = { path: "x/y", code: "permission", message: 'Cannot read "y": permission denied (EACCES)' } as const;

describe("a run", () => {
  const mirrorWith = async (
    script: (say: (event: MirrorEvent) => void, io: FakeIo) => MirrorReport,
    args: readonly string[] = [],
    io = fakeIo(),
  ) => ({ code: await run(["mirror", "a", "b", ...args], io, scripted(script, io)), out: io.out(), err: io.err() });

  it("tells failures and exits with 4, or 8 when space is wanted", async () => {
    const failing = (...failures: (typeof NO_SPACE | typeof DENIED)[]) => (say: (event: MirrorEvent) => void) => {
      for (const failure of failures) say({ type: "failure", failure });
      const causes = Object.fromEntries(failures.map(({ code }) => [code, { failed: 1, warned: 0, ignored: 0 }]));
      return report({ outcome: "partial", failures, failureCount: failures.length, causes });
    };
    const denied = await mirrorWith(failing(DENIED), ["-q"]);
    assertEquals([denied.code, denied.err], [4, 'failed: x/y: Cannot read "y": permission denied (EACCES)\n']);
    assertEquals((await mirrorWith(failing(DENIED, NO_SPACE))).code, 8);
    const json = await mirrorWith(failing(DENIED), ["--json"]);
    assertEquals(records(json.out).map(({ type }) => type), ["start", "error", "summary"]);
    assertEquals([records(json.out).at(-1)!["outcome"], json.err], ["partial", ""]);
  });

  it("says an error that ends the run once, after what was done", async () => {
    const { code, err } = await mirrorWith((say) => {
      say({ type: "failure", failure: DENIED });
      say({ type: "failure", failure: { ...NO_SPACE, path: "" } });
      say({ type: "end", report: report({ outcome: "stopped", failureCount: 2 }) });
      throw new SyncError("no-space", NO_SPACE.message, { hint: "make room" });
    });
    assertEquals(code, 8);
    assertEquals(
      err,
      'failed: x/y: Cannot read "y": permission denied (EACCES)\n' +
        "stopped: created 1; 1 file, 1.0 KiB in 1.0 s (1.0 KiB/s); 2 failed\n" +
        "undrift: Cannot write big: no space left (ENOSPC)\nhint: make room\n",
    );
  });

  for (const code of [130, 143]) {
    it(`ends with ${code} when it was stopped for that`, async () => {
      const stopped = (_say: unknown, io: FakeIo) => {
        io.stop(code);
        throw new SyncError("cancelled", "Cannot finish the mirror: it was stopped");
      };
      const ended = await mirrorWith(stopped, ["--json"]);
      const end = records(ended.out).at(-1)!;
      assertEquals([ended.code, end["outcome"], end["exitCode"]], [code, "stopped", code]);
    });
  }

  it("ends without a word when nobody reads what it says", async () => {
    const ended = await mirrorWith((_say, io) => {
      io.stop(141);
      throw new SyncError("cancelled", "Cannot finish the mirror: it was stopped");
    });
    assertEquals(ended, { code: 141, out: "", err: "" });
  });

  it("says warnings unless it is to be quiet", async () => {
    const warned = (say: (event: MirrorEvent) => void) => {
      say({ type: "warning", warning: { name: "no-holes", message: "Holes are written as zeros" } });
      return report();
    };
    assertMatch((await mirrorWith(warned)).err, /^warning: Holes are written as zeros\ndone: /);
    assertEquals((await mirrorWith(warned, ["-q"])).err, "");
  });

  const progressing = (say: (event: MirrorEvent) => void, io: FakeIo) => {
    for (let second = 1; second <= 25; second++) {
      io.pass(1000);
      const progress = {
        entries: second,
        files: second,
        bytes: second * 1024,
        deleted: 0,
        totalFiles: 25,
        totalBytes: 25_600,
      };
      say({ type: "progress", progress });
    }
    say({ type: "action", action: action("write-file", entry(), undefined, ["missing"], { path: parseRelPath("a") }) });
    return report();
  };

  it("shows progress in a log every ten seconds", async () => {
    const { err } = await mirrorWith(progressing, ["--progress"]);
    const lines = err.split("\n").filter((line) => line.startsWith("progress:"));
    assertEquals(lines.map((line) => /\d+%/.exec(line)?.[0]), ["40%", "80%"]);
  });

  it("draws progress over itself on a terminal, and clears it for other lines", async () => {
    const io = fakeIo({ stderrIsTerminal: true, stdoutIsTerminal: true, env: { NO_COLOR: "1" } });
    const { err, out } = await mirrorWith(progressing, ["--progress", "-v"], io);
    const line = " 40%  [########------------]  10/25 files  10.0/25.0 KiB  1.0 KiB/s  0:15 left";
    assertEquals(err.includes(`\r${line}\x1b[K\r`), true);
    assertEquals(err.includes("\r\x1b[Kdone: "), true);
    assertEquals(out, "create  file            0 B  a\n");
  });

  it("tells programs of progress once a second at most", async () => {
    const { out } = await mirrorWith(progressing, ["--progress", "--json"]);
    assertEquals(records(out).filter(({ type }) => type === "status").length, 25);
    assertEquals(
      records((await mirrorWith(progressing, ["--json"])).out).some(({ type }) => type === "status"),
      false,
    );
  });
});

describe("undrift doctor", () => {
  it("tells what the machine offers and leaves nothing behind", async () => {
    const { code, out, err } = await runFake(["doctor", destination], TASKS);
    assertEquals([code, err, readdirSync(destination)], [0, "", []]);
    assertMatch(out, /^undrift {7}\d/);
    assertMatch(out, /^ {2}yes {2}hard links$/m);
    assertMatch(out, new RegExp(`^runtime {7}${"Bun" in globalThis ? "bun" : "deno"} \\d`, "m"));
  });

  it("tells programs the same", async () => {
    const told = records((await runFake(["doctor", destination, "--json"])).out);
    assertEquals(told.map(({ type }) => type), ["start", "doctor", "summary"]);
    const probes = told[1]!["probes"] as { name: string; works: boolean }[];
    assertEquals(probes.find(({ name }) => name === "symlinks")?.works, true);
  });

  it("says what the portable layer lacks", async () => {
    const { out } = await runFake(["doctor", "--layer=portable", destination]);
    assertMatch(out, /^layer {9}portable, by paths$/m);
    assertMatch(out, /^warning {7}Paths are checked/m);
    assertMatch(out, /^ {2}no {3}extended attributes/m);
  });

  it("fails on a folder that is not there", async () => {
    const { code, err } = await runFake(["doctor", join(folder.path, "none")]);
    assertEquals([code, err.startsWith("undrift: Cannot open")], [4, true]);
  });

  it("says so when nothing can be tried", async () => {
    chmodSync(destination, 0o500);
    const { code, out } = await runFake(["doctor", destination]);
    // root may write all the same
    assertEquals([code, /nothing could be tried: Cannot make/.test(out) || / yes {2}hard links/.test(out)], [0, true]);
    chmodSync(destination, 0o700);
  });
});

describe("--explain", () => {
  it("lists actions with their reasons, and is refused where there is no room", async () => {
    const plain = ["mirror", source, destination];
    const { code, out } = await runFake([...plain, "-n", "--explain"]);
    assertEquals([code, out.split("\n").some((line) => line.trim() === "not in the destination")], [0, true]);
    const { out: json } = await runFake([...plain, "--explain", "--json"]);
    assertEquals(records(json).find(({ path }) => path === "a")!["why"], "not in the destination");
    for (const flag of ["-i", "--format=itemize"]) {
      const refused = await runFake([...plain, "--explain", flag], NO_TASKS);
      assertEquals([refused.code, refused.err.includes("--explain with --format itemize")], [2, true]);
    }
  });
});
