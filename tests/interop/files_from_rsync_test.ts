/** Lists of paths against rsync: random trees and lists, and what is listed is what rsync transfers. */
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { encodeName } from "../../lib/bytes/name.ts";
import { buildFilter } from "../../lib/filter/build_filter.ts";
import { Filter } from "../../lib/filter/filter.ts";
import { parsePathList } from "../../lib/filter/parse_path_list.ts";
import { unescaped } from "../filter/rsync_text.ts";
import { oneSidedTree, outcomeOf, pathsOf, treeCommands, type TwoSidedTree } from "../filter/two_sided_tree.ts";
import { mustRun, runCommand } from "../support/commands.ts";
import { oracleSeed } from "../support/oracle_seed.ts";
import { assertEquals, describe, it, requires } from "../support/test_api.ts";
import { withWorkspace } from "../support/workspace.ts";

/** Which entries are listed, and how each is written. Only what is there can be listed. */
const seeds = fc.array(
  fc.record({
    entry: fc.nat(40),
    start: fc.constantFrom("", "", "/", "../", "nowhere/../", "//"),
    end: fc.constantFrom("", "", "/", "/."),
  }),
  { minLength: 1, maxLength: 4 },
);

type Seeds = typeof seeds extends fc.Arbitrary<infer Value> ? Value : never;

/** A list whose entries end with NUL; a name that looks like a comment is written behind a slash. */
function listOf(tree: TwoSidedTree, of: Seeds): string {
  const entries = [...pathsOf(tree)];
  return of.filter(() => entries.length > 0).map(({ entry, start, end }) => {
    const [path, isDirectory] = entries[entry % entries.length]!;
    const first = /^[#;]/.test(`${start}${path}`) ? "/" : start;
    return `${first}${path}${isDirectory ? end : ""}\0`;
  }).join("");
}

function rsyncTransfers(at: string, tree: TwoSidedTree, list: string, recursive: boolean): string[] {
  const commands = [`cd ${at}; rm -rf source; mkdir source`, ...treeCommands(tree, "source", "source")];
  mustRun("bash", ["-e"], { input: commands.join("\n") });
  const options = ["-n", "--from0", "--files-from=-", "--out-format=%n", ...(recursive ? ["-r"] : [])];
  const { status, stdout, stderr } = runCommand("rsync", [...options, "source/", "destination/"], {
    cwd: at,
    input: encodeName(list),
  });
  assertEquals([status, stderr], [0, ""]);
  return Buffer.from(stdout).toString("latin1").split("\n").filter((line) => line !== "" && line !== "./").map(
    unescaped,
  )
    .sort();
}

describe("a list of paths", () => {
  it("transfers what rsync does", { ...requires("rsync"), timeout: 300_000 }, () =>
    withWorkspace(({ path: at }) => {
      fc.assert(
        fc.property(oneSidedTree({}), seeds, fc.boolean(), (tree, of, recursive) => {
          const list = listOf(tree, of);
          const paths = parsePathList(encodeName(list), true, "list");
          const filter = new Filter(buildFilter({ paths, recursive }));
          assertEquals(outcomeOf(filter, tree).transferred, rsyncTransfers(at, tree, list, recursive));
        }),
        { numRuns: 300, ...oracleSeed() },
      );
    }));
});
