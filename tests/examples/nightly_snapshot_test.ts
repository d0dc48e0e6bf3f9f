/** `examples/nightly_snapshot.ts`, night after night. */
import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { PROJECT_ROOT, runtimeExecutable } from "../support/runtimes.ts";
import { assertEquals, assertMatch, describe, it, requires, runtimeName } from "../support/test_api.ts";
import { makeTree } from "../support/trees.ts";
import { differencesOf } from "../support/walker.ts";
import { withWorkspace } from "../support/workspace.ts";

function runExample(...args: string[]): { readonly status: number | null; readonly out: string; readonly err: string } {
  const permissions = ["--allow-read", "--allow-write", "--allow-ffi", "--allow-env", "--allow-sys"];
  const before = runtimeName === "deno" ? ["run", ...permissions] : [];
  const { status, stdout, stderr } = spawnSync(
    runtimeExecutable(runtimeName),
    [...before, "examples/nightly_snapshot.ts", ...args],
    { cwd: PROJECT_ROOT, encoding: "utf8" },
  );
  return { status, out: stdout, err: stderr };
}

describe("nightly_snapshot.ts", () => {
  it(
    "takes a snapshot each night, prunes, and fails when nothing could be shared",
    requires("Linux"),
    () =>
      withWorkspace((at) => {
        const [source, store] = [at.at("source"), at.at("store")];
        makeTree(source, { a: { file: "a" }, d: { dir: { b: { file: "b" }, c: { file: "c" } } } });
        const first = runExample(source, store);
        assertEquals(first.status, 0, first.err);
        assertMatch(first.out, /Z: 0 files shared, 3 new \(3 bytes\)\n1 snapshots kept, 0 removed\n$/);
        const second = runExample(source, store);
        assertEquals(second.status, 0, second.err);
        assertMatch(second.out, /: 3 files shared, 0 new \(0 bytes\)\n/);
        assertEquals(differencesOf(source, at.at("store/latest/")), []);
        for (const name of ["a", "d/b", "d/c"]) writeFileSync(at.at(`source/${name}`), "changed");
        const third = runExample(source, store);
        assertEquals([third.status, third.out], [1, ""]);
        assertMatch(third.err, /linked>=50%, but it is 0%/);
        rmSync(source, { recursive: true });
        const fourth = runExample(source, store);
        assertEquals(fourth.status, 1);
        assertMatch(fourth.err, /check the path, and that its disk is mounted/);
      }, "onDisk"),
  );
});
