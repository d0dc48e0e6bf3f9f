/** The contract on permissions, owners, times and extended attributes. */
import { assertEquals, describe, it } from "../test_api.ts";
import type { Entry } from "../../../lib/model/entry.ts";
import type { Directory } from "../../../lib/model/tree.ts";
import { assertCode, makeDirectory, type TreeContract, withRoot, withWriter, writeFile } from "./fixture.ts";

/** Declares the tests. */
export function describeMetadata(contract: TreeContract): void {
  describeModes(contract);
  describeTimes(contract);
  describeOwners(contract);
  describeXattrs(contract);
}

function describeModes(contract: TreeContract): void {
  describe("permissions", () => {
    it(
      "setMetadata() sets all permission bits of a file and a directory",
      withRoot(contract, (root) => {
        writeFile(root, "f", "x");
        makeDirectory(root, "d").close();
        for (const mode of [0o4755, 0o2711, 0o1644, 0o6777, 0o0, 0o400, 0o7777, 0o644]) {
          root.setMetadata("f", { mode });
          assertEquals(root.lookup("f")?.mode, mode);
        }
        for (const mode of [0o1777, 0o2755, 0o700, 0o3775, 0o755]) {
          root.setMetadata("d", { mode });
          assertEquals(root.lookup("d")?.mode, mode);
        }
      }),
    );

    it(
      "setMetadata() sets permissions through the open handle",
      withRoot(contract, (root) => {
        const d = makeDirectory(root, "d");
        d.setMetadata(undefined, { mode: 0o1711 });
        assertEquals(d.entry().mode, 0o1711);
        d.close();
        withWriter(root, "f", (writer) => writer.setMetadata({ mode: 0o6751 }));
        assertEquals(root.lookup("f")?.mode, 0o6751);
      }),
    );

    it(
      "setMetadata() ignores the permissions of a symlink and leaves its target alone",
      withRoot(contract, (root) => {
        writeFile(root, "f", "x", 0o644);
        root.makeSymlink("l", "f");
        root.makeSymlink("dangling", "nowhere");
        root.setMetadata("l", { mode: 0o600 });
        root.setMetadata("dangling", { mode: 0o600 });
        assertEquals(root.lookup("f")?.mode, 0o644);
      }),
    );

    it(
      "setMetadata() fails with vanished when there is no such entry",
      withRoot(contract, (root) => {
        assertCode("vanished", () => root.setMetadata("none", { mode: 0o600 }));
        assertCode("vanished", () => root.setMetadata("none", { mtimeSeconds: 1, mtimeNanoseconds: 0 }));
      }),
    );
  });
}

const TIMES: readonly (readonly [seconds: number, nanoseconds: number])[] = [
  [1_700_000_000, 123_456_789],
  [1_700_000_000, 999_999_999],
  [1_699_999_999, 987_654_321],
  [0, 0],
  [0, 1],
  [1, 1_001_000],
  [2 ** 31, 5],
  [2 ** 32 + 5, 987_654_321],
  [-1, 0],
  [-1, 999_000_000],
  [-2, 500_000_000],
  [-1_000_000_000, 123_456_789],
];

function describeTimes(contract: TreeContract): void {
  const step = contract.capabilities.timeStepNanoseconds;
  describe("times", () => {
    for (const [mtimeSeconds, mtimeNanoseconds] of TIMES) {
      const patch = { mtimeSeconds, mtimeNanoseconds };
      const wanted = [mtimeSeconds, mtimeNanoseconds - mtimeNanoseconds % step];
      const label = `${mtimeSeconds} s and ${mtimeNanoseconds} ns`;

      it(
        `setMetadata() keeps the time of a file and a directory when it is ${label}`,
        withRoot(contract, (root) => {
          writeFile(root, "f", "x");
          withWriter(root, "open", (writer) => writer.setMetadata(patch));
          const d = makeDirectory(root, "d");
          for (const name of ["f", "d"]) root.setMetadata(name, patch);
          for (const name of ["f", "d", "open"]) assertEquals(timeOf(root.lookup(name)), wanted, name);
          d.setMetadata(undefined, { mtimeSeconds: 77, mtimeNanoseconds: 0 });
          d.setMetadata(undefined, patch);
          assertEquals(timeOf(d.entry()), wanted);
          d.close();
        }),
      );

      it(
        `setMetadata() keeps the time of a symlink when it is ${label}`,
        withRoot(contract, (root) => {
          root.makeSymlink("l", "nowhere");
          const isEarlyFraction = mtimeSeconds < 0 && wanted[1] !== 0;
          if (isEarlyFraction && !contract.earlyFractionsOnSymlinks) {
            assertCode("unsupported", () => root.setMetadata("l", patch));
            return;
          }
          root.setMetadata("l", patch);
          assertEquals(timeOf(root.lookup("l")), wanted);
        }),
      );
    }

    it(
      "setMetadata() leaves the time alone when none is given",
      withRoot(contract, (root) => {
        writeFile(root, "f", "x");
        root.setMetadata("f", { mtimeSeconds: 1000, mtimeNanoseconds: 0 });
        root.setMetadata("f", { mode: 0o600 });
        assertEquals(root.lookup("f")?.mtimeSeconds, 1000);
      }),
    );

    it(
      "setMetadata() of a symlink leaves the time of its target alone",
      withRoot(contract, (root) => {
        writeFile(root, "f", "x");
        root.setMetadata("f", { mtimeSeconds: 1000, mtimeNanoseconds: 0 });
        root.makeSymlink("l", "f");
        root.setMetadata("l", { mtimeSeconds: 2000, mtimeNanoseconds: 0 });
        assertEquals([root.lookup("f")?.mtimeSeconds, root.lookup("l")?.mtimeSeconds], [1000, 2000]);
      }),
    );

    it(
      "a time that was read and set again reads the same",
      withRoot(contract, (root) => {
        writeFile(root, "a", "x");
        writeFile(root, "b", "x");
        const [mtimeSeconds = 0, mtimeNanoseconds = 0] = timeOf(root.lookup("a"));
        root.setMetadata("b", { mtimeSeconds, mtimeNanoseconds });
        assertEquals(timeOf(root.lookup("b")), [mtimeSeconds, mtimeNanoseconds]);
      }),
    );
  });
}

