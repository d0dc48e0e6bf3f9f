/** Snapshots by a user without privileges: what cannot be read is told, what cannot be linked is copied. */
import { chmodSync, existsSync } from "node:fs";
import { snapshots } from "../../mod.ts";
import { mustRun } from "../support/commands.ts";
import { ordinaryUser } from "../support/ordinary_user.ts";
import { assertEquals, describe, it, requires } from "../support/test_api.ts";
import { differencesOf, walkTree } from "../support/walker.ts";
import { withWorkspace } from "../support/workspace.ts";

describe("snapshot() by an ordinary user", () => {
  it(
    "publishes what can be read, says what cannot, and keeps a whole snapshot for a basis",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        const user = ordinaryUser(at);
        const order = { source: at.at("source"), store: at.at("store") };
        user.shell("mkdir source source/d; echo a > source/a; echo b > source/d/b; chmod 555 source", at.path);
        const first = user.snapshot(order);
        assertEquals([first.outcome, first.snapshot!.newFiles], ["done", 2]);
        assertEquals(differencesOf(at.at("source"), at.at(`store/${first.snapshot!.name}`)), []);
        user.shell("chmod 000 source/d", at.path);
        const second = user.snapshot(order);
        assertEquals(second.failures.map(({ path, code }) => [path, code]), [["d", "permission"]]);
        assertEquals([second.outcome, second.snapshot!.sharedFiles], ["partial", 1]);
        assertEquals(existsSync(at.at(`store/${second.snapshot!.name}/d/b`)), false);
        user.shell("chmod 755 source/d", at.path);
        const third = user.snapshot(order);
        assertEquals([third.outcome, third.snapshot!.sharedFiles], ["done", 2]);
        assertEquals((await snapshots(order.store)).map(({ record }) => record?.failures), [0, 1, 0]);
        chmodSync(order.source, 0o755);
      }),
  );

  it(
    "leaves nothing of an earlier run behind, although a folder cannot be read",
    requires("Linux"),
    () =>
      withWorkspace((at) => {
        const user = ordinaryUser(at);
        const order = { source: at.at("source"), store: at.at("store") };
        user.shell("mkdir -p source/closed; echo a > source/a", at.path);
        user.snapshot(order);
        user.shell(
          "mkdir -p store/.undrift/working/old; > store/.undrift/working/old/x; chmod 000 source/closed",
          at.path,
        );
        const { snapshot: facts, failures } = user.snapshot(order);
        assertEquals(failures.map(({ path }) => path), ["closed"]);
        assertEquals([...walkTree(at.at(`store/${facts!.name}`)).keys()].sort(), ["", "a", "closed"]);
      }),
  );

  it("copies what belongs to somebody else", requires("Linux", "root"), () =>
    withWorkspace((at) => {
      const user = ordinaryUser(at);
      const order = { source: at.at("source"), store: at.at("store") };
      user.shell("mkdir source; echo a > source/a; echo b > source/b", at.path);
      const { snapshot: facts } = user.snapshot(order);
      mustRun("chown", ["0:0", at.at(`store/${facts!.name}/b`)]);
      const second = user.snapshot(order);
      assertEquals(second.failures, []);
      assertEquals(second.snapshot!.sharedFiles + second.snapshot!.newFiles, 2);
      assertEquals(differencesOf(order.source, at.at(`store/${second.snapshot!.name}`)), []);
    }));
});
