/**
 * The command line as a process: pipes, signals, a reader that goes away. Run by the runtime that runs the tests.
 */
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { env, kill } from "node:process";
import { PROJECT_ROOT, runtimeExecutable } from "../support/runtimes.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary_folder.ts";
import {
  afterEach,
  assertEquals,
  assertMatch,
  beforeEach,
  describe,
  it,
  requires,
  runtimeName,
} from "../support/test_api.ts";

let folder: TemporaryFolder;
let source: string;
let destination: string;

beforeEach(() => {
  folder = temporaryFolder();
  source = join(folder.path, "src");
  destination = join(folder.path, "dst");
  mkdirSync(source);
  mkdirSync(destination);
});

afterEach(() => folder.remove());

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Starts undrift; `meddle` may close its output or send it signals. */
function undrift(
  args: readonly string[],
  meddle: (child: ReturnType<typeof start>) => void = () => {},
): Promise<Ended> {
  const child = start(args);
  const texts = { out: "", err: "" };
  child.stdout!.setEncoding("utf8").on("data", (text: string) => texts.out += text);
  child.stderr!.setEncoding("utf8").on("data", (text: string) => texts.err += text);
  meddle(child);
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, ...texts })));
}

function start(args: readonly string[]) {
  const script = join(PROJECT_ROOT, "cli.ts");
  const before = runtimeName === "deno" ? ["run", "-A", "--no-check", script] : [script];
  return spawn(runtimeExecutable(runtimeName), [...before, ...args], {
    cwd: folder.path,
    env: { ...env, NO_COLOR: "1" },
  });
}

function fill(files: number, bytes: number): void {
  for (let index = 0; index < files; index++) writeFileSync(join(source, `file-${index}`), new Uint8Array(bytes));
}

describe("the process", () => {
  it("says its version and uses exit codes", async () => {
    const version = await undrift(["--version"]);
    assertEquals([version.code, version.err], [0, ""]);
    assertMatch(version.out, /^undrift \d+\.\d+\.\d+\n$/);
    const mistake = await undrift(["mirror", "--delte", source, destination]);
    assertEquals([mistake.code, mistake.out], [2, ""]);
    assertEquals(mistake.err, "undrift: Cannot use --delte: there is no such option; did you mean --delete?\n");
  });

  it("loses nothing of a long list that is read slowly", async () => {
    fill(3000, 0);
    const { code, out } = await undrift(["mirror", "-n", "--json", source, destination], (child) => {
      child.stdout!.pause();
      setTimeout(() => child.stdout!.resume(), 500);
    });
    const lines = out.trimEnd().split("\n");
    assertEquals([code, lines.filter((line) => line.includes('"op":"write-file"')).length], [0, 3000]);
    assertEquals(JSON.parse(lines.at(-1)!).type, "summary");
  });

  it("ends without a word when its reader goes away", async () => {
    fill(3000, 0);
    const { code, err } = await undrift(["mirror", "-n", "--json", source, destination], (child) => {
      child.stdout!.once("data", () => child.stdout!.destroy());
    });
    assertEquals([code === 0 || code === 141, err], [true, ""]);
  });

  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    it(`tidies up and ends with ${code} at ${signal}`, requires("Linux"), async () => {
      fill(4, 1 << 26);
      let isSent = false;
      const { code: ended, out } = await undrift(["mirror", "--json", "--progress", source, destination], (child) => {
        // The first thing that was carried out, or counted.
        // Not `child.kill()`: under Deno it would tell the signal and not the exit code.
        child.stdout!.on("data", (text: string) => {
          if (!isSent && /"type":"(item|status)"/.test(text)) isSent = kill(child.pid!, signal);
        });
      });
      const end = JSON.parse(out.trimEnd().split("\n").at(-1)!);
      assertEquals([ended, end.type, end.exitCode], [code, "summary", code]);
      assertEquals(readdirSync(destination).filter((name) => name.startsWith(".undrift-")), []);
    });
  }
});
