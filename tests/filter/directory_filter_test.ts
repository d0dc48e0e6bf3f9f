/** A filter a directory at a time: sides, limits, lists, predicates, rule files. What is matched is tested elsewhere. */
import fc from "fast-check";
import { encodeName } from "../../lib/bytes/name.ts";
import { SyncError } from "../../lib/errors.ts";
import { buildFilter, type FilterInput } from "../../lib/filter/build_filter.ts";
import type { FilterPredicate } from "../../lib/filter/decision.ts";
import type { DirectoryFilter } from "../../lib/filter/directory_filter.ts";
import { Filter } from "../../lib/filter/filter.ts";
import type { RuleFiles } from "../../lib/filter/rule_files.ts";
import { keepsWhatItHides } from "../../lib/filter/spec.ts";
import type { Kind } from "../../lib/model/entry.ts";
import { Listing } from "../../lib/model/listing.ts";
import { assertEquals, assertThrows, describe, it } from "../support/test_api.ts";
import { NAMES, pattern } from "./pattern_arbitrary.ts";
import { ruleSteps } from "./rule_arbitrary.ts";

interface Literal {
  readonly kind?: Kind;
  readonly size?: number;
  readonly mtime?: number;
}

function listingOf(entries: Readonly<Record<string, Literal>>): Listing {
  const listing = new Listing();
  for (const [name, { kind = "file", size = 0, mtime = 0 }] of Object.entries(entries)) {
    const times = { mtimeSeconds: Math.floor(mtime), mtimeNanoseconds: Math.round((mtime % 1) * 1e9) };
    const entry = { kind, mode: 0o644, uid: 0, gid: 0, size, allocated: 0, ...times };
    listing.addEntry(encodeName(name), entry, { device: 1, inode: 1, links: 1 });
  }
  return listing;
}

/** Names of a listing for which a question is answered with yes. */
function names(listing: Listing, question: (listing: Listing, index: number) => boolean): string {
  return Array.from({ length: listing.count }, (_, index) => index).filter((index) => question(listing, index))
    .map((index) => listing.name(index)).join(" ");
}

function hidden(filter: DirectoryFilter, listing: Listing): string {
  return names(listing, (of, index) => filter.hides(of, index));
}

function kept(filter: DirectoryFilter, listing: Listing): string {
  return names(listing, (of, index) => filter.protects(of, index));
}

function spared(filter: DirectoryFilter, listing: Listing): string {
  return names(listing, (of, index) => !filter.hides(of, index) && filter.spares(of, index));
}

function filterOf(rules: readonly string[], input: FilterInput = {}, predicate?: FilterPredicate): Filter {
  const steps = rules.map((text) => ({ type: "filter" as const, text }));
  return new Filter(buildFilter({ ...input, steps }), { predicate });
}

const NO_FILES: RuleFiles = { read: () => undefined };

function filesOf(files: Readonly<Record<string, string>>): RuleFiles {
  return { read: (name) => files[name] === undefined ? undefined : encodeName(files[name]) };
}

const ABC = listingOf({ a: {}, b: {}, c: {}, d: { kind: "directory" } });

