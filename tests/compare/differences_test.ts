/** Differences of two entries, against a reference that reads plain entries instead of words. */
import fc from "fast-check";
import { assertEquals, describe, it } from "../support/test_api.ts";
import {
  CONTENT_DIFFERENCES,
  DIFFERENCE,
  type Difference,
  differenceNames,
  differences,
  maySetGroup,
  sameXattrs,
} from "../../lib/compare/differences.ts";
import type { CompareRules } from "../../lib/compare/rules.ts";
import type { Entry, Kind } from "../../lib/model/entry.ts";
import { Listing } from "../../lib/model/listing.ts";

const KINDS: readonly Kind[] = ["file", "directory", "symlink", "fifo", "socket", "block-device", "character-device"];
const RULES: CompareRules = {
  ...{ content: false, times: true, windowNanoseconds: 0, modes: true, owners: true, groups: true },
  ...{ settableGroups: undefined, xattrs: true },
};
const FILE: Entry = {
  ...{ kind: "file", mode: 0o644, uid: 1, gid: 2, size: 3, mtimeSeconds: 4, mtimeNanoseconds: 5, allocated: 6 },
};

/** Few values of each kind, near the edges of the words they are kept in, so that equal and unequal are both common. */
const small = fc.constantFrom(0, 1, 1000);
const wide = fc.constantFrom(0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 40);
const base = fc.record({
  kind: fc.constantFrom(...KINDS),
  mode: fc.constantFrom(0, 0o644, 0o755, 0o4755, 0o7777),
  uid: small,
  gid: small,
  size: wide,
  mtimeSeconds: fc.constantFrom(0, 1, -1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, -(2 ** 32), -(2 ** 40)),
  mtimeNanoseconds: fc.constantFrom(0, 1, 500_000_000, 999_999_999),
  allocated: wide,
});
const entries: fc.Arbitrary<Entry> = fc.tuple(
  base,
  fc.record({
    target: fc.constantFrom("a", "b", "\udcff"),
    device: fc.tuple(small, small),
    xattrs: fc.constantFrom(undefined, {}, { "user.a": "AA==" }, { "user.a": "AQ==" }, { "user.b": "AA==" }),
  }),
).map(([entry, { target, device, xattrs }]) => ({
  ...entry,
  ...(entry.kind === "symlink" ? { target } : {}),
  ...(entry.kind.endsWith("-device") ? { device } : {}),
  ...(xattrs === undefined ? {} : { xattrs }),
}));

/** Two entries of one kind; each field of the second is often that of the first. */
const pairs = fc.tuple(entries, entries, fc.array(fc.constantFrom(...Object.keys(FILE)), { maxLength: 6 }))
  .map(([one, other, kept]): [Entry, Entry] => {
    const second: Record<string, unknown> = { ...other };
    for (const field of ["kind", ...kept]) second[field] = one[field as keyof Entry];
    delete second["target"];
    delete second["device"];
    if (one.kind === "symlink") second["target"] = other.target ?? one.target;
    if (one.device !== undefined) second["device"] = other.device ?? one.device;
    return [one, second as unknown as Entry];
  });

const rules: fc.Arbitrary<CompareRules> = fc.record({
  content: fc.boolean(),
  times: fc.boolean(),
  windowNanoseconds: fc.constantFrom(0, 1, 999_999, 1_000_000_000, 3_600_000_000_000),
  modes: fc.boolean(),
  owners: fc.boolean(),
  groups: fc.boolean(),
  settableGroups: fc.option(fc.constantFrom(new Set([1]), new Set<number>()), { nil: undefined }),
  xattrs: fc.boolean(),
});

function found(one: Entry, other: Entry, rules: CompareRules): Difference[] {
  const [left, right] = [listingOf(one, 0), listingOf(other, 2)];
  return differenceNames(differences(left, 0, right, 2, rules));
}

/** A listing in which the entry is not the first, so that offsets matter. */
function listingOf(entry: Entry, before: number): Listing {
  const listing = new Listing();
  listing.clear();
  for (let at = 0; at <= before; at++) {
    const filler = { ...FILE, mode: 0, size: 77, mtimeSeconds: 77, uid: 77, gid: 77 };
    listing.addEntry(Uint8Array.of(0x61 + at), at === before ? entry : filler, { device: 1, inode: at, links: 1 });
  }
  return listing;
}

