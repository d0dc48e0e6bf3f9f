/**
 * Our itemize lines beside those of the rsync on this machine, for one pair of trees with a change of every kind.
 */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary_folder.ts";
import { afterEach, assertEquals, assertGreater, beforeEach, describe, it, requires } from "../support/test_api.ts";
import { runFake } from "./fake_io.ts";

const OLD = 1_500_000_000;
const NEW = 1_600_000_000;

let folder: TemporaryFolder;

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

function file(side: string, name: string, text: string, time = OLD, mode = 0o644): void {
  const path = join(folder.path, side, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  utimesSync(path, time, time);
}

function link(side: string, name: string, target: string, time = OLD): void {
  const path = join(folder.path, side, name);
  symlinkSync(target, path);
  lutimesSync(path, time, time);
}

function directory(side: string, name: string, mode = 0o755): void {
  mkdirSync(join(folder.path, side, name), { recursive: true });
  chmodSync(join(folder.path, side, name), mode);
}

/** A change of every kind that both show alike. */
function makeTrees(): void {
  for (const side of ["s", "d"]) {
    for (const name of ["", "same", "other-mode", "gone-from-dst", "kept"]) directory(side, name);
    for (const name of ["same/file", "kept/x"]) file(side, name, "same");
    link(side, "same-link", "same");
  }
  chmodSync(join(folder.path, "d/other-mode"), 0o700);
  file("s", "new", "new");
  directory("s", "new-dir");
  file("s", "new-dir/inside", "x");
  link("s", "new-link", "same/file");
  file("s", "bigger", "longer", NEW);
  file("d", "bigger", "long");
  file("s", "longer-same-time", "longer");
  file("d", "longer-same-time", "long");
  file("s", "newer", "same", NEW);
  file("d", "newer", "same");
  file("s", "mode", "same");
  file("d", "mode", "same", OLD, 0o600);
  file("s", "setuid-newer", "same", NEW, 0o4755);
  file("d", "setuid-newer", "same");
  file("s", "owned", "same");
  file("d", "owned", "same");
  chownSync(join(folder.path, "s/owned"), 1234, 4321);
  link("s", "retargeted", "one");
  link("d", "retargeted", "two");
  link("s", "link-newer", "one", NEW);
  link("d", "link-newer", "one");
  file("s", "file-was-dir", "x");
  directory("d", "file-was-dir");
  link("s", "link-was-file", "x");
  file("d", "link-was-file", "x");
  directory("s", "dir-was-link");
  link("d", "dir-was-link", "same");
  file("s", "first", "linked");
  linkSync(join(folder.path, "s/first"), join(folder.path, "s/second"));
  file("d", "first", "linked");
  file("s", "joined-1", "linked");
  linkSync(join(folder.path, "s/joined-1"), join(folder.path, "s/joined-2"));
  file("d", "joined-1", "linked");
  file("d", "joined-2", "linked");
  directory("d", "extra/deep");
  file("d", "extra/deep/file", "x");
  link("d", "extra-link", "x");
  for (const name of ["", "same", "other-mode", "gone-from-dst", "kept", "new-dir", "dir-was-link"]) {
    for (const side of name === "new-dir" ? ["s"] : ["s", "d"]) {
      if (side === "s" || name !== "dir-was-link") utimesSync(join(folder.path, side, name), OLD, OLD);
    }
  }
}

describe("undrift mirror -i", () => {
  it("prints the lines of rsync -aHAXi", requires("rsync", "root", "Linux"), async () => {
    makeTrees();
    const [from, to] = [join(folder.path, "s"), join(folder.path, "d")];
    const options = ["-aHAXni", "--delete", "--no-human-readable"];
    const theirs = execFileSync("rsync", [...options, `${from}/`, `${to}/`], { encoding: "utf8" });
    const ours = await runFake(["mirror", "-aHAXni", "--delete", "--max-delete=100", from, to]);
    const lines = (text: string) => text.trimEnd().split("\n").sort();
    assertEquals(ours.code, 0, ours.err);
    assertEquals(lines(ours.out), lines(theirs));
    assertGreater(lines(theirs).length, 20);
  });
});
