import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env } from "node:process";
import { runProcess } from "./run_process.ts";
import { after, assert, assertEquals, before, describe, it, requires } from "./test_api.ts";

describe("runProcess()", () => {
  let cwd = "";
  before(() => {
    cwd = mkdtempSync(join(tmpdir(), "undrift-process-"));
  });
  after(() => rmSync(cwd, { recursive: true }));

  const run = (script: string, timeoutMs = 60_000) =>
    runProcess({ command: ["sh", "-c", script], cwd, env, log: join(cwd, "log"), timeoutMs });

  it("returns exit code and output", async () => {
    assertEquals(await run("echo out; echo err >&2; exit 3"), { exitCode: 3, timedOut: false, output: "out\nerr\n" });
  });

  it("counts a signal as 128 and its number", async () => {
    assertEquals((await run("kill -9 $$")).exitCode, 137);
  });

  it("kills what takes too long", async () => {
    const { exitCode, timedOut } = await run("sleep 60", 100);
    assertEquals([exitCode, timedOut], [137, true]);
  });

  it("does not wait for what a process leaves behind, and ends it", requires("Linux"), async () => {
    const started = performance.now();
    const { output } = await run("sleep 60 & echo $!");
    assert(performance.now() - started < 30_000);
    // a killed process may linger as a zombie, which takes no signal either
    const { output: state } = await run(`sleep 0.2; grep ') [^Z]' /proc/${output.trim()}/stat || echo gone`);
    assert(state.endsWith("gone\n"), state);
  });

  it("returns 127 for a program that is not there", async () => {
    const command = ["no-such-program-anywhere"];
    const { exitCode } = await runProcess({ command, cwd, env, log: join(cwd, "log"), timeoutMs: 1000 });
    assertEquals(exitCode, 127);
  });
});
