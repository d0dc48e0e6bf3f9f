/** What is planned for one directory, from two trees in memory. */
import { assertEquals, assertThrows, describe, it } from "../support/test_api.ts";
import type { CompareRules } from "../../lib/compare/rules.ts";
import { SyncError } from "../../lib/errors.ts";
import { Listing } from "../../lib/model/listing.ts";
import { memoryTree, type TreeLiteral } from "../../lib/model/memory_tree.ts";
import { parseRelPath, ROOT } from "../../lib/model/rel_path.ts";
import { finish, type Steps } from "../../lib/model/steps.ts";
import { type DirectoryPlan, hasWork, type PlanRules } from "../../lib/plan/directory_plan.ts";
import { DirectoryPlanner } from "../../lib/plan/plan_directory.ts";
import type { Selection } from "../../lib/plan/selection.ts";

const COMPARE: CompareRules = {
  ...{ content: false, times: true, windowNanoseconds: 0, modes: true, owners: true, groups: true },
  ...{ settableGroups: undefined, xattrs: false },
};
const CARRIED = { symlinks: true, specials: true, devices: true, hardLinks: true };
const RULES: PlanRules = { compare: COMPARE, carried: CARRIED, deletes: true };
const LEFTOVER = ".undrift-0123456789ab-1.tmp";
const DENIED = new SyncError("permission", "Cannot read");

function listingOf(literal: TreeLiteral, broken?: SyncError): Listing {
  const onOperation = (operation: string, path: string) =>
    operation === "lookup" && path.startsWith("broken") ? broken : undefined;
  const directory = memoryTree(literal, { onOperation }).open(ROOT);
  const listing = new Listing();
  listing.clear();
  while (directory.list(listing));
  for (let index = 0; index < listing.count; index++) {
    if (listing.isSymlink(index)) listing.setTarget(index, directory.readLink(listing.name(index)));
  }
  return listing;
}

/** Contents are the same, unless the test says which were compared and how they are. */
function* same(): Steps<boolean> {
  yield;
  return true;
}

function plan(
  source: TreeLiteral | Listing,
  destination: TreeLiteral | Listing,
  rules: PlanRules = RULES,
  sameContent: (name: string) => Steps<boolean> = same,
  selection?: Selection,
): DirectoryPlan {
  const [left, right] = [source, destination].map((side) => side instanceof Listing ? side : listingOf(side));
  return finish(new DirectoryPlanner(rules).plan(parseRelPath("d"), left!, right!, sameContent, selection));
}

/** Decides by the first letter of a name: h is hidden, s is spared, p is protected, b is hidden and protected. */
const BY_LETTER: Selection = {
  asksOfEqual: () => true,
  hides: (listing, index) => "hb".includes(listing.name(index)[0]!),
  spares: (listing, index) => listing.name(index).startsWith("s"),
  protects: (listing, index) => "pb".includes(listing.name(index)[0]!),
};

function told({ actions }: DirectoryPlan): string[] {
  return actions.map(({ op, path, reasons }) => `${op} ${path}: ${reasons.join(" ")}`);
}

const extraneous = (found: DirectoryPlan) => found.extraneous.map(({ path }) => path);

