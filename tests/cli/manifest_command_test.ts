/** The command manifest: what goes where, and how it ends. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../support/commands.ts";
import { PROJECT_ROOT, runtimeExecutable } from "../support/runtimes.ts";
import { assertEquals, assertMatch, describe, it, runtimeName } from "../support/test_api.ts";
import { makeTree } from "../support/trees.ts";
import { withWorkspace } from "../support/workspace.ts";
import { runFake } from "./fake_io.ts";

const MD5_OF_ABC = "900150983cd24fb0d6963f7d28e17f72";

describe("undrift manifest", () => {
  it("writes to standard output, or a file, in the form that is asked for", () =>
    withWorkspace((at) => {
      makeTree(at.at("tree"), { d: { dir: { f: { file: "abc" } } }, "x.o": { file: "" } });
      const before = runtimeName === "deno" ? ["run", "-A", "--no-check"] : [];
      const run = (...args: string[]) => {
        const command = [...before, join(PROJECT_ROOT, "cli.ts"), "manifest", at.at("tree"), ...args];
        const { status, stdout, stderr } = runCommand(runtimeExecutable(runtimeName), command);
        assertEquals([status, stderr], [0, ""]);
        return new TextDecoder().decode(stdout);
      };
      const comments = "#undrift manifest 1 md5\n#undrift directory\td\n";
      assertEquals(run("--algorithm=md5", "--exclude=*.o"), `${comments}${MD5_OF_ABC}  d/f\n`);
      assertEquals(
        run("--algorithm=md5", "--tag", "--comments=never", "--max-size=3", at.at("SUMS"), "--exclude=x.o"),
        "",
      );
      assertEquals(readFileSync(at.at("SUMS"), "utf8"), `MD5 (d/f) = ${MD5_OF_ABC}\n`);
    }));

  it("tells totals and trouble on standard error", () =>
    withWorkspace(async (at) => {
      makeTree(at.at("tree"), { f: { file: "abc" } });
      const told = await runFake(["manifest", "-v", at.at("tree"), at.at("SUMS")]);
      assertEquals([told.code, told.out], [0, ""]);
      assertMatch(told.err, /^manifest: 1 file, 3 B in .*\n$/);
      writeFileSync(at.at("list"), "f\nnone\n");
      const partial = await runFake(["manifest", at.at("tree"), at.at("SUMS"), "--files-from", at.at("list")]);
      assertEquals(partial.code, 4);
      assertMatch(partial.err, /^failed: none: Cannot find "none".*\nmanifest: .*; 1 failed \(listed-missing\)\n$/);
      const missing = await runFake(["manifest", at.at("none"), at.at("SUMS")]);
      assertEquals(missing.code, 3);
      assertMatch(missing.err, /^undrift: Cannot make a manifest of ".*": there is no such directory\nhint: .*\n$/);
      const unfit = await runFake(["manifest", at.at("tree"), "--record-times", "--comments", "never"]);
      assertEquals(unfit.code, 2);
      assertMatch(unfit.err, /--record-times with --comments never/);
    }));
});
