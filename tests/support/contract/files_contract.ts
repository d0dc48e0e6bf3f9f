/** The contract on the content of files. */
import { assert, assertEquals, assertLess, assertNotEquals, describe, it } from "../test_api.ts";
import { ROOT } from "../../../lib/model/rel_path.ts";
import { Listing } from "../../../lib/model/listing.ts";
import type { Stamp } from "../../../lib/model/stamp.ts";
import type { FileReader, FileWriter, Tree } from "../../../lib/model/tree.ts";
import { assertCode, readBytes, readText, type TreeContract, withRoot, withWriter, writeFile } from "./fixture.ts";
import { describeUpdating } from "./updating_contract.ts";

/** Declares the tests. */
export function describeFiles(contract: TreeContract): void {
  describeReading(contract);
  describeCopying(contract);
  describeHoles(contract);
  describeStamps(contract);
  describeUpdating(contract);
}

/** Bytes that differ from place to place. */
function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (at * 31 + (at >> 8) * 7) & 0xff);
}

function describeReading(contract: TreeContract): void {
  describe("content", () => {
    for (const length of [0, 1, 4095, 4096, 262_144, 3_000_001]) {
      it(
        `write() and read() carry ${length} bytes`,
        withRoot(contract, (root) => {
          writeFile(root, "f", pattern(length));
          assert(equal(readBytes(root, "f"), pattern(length)));
        }),
      );
    }

    it(
      "read() gives what is at a position, and 0 at the end and after it",
      withRoot(contract, (root) => {
        writeFile(root, "f", "0123456789");
        const reader = root.openFile("f");
        const buffer = new Uint8Array(4);
        assertEquals([reader.read(buffer, 3), new TextDecoder().decode(buffer)], [4, "3456"]);
        assertEquals(reader.read(buffer, 8), 2);
        assertEquals(reader.read(buffer, 10), 0);
        assertEquals(reader.read(buffer, 1000), 0);
        assertEquals(reader.read(new Uint8Array(0), 0), 0);
        reader.close();
        reader.close();
      }),
    );

    it(
      "read() writes into the middle of a larger buffer",
      withRoot(contract, (root) => {
        writeFile(root, "f", "abc");
        const reader = root.openFile("f");
        const buffer = new Uint8Array(8);
        assertEquals(reader.read(buffer.subarray(2, 4), 1), 2);
        assertEquals([...buffer], [0, 0, 98, 99, 0, 0, 0, 0]);
        reader.close();
      }),
    );

    it(
      "write() goes to its position, whatever came before",
      withRoot(contract, (root) => {
        withWriter(root, "f", (writer) => {
          writer.write(new TextEncoder().encode("world"), 6);
          writer.write(new TextEncoder().encode("xhello x").subarray(1, 7), 0);
          writer.write(new Uint8Array(0), 100);
          writer.flush();
        });
        assertEquals(readText(root, "f"), "hello world");
      }),
    );

    it(
      "truncate() cuts and extends with zeros",
      withRoot(contract, (root) => {
        withWriter(root, "f", (writer) => {
          writer.write(pattern(10_000), 0);
          writer.truncate(5);
          writer.truncate(9000);
        });
        const bytes = readBytes(root, "f");
        assertEquals(bytes.length, 9000);
        assert(equal(bytes.subarray(0, 5), pattern(5)));
        assert(bytes.subarray(5).every((byte) => byte === 0));
      }),
    );

    it(
      "close() of a writer can be called twice",
      withRoot(contract, (root, tree) => {
        const writer = root.createFile("f", 0o600);
        writer.close();
        writer.close();
        assertEquals(root.lookup("f")?.mode, 0o600);
        tree.flush();
      }),
    );

    it(
      "createFile() gives no permission that was not asked for",
      withRoot(contract, (root) => {
        root.createFile("f", 0o600).close();
        root.makeDirectory("d", 0o700);
        assertEquals([root.lookup("f")?.mode, root.lookup("d")?.mode], [0o600, 0o700]);
      }),
    );
  });
}

