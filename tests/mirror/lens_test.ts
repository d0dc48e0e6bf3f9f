/** The source seen with other permissions and owners: where that shows, and what cannot be kept. */
import { mirror, SyncError } from "../../mod.ts";
import { parseChmod } from "../../lib/compare/chmod.ts";
import { memoryTree } from "../../lib/model/memory_tree.ts";
import { ROOT } from "../../lib/model/rel_path.ts";
import { throughLens } from "../../lib/scan/mapped_tree.ts";
import { mirrorInMemory } from "../support/memory_mirror.ts";
import { ordinaryUser } from "../support/ordinary_user.ts";
import { assert, assertEquals, assertRejects, describe, it, requires } from "../support/test_api.ts";
import { makeTree } from "../support/trees.ts";
import { walkTree } from "../support/walker.ts";
import { withWorkspace } from "../support/workspace.ts";

describe("a mirror through a lens", () => {
  it("sets what is seen on a file that changed while it was copied, too", () => {
    const source = memoryTree({ g: { file: "g", mode: 0o666 } });
    const writer = source.open(ROOT).createFile("f", 0o666);
    writer.write(new TextEncoder().encode("0123456789"), 0);
    let reads = 0;
    source.onOperation = (operation, path) => {
      if (operation === "read" && path === "f" && ++reads === 1) writer.write(new TextEncoder().encode("!!"), 10);
    };
    const lens = { modes: parseChmod("go-rwx", 0), users: [{ ranges: [[0, 9]] as const, to: 77 }], groups: [] };
    const destination = memoryTree({});
    const seen = throughLens(source, lens);
    assertEquals(mirrorInMemory(seen, destination).failed, []);
    assertEquals(reads > 1, true);
    const found = ["f", "g"].map((name) => destination.open(ROOT).lookup(name));
    assertEquals(found.map((entry) => [entry?.mode, entry?.uid, entry?.size]), [[0o600, 77, 12], [0o600, 77, 1]]);
    assertEquals(mirrorInMemory(seen, destination).applied, []);
  });

  it("has nothing to do the second time", requires("Linux", "root"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("source"), { d: { dir: { f: { file: "x", mode: 0o666 } } }, l: { link: "x" } });
      const task = mirror(at.at("source"), at.at("to"), { chmod: "D700,F600", chown: "5:6", jobs: 2 });
      assertEquals((await task.run()).done.created > 0, true);
      const { done } = await task.run();
      assertEquals([done.created, done.updated, done.metadata], [0, 0, 0]);
    }));

  it("refuses names that are not known", requires("Linux"), () =>
    withWorkspace(async (at) => {
      at.directory("source");
      for (const options of [{ chown: "no-such-user" }, { groupmap: "1:no-such-group" }, { usermap: "-x:1" }]) {
        const error = await assertRejects(() => mirror(at.at("source"), at.at("to"), options).run(), SyncError);
        assertEquals([error.code, error.hint], ["usage", "use its number"]);
      }
    }));

  it("says once that owners cannot be replaced without privileges", requires("Linux"), () =>
    withWorkspace((at) => {
      const user = ordinaryUser(at);
      user.shell("mkdir source; > source/f", at.path);
      const options = { chown: "1:1", chmod: "F640" };
      const answer = user.mirror({ source: at.at("source"), destination: at.at("to"), options });
      assert("report" in answer, JSON.stringify(answer));
      assertEquals(answer.report.warnings.map(({ name }) => name), ["owners-not-mapped", "groups-not-mapped"]);
      assertEquals([answer.report.failures, walkTree(at.at("to")).get("f")?.mode], [[], "640"]);
    }));
});
