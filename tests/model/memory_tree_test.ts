/** The tree in memory: literals, and the hook that tests use. */
import fc from "fast-check";
import { assert, assertEquals, assertStrictEquals, assertThrows, describe, it } from "../support/test_api.ts";
import { SyncError } from "../../lib/errors.ts";
import { KEEP_OWNER } from "../../lib/model/entry.ts";
import { Listing } from "../../lib/model/listing.ts";
import { formatSeconds, parseSeconds } from "../../lib/model/memory_literal.ts";
import { memoryTree, type TreeLiteral } from "../../lib/model/memory_tree.ts";
import { parseRelPath, ROOT } from "../../lib/model/rel_path.ts";

const EVERYTHING: TreeLiteral = {
  "a": { file: "x", mode: 0o4755, uid: 1000, gid: 100, mtime: "1700000000.000000001", xattrs: { "user.a": "eA==" } },
  "b": { dir: { "c": { hardLinkOf: "a" }, "empty": { dir: {}, mode: 0o1777, mtime: "-1.5" } }, mtime: "5" },
  "bytes": { file: Uint8Array.of(0xff, 0), mode: 0o600, mtime: "0" },
  "l": { link: "../somewhere", mtime: "7" },
  "p": { fifo: true, mode: 0o600, mtime: "8" },
  "s": { socket: true, mode: 0o700, mtime: "8" },
  "v": { blockDevice: [8, 1], mode: 0o660, mtime: "9" },
  "z": { characterDevice: [1, 3], mode: 0o666, mtime: "9" },
};

describe("flipBit()", () => {
  it("changes content and nothing that a stamp tells", () => {
    const tree = memoryTree({ d: { dir: { f: { file: "abc" } } } });
    const reader = tree.open(parseRelPath("d")).openFile("f");
    const before = reader.stamp();
    tree.flipBit("d/f", 1);
    assertEquals(reader.stamp(), before);
    assertEquals(tree.dump({ attributes: false }), { d: { dir: { f: { file: "acc" } } } });
    assertThrows(() => tree.flipBit("d/f", 3), SyncError);
    assertThrows(() => tree.flipBit("d"), SyncError);
  });
});

describe("memoryTree()", () => {
  it("makes what dump() writes down", () => {
    const dumped = memoryTree(EVERYTHING).dump();
    assertEquals(memoryTree(dumped).dump(), dumped);
    assertEquals(dumped["b"], {
      dir: { "c": { hardLinkOf: "a" }, "empty": { dir: {}, mode: 0o1777, mtime: "-1.5" } },
      mode: 0o755,
      mtime: "5",
    });
    for (const name of ["a", "bytes", "l", "p", "s", "v", "z"]) assertEquals(dumped[name], EVERYTHING[name], name);
  });

  it("lets a hard link name what comes later", () => {
    const tree = memoryTree({ "a": { hardLinkOf: "d/z" }, "d": { dir: { "z": { file: "x" } } } });
    assertEquals(tree.dump({ attributes: false }), { "a": { file: "x" }, "d": { dir: { "z": { hardLinkOf: "a" } } } });
  });

  it("refuses a name that is not a single name and a hard link to nothing", () => {
    for (const name of ["a/b", "..", ""]) {
      assertEquals(assertThrows(() => memoryTree({ [name]: { file: "" } }), SyncError).code, "path-escape");
    }
    assertEquals(assertThrows(() => memoryTree({ "a": { hardLinkOf: "b" } }), SyncError).code, "vanished");
  });

  it("gives names in byte order when it is dumped", () => {
    const tree = memoryTree({ "\u{1f600}": { file: "" }, "\uffee": { file: "" }, "a": { file: "" } });
    assertEquals(Object.keys(tree.dump()), ["a", "\uffee", "\u{1f600}"]);
  });

  it("gives each change a time of its own", () => {
    const tree = memoryTree({ "d": { dir: {} } });
    const root = tree.open(ROOT);
    const before = root.entry();
    root.createFile("f", 0o644).close();
    const after = root.entry();
    assert(after.mtimeSeconds > before.mtimeSeconds || after.mtimeNanoseconds > before.mtimeNanoseconds);
  });

  it("says that a name exists twice on another file system", () => {
    const one = memoryTree({ "a": { file: "x" } });
    const error = assertThrows(() => memoryTree().open(ROOT).link("b", one.open(ROOT), "a"), SyncError);
    assertEquals(error.code, "unsupported");
  });

  it("refuses what an ordinary user may not do when it is not privileged", () => {
    const root = memoryTree({ "f": { file: "x", uid: 5, gid: 5 } }, {
      capabilities: { privileged: false, groups: [6] },
    }).open(ROOT);
    root.setMetadata("f", { uid: 5, gid: 6 });
    const chown = assertThrows(() => root.setMetadata("f", { uid: 0, gid: 6 }), SyncError);
    const found = root.entry();
    const mknod = assertThrows(
      () => root.makeSpecial("v", { ...found, kind: "block-device", device: [1, 2] }),
      SyncError,
    );
    assertEquals([chown.code, mknod.code, root.lookup("f")?.gid], ["permission", "permission", 6]);
  });
});