function describeCopying(contract: TreeContract): void {
  describe("copying", () => {
    for (const length of [0, 5, 70_000, 3_000_001]) {
      it(
        `copyFrom() copies ${length} bytes`,
        withRoot(contract, (root) => {
          writeFile(root, "a", pattern(length));
          const source = root.openFile("a");
          withWriter(root, "b", (writer) => assertEquals(copyRange(writer, source, 0, length + 10), length));
          assert(equal(readBytes(root, "b"), pattern(length)));
          source.close();
        }),
      );
    }

    it(
      "copyFrom() copies a part to the same position",
      withRoot(contract, (root) => {
        writeFile(root, "a", pattern(1_000_000));
        const source = root.openFile("a");
        withWriter(root, "b", (writer) => {
          assertEquals(copyRange(writer, source, 600_001, 300_000), 300_000);
          assertEquals(copyRange(writer, source, 7, 3), 3);
          assertEquals(writer.copyFrom(source, 1_000_000, 5), 0);
        });
        const bytes = readBytes(root, "b");
        assertEquals(bytes.length, 900_001);
        assert(equal(bytes.subarray(600_001), pattern(1_000_000).subarray(600_001, 900_001)));
        assert(equal(bytes.subarray(7, 10), pattern(10).subarray(7)));
        assert(bytes.subarray(10, 600_001).every((byte) => byte === 0));
        source.close();
      }),
    );

    it(
      "cloneFrom() gives the whole content when it says so",
      withRoot(contract, (root) => {
        writeFile(root, "a", pattern(100_000));
        const source = root.openFile("a");
        let cloned = false;
        withWriter(root, "b", (writer) => cloned = writer.cloneFrom(source));
        assert(equal(readBytes(root, "b"), cloned ? pattern(100_000) : new Uint8Array(0)));
        source.close();
      }),
    );

    it(
      "sameBytes() compares a range",
      withRoot(contract, (root) => {
        const changed = pattern(2_500_000);
        changed[2_400_000] = (changed[2_400_000] ?? 0) ^ 1;
        writeFile(root, "a", pattern(2_500_000));
        writeFile(root, "b", changed);
        writeFile(root, "short", pattern(100));
        const [a, b, short] = [root.openFile("a"), root.openFile("b"), root.openFile("short")];
        assertEquals(a.sameBytes(b, 0, 2_400_000), true);
        assertEquals(a.sameBytes(b, 0, 2_500_000), false);
        assertEquals(a.sameBytes(b, 2_400_000, 1), false);
        assertEquals(a.sameBytes(b, 2_400_001, 99_999), true);
        assertEquals(a.sameBytes(short, 0, 100), true);
        assertEquals(a.sameBytes(short, 0, 101), false);
        assertEquals(short.sameBytes(a, 0, 101), false);
        assertEquals(a.sameBytes(b, 0, 0), true);
        for (const reader of [a, b, short]) reader.close();
      }),
    );
  });
}

const GIBIBYTE = 2 ** 30;