describe("hides() and protects()", () => {
  it("ask the rules of their side", () => {
    const root = filterOf(["H a", "P b", "- c", "-sr d/"]).root();
    assertEquals([hidden(root, ABC), kept(root, ABC)], ["a c d", "b c d"]);
  });

  it("let excluded entries be deleted unless a rule says the receiver", () => {
    const root = filterOf(["H a", "P b", "- c", "-sr d/"], { deleteExcluded: true }).root();
    assertEquals([hidden(root, ABC), kept(root, ABC)], ["a c d", "b d"]);
  });

  it("pay no heed to rules about extended attributes", () => {
    const root = filterOf(["-x *"]).root();
    assertEquals([hidden(root, ABC), kept(root, ABC)], ["", ""]);
  });

  it("let perishable rules perish in directories that are deleted", () => {
    const root = filterOf(["-p a", "- b"]).root();
    assertEquals(kept(root.descend("x", NO_FILES), ABC), "a b");
    assertEquals(kept(root.descendDeleted("x", NO_FILES), ABC), "b");
    assertEquals(kept(root.descendDeleted("x", NO_FILES).descend("y", NO_FILES), ABC), "b");
  });

  it("match absolute paths on each side's own root", () => {
    const roots = { sender: "/home/me/src", receiver: "/srv/copy" };
    const root = filterOf(["-/ /home/me/src/x/a", "-/ copy/x/b", "-/ /srv/**/c"], { roots }).root();
    assertEquals([hidden(root, ABC), kept(root, ABC)], ["", "c"]);
    const below = root.descend("x", NO_FILES);
    assertEquals([hidden(below, ABC), kept(below, ABC)], ["a", "b c"]);
  });

  it("say what decide() says, for any rules", () => {
    const paths = fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 4 });
    const kinds = fc.constantFrom<Kind>("file", "directory", "symlink");
    fc.assert(
      fc.property(ruleSteps, paths, kinds, fc.boolean(), (steps, path, kind, deleteExcluded) => {
        const contents = steps.map(({ lines }) => encodeName(lines.join("\n")));
        const filter = new Filter(buildFilter({
          deleteExcluded,
          steps: steps.map((_, index) => ({
            type: "filter",
            text: `.${steps[index]!.type === "filter" ? "" : "-"} ${index}`,
          })),
          readMergeFile: (index) => contents[Number(index)]!,
        }));
        let directory = filter.root();
        for (const name of path.slice(0, -1)) directory = directory.descend(name, NO_FILES);
        const listing = listingOf({ [path.at(-1)!]: { kind } });
        for (const side of ["sender", "receiver"] as const) {
          const { verdict, ancestor } = filter.decide(path.join("/"), kind, { side });
          if (ancestor !== undefined) continue;
          const isExcluded = side === "sender" ? directory.hides(listing, 0) : directory.protects(listing, 0);
          assertEquals(isExcluded, verdict === "exclude");
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("keepsWhatItHides()", () => {
  const keeps = (rules: readonly string[], input: FilterInput = {}) => keepsWhatItHides(filterOf(rules, input).spec);

  it("is known where all rules act on both sides alike", () => {
    assertEquals([keeps(["- *.o", "+ a/", "-! b", "-p c", "-sr d"]), keeps([])], [true, true]);
  });

  it("is not known of rules of one side, absolute paths, rule files and excluded entries that go", () => {
    const roots = { sender: "/a", receiver: "/b" };
    const others: [readonly string[], FilterInput][] = [
      ...[["- a", "H b"], ["S b", "- *"], ["P b"], [": .rules"]].map((rules): [string[], FilterInput] => [rules, {}]),
      [["-/ /a/b"], { roots }],
      [["- a"], { deleteExcluded: true }],
      [[], { gitignore: true }],
    ];
    assertEquals(others.map(([rules, input]) => keeps(rules, input)), others.map(() => false));
  });

  it("holds for every entry of every directory, for any rules", () => {
    const lines = fc.array(fc.tuple(fc.constantFrom("+", "-", "-!", "-p", "+!"), pattern), { maxLength: 6 });
    const paths = fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 4 });
    const kinds = fc.constantFrom<Kind>("file", "directory", "symlink");
    fc.assert(
      fc.property(lines, paths, kinds, (rules, path, kind) => {
        const filter = filterOf(rules.map(([sign, text]) => `${sign} ${text}`));
        assertEquals(keepsWhatItHides(filter.spec), true);
        let directory = filter.root();
        for (const name of path.slice(0, -1)) directory = directory.descend(name, NO_FILES);
        const listing = listingOf({ [path.at(-1)!]: { kind } });
        assertEquals(directory.protects(listing, 0), directory.hides(listing, 0));
      }),
      { numRuns: 500 },
    );
  });
});

describe("spares()", () => {
  const sizes = listingOf({ a: { size: 1 }, b: { size: 2 }, c: { size: 3 }, d: { kind: "directory", size: 9 } });

  it("is about files beyond a limit of size", () => {
    const root = filterOf([], { limits: { minSize: 2, maxSize: 2 } }).root();
    assertEquals([spared(root, sizes), hidden(root, sizes), kept(root, sizes)], ["a c", "", ""]);
  });

  it("is about files beyond a limit of age", () => {
    const times = listingOf({
      a: { mtime: 9.5 },
      b: { mtime: 10 },
      c: { mtime: 11 },
      d: { kind: "symlink", mtime: 1 },
    });
    assertEquals(spared(filterOf([], { limits: { newerThan: 10, olderThan: 11 } }).root(), times), "a c");
  });

  it("has nothing to say without limits", () => {
    assertEquals(spared(filterOf(["- a"]).root(), sizes), "");
  });
});

describe("a list of paths", () => {
  const list = (recursive: boolean) =>
    filterOf([], { recursive, paths: [{ path: "a" }, { path: "x/b" }, { path: "d", contents: true }] });

  it("hides what is not listed and leads to nothing that is", () => {
    const listing = listingOf({ a: {}, b: {}, x: { kind: "directory" }, d: { kind: "directory" } });
    assertEquals(hidden(list(true).root(), listing), "b");
    assertEquals(hidden(list(true).root().descend("x", NO_FILES), ABC), "a c d");
  });

  it("brings all that is below a listed directory, or its entries alone", () => {
    const inside = (recursive: boolean) => list(recursive).root().descend("d", NO_FILES);
    assertEquals([hidden(inside(true), ABC), hidden(inside(false), ABC)], ["", ""]);
    assertEquals(hidden(inside(true).descend("y", NO_FILES), ABC), "");
    assertEquals(hidden(inside(false).descend("y", NO_FILES), ABC), "a b c d");
  });

  it("protects what lies in a directory that is not listed as a whole", () => {
    assertEquals(kept(list(true).root(), ABC), "a b c d");
    assertEquals(kept(list(true).root().descend("d", NO_FILES), ABC), "");
  });

  it("is told as the cause", () => {
    assertEquals(list(true).decide("b", "file"), { verdict: "exclude", cause: "list" });
    assertEquals(list(true).decide("q/b", "file"), { verdict: "exclude", cause: "list", ancestor: "q" });
  });
});

describe("a predicate", () => {
  it("is asked before the rules, and may leave an entry to them", () => {
    const verdicts: Record<string, "include" | "exclude"> = { "x/a": "include", "x/b": "exclude" };
    const filter = filterOf(["- a", "- c"], {}, ({ path }) => verdicts[path]);
    const causes = ["x/a", "x/b", "x/c", "x/d"].map((path) => {
      const { verdict, cause } = filter.decide(path, "file");
      return `${verdict} by ${cause}`;
    });
    assertEquals(causes, ["include by predicate", "exclude by predicate", "exclude by rule", "include by default"]);
  });

  it("sees path, name, kind, size and time", () => {
    const seen: unknown[] = [];
    const filter = filterOf([], {}, (entry) => void seen.push(entry));
    filter.root().descend("x", NO_FILES).hides(listingOf({ a: { size: 3, mtime: 2.5 } }), 0);
    const times = { mtimeSeconds: 2, mtimeNanoseconds: 500_000_000 };
    assertEquals(seen, [{ path: "x/a", name: "a", kind: "file", size: 3, ...times }]);
  });
});

describe("descend()", () => {
  const files = (...texts: string[]) => texts.map((text) => filesOf({ ".r": text }));

  it("keeps the rules of directories above, after those of its own", () => {
    const [outer, inner] = files("- a\n- b\n", "+ a\n- c");
    const below = filterOf([": .r"]).root(outer).descend("x", inner!);
    assertEquals(hidden(below, ABC), "b c");
  });

  it("keeps nothing of above when the rule says so, or the file clears", () => {
    const [outer, inner, clearing] = files("- a", "- b", "!\n- c");
    assertEquals(hidden(filterOf([":n .r"]).root(outer).descend("x", inner!), ABC), "b");
    assertEquals(hidden(filterOf([": .r"]).root(outer).descend("x", clearing!), ABC), "c");
  });

  it("anchors rules at the directory of their file, on every side of a wildcard in its name", () => {
    const [rules] = files("- /a\n- /y/*");
    const below = filterOf([": .r"]).root().descend("[x]", rules!);
    assertEquals(hidden(below, ABC), "a");
    assertEquals(hidden(below.descend("y", NO_FILES), ABC), "a b c d");
    assertEquals(hidden(below.descend("z", NO_FILES), ABC), "");
  });

  it("reads the files that a file names: those of further directories, and those that it merges", () => {
    const outer = filesOf({ ".r": ": .s\n.- m\n", ".s": "- a", "m": "b" });
    const root = filterOf([": .r"]).root(outer);
    assertEquals([hidden(root, ABC), root.ruleFileNames], ["a b", [".r", ".s"]]);
    assertEquals(hidden(root.descend("x", filesOf({ ".s": "!\n- c" })), ABC), "b c");
  });

  it("reads a file that is named again after it was cleared", () => {
    const root = filterOf([": .r"]).root(filesOf({ ".r": ": .s" }));
    const cleared = root.descend("x", filesOf({ ".r": "!", ".s": "- a" }));
    assertEquals(hidden(cleared, ABC), "");
    assertEquals(hidden(cleared.descend("y", filesOf({ ".r": ": .s", ".s": "- b" })), ABC), "b");
  });

  it("keeps a side that was said for files that a file merges", () => {
    const root = filterOf([":s .r"]).root(filesOf({ ".r": "- a\n.- m", "m": "b" }));
    assertEquals([hidden(root, ABC), kept(root, ABC)], ["a b", ""]);
  });

  it("reads a file once, whatever names it", () => {
    const [rules] = files("- a");
    const root = filterOf([": .r", "+ a", ":- .r"]).root(rules);
    assertEquals(hidden(root, ABC), "a");
  });

  it("asks for the files by their last name", () => {
    assertEquals(filterOf([": /.rsync-filter", ":C", ": x/.y"], { gitignore: true }).root().ruleFileNames, [
      ".rsync-filter",
      ".cvsignore",
      ".y",
      ".gitignore",
    ]);
  });

  it("says which line of which file is wrong, and does not quote it", () => {
    const root = filterOf([": .r"]).root().descend("x", NO_FILES);
    const message = (text: string) => assertThrows(() => root.descend("y", filesOf({ ".r": text })), SyncError).message;
    assertEquals(
      message("- a\n-q secret"),
      "Cannot use the rule at x/y/.r:2: it has a modifier that does not fit, known are / ! C s r p x",
    );
    assertEquals(message(". secret"), 'Cannot use the rules of "x/y/.r": it names a merge file that is missing');
    assertEquals(
      message(". ../secret"),
      'Cannot use the rules of "x/y/.r": it names a merge file that is not in its own directory',
    );
    assertEquals(
      message("#".repeat(1_048_577)),
      'Cannot use the rules of "x/y/.r": it has 1048577 bytes, at most 1048576 are read',
    );
  });

  it("heeds gitignore files after all rules, the deepest first", () => {
    const filter = filterOf(["+ a", "- d"], { gitignore: true });
    const root = filter.root(filesOf({ ".gitignore": "*\n!c\n" }));
    assertEquals([hidden(root, ABC), kept(root, ABC)], ["b d", "b d"]);
    assertEquals(hidden(root.descend("x", filesOf({ ".gitignore": "!b\n" })), ABC), "d");
  });

  it("finds one of very many names, and tells directories that share their tables apart", () => {
    const content = encodeName(Array.from({ length: 20_000 }, (_, index) => `name${index}`).join("\n"));
    const steps = [{ type: "exclude-from" as const, file: "list", content }, {
      type: "exclude" as const,
      text: "/x/a",
    }];
    const root = new Filter(buildFilter({ steps })).root();
    const listing = listingOf({ name0: {}, name19999: {}, name20000: {}, nam: {}, a: {} });
    assertEquals(hidden(root.descend("y", NO_FILES), listing), "name0 name19999");
    assertEquals(hidden(root.descend("x", NO_FILES), listing), "name0 name19999 a");
    assertEquals(hidden(root.descend("z", NO_FILES), listing), "name0 name19999");
  });
});