function timeOf(entry: Entry | undefined): number[] {
  return entry === undefined ? [] : [entry.mtimeSeconds, entry.mtimeNanoseconds];
}

function describeOwners(contract: TreeContract): void {
  describe("owners", () => {
    it(
      "setMetadata() sets owner and group of every kind",
      contract.asRoot,
      withRoot(contract, (root) => {
        writeFile(root, "f", "x");
        root.makeDirectory("d", 0o755);
        root.makeSymlink("l", "f");
        withWriter(root, "open", (writer) => writer.setMetadata({ uid: 12_345, gid: 54_321 }));
        const names = ["f", "d", "l"];
        if (contract.capabilities.specials) {
          root.makeSpecial("p", { ...root.lookup("f") as Entry, kind: "fifo" });
          names.push("p");
        }
        for (const name of names) root.setMetadata(name, { uid: 12_345, gid: 54_321 });
        for (const name of [...names, "open"]) assertEquals(ownerOf(root, name), [12_345, 54_321], name);
        root.setMetadata("l", { uid: 4_000_000_000, gid: 1 });
        assertEquals([ownerOf(root, "l"), ownerOf(root, "f")], [[4_000_000_000, 1], [12_345, 54_321]]);
      }),
    );

    it(
      "setMetadata() keeps setuid when owner and mode are set at once",
      contract.asRoot,
      withRoot(contract, (root) => {
        const patch = { uid: 12_345, gid: 54_321, mode: 0o6755 };
        writeFile(root, "f", "x");
        root.setMetadata("f", patch);
        withWriter(root, "open", (writer) => writer.setMetadata(patch));
        assertEquals([root.lookup("f")?.mode, root.lookup("open")?.mode], [0o6755, 0o6755]);
      }),
    );
  });
}

function ownerOf(root: Directory, name: string): (number | undefined)[] {
  return [root.lookup(name)?.uid, root.lookup(name)?.gid];
}

const ATTRIBUTES = { attributes: true, lists: false };

function describeXattrs(contract: TreeContract): void {
  describe("extended attributes", () => {
    it(
      "xattrs() is empty when nothing was set",
      withRoot(contract, (root) => {
        writeFile(root, "f", "x");
        assertEquals(root.xattrs("f", ATTRIBUTES), {});
        assertEquals(root.xattrs(undefined, ATTRIBUTES), {});
        root.setXattrs("f", ATTRIBUTES, {});
      }),
    );

    if (!contract.capabilities.xattrs) {
      it(
        "setXattrs() fails with unsupported",
        withRoot(contract, (root) => {
          writeFile(root, "f", "x");
          const error = assertCode("unsupported", () => root.setXattrs("f", ATTRIBUTES, { "user.a": "eA==" }));
          assertEquals(error.path, "f");
        }),
      );
      return;
    }

    it(
      "setXattrs() makes the attributes exactly these",
      withRoot(contract, (root) => {
        writeFile(root, "f", "x");
        const first = { "user.a": "eA==", "user.b": "", "user.c": "AAEC/w==" };
        root.setXattrs("f", ATTRIBUTES, first);
        assertEquals(root.xattrs("f", ATTRIBUTES), first);
        root.setXattrs("f", ATTRIBUTES, { "user.b": "eQ==", "user.z": "eg==" });
        assertEquals(root.xattrs("f", ATTRIBUTES), { "user.b": "eQ==", "user.z": "eg==" });
        assertEquals(root.xattrs("f", { attributes: false, lists: true }), {});
        root.setXattrs("f", { attributes: false, lists: true }, {});
        assertEquals(Object.keys(root.xattrs("f", ATTRIBUTES)), ["user.b", "user.z"]);
        root.setXattrs("f", ATTRIBUTES, {});
        assertEquals(root.xattrs("f", ATTRIBUTES), {});
      }),
    );

    it(
      "setXattrs() works on directories and open files",
      withRoot(contract, (root) => {
        const wanted = { "user.long": new Uint8Array(1000).fill(200).toBase64() };
        const d = makeDirectory(root, "d");
        d.setXattrs(undefined, ATTRIBUTES, wanted);
        assertEquals(d.xattrs(undefined, ATTRIBUTES), wanted);
        assertEquals(root.xattrs("d", ATTRIBUTES), wanted);
        d.close();
        withWriter(root, "f", (writer) => writer.setXattrs(ATTRIBUTES, wanted));
        assertEquals(root.xattrs("f", ATTRIBUTES), wanted);
      }),
    );

    it(
      "xattrs() of a symlink are not those of its target",
      withRoot(contract, (root) => {
        writeFile(root, "f", "x");
        root.setXattrs("f", ATTRIBUTES, { "user.a": "eA==" });
        root.makeSymlink("l", "f");
        assertEquals(root.xattrs("l", ATTRIBUTES), {});
        assertCode("vanished", () => root.xattrs("none", ATTRIBUTES));
      }),
    );
  });
}
