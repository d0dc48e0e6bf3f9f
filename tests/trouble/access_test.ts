/** What may not be read or changed: the rest is mirrored, and nothing is deleted for lack of knowledge. */
import { mustRun } from "../support/commands.ts";
import type { MirrorAnswer } from "../support/mirror_program.ts";
import { type OrdinaryUser, ordinaryUser } from "../support/ordinary_user.ts";
import { assert, assertEquals, describe, it, requires } from "../support/test_api.ts";
import { walkTree } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

/** Paths and codes of what failed, in order. */
function failuresOf(answer: MirrorAnswer): string[] {
  assert("report" in answer, JSON.stringify(answer));
  assertEquals(answer.report.failureCount, answer.report.failures.length);
  assertEquals(answer.report.outcome, answer.report.failureCount === 0 ? "done" : "partial");
  return answer.report.failures.map(({ path, code }) => `${path}: ${code}`).sort();
}

function pathsIn(root: string): string[] {
  return [...walkTree(root).keys()].filter((path) => path !== "").sort();
}

/** Makes `source` and `to` by a script as the ordinary user, and mirrors as that user. */
function mirrorAfter(at: Workspace, script: string, options: object): { user: OrdinaryUser; failures: string[] } {
  const user = ordinaryUser(at);
  user.shell(`mkdir source to; ${script}`, at.path);
  const answer = user.mirror({ source: at.at("source"), destination: at.at("to"), options });
  return { user, failures: failuresOf(answer) };
}

for (const layer of ["native", "portable"] as const) {
  describe(`mirror() by an ordinary user on the ${layer} layer`, () => {
    it("lists an unreadable file and mirrors the rest", requires("Linux"), () =>
      withWorkspace((at) => {
        const script = `cd source; echo new > a; echo secret > b; echo new > c; chmod 000 b; echo old > ../to/b`;
        const { failures } = mirrorAfter(at, script, { layer, delete: true });
        assertEquals(failures, ["b: permission"]);
        assertEquals(pathsIn(at.at("to")), ["a", "b", "c"]);
      }));

    it("deletes nothing when a directory cannot be read", requires("Linux"), () =>
      withWorkspace((at) => {
        const script = `mkdir -p source/closed/deep source/open to/closed/deep to/gone; echo x > source/open/x
echo y > to/closed/y; echo y > to/closed/deep/y; > to/gone/z; chmod 000 source/closed`;
        const { failures } = mirrorAfter(at, script, { layer, delete: true });
        assertEquals(failures, [": deletions-withheld", "closed: permission"]);
        const closed = ["closed", "closed/deep", "closed/deep/y", "closed/y"];
        assertEquals(pathsIn(at.at("to")), [...closed, "gone", "gone/z", "open", "open/x"]);
      }));

    it(
      "deletes nothing below a directory whose entries cannot be looked at",
      requires("Linux"),
      () =>
        withWorkspace((at) => {
          const script =
            `mkdir -p source/list to/list/d; echo x > source/list/x; mkdir source/list/d; echo y > to/list/d/y
echo old > to/list/x; chmod 444 source/list`;
          const { user, failures } = mirrorAfter(at, script, { layer, delete: true });
          assertEquals(failures, ["list/d: permission", "list/x: permission"]);
          user.shell("chmod u+x to/list", at.path); // for the walker
          assertEquals(pathsIn(at.at("to")), ["list", "list/d", "list/d/y", "list/x"]);
        }),
    );

    it("changes what is in directories that are closed to their owner", requires("Linux"), () =>
      withWorkspace((at) => {
        const script =
          `mkdir -p source/d source/e to/d to/e/f; echo new > source/d/a; echo old > to/d/b; echo z > to/e/f/z
chmod 555 source/d source/e to/d to/e/f to/e; touch -d @5 source/d source/e`;
        const { failures } = mirrorAfter(at, script, { layer, delete: true });
        assertEquals(failures, []);
        const left = walkTree(at.at("to"));
        assertEquals([...left.keys()].sort(), ["", "d", "d/a", "e"]);
        for (const path of ["d", "e"]) {
          assertEquals([left.get(path)?.mode, left.get(path)?.time], ["555", "5.0000000000"]);
        }
      }));

    it("lists what belongs to somebody else", requires("Linux", "root"), () =>
      withWorkspace((at) => {
        const user = ordinaryUser(at);
        user.shell("mkdir source to; echo new > source/a; mkdir source/d; echo new > source/d/b; > source/z", at.path);
        // Root's directory in the user's: neither its entries nor its metadata can be changed.
        mustRun("sh", ["-ec", "mkdir to/d; echo old > to/d/c; chmod 755 to/d; touch -d @1 to/d"], { cwd: at.path });
        const order = { source: at.at("source"), destination: at.at("to"), options: { layer, delete: true } };
        const failures = failuresOf(user.mirror(order));
        assert(failures.length > 0 && failures.every((line) => /^d(?:\/[bc])?: permission$/.test(line)), `${failures}`);
        assertEquals(pathsIn(at.at("to")), ["a", "d", "d/c", "z"]);
      }));
  });
}
