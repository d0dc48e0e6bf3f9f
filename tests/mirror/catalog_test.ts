/** mirror() with a catalog: what is read, what is noted, and what decayed is never carried over a good copy. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { loadPlan, mirror, type MirrorOptions, SyncError } from "../../mod.ts";
import { decayFrom, knownOf, untilSettled } from "../support/decay.ts";
import { runFake } from "../cli/fake_io.ts";
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
  describe,
  it,
  requires,
} from "../support/test_api.ts";
import { expectTree, makeTree, type TreeLiteral } from "../support/trees.ts";
import { compareTrees, walkTree } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

/** Decayed in the source; the copies at the destination are good, and older. */
const SOURCE: TreeLiteral = {
  a: { file: "new a", mtime: "2000" },
  d: { dir: { rotten: { file: "gOod", mtime: "2000" }, kept: { file: "same", mtime: "5" } } },
  new: { file: "new", mtime: "2000" },
};
const DESTINATION: TreeLiteral = {
  a: { file: "old a", mtime: "1000" },
  d: { dir: { rotten: { file: "good", mtime: "1000" }, kept: { file: "same", mtime: "5" } } },
  z: { file: "extraneous", mtime: "1" },
};

function make(at: Workspace): void {
  makeTree(at.at("source"), SOURCE);
  makeTree(at.at("to"), DESTINATION);
}

function decay(at: Workspace, path = "d/rotten", layer: "auto" | "portable" = "auto"): void {
  decayFrom({ catalog: at.at("catalog"), root: at.at("source"), path, layer }, "good");
}

const WAYS: readonly (readonly [what: string, options: MirrorOptions])[] = [
  ["one thread", { jobs: 1 }],
  ["several threads", { jobs: 3 }],
  ["deletions", { delete: true }],
  ["checksum and paranoid", { checksum: true, paranoid: true }],
  ["moves", { delete: true, detectMoves: true }],
  ["delayed updates", { delayUpdates: true }],
  ["the portable layer", { layer: "portable" }],
];

