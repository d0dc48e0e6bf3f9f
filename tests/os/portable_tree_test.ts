/** What is particular to the layer over `node:fs`. */
import { Buffer } from "node:buffer";
import { chmodSync, lstatSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { assert, assertEquals, assertThrows, describe, it } from "../support/test_api.ts";
import { SyncError } from "../../lib/errors.ts";
import { Listing } from "../../lib/model/listing.ts";
import { parseRelPath, ROOT } from "../../lib/model/rel_path.ts";
import type { Directory, Tree } from "../../lib/model/tree.ts";
import { BYTE_NAMES, checkName, portableError, TIME_STEP } from "../../lib/os/portable_runtime.ts";
import { timeArgument, timeOf } from "../../lib/os/portable_time.ts";
import { openPortableTree } from "../../lib/os/portable_tree.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { runtimeName } from "../support/test_api.ts";

/** Runs a body in a folder that holds `root`. */
function inFolder(body: (folder: string, tree: Tree, root: Directory) => void): () => void {
  return () => {
    const folder = temporaryFolder();
    try {
      mkdirSync(join(folder.path, "root"));
      const tree = openPortableTree(join(folder.path, "root"));
      body(folder.path, tree, tree.open(ROOT));
      tree.close();
    } finally {
      folder.remove();
    }
  };
}

function codeOf(call: () => unknown): string {
  return assertThrows(call, SyncError).code;
}

describe("openPortableTree()", () => {
  it(
    "follows a symlink that the caller names",
    inFolder((folder) => {
      symlinkSync("root", join(folder, "link"));
      const tree = openPortableTree(join(folder, "link") + "/");
      tree.open(ROOT).makeDirectory("d", 0o755);
      assertEquals(readdirSync(join(folder, "root")), ["d"]);
    }),
  );

  it(
    "says why it cannot open a root",
    inFolder((folder) => {
      writeFileSync(join(folder, "f"), "");
      assertEquals(codeOf(() => openPortableTree(join(folder, "none"))), "vanished");
      assertEquals(codeOf(() => openPortableTree(join(folder, "f"))), "not-directory");
      assertEquals(codeOf(() => openPortableTree(join(folder, "f/x"))), "not-directory");
    }),
  );

  it(
    "refuses every operation when another directory takes the place of the root",
    inFolder((folder, tree, root) => {
      renameSync(join(folder, "root"), join(folder, "moved"));
      mkdirSync(join(folder, "root"));
      for (const call of callsOn(tree, root)) assertEquals(codeOf(call), "vanished");
      assertEquals(readdirSync(join(folder, "root")), []);
    }),
  );
});

describe("PortableDirectory", () => {
  it(
    "refuses every operation when a symlink out of the root takes its place",
    inFolder((folder, tree, root) => {
      root.makeDirectory("d", 0o755);
      const d = root.openDirectory("d");
      mkdirSync(join(folder, "outside"));
      writeFileSync(join(folder, "outside/f"), "secret");
      renameSync(join(folder, "root/d"), join(folder, "root/was"));
      symlinkSync("../outside", join(folder, "root/d"));
      for (const call of callsOn(tree, d).slice(1)) assertEquals(codeOf(call), "symlink-refused");
      assertEquals(codeOf(() => tree.open(parseRelPath("d"))), "symlink-refused");
      assertEquals(readdirSync(join(folder, "outside")), ["f"]);
      assertEquals(lstatSync(join(folder, "outside/f")).size, 6);
    }),
  );

  it(
    "works again when its directory is back in its place",
    inFolder((folder, _tree, root) => {
      root.makeDirectory("d", 0o755);
      const d = root.openDirectory("d");
      renameSync(join(folder, "root/d"), join(folder, "root/was"));
      assertEquals(codeOf(() => d.lookup("x")), "vanished");
      renameSync(join(folder, "root/was"), join(folder, "root/d"));
      assertEquals(d.lookup("x"), undefined);
    }),
  );

  it(
    "setMetadata() gives back permissions to a file that nobody may read",
    inFolder((folder, _tree, root) => {
      writeFileSync(join(folder, "root/f"), "");
      chmodSync(join(folder, "root/f"), 0);
      root.setMetadata("f", { mode: 0o640 });
      assertEquals(root.lookup("f")?.mode, 0o640);
    }),
  );

  it(
    "list() never loses an entry whose name is not UTF-8",
    inFolder((folder, _tree, root) => {
      if (!makeByteNames(join(folder, "root"))) return;
      writeFileSync(join(folder, "root/a\ufffd"), "text");
      writeFileSync(join(folder, "root/plain"), "");
      const listing = new Listing();
      while (root.list(listing));
      const entries = Array.from({ length: listing.count }, (_, at) => [listing.name(at), listing.error(at)?.code]);
      const wanted = BYTE_NAMES
        ? [["a\ufffd", undefined], ["a\udcff", undefined], ["b\udcfe", undefined], ["plain", undefined]]
        : [["a\ufffd", "name-not-representable"], ["b\ufffd", "name-not-representable"], ["plain", undefined]];
      const byName = (one: unknown[], other: unknown[]) => String(one[0]) < String(other[0]) ? -1 : 1;
      assertEquals(entries.sort(byName), wanted.sort(byName));
    }),
  );
});

/** Every operation that could read or write elsewhere; the first opens the directory again. */
function callsOn(tree: Tree, directory: Directory): (() => unknown)[] {
  return [
    () => tree.open(ROOT),
    () => directory.list(new Listing()),
    () => directory.entry(),
    () => directory.lookup("f"),
    () => directory.openFile("f"),
    () => directory.openDirectory("d"),
    () => directory.createFile("x", 0o644),
    () => directory.makeDirectory("x", 0o755),
    () => directory.makeSymlink("x", "y"),
    () => directory.link("x", directory, "f"),
    () => directory.rename("f", "x"),
    () => directory.removeFile("f"),
    () => directory.removeDirectory("f"),
    () => directory.setMetadata("f", { mode: 0o777 }),
    () => directory.setMetadata(undefined, { mode: 0o777 }),
  ];
}

/** Makes `a\xff` and `b\xfe`. Deno cannot, so it asks a shell; `false` where the file system refuses. */
function makeByteNames(folder: string): boolean {
  if (runtimeName === "bun") {
    for (const [letter, byte] of [["a", 0xff], ["b", 0xfe]] as const) {
      writeFileSync(Buffer.concat([Buffer.from(`${folder}/${letter}`), Buffer.of(byte)]), "");
    }
    return true;
  }
  const script = `: > "$(printf 'a\\377')" && : > "$(printf 'b\\376')"`;
  return new Deno.Command("sh", { args: ["-c", script], cwd: folder, stderr: "null" }).outputSync().success;
}

describe("checkName()", () => {
  it("refuses on Windows what would leave the directory", () => {
    for (const name of ["a\\b", "..\\x", "c:", "a:stream", "nul", "NUL.txt", "com1", "a.", "a ", "a?", "\x01"]) {
      assertEquals(codeOf(() => checkName(name, "windows")), "name-not-representable", name);
      checkName(name, "linux");
    }
    for (const name of ["a", "null", "com", ".a", "a.b", "\u00e4"]) checkName(name, "windows");
  });
});

describe("portableError()", () => {
  it("tells what Deno's permissions refused", () => {
    const refused = Object.assign(new Error("Requires write access"), { name: "NotCapable" });
    const error = portableError("create", "f", refused);
    assertEquals([error.code, error.path, error.hint], ["permission", "f", "Requires write access"]);
  });
});

describe("timeOf()", () => {
  it("rounds down to the step, before 1970 too", () => {
    assertEquals(timeOf(-1n, 1), { seconds: -1, nanoseconds: 999_999_999 });
    assertEquals(timeOf(-1_500_000_001n, 1_000_000), { seconds: -2, nanoseconds: 499_000_000 });
    assertEquals(timeOf(1_999_999_999n, 1_000), { seconds: 1, nanoseconds: 999_999_000 });
  });
});

describe("timeArgument()", () => {
  /** Sets random times within a range; gives what was wanted and found, in whole steps since 1970. */
  function forTimes(least: number, most: number, body: (wanted: number, found: number) => void): () => void {
    return inFolder((folder, _tree, root) => {
      writeFileSync(join(folder, "root/f"), "");
      const inSteps = (seconds: number, nanoseconds: number) =>
        seconds * (1e9 / TIME_STEP) + Math.floor(nanoseconds / TIME_STEP);
      fc.assert(
        fc.property(fc.integer({ min: least, max: most }), fc.nat(999_999_999), (seconds, nanoseconds) => {
          root.setMetadata("f", { mtimeSeconds: seconds, mtimeNanoseconds: nanoseconds });
          const found = root.lookup("f")!;
          body(inSteps(seconds, nanoseconds), inSteps(found.mtimeSeconds, found.mtimeNanoseconds));
        }),
        { numRuns: 1000, examples: [[most, 999_999_523]] },
      );
    });
  }

  it(
    "reads back as the same time when it is set, up to the year 2106",
    forTimes(0, 2 ** 32 - 1, (wanted, found) => assertEquals(found, wanted)),
  );

  it(
    "reads back as the same time or the next step after that, where a double is as coarse as a microsecond",
    forTimes(2 ** 32, 2 ** 33 - 1, (wanted, found) => assertEquals(Math.abs(found - wanted) <= 1, true)),
  );

  it("is exact when the time is whole milliseconds", () => {
    assertEquals(timeArgument({ seconds: 5, nanoseconds: 7_000_000 }, 1_000), new Date(5007));
    assertEquals(timeArgument({ seconds: 5, nanoseconds: 0 }, 1_000_000), 5);
    assert(timeArgument({ seconds: -2, nanoseconds: 500_000_000 }, 1_000_000) instanceof Date);
  });
});
