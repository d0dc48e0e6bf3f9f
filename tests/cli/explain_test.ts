/** What `undrift explain` says, and what a filter says without a disk. */
import { explain, filter, SyncError } from "../../mod.ts";
import { assertEquals, assertRejects, assertThrows, describe, it, requires } from "../support/test_api.ts";
import { makeTree } from "../support/trees.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";
import { runFake } from "./fake_io.ts";

const F = { file: "xx", mtime: "1000000000" };

function project(at: Workspace): string {
  makeTree(at.at("project"), {
    "main.c": F,
    "main.o": F,
    ".rsync-filter": { file: "- *.tmp\n" },
    lib: { dir: { "a.o": F, "a.tmp": F, ".rsync-filter": { file: "# ours\n+ a.tmp\n" } } },
    node_modules: { dir: { x: { dir: { "y.js": F } } } },
    ".gitignore": { file: "/main.c\n" },
  });
  return at.at("project");
}

describe("undrift explain", () => {
  it("tells what happens to each path, the rule, and its place", requires("Linux"), () =>
    withWorkspace(async (at) => {
      const source = project(at);
      const rules = ["--include=a.o", "-f", "- *.o", "-f", "P main.c", "--exclude", "node_modules/", "-F"];
      const paths = ["main.o", "lib/a.o", "main.c", "node_modules/x/y.js", "lib/a.tmp", "none.tmp", "gone/"];
      const { code, out, err } = await runFake(["explain", ...rules, source, ...paths]);
      assertEquals([code, err], [0, ""]);
      assertEquals(out.split("\n"), [
        ...[
          "main.o",
          "  source       left out: - *.o (--filter)",
          "  destination  kept with --delete: - *.o (--filter)",
        ],
        "lib/a.o",
        "  source       mirrored: + a.o (--include)",
        "  destination  removed with --delete when the source does not have it: + a.o (--include)",
        "main.c",
        "  source       mirrored: no rule is about it",
        "  destination  kept with --delete: -r main.c (--filter)",
        "node_modules/x/y.js",
        '  source       left out: - node_modules/ (--exclude), which is about "node_modules"',
        '  destination  kept with --delete: - node_modules/ (--exclude), which is about "node_modules"',
        "lib/a.tmp",
        "  source       mirrored: + a.tmp (lib/.rsync-filter:2)",
        "  destination  removed with --delete when the source does not have it: + a.tmp (lib/.rsync-filter:2)",
        "none.tmp (not in the source, taken for a file)",
        "  source       left out: - *.tmp (.rsync-filter:1)",
        "  destination  kept with --delete: - *.tmp (.rsync-filter:1)",
        "gone (not in the source, taken for a directory)",
        "  source       mirrored: no rule is about it",
        "  destination  removed with --delete when the source does not have it: no rule is about it",
        "",
      ]);
    }));

  it("knows sides, lists, limits and gitignore files", requires("Linux"), () =>
    withWorkspace(async (at) => {
      const source = project(at);
      const told = async (...args: string[]) => {
        const { out } = await runFake(["explain", ...args.slice(0, -1), source, args.at(-1)!]);
        return out.trimEnd().split("\n").slice(1).map((line) => line.replace(/^ {2}\w+ +/, ""));
      };
      assertEquals(await told("--delete-excluded", "--exclude=*.o", "main.o"), [
        ...["left out: - *.o (--exclude)", "removed with --delete: no rule is about it"],
      ]);
      assertEquals(await told("--max-size=1", "main.o"), [
        "left alone, and so is what the destination has of it: it is beyond a limit of size or age",
        "removed with --delete when the source does not have it: no rule is about it",
      ]);
      assertEquals(await told("--gitignore", "main.c"), [
        ...["left out: /main.c (.gitignore:1)", "kept with --delete: /main.c (.gitignore:1)"],
      ]);
      assertEquals(await told("--files-from", at.at("project/.rsync-filter"), "main.c"), [
        ...["left out: of the list of paths", "kept with --delete: of the list of paths"],
      ]);
    }));

  it("tells programs the same", requires("Linux"), () =>
    withWorkspace(async (at) => {
      const { out } = await runFake(["explain", "--json", "--exclude=*.o", project(at), `${at.at("project")}/lib/a.o`]);
      const rule = { verdict: "exclude", cause: "rule", rule: "- *.o", place: "--exclude" };
      assertEquals(JSON.parse(out.split("\n")[1]!), {
        ...{ v: 1, type: "explain", path: "lib/a.o", kind: "file", exists: true, sending: rule, deletion: rule },
      });
    }));

  it("refuses what it cannot use with 2, and needs a path", requires("Linux"), () =>
    withWorkspace(async (at) => {
      const source = project(at);
      const bad = await runFake(["explain", "-f", "bogus", source, "a"]);
      assertEquals([bad.code, bad.out, bad.err.includes('"bogus"')], [2, "", true]);
      assertEquals((await runFake(["explain", source])).code, 2);
      assertEquals(
        (await runFake(["explain", "--json", "-f", "bogus", source, "a"])).out.includes('"exitCode":2'),
        true,
      );
      const error = await assertRejects(() => explain(at.at("none"), ["a"]).run(), SyncError);
      assertEquals(error.code, "vanished");
    }));
});

describe("filter()", () => {
  it("decides without a disk", () => {
    const files: Record<string, string> = { "common.rules": "- *.o\n", list: "a\nb/\n" };
    const built = filter(
      { filter: ["+ keep.o", ". common.rules"], filesFrom: "list", maxSize: 10 },
      (name) => files[name],
    );
    const verdicts = [
      built.decide("a", "file").verdict,
      built.decide("c", "file").cause,
      built.decide("b/x.o", "file").rule?.place,
      built.decide("b/keep.o", "file").verdict,
      built.decide("a", { kind: "file", size: 11 }).verdict,
    ];
    assertEquals(verdicts, ["include", "list", { source: "common.rules", line: 1 }, "include", "spare"]);
  });

  it("refuses files that nobody gives, and options that make no sense", () => {
    assertEquals(assertThrows(() => filter({ filter: [". none"] }), SyncError).code, "filter-invalid");
    assertThrows(() => filter({ maxSize: "x" }), RangeError);
  });
});