describe("mirror() with a catalog", () => {
  for (const [what, options] of WAYS) {
    it(
      `stops before the first change when a file of the source decayed, with ${what}`,
      requires("Linux"),
      () =>
        withWorkspace(async (at) => {
          make(at);
          decay(at, "d/rotten", options.layer === "portable" ? "portable" : "auto");
          const before = walkTree(at.at("to"));
          const all = { ...options, catalog: at.at("catalog") };
          const error = await assertRejects(() => mirror(at.at("source"), at.at("to"), all).run(), SyncError);
          assertEquals([error.code, error.path], ["source-rotten", "d/rotten"]);
          assertStringIncludes(error.hint ?? "", "--allow-rot");
          assertEquals(compareTrees(before, walkTree(at.at("to"))), []);
          // It is known as it was, so that it can be restored.
          const known = knownOf({ catalog: at.at("catalog"), root: at.at("source"), path: "d/rotten" });
          assertEquals(known?.checksum.toHex(), createHash("sha256").update("good").digest("hex"));
          const { done } = await mirror(at.at("source"), at.at("to"), { ...all, allowRot: true }).run();
          assertEquals(done.files, 3);
          assertEquals(readFileSync(at.at("to/d/rotten"), "utf8"), "gOod");
        }),
    );
  }

  it(
    "leaves the good copy alone that is as the source is known, with checksum",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        make(at);
        decay(at);
        const { outcome } = await mirror(at.at("source"), at.at("to"), { catalog: at.at("catalog"), checksum: true })
          .run();
        assertEquals([outcome, readFileSync(at.at("to/d/rotten"), "utf8")], ["done", "good"]);
      }),
  );

  it("refuses a plan, and one that fitted until a file decayed", requires("Linux"), () =>
    withWorkspace(async (at) => {
      make(at);
      const catalog = at.at("catalog");
      const task = mirror(at.at("source"), at.at("to"), { catalog });
      const good = await task.plan();
      assertEquals(good.refusal, undefined);
      await good.save(at.at("plan"));
      decay(at);
      const before = walkTree(at.at("to"));
      const refused = await task.plan();
      assertEquals(refused.refusal?.code, "source-rotten");
      for (const plan of [refused, good, await loadPlan(at.at("plan"))]) {
        const failures: string[] = [];
        const onEvent = (event: { readonly type: string; readonly failure?: { readonly path: string } }) => {
          if (event.type === "failure") failures.push(event.failure!.path);
        };
        assertEquals((await assertRejects(() => plan.apply({ onEvent }), SyncError)).code, "source-rotten");
        assert(failures.includes("d/rotten"));
      }
      assertEquals(compareTrees(before, walkTree(at.at("to"))), []);
    }));

  it(
    "does not stop for what was written, touched, or is not to be carried",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        make(at);
        const catalog = at.at("catalog");
        decay(at);
        writeFileSync(at.at("source/d/rotten"), "anew");
        decay(at, "d/kept");
        const { outcome } = await mirror(at.at("source"), at.at("to"), { catalog }).run();
        assertEquals(outcome, "done");
        assertEquals(readFileSync(at.at("to/d/rotten"), "utf8"), "anew");
      }),
  );

  it(
    "stops for a decayed file with several names, whichever of them is to be written",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("source"), {
          d: { dir: { one: { file: "gOod", mtime: "9" } } },
          two: { hardLinkOf: "d/one" },
        });
        makeTree(at.at("to"), { two: { file: "good", mtime: "5" } });
        for (const path of ["d/one", "two"]) decay(at, path);
        const before = walkTree(at.at("to"));
        const task = mirror(at.at("source"), at.at("to"), { catalog: at.at("catalog") });
        assertEquals((await assertRejects(() => task.run(), SyncError)).code, "source-rotten");
        assertEquals((await task.plan()).refusal?.code, "source-rotten");
        assertEquals(compareTrees(before, walkTree(at.at("to"))), []);
      }),
  );

  it("knows what it has carried from then on", requires("Linux"), () =>
    withWorkspace(async (at) => {
      make(at);
      const catalog = at.at("catalog");
      await untilSettled();
      for (const jobs of [1, 3]) {
        await mirror(at.at("source"), at.at(`to${jobs}`), { catalog, jobs }).run();
        const known = knownOf({ catalog, root: at.at("source"), path: "d/rotten" });
        assertEquals(known?.checksum.toHex(), createHash("sha256").update("gOod").digest("hex"));
      }
      const again = await mirror(at.at("source"), at.at("to1"), { catalog }).run();
      assertEquals([again.done.files, again.warnings.length], [0, 0]);
    }));

  it(
    "reads with checksum only what it does not know, and everything when paranoid",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("source"), { a: { file: "one", mtime: "5" }, b: { file: "two", mtime: "5" } });
        makeTree(at.at("to"), { a: { file: "one", mtime: "5" }, b: { file: "2nd", mtime: "5" } });
        const catalog = at.at("catalog");
        const options = { catalog, checksum: true };
        const filesOf = async (more: MirrorOptions = {}) => {
          const plan = await mirror(at.at("source"), at.at("to"), { ...options, ...more }).plan();
          const found: string[] = [];
          for await (const action of plan) if (action.op === "write-file") found.push(action.path);
          return found;
        };
        await untilSettled();
        assertEquals(await filesOf(), ["b"]);
        for (const root of ["source", "to"]) {
          for (const path of ["a", "b"]) assert(knownOf({ catalog, root: at.at(root), path }) !== undefined);
        }
        // What is not read cannot be seen: the catalog is believed.
        decayFrom({ catalog, root: at.at("to"), path: "b" }, "two");
        decayFrom({ catalog, root: at.at("to"), path: "a" }, "two");
        assertEquals(await filesOf(), ["a"]);
        assertEquals(await filesOf({ paranoid: true }), ["b"]);
        writeFileSync(at.at("to/a"), "ONE");
        assertEquals(await filesOf(), ["a"]);
      }),
  );

  it(
    "goes on with a new catalog when the old one is damaged, and says so",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        make(at);
        const catalog = at.at("catalog");
        writeFileSync(catalog, "not a catalog");
        const { warnings, outcome } = await mirror(at.at("source"), at.at("to"), { catalog }).run();
        assertEquals([outcome, warnings.map(({ name }) => name)], ["done", ["catalog-set-aside"]]);
        assert(existsSync(`${catalog}.set-aside-1`));
      }),
  );

  it(
    "refuses a catalog inside of a tree, one that cannot be, and options that need one",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        make(at);
        const [from, to] = [at.at("source"), at.at("to")];
        const codeWith = async (catalog: string) =>
          (await assertRejects(() => mirror(from, to, { catalog }).run(), SyncError)).code;
        assertEquals(await codeWith(at.at("source/d/c")), "overlap");
        assertEquals(await codeWith(at.at("to/c")), "overlap");
        assertEquals(await codeWith(at.at("none/c")), "catalog-unusable");
        assertEquals(await codeWith(at.path), "unsupported");
        for (
          const options of [{ paranoid: true }, { allowRot: true }, { catalog: "" }, { catalog: "c", paranoid: true }]
        ) {
          assertThrows(() => mirror(from, to, options), RangeError);
        }
        expectTree(to, DESTINATION);
      }),
  );

  it(
    "ends the command line with code 3 and names the file and the option",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        make(at);
        decay(at);
        const line = ["mirror", at.at("source"), at.at("to"), "--catalog", at.at("catalog")];
        const refused = await runFake(line);
        assertEquals(refused.code, 3);
        assertStringIncludes(refused.err, 'Cannot mirror "d/rotten"');
        assertStringIncludes(refused.err, "--allow-rot");
        assertEquals((await runFake([...line, "--allow-rot"])).code, 0);
      }),
  );
});