/** What differs, in the words of the documentation. */
function reference(one: Entry, other: Entry, rules: CompareRules): Difference[] {
  const nanoseconds = ({ mtimeSeconds, mtimeNanoseconds }: Entry) =>
    BigInt(mtimeSeconds) * 1_000_000_000n + BigInt(mtimeNanoseconds);
  const apart = nanoseconds(one) - nanoseconds(other);
  const isDevice = one.kind.endsWith("-device");
  const settable = rules.settableGroups?.has(one.gid) ?? true;
  const differing: Record<Difference, boolean> = {
    size: one.kind === "file" && one.size !== other.size,
    time: (apart < 0n ? -apart : apart) > BigInt(rules.windowNanoseconds),
    mode: rules.modes && one.kind !== "symlink" && one.mode !== other.mode,
    owner: rules.owners && one.uid !== other.uid,
    group: rules.groups && settable && one.gid !== other.gid,
    xattrs: rules.xattrs && JSON.stringify(one.xattrs ?? {}) !== JSON.stringify(other.xattrs ?? {}),
    target: one.kind === "symlink" && one.target !== other.target,
    device: isDevice && String(one.device) !== String(other.device),
    content: false,
    forced: false,
  };
  return (Object.keys(DIFFERENCE) as Difference[]).filter((name) => differing[name]);
}

describe("differences()", () => {
  it("finds what a plain comparison of the entries finds", () => {
    fc.assert(
      fc.property(pairs, rules, ([one, other], rules) => {
        assertEquals(found(one, other, rules), reference(one, other, rules));
        assertEquals(found(one, one, rules), []);
      }),
      { numRuns: 3000 },
    );
  });

  it("tells times apart to the nanosecond, on both sides of a word and of 1970", () => {
    const at = (mtimeSeconds: number, mtimeNanoseconds: number): Entry => ({ ...FILE, mtimeSeconds, mtimeNanoseconds });
    const within = (one: Entry, other: Entry, windowNanoseconds: number) =>
      found(one, other, { ...RULES, windowNanoseconds }).length === 0;
    assertEquals(within(at(-1, 999_999_999), at(0, 0), 0), false);
    assertEquals(within(at(-1, 999_999_999), at(0, 0), 1), true);
    assertEquals(within(at(2 ** 32 - 1, 999_999_999), at(2 ** 32, 0), 1), true);
    assertEquals(within(at(2 ** 32 - 1, 0), at(2 ** 32, 1), 1_000_000_000), false);
    assertEquals(within(at(1, 0), at(2, 0), 999_999_999), false);
    assertEquals(within(at(1, 0), at(2, 0), 1_000_000_000), true);
  });

  it("does not look at the size of what is not a file, nor at how much is allocated", () => {
    for (const kind of ["directory", "fifo", "socket"] as const) {
      assertEquals(found({ ...FILE, kind, size: 1 }, { ...FILE, kind, size: 2 }, RULES), []);
    }
    assertEquals(found(FILE, { ...FILE, allocated: 0 }, RULES), []);
  });
});

describe("differenceNames()", () => {
  it("names every bit in the order of the table", () => {
    assertEquals(differenceNames(0), []);
    assertEquals(differenceNames(0xffff), Object.keys(DIFFERENCE));
    assertEquals(differenceNames(CONTENT_DIFFERENCES), ["size", "target", "device", "content", "forced"]);
  });
});

describe("maySetGroup()", () => {
  it("knows the groups that can be given", () => {
    assertEquals([maySetGroup(RULES, 7), maySetGroup({ ...RULES, settableGroups: new Set([7]) }, 7)], [true, true]);
    assertEquals(maySetGroup({ ...RULES, settableGroups: new Set([7]) }, 8), false);
  });
});

describe("sameXattrs()", () => {
  it("compares names and values, in any order", () => {
    assertEquals(sameXattrs(undefined, {}), true);
    assertEquals(sameXattrs({ "user.a": "", "user.b": "AA==" }, { "user.b": "AA==", "user.a": "" }), true);
    assertEquals(sameXattrs({ "user.a": "" }, undefined), false);
    assertEquals(sameXattrs(undefined, { "user.a": "" }), false);
    assertEquals(sameXattrs({ "user.a": "" }, { "user.b": "" }), false);
    assertEquals(sameXattrs({ "user.a": "" }, { "user.a": "AA==" }), false);
  });
});
