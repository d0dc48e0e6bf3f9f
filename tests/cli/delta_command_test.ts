/** The commands signature, delta and patch, side by side with rdiff. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { joined } from "../delta/engine.ts";
import { noise } from "../kernels/kernels.ts";
import { mustRun, runCommand } from "../support/commands.ts";
import { PROJECT_ROOT, runtimeExecutable } from "../support/runtimes.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { after, assertEquals, assertMatch, describe, it, requires, runtimeName } from "../support/test_api.ts";
import { NO_TASKS, runFake } from "./fake_io.ts";

const folder = temporaryFolder();
const path = (name: string) => join(folder.path, name);
const read = (name: string) => new Uint8Array(readFileSync(path(name)));
const OLD = noise(50_000, 1);
const NEW = joined([OLD.subarray(20_000), OLD.subarray(3)]);

writeFileSync(path("old"), OLD);
writeFileSync(path("new"), NEW);
after(() => folder.remove());

/** Runs undrift as a process that reads some bytes. */
function piped(args: readonly string[], input: Uint8Array): Uint8Array {
  const before = runtimeName === "deno" ? ["run", "-A", "--no-check"] : [];
  const { status, stdout, stderr } = runCommand(
    runtimeExecutable(runtimeName),
    [...before, join(PROJECT_ROOT, "cli.ts"), ...args],
    { input },
  );
  assertEquals(status, 0, stderr);
  return new Uint8Array(stdout);
}

describe("undrift signature, delta and patch", () => {
  it("work on files as rdiff does", requires("rdiff"), async () => {
    for (const options of [[], ["--hash=md4", "--rollsum=rollsum"], ["--block-size=100", "--sum-size=9"]]) {
      assertEquals(await runFake(["signature", ...options, path("old"), path("sig")]), { code: 0, out: "", err: "" });
      mustRun("rdiff", ["--force", ...options, "signature", path("old"), path("sig.rdiff")]);
      assertEquals(read("sig"), read("sig.rdiff"));
      assertEquals(await runFake(["delta", path("sig"), path("new"), path("delta")]), { code: 0, out: "", err: "" });
      mustRun("rdiff", ["--force", "patch", path("old"), path("delta"), path("out")]);
      assertEquals(read("out"), NEW);
      mustRun("rdiff", ["--force", "delta", path("sig"), path("new"), path("delta.rdiff")]);
      assertEquals(await runFake(["patch", path("old"), path("delta.rdiff"), path("ours")]), {
        code: 0,
        out: "",
        err: "",
      });
      assertEquals(read("ours"), NEW);
    }
  });

  it("read and write pipes where no file is named", () => {
    const signature = piped(["signature", "-"], OLD);
    writeFileSync(path("piped.sig"), signature);
    const delta = piped(["delta", path("piped.sig")], NEW);
    assertEquals(delta.length < NEW.length, true);
    assertEquals(piped(["patch", path("old")], delta), NEW);
  });

  it("stop quietly when nobody reads their output", requires("Linux"), () => {
    writeFileSync(path("large"), noise(3_000_000));
    const program = runtimeName === "deno"
      ? `${runtimeExecutable("deno")} run -A --no-check`
      : runtimeExecutable("bun");
    const script = `${program} ${
      join(PROJECT_ROOT, "cli.ts")
    } signature --block-size 3 --jobs 1 large | head -c 5 >&2; echo \${PIPESTATUS[0]}`;
    const { stdout, stderr } = runCommand("bash", ["-c", script], { cwd: folder.path });
    assertEquals([new TextDecoder().decode(stdout), stderr.slice(5)], ["141\n", ""]);
  });

  it("tell totals when they are asked", async () => {
    const signed = await runFake(["signature", "-v", path("old"), path("v.sig")]);
    assertEquals(signed.err, "48.8 KiB in blocks of 256, signature 6.9 KiB\n");
    const made = await runFake(["delta", "-v", path("v.sig"), path("new"), path("v.delta")]);
    assertMatch(made.err, /^7\d\.\d KiB from the old file, \d+ B new, delta \d+ B\n$/);
    const patched = await runFake(["patch", "-v", path("old"), path("v.delta"), path("v.out")]);
    assertMatch(patched.err, /^7\d\.\d KiB from the old file, \d+ B new\n$/);
  });

  it("end with the code of what was wrong", async () => {
    assertEquals((await runFake(["patch", path("old"), path("old"), path("x")])).code, 5);
    assertEquals((await runFake(["delta", path("none"), path("new"), path("x")])).code, 3);
    assertEquals((await runFake(["signature", path("old"), join(path("none"), "x")])).code !== 0, true);
  });

  it("refuse what cannot be, before anything is loaded", async () => {
    const size = await runFake(["signature", "--hash", "md4", "--sum-size", "17", path("old")], NO_TASKS);
    assertEquals([size.code, size.err.includes("--sum-size 17 with --hash md4")], [2, true]);
    const both = await runFake(["delta", "-"], NO_TASKS);
    assertEquals([both.code, both.err.includes("both from standard input")], [2, true]);
    const twice = await runFake(["patch", "-"], NO_TASKS);
    assertEquals([twice.code, twice.err.includes("both from standard input")], [2, true]);
  });
});
