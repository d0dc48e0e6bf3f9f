/** Listings: columns that say what was put in, and matching by name. */
import fc from "fast-check";
import { assertEquals, assertStrictEquals, describe, it } from "../support/test_api.ts";
import { decodeName, encodeName } from "../../lib/bytes/name.ts";
import { SyncError } from "../../lib/errors.ts";
import type { Entry, Kind } from "../../lib/model/entry.ts";
import { Listing, matchListings } from "../../lib/model/listing.ts";

const NONE = { device: 1, inode: 1, links: 1 };

function fileEntry(size: number): Entry {
  return { kind: "file", mode: 0o644, uid: 0, gid: 0, size, mtimeSeconds: 0, mtimeNanoseconds: 0, allocated: 0 };
}

function listingOf(names: readonly string[]): Listing {
  const listing = new Listing();
  for (const [at, name] of names.entries()) listing.addEntry(encodeName(name), fileEntry(at), NONE);
  return listing;
}

const entry: fc.Arbitrary<Entry> = fc.record({
  kind: fc.constantFrom<Kind>("file", "directory", "symlink", "fifo", "socket"),
  mode: fc.nat(0o7777),
  uid: fc.nat(2 ** 32 - 1),
  gid: fc.nat(2 ** 32 - 1),
  size: fc.maxSafeNat(),
  mtimeSeconds: fc.integer({ min: -(2 ** 50), max: 2 ** 50 }),
  mtimeNanoseconds: fc.nat(999_999_999),
  allocated: fc.nat(2 ** 31 - 1).map((blocks) => blocks * 512),
});

describe("Listing", () => {
  it("addEntry() keeps what entry() gives back", () => {
    const one = new Listing();
    fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 255 }), entry, (name, given) => {
      one.clear();
      one.addEntry(Uint8Array.of(65), fileEntry(1), NONE);
      const index = one.addEntry(name, given, { device: 2 ** 32 - 1, inode: 2 ** 53 - 1, links: 7 });
      assertEquals(one.entry(index), given);
      assertEquals(one.name(index), decodeName(name));
      assertEquals([one.kind(index), one.size(index), one.links(index)], [given.kind, given.size, 7]);
      assertEquals([one.isDirectory(index), one.isSymlink(index)], [
        given.kind === "directory",
        given.kind === "symlink",
      ]);
      assertEquals(one.identity(index), `${2 ** 32 - 1}:${2 ** 21 - 1}:${2 ** 32 - 1}`);
    }));
  });

  it("keeps every entry while it grows", () => {
    const names = Array.from({ length: 5000 }, (_, at) => `name-${at}`);
    const listing = listingOf(names);
    for (const [at, name] of names.entries()) {
      assertEquals([listing.name(at), listing.kind(at), listing.size(at)], [name, "file", at]);
    }
  });

  it("keeps names that together outgrow the first buffer", () => {
    const names = Array.from({ length: 300 }, (_, at) => `${at}`.padStart(255, "x"));
    const listing = listingOf(names);
    assertEquals(names.map((_, at) => listing.name(at)), names);
  });

  it("clear() forgets everything", () => {
    const listing = listingOf(["a", "b"]);
    listing.setError(0, new SyncError("io", "x"));
    listing.setTarget(1, "t");
    listing.setXattrs(1, { "user.a": "" });
    listing.find(listing, 0);
    listing.clear();
    assertEquals(listing.count, 0);
    const index = listing.addEntry(encodeName("b"), fileEntry(3), NONE);
    assertEquals([listing.error(index), listing.target(index), listing.xattrs(index)], [
      undefined,
      undefined,
      undefined,
    ]);
    assertEquals(listing.find(listing, 0), 0);
    assertEquals(listing.entry(index), fileEntry(3));
  });

  it("setError() leaves nothing of an entry that was there before", () => {
    const listing = listingOf(["a"]);
    listing.clear();
    const error = new SyncError("permission", "x");
    listing.setError(listing.add(encodeName("b"), 0, 1), error);
    assertStrictEquals(listing.error(0), error);
    assertEquals([listing.size(0), listing.links(0), listing.identity(0)], [0, 0, "0:0:0"]);
  });

  it("entry() carries target, extended attributes and device numbers", () => {
    const listing = new Listing();
    const device: Entry = {
      ...fileEntry(0),
      kind: "block-device",
      device: [259, 65_536],
      xattrs: { "user.a": "eA==" },
    };
    const link: Entry = { ...fileEntry(3), kind: "symlink", target: "abc" };
    listing.addEntry(encodeName("d"), device, NONE);
    listing.addEntry(encodeName("l"), link, NONE);
    assertEquals([listing.entry(0), listing.entry(1)], [device, link]);
    assertEquals(listing.target(1), "abc");
  });

  it("find() sees an entry that was added after it was first asked", () => {
    const listing = listingOf(["a"]);
    const other = listingOf(["b"]);
    assertEquals(listing.find(other, 0), -1);
    listing.addEntry(encodeName("b"), fileEntry(0), NONE);
    assertEquals(listing.find(other, 0), 1);
  });
});

/** What matching must find, the slow way. */
function expectedMatches(left: readonly string[], right: readonly string[]): number[] {
  const indexes = new Map(right.map((name, at) => [name, at]));
  return left.map((name) => indexes.get(name) ?? -1);
}

const names = fc.uniqueArray(
  fc.string({ unit: fc.constantFrom("a", "b", "c", "\u00e4", "\udcff"), minLength: 1, maxLength: 4 }),
  { maxLength: 40 },
);

describe("matchListings()", () => {
  it("finds what a map finds, in any order", () => {
    fc.assert(
      fc.property(names, names, (left, right) => {
        const matches = matchListings(listingOf(left), listingOf(right), new Int32Array(0));
        assertEquals([...matches.subarray(0, left.length)], expectedMatches(left, right));
      }),
      { numRuns: 1000 },
    );
  });

  it("finds everything when one is a part of the other, the same or the reverse", () => {
    fc.assert(fc.property(names, fc.infiniteStream(fc.boolean()), (all, keep) => {
      const part = all.filter(() => keep.next().value === true);
      for (
        const [left, right] of [[all, part], [part, all], [all, all.toReversed()], [part.toReversed(), all]] as const
      ) {
        const matches = matchListings(listingOf(left), listingOf(right), new Int32Array(0));
        assertEquals([...matches.subarray(0, left.length)], expectedMatches(left, right));
      }
    }));
  });

  it("uses the array that is given when it is large enough", () => {
    const into = new Int32Array(10).fill(7);
    assertStrictEquals(matchListings(listingOf(["a"]), listingOf(["a"]), into), into);
    assertEquals([into[0], into[1]], [0, 7]);
    assertEquals(matchListings(listingOf(["a"]), listingOf([]), into)[0], -1);
    assertStrictEquals(matchListings(listingOf([]), listingOf(["a"]), into), into);
  });
});
