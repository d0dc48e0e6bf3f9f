import fc from "fast-check";
import { encodeName } from "../../lib/bytes/name.ts";
import { compareKeys, orderKey, sortEntries } from "../../lib/wire/entry_order.ts";
import type { FileEntry } from "../../lib/wire/file_entry.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";
import { entryOf, pathArbitrary, rootEntry } from "./entry_arbitrary.ts";

const DIRECTORY = 0o040755;

/** The order as the specification of the protocol words it: pairs of a class and a byte, compared one by one. */
function pairsOf({ path, mode, isAbsolute }: FileEntry): (readonly [number, number])[] {
  const [item, within] = [0, 1];
  if (path === "" && !isAbsolute) return [];
  const names = (isAbsolute ? `/${path}` : path).split("/");
  const isFolder = (mode & 0o170000) === 0o040000;
  return names.flatMap((name, at) => {
    const isLast = at === names.length - 1;
    const kind = isLast && !isFolder ? item : within;
    const bytes = [...encodeName(name)].map((byte) => [kind, byte] as const);
    return kind === item ? bytes : [...bytes, [within, 0x2f] as const];
  });
}

function compareByPairs(a: FileEntry, b: FileEntry): number {
  const [x, y] = [pairsOf(a), pairsOf(b)];
  for (let at = 0; at < Math.max(x.length, y.length); at++) {
    const [xClass, xByte] = x[at] ?? [0, 0];
    const [yClass, yByte] = y[at] ?? [0, 0];
    if (xClass !== yClass) return xClass - yClass;
    if (xByte !== yByte) return xByte - yByte;
  }
  return 0;
}

const entryArbitrary = fc.tuple(pathArbitrary, fc.boolean()).map(([path, isFolder]) =>
  entryOf(path, isFolder ? DIRECTORY : 0o100644)
);

describe("compareKeys()", () => {
  it("compares as the pairs of class and byte do", () => {
    fc.assert(
      fc.property(fc.oneof(entryArbitrary, fc.constant(rootEntry())), entryArbitrary, (a, b) => {
        const order = Math.sign(compareByPairs(a, b));
        assertEquals(Math.sign(compareKeys(orderKey(a), orderKey(b))), order);
        assertEquals(Math.sign(compareKeys(orderKey(b), orderKey(a))), -order || 0);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("sortEntries()", () => {
  it("puts files before directories, and what is in a directory behind it", () => {
    const entries = [
      entryOf("foo", DIRECTORY),
      entryOf("foo/z"),
      entryOf("foo-bar", DIRECTORY),
      entryOf("foo/a", DIRECTORY),
      entryOf("zero"),
      rootEntry(),
      entryOf("Z"),
    ];
    assertEquals(sortEntries(entries).map(orderKey), ["", "Z", "zero", "foo-bar/", "foo/", "foo/z", "foo/a/"]);
  });

  it("keeps the order of equal entries", () => {
    const [one, other] = [entryOf("a", 0o100644, { size: 1 }), entryOf("a", 0o100644, { size: 2 })];
    assertEquals(sortEntries([one, other]).map(({ size }) => size), [1, 2]);
  });
});
