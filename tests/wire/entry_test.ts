import fc from "fast-check";
import { encodeName } from "../../lib/bytes/name.ts";
import type { Dialect } from "../../lib/wire/dialect.ts";
import { EntryReader, type ListEnd } from "../../lib/wire/entry_reader.ts";
import { EntryWriter } from "../../lib/wire/entry_writer.ts";
import type { FileEntry } from "../../lib/wire/file_entry.ts";
import { WireInput } from "../../lib/wire/input.ts";
import { WireOutput } from "../../lib/wire/output.ts";
import { assertEquals, assertStringIncludes, assertThrows, describe, it } from "../support/test_api.ts";
import { entryOf, listsArbitrary, plainDialect, rootEntry } from "./entry_arbitrary.ts";
import { breachOf, hex, inputOf, written } from "./wire.ts";

/** Writes lists one behind the other. */
function writeLists(dialect: Dialect, lists: readonly (readonly FileEntry[])[], ioError: number): Uint8Array {
  const output = new WireOutput();
  const writer = new EntryWriter(dialect);
  let start = 1;
  for (const list of lists) {
    writer.begin(start);
    for (const entry of list) writer.write(output, entry);
    writer.end(output, { ioError });
    start += list.length + 1;
  }
  return output.take();
}

/** Reads lists that arrive in pieces. */
function readLists(dialect: Dialect, bytes: Uint8Array, piece: number): { lists: FileEntry[][]; ends: ListEnd[] } {
  const input = new WireInput("lists");
  const reader = new EntryReader(dialect);
  const lists: FileEntry[][] = [];
  const ends: ListEnd[] = [];
  let start = 1;
  reader.begin(start);
  for (let at = 0; at < bytes.length; at += piece) {
    input.push(bytes.slice(at, at + piece));
    for (;;) {
      const read = input.attempt((from) => reader.read(from));
      if (read === undefined) break;
      if ("path" in read) continue;
      lists.push([...reader.entries]);
      ends.push(read);
      start += reader.entries.length + 1;
      reader.begin(start);
    }
  }
  input.finish("an entry");
  return { lists, ends };
}

/** Sets have numbers of the session, which tests do not know. */
function comparable(lists: readonly (readonly FileEntry[])[]): unknown {
  return lists.map((list) => list.map(({ xattrs, ...entry }) => ({ ...entry, xattrs: xattrs?.items })));
}

describe("entries", () => {
  it("are read as they were written, however they arrive", () => {
    fc.assert(
      fc.property(
        listsArbitrary,
        fc.integer({ min: 1, max: 90 }),
        fc.nat({ max: 7 }),
        ({ dialect, lists }, piece, error) => {
          const bytes = writeLists(dialect, lists, error);
          const read = readLists(dialect, bytes, piece);
          assertEquals(comparable(read.lists), comparable(lists));
          assertEquals(read.ends, lists.map(() => ({ ioError: error })));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("share what they have in common with the one before", () => {
    const dialect = plainDialect();
    const lengths = [entryOf("some/long/path/a"), entryOf("some/long/path/b")].map((_, at, all) =>
      writeLists(dialect, [all.slice(0, at + 1)], 0).length
    );
    // flags (2), length of what is shared, length of the rest, the rest, and the size (3); no time and no mode
    assertEquals(lengths[1]! - lengths[0]!, 8);
  });

  it("of zero flags do not end a list", () => {
    for (const compat of [0, 0x80]) {
      const dialect = plainDialect({ compat }, { owners: true, groups: true });
      const list = [
        rootEntry({ uid: 1, gid: 1 }),
        entryOf("d", 0o040700, { uid: 2, gid: 2, mtimeSeconds: 5 }),
        entryOf("f", 0o100644, { uid: 3, gid: 3, mtimeSeconds: 6 }),
      ];
      assertEquals(readLists(dialect, writeLists(dialect, [list], 0), 3).lists.map((each) => each.length), [3]);
    }
  });

  const refused: Readonly<Record<string, string>> = {
    "an absolute path": "02 02 2f 61",
    "a path with ..": "02 04 61 2f 2e 2e",
    "only ..": "02 02 2e 2e",
    "a path with .": "02 03 61 2f 2e",
    "an empty name": "02 00",
    "a name that ends with a slash": "02 02 61 2f",
    "two slashes": "02 04 61 2f 2f 62",
    "a NUL": "02 03 61 00 62",
    "more of the path before than it has": "22 01 01 61",
    "a path that is too long": "42 90 00",
    "flags that nobody knows": "c1 00 00",
    "a file that is the root": "04 01 2e 00 00 00 00 00 00 00 a4 81 00 00",
    "a mode without a type": "04 01 61 00 00 00 00 00 00 00 a4 01 00 00",
    "a mode of more than 16 bits": "04 01 61 00 00 00 00 00 00 00 a4 81 01 00",
    "too many nanoseconds": "a0 04 01 61 00 00 00 00 00 00 00 f0 00 ca 9a 3b a4 81 00 00",
    "a symlink that points nowhere": "04 01 61 00 00 00 00 00 00 00 ff a1 00 00 00",
    "a target with a NUL": "04 01 61 00 00 00 00 00 00 00 ff a1 00 00 02 61 00",
    "a target that is too long": "04 01 61 00 00 00 00 00 00 00 ff a1 00 00 90 00",
  };
  for (const [what, bytes] of Object.entries(refused)) {
    it(`are refused with ${what}`, () => {
      const reader = new EntryReader(plainDialect());
      const error = breachOf(() => inputOf(hex(bytes)).attempt((input) => reader.read(input)));
      assertStringIncludes(error.message, "Cannot read a test: at byte 0 expected");
    });
  }

  it("are refused as hard links of what is none, comes later, or is of another kind", () => {
    const dialect = plainDialect({}, { hardLinks: true });
    const attempts: readonly (readonly FileEntry[])[] = [
      [entryOf("a"), entryOf("b", 0o100644, { group: 1 })],
      [entryOf("a", 0o100644, { group: 7 })],
      [entryOf("a", 0o100644, { group: -5 })],
    ];
    for (const list of attempts) breachOf(() => readLists(dialect, writeLists(dialect, [list], 0), 99));
    const first = entryOf("a", 0o100644, { group: 1, isFirstOfGroup: true });
    const other = entryOf("b", 0o120777, { group: 1, target: "x" });
    breachOf(() => readLists(dialect, writeLists(dialect, [[first], [other]], 0), 99));
  });

  it("are refused with sets of a number that is not there yet", () => {
    const dialect = plainDialect({}, { acls: true });
    const empty = { owner: undefined, group: undefined, mask: undefined, other: undefined, named: [] };
    const bytes = writeLists(dialect, [[entryOf("a", 0o100644, { acl: empty })]], 0);
    assertEquals(bytes.slice(-4), hex("00 00 00 00")); // new, without parts; end, no error
    bytes[bytes.length - 4] = 2;
    breachOf(() => readLists(dialect, bytes, 99));
    bytes[bytes.length - 4] = 0;
    bytes[bytes.length - 3] = 0x20;
    breachOf(() => readLists(dialect, bytes, 99));
  });

  it("of a path that no peer accepts are not written", () => {
    const writer = new EntryWriter(plainDialect());
    assertThrows(() => written((output) => writer.write(output, entryOf("x/".repeat(2048) + "x"))), RangeError);
    assertEquals(encodeName("x/".repeat(2047) + "x").length, 4095);
    written((output) => writer.write(output, entryOf("x/".repeat(2047) + "x")));
  });
});
