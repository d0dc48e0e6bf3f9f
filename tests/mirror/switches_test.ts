/** Options whose effect rsync cannot judge: holes, content against time, and links. */
import { mirror } from "../../mod.ts";
import { mustRun } from "../support/commands.ts";
import { ordinaryUser } from "../support/ordinary_user.ts";
import { assert, assertEquals, describe, it, requires } from "../support/test_api.ts";
import { expectTree, makeTree } from "../support/trees.ts";
import { walkTree } from "../support/walker.ts";
import { withWorkspace } from "../support/workspace.ts";

const T = "1000000000";

describe("an option of mirror()", () => {
  it("sparse: false writes holes as zeros", requires("Linux"), () =>
    withWorkspace(async (at) => {
      mustRun("sh", ["-ec", "mkdir source; truncate -s 3M source/hole"], { cwd: at.path });
      await mirror(at.at("source"), at.at("kept")).run();
      await mirror(at.at("source"), at.at("filled"), { sparse: false }).run();
      const [kept, filled] = ["kept", "filled"].map((name) => walkTree(at.at(name)).get("hole"));
      assertEquals([kept?.holes, filled?.holes], ["holes", ""]);
      assertEquals(kept?.content, filled?.content);
    }));

  it(
    "checksum sees a change that left length and time as they were",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("source"), { a: { file: "new", mtime: T } });
        makeTree(at.at("to"), { a: { file: "old", mtime: T } });
        await mirror(at.at("source"), at.at("to")).run();
        expectTree(at.at("to"), { a: { file: "old", mtime: T } });
        const { done } = await mirror(at.at("source"), at.at("to"), { checksum: true }).run();
        assertEquals([done.updated, done.files], [1, 1]);
        expectTree(at.at("to"), { a: { file: "new", mtime: T } });
      }),
  );

  it("checksum sets times alone where the content agrees", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("source"), { a: { file: "same", mtime: "5" } });
      makeTree(at.at("to"), { a: { file: "same", mtime: T } });
      const { done } = await mirror(at.at("source"), at.at("to"), { checksum: true }).run();
      assertEquals([done.files, done.updated, done.metadata > 0], [0, 0, true]);
      expectTree(at.at("to"), { a: { file: "same", mtime: "5" } });
    }));

  it("modifyWindow lets times differ by so much and no more", requires("Linux"), () =>
    withWorkspace(async (at) => {
      const file = (content: string, mtime: string) => ({ file: content, mtime });
      makeTree(at.at("source"), { a: file("aa", "1000.5"), b: file("bb", "1000.5"), c: file("cc", "-1.5") });
      makeTree(at.at("to"), { a: file("AA", "1002.5"), b: file("BB", "1002.500000001"), c: file("CC", "0.5") });
      await mirror(at.at("source"), at.at("to"), { modifyWindow: 2 }).run();
      expectTree(at.at("to"), { a: file("AA", "1002.5"), b: file("bb", "1000.5"), c: file("CC", "0.5") });
    }));

  it(
    "hardLinks: false makes every name a file of its own, links: false leaves symlinks",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        const file = { file: "x", mtime: T };
        makeTree(at.at("source"), { a: file, b: { hardLinkOf: "a" }, l: { link: "a" } });
        makeTree(at.at("to"), { l: { link: "own" } });
        await mirror(at.at("source"), at.at("to"), { hardLinks: false, links: false }).run();
        expectTree(at.at("to"), { a: file, b: file, l: { link: "own" } });
      }),
  );

  it(
    "perms: false gives new entries what the system gives, and leaves the rest",
    requires("Linux"),
    () =>
      withWorkspace((at) => {
        const user = ordinaryUser(at);
        const script =
          `umask 077; mkdir -p source/closed/deep source/old to/old; > source/f; > source/closed/deep/x; > to/f
chmod 666 source/f; chmod 555 source/closed/deep source/closed; chmod 777 source/old; chmod 751 to/old; chmod 604 to/f`;
        user.shell(script, at.path);
        const order = { source: at.at("source"), destination: at.at("to"), options: { perms: false } };
        const answer = user.mirror(order);
        assert("report" in answer && answer.report.failureCount === 0, JSON.stringify(answer));
        const modes = [...walkTree(at.at("to"))].map(([path, { mode }]) => `${path} ${mode}`).sort();
        assertEquals(modes, [" 700", "closed 555", "closed/deep 555", "closed/deep/x 600", "f 604", "old 751"]);
      }),
  );
});
