/** Files of plans: the one without a name, and the one that is held open. */
import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { holdFile } from "../../lib/os/held_file.ts";
import { openScratch } from "../../lib/os/scratch_file.ts";
import { SyncError } from "../../lib/errors.ts";
import { env } from "node:process";
import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
  describe,
  it,
  requires,
} from "../support/test_api.ts";
import { mustRun } from "../support/commands.ts";
import { withWorkspace } from "../support/workspace.ts";

/** Runs with another temporary folder. */
function withTemporaryFolder(folder: string, body: () => void): void {
  const before = env["TMPDIR"];
  env["TMPDIR"] = folder;
  try {
    body();
  } finally {
    if (before === undefined) delete env["TMPDIR"];
    else env["TMPDIR"] = before;
  }
}

describe("openScratch()", () => {
  it("reads what it wrote, and shows no name while it is open", requires("Linux"), () =>
    withWorkspace((at) => {
      withTemporaryFolder(at.directory("tmp"), () => {
        const scratch = openScratch();
        assertEquals(readdirSync(at.at("tmp")), []);
        scratch.write(new Uint8Array([1, 2, 3, 4]), 0);
        scratch.write(new Uint8Array([9]), 2);
        const into = new Uint8Array(8);
        assertEquals([scratch.read(into, 1), [...into.subarray(0, 3)]], [3, [2, 9, 4]]);
        assertEquals(scratch.read(into, 4), 0);
        scratch.close();
        scratch.close();
      });
    }));

  it("says which folder is full, and what helps", requires("Linux", "root"), () =>
    withWorkspace((at) => {
      withTemporaryFolder(at.mount("tmp", "-t", "tmpfs", "-o", "size=64k", "tmpfs"), () => {
        const scratch = openScratch();
        const error = assertThrows(() => scratch.write(new Uint8Array(1 << 20), 0), SyncError);
        scratch.close();
        assertEquals([error.code, error.path], ["no-space", at.at("tmp")]);
        assertStringIncludes(error.hint ?? "", "TMPDIR");
      });
    }));

  it("says why there is none", requires("Linux"), () =>
    withWorkspace((at) => {
      withTemporaryFolder(at.at("nowhere"), () => {
        assertEquals(assertThrows(() => openScratch(), SyncError).code, "vanished");
      });
    }));
});

describe("holdFile()", () => {
  it("stays with the file that it opened, and adds to it", requires("Linux"), () =>
    withWorkspace((at) => {
      writeFileSync(at.at("a"), "hello");
      const file = holdFile(at.at("a"));
      renameSync(at.at("a"), at.at("b"));
      writeFileSync(at.at("a"), "another");
      const into = new Uint8Array(9);
      assertEquals([file.size(), file.read(into, 1), into[0]], [5, 4, 0x65]);
      assert(file.write(new TextEncoder().encode("!"), 5));
      file.close();
      file.close();
      assertEquals([readFileSync(at.at("b"), "utf8"), readFileSync(at.at("a"), "utf8")], ["hello!", "another"]);
    }));

  it(
    "answers that a file on a read-only file system cannot be written",
    requires("Linux", "root"),
    () =>
      withWorkspace((at) => {
        const folder = at.mount("ro", "-t", "tmpfs", "-o", "size=64k", "tmpfs");
        writeFileSync(`${folder}/a`, "hello");
        mustRun("mount", ["-o", "remount,ro", folder]);
        const file = holdFile(`${folder}/a`);
        assertEquals(file.write(new Uint8Array(1), 5), false);
        file.close();
      }),
  );

  it("throws for what is not there or no file", requires("Linux"), () =>
    withWorkspace((at) => {
      assertEquals(assertThrows(() => holdFile(at.at("none")), SyncError).code, "vanished");
      assertThrows(() => holdFile(at.path).read(new Uint8Array(1), 0), SyncError);
    }));
});
