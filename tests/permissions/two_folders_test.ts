/** A Deno script that may read two folders and the project, and write one of them: no FFI, environment or processes. */
import { spawnSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { join } from "node:path";
import type { MirrorReport } from "../../mod.ts";
import { assert, assertEquals, describe, it, requires } from "../support/test_api.ts";
import { PROJECT_ROOT, runtimeExecutable } from "../support/runtimes.ts";
import { makeTree, type TreeLiteral } from "../support/trees.ts";
import { differencesOf } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

const FILE = { file: "content", mode: 0o640, mtime: "1000000000.123" };
const TREE: TreeLiteral = {
  a: FILE,
  d: { dir: { b: FILE, e: { dir: {}, mode: 0o711, mtime: "5" } }, mode: 0o750, mtime: "1234567890" },
  h: { hardLinkOf: "a" },
  empty: { file: "", mode: 0o600, mtime: "7" },
};

/** Says what it hears, as lines of JSON. */
function scriptOf(options: object): string {
  return `
import { mirror } from ${JSON.stringify(`${PROJECT_ROOT}mod.ts`)};
const heard = [];
const onEvent = (event) => heard.push(event.type === "warning" ? event.warning.name : event.type);
const report = await mirror(Deno.args[0], Deno.args[1], ${JSON.stringify(options)}).run({ onEvent });
console.log(JSON.stringify({ report, heard }));
`;
}

/** Runs the script with as few permissions as there can be. Asking for more than it has would end it. */
function runAllowed(at: Workspace, options: object = {}): { report: MirrorReport; heard: string[] } {
  const root = realpathSync(at.path);
  const [source, to] = [join(root, "source"), join(root, "to")];
  const permissions = [`--allow-read=${source},${to},${PROJECT_ROOT}`, `--allow-write=${to}`, "--no-prompt"];
  const result = spawnSync(
    runtimeExecutable("deno"),
    ["run", ...permissions, "--no-check", `--config=${PROJECT_ROOT}deno.json`, "-", source, to],
    { encoding: "utf8", input: scriptOf(options) },
  );
  assertEquals(result.status, 0, result.stderr);
  assertEquals(result.stderr, "");
  return JSON.parse(result.stdout);
}

/** Deno lets nobody below /dev without all permissions. */
function onDisk(body: (at: Workspace) => void): Promise<void> {
  return withWorkspace(body, "onDisk");
}

describe("mirror() under Deno with two folders allowed", () => {
  it(
    "mirrors by the portable layer, says once what it cannot keep, and then has nothing to do",
    requires("Linux", "Deno"),
    () =>
      onDisk((at) => {
        makeTree(at.at("source"), TREE);
        const { report, heard } = runAllowed(at, { delete: true });
        assertEquals([report.outcome, report.failures], ["done", []]);
        const warnings = heard.filter((name) => name.includes("-"));
        assertEquals(report.warnings.map(({ name }) => name), warnings);
        assertEquals(warnings.length, new Set(warnings).size);
        assert(warnings.includes("paths-checked-not-held") && warnings.includes("times-rounded"), warnings.join());
        assertEquals([heard[0], heard.at(-1)], ["start", "end"]);
        assertEquals(differencesOf(at.at("source"), at.at("to"), { timeDigits: 3 }), []);
        const { created, updated, metadata, linked, deleted } = runAllowed(at, { delete: true }).report.done;
        assertEquals({ created, updated, metadata, linked, deleted }, {
          ...{ created: 0, updated: 0, metadata: 0, linked: 0, deleted: 0 },
        });
      }),
  );

  it("changes and deletes there, too", requires("Linux", "Deno"), () =>
    onDisk((at) => {
      makeTree(at.at("source"), TREE);
      makeTree(at.at("to"), { a: { dir: { x: FILE } }, d: FILE, z: { dir: { y: FILE } } });
      assertEquals(runAllowed(at, { delete: true }).report.failures, []);
      assertEquals(differencesOf(at.at("source"), at.at("to"), { timeDigits: 3 }), []);
    }));

  it(
    "lists symlinks, which Deno lets nobody make with paths allowed one by one",
    requires("Linux", "Deno"),
    () =>
      onDisk((at) => {
        makeTree(at.at("source"), { ...TREE, l: { link: "a" } });
        const { report } = runAllowed(at);
        assertEquals(report.failures.map(({ path, code }) => [path, code]), [["l", "permission"]]);
        assertEquals(report.outcome, "partial");
        assertEquals(runAllowed(at, { links: false }).report.failures, []);
      }),
  );
});