describe("MemoryDirectory.setMetadata()", () => {
  it("leaves the owner or group that is to be kept", () => {
    const capabilities = { privileged: false, groups: [6] };
    const root = memoryTree({ "f": { file: "x", uid: 5, gid: 7 } }, { capabilities }).open(ROOT);
    root.setMetadata("f", { uid: KEEP_OWNER, gid: 6 });
    const { uid, gid } = root.lookup("f")!;
    root.setMetadata("f", { uid: KEEP_OWNER, gid: KEEP_OWNER });
    assertEquals([uid, gid, root.lookup("f")?.gid], [5, 6, 6]);
  });
});

describe("MemoryTree.put()", () => {
  it("replaces what is there, behind the back of the hook", () => {
    const seen: string[] = [];
    const tree = memoryTree({ "d": { dir: { "x": { file: "1" } } } }, { onOperation: (name) => void seen.push(name) });
    tree.put("d", { link: "elsewhere" });
    tree.put("e", { dir: { "y": { file: "2" } } });
    tree.put("e/y", { file: "3" });
    tree.remove("d");
    assertEquals(tree.dump({ attributes: false }), { "e": { dir: { "y": { file: "3" } } } });
    assertEquals(seen, []);
  });

  it("fails when the directory does not exist", () => {
    const tree = memoryTree({ "f": { file: "" } });
    for (const path of ["none/x", "f/x"]) {
      assertEquals(assertThrows(() => tree.put(path, { file: "" }), SyncError).code, "vanished");
    }
    assertEquals(assertThrows(() => tree.remove("none"), SyncError).code, "vanished");
  });
});

describe("MemoryTree.onOperation", () => {
  it("fails the call whose error it returns", () => {
    const full = new SyncError("no-space", "Cannot write: full");
    const tree = memoryTree({}, {
      onOperation: (operation, path) => operation === "write" && path === "d/f" ? full : undefined,
    });
    const root = tree.open(ROOT);
    root.makeDirectory("d", 0o755);
    const writer = root.openDirectory("d").createFile("f", 0o644);
    assertStrictEquals(assertThrows(() => writer.write(new Uint8Array(1), 0)), full);
    tree.onOperation = undefined;
    writer.write(new Uint8Array(1), 0);
    writer.close();
  });

  it("marks the entry of a listing whose lookup it fails", () => {
    const denied = new SyncError("permission", "Cannot read");
    const tree = memoryTree({ "a": { file: "1" }, "b": { file: "22" } });
    tree.onOperation = (operation, path) => operation === "lookup" && path === "a" ? denied : undefined;
    const listing = new Listing();
    const root = tree.open(ROOT);
    while (root.list(listing));
    assertEquals(listing.count, 2);
    assertStrictEquals(listing.error(0), denied);
    assertEquals([listing.name(0), listing.size(0), listing.size(1)], ["a", 0, 2]);
  });

  it("may change the tree just before a call", () => {
    const tree = memoryTree({ "f": { file: "x" }, "d": { dir: {} } });
    tree.onOperation = (operation, path) => {
      if (operation === "openFile" && path === "f") tree.put("f", { link: "/etc/passwd" });
      if (operation === "list") tree.remove("f");
    };
    const root = tree.open(ROOT);
    assertEquals(assertThrows(() => root.openFile("f"), SyncError).code, "symlink-refused");
    const listing = new Listing();
    root.list(listing);
    assertEquals([listing.count, listing.name(0)], [1, "d"]);
  });

  it("sees each operation with its path", () => {
    const seen: string[] = [];
    const tree = memoryTree({ "d": { dir: { "f": { file: "x" } } } });
    tree.onOperation = (operation, path) => void seen.push(`${operation} ${path}`);
    const directory = tree.open(parseRelPath("d"));
    const reader = directory.openFile("f");
    reader.read(new Uint8Array(1), 0);
    directory.rename("f", "g");
    directory.setMetadata(undefined, { mode: 0o700 });
    tree.flush();
    assertEquals(seen, [
      "open d",
      "openDirectory d",
      "openFile d/f",
      "read d/f",
      "rename d/g",
      "setMetadata d",
      "flush ",
    ]);
  });
});

describe("parseSeconds()", () => {
  it("is the reverse of formatSeconds()", () => {
    fc.assert(fc.property(fc.integer(), fc.nat(999_999_999), (seconds, nanoseconds) => {
      assertEquals(parseSeconds(formatSeconds(seconds, nanoseconds)), [seconds, nanoseconds]);
    }));
    fc.assert(fc.property(fc.integer({ min: -9, max: 9 }), fc.nat(999), (seconds, part) => {
      assertEquals(parseSeconds(formatSeconds(seconds, part * 1e6)), [seconds, part * 1e6]);
    }));
  });

  it("reads decimal text", () => {
    assertEquals([parseSeconds("0"), parseSeconds("-0.25"), parseSeconds("-3")], [[0, 0], [-1, 750_000_000], [-3, 0]]);
    for (const text of ["", "1.", ".5", "1e3", "1.0000000001", "now"]) {
      assertThrows(() => parseSeconds(text), TypeError);
    }
  });
});

describe("MemoryTree.space()", () => {
  it("is what the options say", () => {
    const space = { type: "ext4", id: "", blockBytes: 1, freeBytes: 2, usedBytes: 3, freeEntries: 4, usedEntries: 5 };
    assertEquals([memoryTree({}, { space }).space(), memoryTree({}).space()], [space, undefined]);
  });
});