function describeHoles(contract: TreeContract): void {
  describe("holes", () => {
    it(
      "nextData() and nextHole() walk through a file that has none",
      withRoot(contract, (root) => {
        writeFile(root, "f", pattern(10_000));
        const reader = root.openFile("f");
        assertEquals([reader.nextData(0), reader.nextData(9999), reader.nextHole(0)], [0, 9999, 10_000]);
        assertEquals(reader.nextData(10_000), undefined);
        reader.close();
      }),
    );

    it(
      "nextData() is undefined when the file is empty",
      withRoot(contract, (root) => {
        writeFile(root, "f", "");
        const reader = root.openFile("f");
        assertEquals(reader.nextData(0), undefined);
        reader.close();
      }),
    );

    if (!contract.capabilities.holes) return;
    it(
      "a copy range by range keeps the holes of a file of 1 GiB",
      withRoot(contract, (root) => {
        withWriter(root, "a", (writer) => {
          writer.write(pattern(5000), 300_000_000);
          writer.write(pattern(5000), 900_000_000);
          writer.truncate(GIBIBYTE);
        });
        const source = root.openFile("a");
        withWriter(root, "b", (writer) => copyWithHoles(writer, source));
        const copy = root.openFile("b");
        assertEquals(copy.entry().size, GIBIBYTE);
        assertLess(copy.entry().allocated, 1_000_000);
        const data = copy.nextData(0) ?? -1;
        assert(data > 299_000_000 && data <= 300_000_000);
        assert(copy.nextHole(300_000_000) < 301_000_000);
        assertEquals(copy.nextData(901_000_000), undefined);
        assertEquals(copy.sameBytes(source, 299_999_000, 10_000), true);
        assertEquals(copy.sameBytes(source, 899_999_000, 10_000), true);
        source.close();
        copy.close();
      }),
    );

    it(
      "truncate() adds a hole",
      withRoot(contract, (root) => {
        withWriter(root, "f", (writer) => writer.truncate(100_000_000));
        assertEquals(root.lookup("f")?.size, 100_000_000);
        assertLess(root.lookup("f")?.allocated ?? Infinity, 100_000);
        assertCode("vanished", () => root.openFile("none"));
      }),
    );
  });
}

function copyWithHoles(writer: FileWriter, source: FileReader): void {
  for (let data = source.nextData(0); data !== undefined;) {
    const hole = source.nextHole(data);
    copyRange(writer, source, data, hole - data);
    data = source.nextData(hole);
  }
  writer.truncate(source.entry().size);
}

/** Copies a range in as many calls as it takes; returns how many bytes there were. */
function copyRange(writer: FileWriter, source: FileReader, position: number, length: number): number {
  let done = 0;
  while (done < length) {
    const count = writer.copyFrom(source, position + done, length - done);
    if (count === 0) break;
    done += count;
  }
  return done;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** What a listing and an open file say of the only entry, which must be the same. */
function stampOf(tree: Tree, name: string): Stamp {
  const root = tree.open(ROOT);
  const listing = new Listing();
  listing.clear();
  while (root.list(listing));
  const reader = root.openFile(name);
  const stamp = reader.stamp();
  reader.close();
  root.close();
  assertEquals(listing.stamp(0), stamp);
  return stamp;
}

function describeStamps(contract: TreeContract): void {
  describe("stamps", () => {
    it("tell size, time and inode alike, from a listing and from an open file", () => {
      for (const size of [0, 5]) {
        withRoot(contract, (root, tree) => {
          writeFile(root, "f", "x".repeat(size));
          root.setMetadata("f", { mtimeSeconds: -5, mtimeNanoseconds: 1_000_000 });
          const stamp = stampOf(tree, "f");
          assertEquals([stamp.size, stamp.mtimeSeconds, stamp.mtimeNanoseconds], [size, -5, 1_000_000]);
          const [, high = NaN, low = NaN] = root.identityOf("f")!.split(":").map(Number);
          assertEquals(stamp.inode, high * 2 ** 32 + low);
        })();
      }
    });

    it("change when a time is set back, since nobody can set the time of change", async () => {
      const fixture = contract.make();
      const root = fixture.tree.open(ROOT);
      writeFile(root, "f", "abc");
      root.setMetadata("f", { mtimeSeconds: 1_000, mtimeNanoseconds: 0 });
      const before = stampOf(fixture.tree, "f");
      // Deno's node:fs tells whole seconds.
      await new Promise((resolve) => setTimeout(resolve, before.ctimeNanoseconds === 0 ? 1_050 : 20));
      root.setMetadata("f", { mtimeSeconds: 1_000, mtimeNanoseconds: 0 });
      const after = stampOf(fixture.tree, "f");
      assertEquals(after.mtimeSeconds, before.mtimeSeconds);
      assertNotEquals([after.ctimeSeconds, after.ctimeNanoseconds], [before.ctimeSeconds, before.ctimeNanoseconds]);
      root.close();
      fixture.dispose();
    });
  });
}
