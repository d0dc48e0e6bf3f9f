/** What entries that fail or are odd mean for a run, by their cause; on a run, a plan, and the command line. */
import { loadPlan, mirror, type MirrorEvent, type MirrorOptions } from "../../mod.ts";
import { runFake } from "../cli/fake_io.ts";
import { assertEquals, assertStringIncludes, assertThrows, describe, it, requires } from "../support/test_api.ts";
import { makeTree } from "../support/trees.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

const FILE = { file: "x", mtime: "1000000000" };

/** A file of the source takes the place of a directory with an entry, which needs `delete`: one failure, "not-empty". */
function blocked(at: Workspace): readonly [source: string, destination: string] {
  makeTree(at.at("from"), { a: FILE, b: FILE });
  makeTree(at.at("to"), { a: { dir: { inside: FILE } } });
  return [at.at("from"), at.at("to")];
}

const NONE = { failed: 0, warned: 0, ignored: 0 };

describe("MirrorOptions.policy", () => {
  it("decides what a cause means for outcome, report and events", requires("Linux"), () =>
    withWorkspace(async (at) => {
      const pair = blocked(at);
      const run = async (options: MirrorOptions) => {
        const events: MirrorEvent[] = [];
        const onEvent = (event: MirrorEvent) => {
          if (event.type === "failure" || (event.type === "warning" && event.failure !== undefined)) events.push(event);
        };
        const { outcome, failureCount, causes, warnings } = await mirror(...pair, options).run({ onEvent });
        const told = warnings.filter(({ name }) => name === "not-empty").map(({ message }) => message);
        return [outcome, failureCount, causes, told, events.map(({ type }) => type)];
      };
      assertEquals(await run({}), ["partial", 1, { "not-empty": { ...NONE, failed: 1 } }, [], ["failure"]]);
      const words = '1 entry would have replaced a directory with entries, first "a"';
      const warned = { "not-empty": { ...NONE, warned: 1 } };
      assertEquals(await run({ policy: { "not-empty": "warn" } }), ["done", 0, warned, [words], ["warning"]]);
      const ignored = { "not-empty": { ...NONE, ignored: 1 } };
      assertEquals(await run({ policy: { "not-empty": "ignore" } }), ["done", 0, ignored, [], []]);
    }));

  it("is kept in a plan, and holds when the plan is applied", requires("Linux"), () =>
    withWorkspace(async (at) => {
      const plan = await mirror(...blocked(at), { policy: { "not-empty": "ignore" } }).plan();
      await plan.save(at.at("plan"));
      const report = await (await loadPlan(at.at("plan"))).apply();
      assertEquals([report.outcome, report.causes], ["done", { "not-empty": { ...NONE, ignored: 1 } }]);
    }));

  it("is refused when it names what is not there", () => {
    for (const policy of [{ vanish: "warn" }, { vanished: "shout" }, { "no-space": "ignore" }, { io: undefined }]) {
      const error = assertThrows(() => mirror("a", "b", { policy } as unknown as MirrorOptions), RangeError);
      assertStringIncludes(error.message, `policy ${Object.keys(policy)[0]}`);
    }
  });
});

describe("undrift mirror --on", () => {
  it("decides the exit code", requires("Linux"), () =>
    withWorkspace(async (at) => {
      const pair = blocked(at);
      const codeWith = async (...args: string[]) => (await runFake(["mirror", ...pair, ...args])).code;
      assertEquals(await codeWith(), 4);
      assertEquals(await codeWith("--on", "not-empty=warn"), 0);
      assertEquals(await codeWith("--on=not-empty=ignore"), 0);
      assertEquals(await codeWith("--on", "not-empty=ignore", "--on", "not-empty=fail"), 4);
      assertEquals(await codeWith("--on", "no-space=ignore"), 2);
    }));

  it("is told in the totals, in text and in NDJSON", requires("Linux"), () =>
    withWorkspace(async (at) => {
      const args = ["mirror", ...blocked(at), "--on", "not-empty=warn"];
      assertStringIncludes((await runFake(args)).err, "; 1 warning (not-empty)");
      const records = (await runFake([...args, "--json"])).out.trim().split("\n").map((line) => JSON.parse(line));
      assertEquals(records.at(-1).causes, { "not-empty": { ...NONE, warned: 1 } });
      const { path, cause, code, name } = records.find(({ type }) => type === "warning");
      assertEquals([path, cause, code, name], ["a", "not-empty", "not-empty", "not-empty"]);
    }));
});
