/** Options about keeping old entries, from the command line to what is there afterwards. */
import { mkdirSync, writeFileSync } from "node:fs";
import { TASKS } from "../../lib/cli/tasks.ts";
import { assert, assertEquals, describe, it, requires } from "../support/test_api.ts";
import { walkTree } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";
import { runFake } from "./fake_io.ts";

function makeBoth(at: Workspace): void {
  for (const [name, content] of [["from", "newer"], ["to", "old"]] as const) {
    mkdirSync(at.at(name));
    writeFileSync(at.at(`${name}/a`), content);
  }
}

describe("undrift mirror", () => {
  for (
    const [flags, kept] of [
      [["-b"], "to/a~"],
      [["--backup", "--suffix", ".old"], "to/a.old"],
      [["--backup-dir=kept"], "to/kept/a"],
      [["--backup-dir=kept", "--suffix=~"], "to/kept/a~"],
    ] as const
  ) {
    it(`${flags.join(" ")} keeps the old file as ${kept}`, requires("Linux"), () =>
      withWorkspace(async (at) => {
        makeBoth(at);
        const { code, err } = await runFake(["mirror", ...flags, at.at("from"), at.at("to")], TASKS);
        assertEquals(code, 0, err);
        assertEquals(walkTree(at.path).get(kept)?.size, "3");
      }));
  }

  it("--trash keeps the old file in a folder named by the time", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeBoth(at);
      const args = ["mirror", "--trash", at.at("trash"), at.at("from"), at.at("to")];
      assertEquals((await runFake(args, TASKS)).code, 0);
      const kept = [...walkTree(at.at("trash")).keys()].filter((path) => /^[-\dT]+Z\/a$/.test(path));
      assertEquals(kept.length, 1);
    }));

  it(
    "--delay-updates tells how many entries were switched, and how long it took",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeBoth(at);
        const args = ["mirror", "--delay-updates", at.at("from"), at.at("to")];
        const { code, err } = await runFake(args, TASKS);
        assertEquals(code, 0);
        assert(/; switched 1 entry within \d+ ms$/m.test(err), err);
        writeFileSync(at.at("from/b"), "more");
        const { out } = await runFake([...args, "--json"], TASKS);
        const { switchedEntries, switchMs } = JSON.parse(out.trimEnd().split("\n").at(-1)!);
        assertEquals([switchedEntries, typeof switchMs], [1, "number"]);
      }),
  );

  it(
    "--remove-source-files is shown before it is done, in every list",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeBoth(at);
        const args = ["mirror", "--remove-source-files", at.at("from"), at.at("to")];
        const listed = await runFake([...args, "-n"], TASKS);
        assert(/^remove {2}source +5 B {2}a$/m.test(listed.out), listed.out);
        assert(listed.err.includes("remove from source 1"), listed.err);
        assert((await runFake([...args, "-n", "-i"], TASKS)).out.includes("*removing   a\n"));
        assertEquals(walkTree(at.at("from")).has("a"), true);
        const { code, err } = await runFake(args, TASKS);
        assertEquals([code, walkTree(at.at("from")).has("a"), walkTree(at.at("to")).get("a")?.size], [0, false, "5"]);
        assert(err.includes("removed from source 1"), err);
      }),
  );

  it("--trash with --backup is a mistake that names both", requires("Linux"), async () => {
    const { code, err } = await runFake(["mirror", "--trash=t", "--backup", "a", "b"], TASKS);
    assertEquals(code, 2);
    assert(err.includes("trash") && err.includes("backup"), err);
  });
});