describe("DirectoryPlanner.plan()", () => {
  it("plans nothing for equal entries", () => {
    const literal: TreeLiteral = {
      ...{ "f": { file: "x", mtime: "1.5" }, "l": { link: "f", mtime: "2" }, "p": { fifo: true } },
      ...{ "d": { dir: { "x": { file: "y" } } }, "v": { blockDevice: [8, 1] }, "s": { socket: true } },
    };
    const found = plan(literal, literal);
    assertEquals([found.actions, found.extraneous, found.linked, found.problems], [[], [], [], []]);
    assertEquals(found.children, [{ name: "d", fresh: false, settle: false }]);
    assertEquals(hasWork(found), false);
  });

  it("makes what is missing, in byte order, with all that is known of it", () => {
    const found = plan({
      ...{ "z": { file: "x" }, "\u{1f600}": { fifo: true }, "\uffee": { link: "t" }, "\udcff": { file: "" } },
      ...{ "b": { dir: {} }, "a": { characterDevice: [1, 3] } },
    }, {});
    assertEquals(told(found), [
      ...["create-special d/a: missing", "create-directory d/b: missing", "write-file d/z: missing"],
      ...["create-symlink d/\uffee: missing", "create-special d/\u{1f600}: missing", "write-file d/\udcff: missing"],
    ]);
    assertEquals(found.actions.map((action) => "want" in action && (action.want.target ?? action.want.device?.[1])), [
      ...[3, undefined, undefined, "t", undefined, undefined],
    ]);
    assertEquals(found.children, [{ name: "b", fresh: true, settle: true }]);
  });

  it("writes a file whose size or time differs", () => {
    const found = plan(
      { "size": { file: "xx", mtime: "1" }, "time": { file: "x", mtime: "1.000000001" } },
      { "size": { file: "x", mtime: "1" }, "time": { file: "x", mtime: "1" } },
    );
    assertEquals(told(found), ["write-file d/size: size", "write-file d/time: time"]);
  });

  it("compares the content of a file of equal size and other time only when times do not decide", () => {
    const compared: string[] = [];
    function* compare(name: string): Steps<boolean> {
      yield;
      compared.push(name);
      return name !== "other";
    }
    const source: TreeLiteral = {
      ...{ "same": { file: "x", mtime: "1" }, "other": { file: "x", mtime: "1" }, "equal": { file: "x", mtime: "1" } },
      ...{ "size": { file: "xx", mtime: "1" }, "link": { link: "x", mtime: "1" } },
    };
    const destination: TreeLiteral = {
      ...{ "same": { file: "x", mtime: "2" }, "other": { file: "y", mtime: "2" }, "equal": { file: "x", mtime: "1" } },
      ...{ "size": { file: "y", mtime: "1" }, "link": { link: "x", mtime: "2" } },
    };
    const withRules = (compare_: Partial<CompareRules>) => {
      compared.length = 0;
      const rules = { ...RULES, compare: { ...COMPARE, ...compare_ } };
      return [told(plan(source, destination, rules, compare)), compared.toSorted()];
    };
    assertEquals(withRules({}), [
      ["set-metadata d/link: time", "write-file d/other: time", "write-file d/same: time", "write-file d/size: size"],
      [],
    ]);
    assertEquals(withRules({ times: false }), [
      ["write-file d/other: content", "write-file d/size: size"],
      ["other", "same"],
    ]);
    assertEquals(withRules({ content: true }), [
      [
        ...["set-metadata d/link: time", "write-file d/other: time content", "set-metadata d/same: time"],
        ...["write-file d/size: size"],
      ],
      ["equal", "other", "same"],
    ]);
    assertEquals(withRules({ content: true, times: false })[0], [
      ...["write-file d/other: content", "write-file d/size: size"],
    ]);
  });

  it("sets metadata where nothing else differs", () => {
    const found = plan(
      { "f": { file: "x", mode: 0o600, uid: 1, gid: 2 }, "d": { dir: {}, mode: 0o700 }, "l": { link: "x", uid: 1 } },
      { "f": { file: "x", mode: 0o644, uid: 0, gid: 0 }, "d": { dir: {}, mode: 0o755 }, "l": { link: "x" } },
    );
    assertEquals(told(found), [
      ...["set-metadata d/d: mode", "set-metadata d/f: mode owner group", "set-metadata d/l: owner"],
    ]);
    assertEquals(found.children, [{ name: "d", fresh: false, settle: true }]);
  });

  it("makes a symlink or device again whose target or numbers differ", () => {
    const found = plan(
      { "l": { link: "new" }, "v": { blockDevice: [8, 1] } },
      { "l": { link: "old" }, "v": { blockDevice: [8, 2] } },
    );
    assertEquals(told(found), ["create-symlink d/l: target", "create-special d/v: device"]);
  });

  it("replaces what is of another kind, and says what it was", () => {
    const found = plan(
      { "d": { dir: {} }, "f": { file: "x" }, "l": { link: "x" } },
      { "d": { link: "/etc" }, "f": { dir: { "x": { file: "" } } }, "l": { file: "x" } },
    );
    assertEquals(told(found), ["create-directory d/d: kind", "write-file d/f: kind", "create-symlink d/l: kind"]);
    assertEquals(found.actions.map(({ have }) => have?.kind), ["symlink", "directory", "file"]);
    assertEquals(found.children, [{ name: "d", fresh: true, settle: true }]);
    assertEquals(found.extraneous, []);
  });

  it("names what only the destination has, when deletions are wanted", () => {
    const source: TreeLiteral = { "f": { file: "x" } };
    const destination: TreeLiteral = { ...source, "z": { file: "" }, "d": { dir: {} }, "\udc80": { link: "x" } };
    const found = plan(source, destination);
    assertEquals(extraneous(found), ["d/d", "d/z", "d/\udc80"]);
    assertEquals(found.extraneous.map(({ have }) => have.kind), ["directory", "file", "symlink"]);
    assertEquals([hasWork(found), found.actions], [true, []]);
    assertEquals(plan(source, destination, { ...RULES, deletes: false }).extraneous, []);
  });

  it("sweeps leftovers of the destination always, and never carries those of the source", () => {
    for (const deletes of [true, false]) {
      const found = plan({ [LEFTOVER]: { file: "x" } }, { [LEFTOVER]: { file: "y" }, ".undrift-x.tmp": { file: "" } }, {
        ...RULES,
        deletes,
      });
      assertEquals(told(found), [`sweep d/${LEFTOVER}: leftover`]);
      assertEquals(extraneous(found), deletes ? ["d/.undrift-x.tmp"] : []);
    }
    assertEquals(plan({ [LEFTOVER]: { file: "x" } }, {}).actions, []);
  });

  it("leaves out and counts what is not carried, and does not delete it", () => {
    const literal: TreeLiteral = {
      ...{ "l": { link: "x" }, "p": { fifo: true }, "s": { socket: true }, "v": { blockDevice: [8, 1] } },
    };
    const rules = { ...RULES, carried: { symlinks: false, specials: false, devices: false, hardLinks: false } };
    for (const destination of [{}, { "l": { file: "x" }, "v": { fifo: true } }] satisfies TreeLiteral[]) {
      const found = plan(literal, destination, rules);
      assertEquals([found.actions, found.extraneous], [[], []]);
      assertEquals(found.skipped, { symlinks: 1, specials: 2, devices: 1 });
    }
  });

  it("hands on entries with several links, each with what would be done with it alone", () => {
    const source: TreeLiteral = {
      ...{ "a": { file: "x" }, "b": { hardLinkOf: "a" }, "c": { hardLinkOf: "a" }, "d": { hardLinkOf: "a" } },
    };
    const found = plan(source, { "a": { file: "x" }, "b": { file: "yy" }, "c": { link: "a" } });
    assertEquals(found.actions, []);
    assertEquals(
      found.linked.map(({ path, alone, existing, have }) => [path, alone?.op, existing !== undefined, have?.kind]),
      [
        ["d/a", undefined, true, "file"],
        ["d/b", "write-file", true, "file"],
        ["d/c", "write-file", false, "symlink"],
        ["d/d", "write-file", false, undefined],
      ],
    );
    assertEquals(new Set(found.linked.map(({ identity }) => identity)).size, 1);
    const apart = plan(source, {}, { ...RULES, carried: { ...CARRIED, hardLinks: false } });
    assertEquals([apart.actions.length, apart.linked], [4, []]);
  });

  it("tells what cannot be read, leaves it as it is, and goes on", () => {
    const source = listingOf({ "a": { file: "x" }, "broken": { file: "x" } }, DENIED);
    const found = plan(source, { "broken": { file: "old" }, "z": { file: "" } });
    assertEquals(found.problems, [{ path: parseRelPath("d/broken"), error: DENIED, side: "source" }]);
    assertEquals([told(found), extraneous(found)], [["write-file d/a: missing"], ["d/z"]]);
  });

  it("tells what cannot be read at the destination, whether it is to be changed or deleted", () => {
    const literal: TreeLiteral = { "broken": { file: "x" } };
    const destination = () => listingOf(literal, DENIED);
    for (const source of [literal, {}]) {
      const found = plan(source, destination());
      assertEquals(found.problems, [{ path: parseRelPath("d/broken"), error: DENIED, side: "destination" }]);
      assertEquals([found.actions, found.extraneous], [[], []]);
    }
    assertEquals(plan({}, destination(), { ...RULES, deletes: false }).problems, []);
  });

  it("deletes nothing where a name of the source could not be read right", () => {
    const garbled = new SyncError("name-not-representable", "Cannot read the name");
    const found = plan(listingOf({ "broken": { file: "" } }, garbled), { "br\udcffken": { file: "" } });
    assertEquals([found.extraneous, found.problems.length], [[], 1]);
  });

  it("plans one directory after the other with the same scratch space", () => {
    const planner = new DirectoryPlanner(RULES);
    const many = Object.fromEntries(Array.from({ length: 600 }, (_, at) => [`f${at}`, { file: "x" }] as const));
    const all = listingOf(many);
    const next = (source: Listing, destination: Listing) => finish(planner.plan(ROOT, source, destination, same));
    assertEquals(next(all, listingOf({})).actions.length, 600);
    assertEquals(next(listingOf({}), all).extraneous.length, 600);
    assertEquals(hasWork(next(all, all)), false);
    assertEquals(next(listingOf({ "f3": { file: "x" } }), listingOf({ "g": { file: "" } })).extraneous.length, 1);
  });

  it("leaves a directory when comparing contents fails", () => {
    const rules = { ...RULES, compare: { ...COMPARE, content: true } };
    // deno-lint-ignore require-yield -- fails before its first step
    function* failing(): Steps<boolean> {
      throw DENIED;
    }
    assertThrows(() => plan({ "f": { file: "x" } }, { "f": { file: "x" } }, rules, failing), SyncError, "Cannot read");
  });
});

