/** What a Deno script can do that was given two folders and nothing else. */
import { spawnSync } from "node:child_process";
import { lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { assert, assertEquals, describe, it } from "../support/test_api.ts";
import { PROJECT_ROOT, runtimeExecutable } from "../support/runtimes.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";

/** Copies a file and a directory through the ports, and tells what is refused. */
const SCRIPT = `
import { openPortableTree } from "${PROJECT_ROOT}lib/os/portable_tree.ts";
import { Listing } from "${PROJECT_ROOT}lib/model/listing.ts";
const [from, to] = Deno.args.map((path) => openPortableTree(path));
const source = from.open(""), target = to.open("");
const names = [];
const listing = new Listing();
while (source.list(listing));
for (let at = 0; at < listing.count; at++) names.push(listing.name(at));
const reader = source.openFile("f");
const writer = target.createFile("t", 0o600);
writer.copyFrom(reader, 0, reader.entry().size);
writer.setMetadata({ mode: 0o640, mtimeSeconds: 1000, mtimeNanoseconds: 0 });
writer.flush();
writer.close();
reader.close();
target.rename("t", "f");
target.link("g", target, "f");
target.makeDirectory("d", 0o755);
target.setMetadata("d", { mode: 0o711, mtimeSeconds: 2000, mtimeNanoseconds: 0 });
target.makeDirectory("e", 0o755);
target.removeDirectory("e");
target.removeFile("g");
const refused = [];
for (const [what, call] of Object.entries({
  symlink: () => target.makeSymlink("l", source.readLink("l")),
  write: () => source.createFile("x", 0o600),
  outside: () => openPortableTree("/"),
})) {
  try {
    call();
  } catch (thrown) {
    refused.push([what, thrown.code]);
  }
}
to.flush();
console.log(JSON.stringify({ names: names.sort(), refused, privileged: to.capabilities.privileged }));
`;

describe("PortableTree under Deno with two folders allowed", () => {
  it("copies files and directories, and says what it may not", () => {
    const folder = temporaryFolder();
    try {
      const [source, target, script] = ["source", "target", "script.mjs"].map((name) => join(folder.path, name)) as [
        string,
        string,
        string,
      ];
      mkdirSync(source);
      mkdirSync(target);
      writeFileSync(join(source, "f"), "content");
      symlinkSync("f", join(source, "l"));
      writeFileSync(script, SCRIPT);
      const permissions = [`--allow-read=${source},${target}`, `--allow-write=${target}`];
      const args = ["run", "--no-prompt", "--no-check", `--config=${PROJECT_ROOT}deno.json`, ...permissions];
      const result = spawnSync(runtimeExecutable("deno"), [...args, script, source, target], { encoding: "utf8" });
      assertEquals(result.status, 0, result.stderr);
      assertEquals(JSON.parse(result.stdout), {
        names: ["f", "l"],
        refused: [["symlink", "permission"], ["write", "permission"], ["outside", "permission"]],
        privileged: false,
      });
      assertEquals(readFileSync(join(target, "f"), "utf8"), "content");
      const [file, directory] = [lstatSync(join(target, "f")), lstatSync(join(target, "d"))];
      assertEquals([file.mode & 0o7777, file.mtimeMs], [0o640, 1_000_000]);
      assertEquals([directory.mode & 0o7777, directory.mtimeMs], [0o711, 2_000_000]);
      assert(lstatSync(join(target, "l"), { throwIfNoEntry: false }) === undefined);
    } finally {
      folder.remove();
    }
  });
});
