/**
 * Gitignore files against git: random trees with random files, and for every entry git must name the same line of the
 * same file as the filter does.
 */
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { encodeName } from "../../lib/bytes/name.ts";
import { buildFilter } from "../../lib/filter/build_filter.ts";
import { Filter } from "../../lib/filter/filter.ts";
import { formatPlace } from "../../lib/filter/rule.ts";
import { gitignoreText } from "../filter/gitignore_arbitrary.ts";
import { fromLatin1 } from "../filter/rsync_text.ts";
import { oneSidedTree, pathsOf, sourceFile, treeCommands, type TwoSidedTree } from "../filter/two_sided_tree.ts";
import { mustRun, runCommand } from "../support/commands.ts";
import { oracleSeed } from "../support/oracle_seed.ts";
import { assertEquals, describe, it, requires } from "../support/test_api.ts";
import { withWorkspace } from "../support/workspace.ts";

/** Trees with their files. */
const TREES = 1_050;

const FILTER = new Filter(buildFilter({ gitignore: true }));

/** What is decided about each path: the verdict, and the line that made it. */
type Verdicts = Readonly<Record<string, string>>;

/** What git says. */
function gitVerdicts(at: string, tree: TwoSidedTree, env: Record<string, string>): Verdicts {
  mustRun("bash", ["-e"], {
    input: [`cd ${at}; rm -rf tree; mkdir tree`, ...treeCommands(tree, "source", "tree")].join("\n"),
  });
  const input = Buffer.concat([...pathsOf(tree)].map(([path]) => Buffer.concat([encodeName(path), Buffer.of(0)])));
  const asked = ["--work-tree=tree", "check-ignore", "--stdin", "-z", "-v", "-n"];
  const { status, stdout, stderr } = runCommand("git", asked, { cwd: at, env, input });
  assertEquals([status === 0 || status === 1, stderr], [true, ""]);
  const fields = Buffer.from(stdout).toString("latin1").split("\0").slice(0, -1).map(fromLatin1);
  const verdicts: Record<string, string> = {};
  for (let index = 0; index < fields.length; index += 4) {
    const [source = "", line = "", pattern = "", path = ""] = fields.slice(index, index + 4);
    verdicts[path] = source === ""
      ? "include"
      : `${pattern.startsWith("!") ? "include" : "exclude"} by ${source}:${line}`;
  }
  return verdicts;
}

function ourVerdicts(tree: TwoSidedTree): Verdicts {
  const read = (path: string) => sourceFile(tree, path);
  return Object.fromEntries([...pathsOf(tree)].map(([path, isDirectory]) => {
    const { verdict, rule } = FILTER.decide(path, isDirectory ? "directory" : "file", { read });
    return [path, rule === undefined ? verdict : `${verdict} by ${formatPlace(rule.place)}`];
  }));
}

describe("a filter with gitignore files", () => {
  it(
    "decides as git does, by the same line",
    { ...requires("git"), timeout: 300_000 },
    () =>
      withWorkspace(({ path: at }) => {
        const env = { HOME: at, GIT_CONFIG_NOSYSTEM: "1", GIT_DIR: `${at}/repository`, GIT_WORK_TREE: `${at}/tree` };
        mustRun("git", ["init", "-q"], { cwd: at, env });
        fc.assert(
          fc.property(oneSidedTree({ ".gitignore": gitignoreText }), (tree) => {
            assertEquals(ourVerdicts(tree), gitVerdicts(at, tree, env));
          }),
          { numRuns: TREES, ...oracleSeed() },
        );
      }),
  );
});