describe("DirectoryPlanner.plan() with a selection", () => {
  const planned = (source: TreeLiteral | Listing, destination: TreeLiteral | Listing) =>
    plan(source, destination, RULES, same, BY_LETTER);

  it("takes a hidden entry for one that the source does not have", () => {
    const found = planned({ "h": { file: "new" }, "hd": { dir: {} }, "x": { file: "" } }, { "h": { file: "old" } });
    assertEquals([told(found), extraneous(found), found.children], [["write-file d/x: missing"], ["d/h"], []]);
  });

  it("leaves a spared entry and its counterpart alone", () => {
    const found = planned(
      { "s": { file: "new" }, "sd": { dir: {} }, "s2": { file: "" } },
      { "s": { file: "old" }, "sd": { file: "" } },
    );
    assertEquals([told(found), extraneous(found), found.children], [[], [], []]);
  });

  it("keeps what is protected, and nothing else", () => {
    const found = planned({ "b": { file: "new" } }, {
      ...{ "b": { file: "old" }, "bd": { dir: {} }, "p": { file: "" }, "s": { file: "" }, "z": { file: "" } },
      [LEFTOVER]: { file: "" },
    });
    assertEquals([told(found), extraneous(found)], [[`sweep d/${LEFTOVER}: leftover`], ["d/s", "d/z"]]);
  });

  it("does not bring what is protected up to date less", () => {
    const found = planned({ "p": { file: "new" } }, { "p": { file: "old!" } });
    assertEquals(told(found), ["write-file d/p: size"]);
  });

  it("calls nothing extraneous because of an entry that cannot be read", () => {
    const hidesAll: Selection = { ...BY_LETTER, hides: () => true, protects: () => false };
    const source = listingOf({ "broken": { file: "" } }, DENIED);
    const found = plan(source, { "broken": { file: "" }, "z": { file: "" } }, RULES, same, hidesAll);
    assertEquals([extraneous(found), found.problems], [["d/z"], []]);
  });

  it("is not asked about files that are alike, unless it says so", () => {
    const asked: string[] = [];
    const watching = (asks: boolean): Selection => ({
      ...BY_LETTER,
      asksOfEqual: () => asks,
      hides: (listing, index) => (asked.push(listing.name(index)), BY_LETTER.hides(listing, index)),
    });
    const source = {
      "h1": { file: "x" },
      "h2": { file: "new" },
      "h3": { file: "x" },
      "hd": { dir: {} },
      "l": { link: "x" },
    };
    const destination = { ...source, "h2": { file: "old!" }, "h3": { file: "x", mode: 0o600 } } as const;
    const found = plan(source, destination, RULES, same, watching(false));
    assertEquals(asked, ["h2", "h3", "hd", "l"]);
    assertEquals([told(found), extraneous(found)], [[], ["d/h2", "d/h3", "d/hd"]]);
    assertEquals(extraneous(plan(source, destination, RULES, same, watching(true)))[0], "d/h1");
  });

  it("is asked about a file that is alike when there may be something to do for it", () => {
    const literal: TreeLiteral = { "h": { file: "x" } };
    const waiting = { ...BY_LETTER, asksOfEqual: () => false };
    const content = { ...RULES, compare: { ...COMPARE, content: true } };
    // deno-lint-ignore require-yield -- nothing hidden is read
    function* failing(): Steps<boolean> {
      throw DENIED;
    }
    assertEquals(told(plan(literal, literal, content, failing, waiting)), []);
    assertEquals(plan(literal, literal, { ...RULES, removesSources: true }, same, waiting).moving, []);
    const choice = { update: false, existing: false, ignoreExisting: false, sizeOnly: false, ignoreTimes: true };
    assertEquals(told(plan(literal, literal, { ...RULES, choice }, same, waiting)), []);
    const linked = listingOf(literal);
    linked.setEntry(0, linked.entry(0), { device: 1, inode: 1, links: 2 });
    assertEquals(plan(linked, listingOf(literal), RULES, same, waiting).linked, []);
  });
});
