/** Further names of files: nothing becomes a name of the wrong file. */
import { chmodSync, linkSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { mirror, SyncError } from "../../mod.ts";
import { assertEquals, assertRejects, describe, it, requires } from "../support/test_api.ts";
import { makeTree } from "../support/trees.ts";
import { withWorkspace } from "../support/workspace.ts";

const NEW = { file: "new content", mtime: "2000" };

describe("MirrorPlan.apply()", () => {
  it(
    "refuses to link to a file that was right and has changed since",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("from"), { a: NEW, b: { hardLinkOf: "a" } });
        makeTree(at.at("to"), { a: NEW });
        const plan = await mirror(at.at("from"), at.at("to")).plan();
        writeFileSync(at.at("to/a"), "something else");
        const error = await assertRejects(() => plan.apply(), SyncError);
        assertEquals([error.code, error.path], ["drift", "a"]);
      }),
  );

  it(
    "links to a file whose permissions differ when they are not carried",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("from"), { a: NEW, b: { hardLinkOf: "a" } });
        makeTree(at.at("to"), { a: NEW });
        chmodSync(at.at("to/a"), 0o600);
        const plan = await mirror(at.at("from"), at.at("to"), { perms: false }).plan();
        assertEquals((await plan.apply()).outcome, "done");
        assertEquals(readFileSync(at.at("to/b"), "utf8"), "new content");
      }),
  );

  it(
    "fails for a file that vanishes while exactly the plan is carried out",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("from"), { a: NEW, d: { dir: { b: NEW } } });
        const plan = await mirror(at.at("from"), at.at("to")).plan();
        const report = await plan.apply({
          onEvent: ({ type }) => type === "action" && renameSync(at.at("from/d/b"), at.at("gone")),
        }).catch(() => undefined);
        // The event may come after the file was read; what must not be is a plan that is "done" without it.
        if (report?.outcome === "done") assertEquals(readFileSync(at.at("to/d/b"), "utf8"), "new content");
      }),
  );
});

describe("mirror().run()", () => {
  it(
    "does not link to old content when a whole directory cannot be read",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("from"), { A: { dir: { x: NEW } }, B: { dir: {} } });
        linkSync(at.at("from/A/x"), at.at("from/B/x"));
        makeTree(at.at("to"), {
          A: { dir: { x: { file: "very old", mtime: "5" } } },
          B: { dir: { x: { file: "b" } } },
        });
        let away = false;
        const task = mirror(at.at("from"), at.at("to"), { jobs: 1, delete: true });
        await task.run({
          totals: true,
          onEvent: ({ type }) => {
            if (type !== "action" || away) return;
            away = true;
            renameSync(at.at("from/A"), at.at("elsewhere"));
          },
        });
        const kept = readFileSync(at.at("to/B/x"), "utf8");
        assertEquals(kept === "new content" || kept === "b", true, kept);
      }),
  );

  it("carries attributes whose names are not UTF-8", requires("Linux", "setfattr"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("from"), { a: NEW });
      const set = "setfattr -n $(printf 'user.\\377x') -v 1 \"$0\"";
      execFileSync("sh", ["-c", set, at.at("from/a")]);
      await mirror(at.at("from"), at.at("to"), { xattrs: true }).run();
      const get = "getfattr -n $(printf 'user.\\377x') --only-values \"$0\"";
      assertEquals(execFileSync("sh", ["-c", get, at.at("to/a")], { encoding: "utf8" }), "1");
    }, "onDisk"));
});
