/**
 * Filters against rsync: random trees and random rules, and for each pair what rsync would transfer and delete is what
 * the filter says. One run of bash makes the two trees and runs rsync over them with several lists of rules.
 */
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { encodeName } from "../../lib/bytes/name.ts";
import { buildFilter, type FilterStep } from "../../lib/filter/build_filter.ts";
import { Filter } from "../../lib/filter/filter.ts";
import { decodeName } from "../../lib/bytes/name.ts";
import { DESTINATION_MARK, RULE_FILES, type RuleStep, ruleSteps, SOURCE_MARK } from "../filter/rule_arbitrary.ts";
import {
  bashQuoted,
  octal,
  type Outcome,
  outcomeOf,
  treeCommands,
  type TwoSidedTree,
  twoSidedTree,
} from "../filter/two_sided_tree.ts";
import { runCommand } from "../support/commands.ts";
import { assertEquals, assertGreaterOrEqual, describe, it, requires } from "../support/test_api.ts";
import { withWorkspace } from "../support/workspace.ts";

/** Lists of rules that are tried on one pair of trees. */
const LISTS = 12;

/** Pairs of trees. */
const TREES = 90;

/** What a run is asked for beside its rules. */
interface Ruling {
  readonly steps: readonly RuleStep[];
  readonly deleteExcluded: boolean;
  readonly cvsExclude: boolean;
}

const ruling: fc.Arbitrary<Ruling> = fc.record({
  steps: ruleSteps,
  deleteExcluded: fc.nat(5).map((of) => of === 0),
  cvsExclude: fc.nat(7).map((of) => of === 0),
});

const rulings = fc.array(ruling, { minLength: LISTS, maxLength: LISTS });

/** What a person adds to the list of CVS. */
const HOME_CVSIGNORE = "c ab* !x";
const CVSIGNORE = "B1 *a";

const RSYNC_OPTIONS = ["-rIii", "--delete-after", "--out-format='%i %n'"];

/** Runs rsync with each list of rules, and returns what it would do. */
function rsyncOutcomes(at: string, tree: TwoSidedTree, all: readonly Ruling[]): Outcome[] {
  const commands = [
    `cd ${at}; rm -rf source before rules; mkdir -p home rules`,
    ...treeCommands(tree, "source", "source"),
    ...treeCommands(tree, "destination", "before"),
    `printf ${bashQuoted(octal(HOME_CVSIGNORE))} > home/.cvsignore`,
  ];
  for (const [number, { steps, deleteExcluded, cvsExclude }] of all.entries()) {
    const options = steps.map(({ type, lines }, index) => {
      const file = `rules/${number}-${index}`;
      commands.push(`printf ${bashQuoted(octal(withRoots(lines.join("\n"), at)))} > ${file}`);
      return type === "filter" ? `--filter='. ${file}'` : `--${type}=${file}`;
    });
    if (deleteExcluded) options.push("--delete-excluded");
    if (cvsExclude) options.push("--cvs-exclude");
    commands.push(
      `rm -rf destination; cp -r before destination; echo "=== ${number}"`,
      `rsync ${[...RSYNC_OPTIONS, ...options].join(" ")} source/ destination/ 2>&1 || echo "ended with $?"`,
      `echo "---"; find destination -mindepth 1 -printf '%y%P\\0'; echo`,
    );
  }
  const env: Record<string, string> = { HOME: `${at}/home`, CVSIGNORE };
  const { status, stdout, stderr } = runCommand("bash", ["-e"], { input: commands.join("\n"), env });
  if (status !== 0) throw new Error(`bash ended with ${status}: ${stderr.slice(0, 2000)}`);
  return Buffer.from(stdout).toString("latin1").split(/^=== \d+\n/m).slice(1).map(outcomeIn);
}

/** What the lines of rsync say, and what the destination has afterwards. */
function outcomeIn(output: string): Outcome {
  const [lines = "", found = ""] = output.split("---\n");
  const transferred: string[] = [];
  const others: string[] = [];
  for (const line of lines.split("\n")) {
    const what = line.slice(0, 11);
    const path = unescaped(line.slice(12));
    if (/^[>c.][fd]/.test(what)) path !== "./" && transferred.push(path);
    else if (line !== "" && what !== "*deleting  " && !line.startsWith("cannot delete non-empty")) others.push(line);
  }
  assertEquals(others, []);
  const left = found.split("\0").slice(0, -1).map((of) => `${fromLatin1(of.slice(1))}${of.startsWith("d") ? "/" : ""}`);
  return { transferred: transferred.sort(), left: left.sort() };
}

/** Turns `\#ooo`, which rsync writes for what is not printable, back into bytes. */
function unescaped(text: string): string {
  const bytes = text.replace(/\\#([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
  return fromLatin1(bytes);
}

/** A name whose bytes came as one character each. */
function fromLatin1(text: string): string {
  return decodeName(Uint8Array.from(text, (character) => character.charCodeAt(0)));
}

function filterOf({ steps, deleteExcluded, cvsExclude }: Ruling, at: string): Filter {
  const files = new Map<string, Uint8Array>();
  const given = steps.map(({ type, lines }, index): FilterStep => {
    const content = encodeName(withRoots(lines.join("\n"), at));
    if (type !== "filter") return { type, file: `list-${index}`, content };
    files.set(`list-${index}`, content);
    return { type, text: `. list-${index}` };
  });
  return new Filter(buildFilter({
    steps: given,
    deleteExcluded,
    cvsExclude,
    cvsAdditions: { home: encodeName(HOME_CVSIGNORE), variable: CVSIGNORE },
    roots: { sender: `${at}/source`, receiver: `${at}/destination` },
    readMergeFile: (file) => files.get(file)!,
  }));
}

function withRoots(text: string, at: string): string {
  return text.replaceAll(SOURCE_MARK, `${at}/source`).replaceAll(DESTINATION_MARK, `${at}/destination`);
}

describe("a filter", () => {
  it(
    "transfers and deletes what rsync does",
    { ...requires("rsync"), timeout: 300_000 },
    () =>
      withWorkspace(({ path: at }) => {
        let pairs = 0;
        fc.assert(
          fc.property(twoSidedTree(RULE_FILES), rulings, (tree, all) => {
            const rooted = rootedTree(tree, at);
            const theirs = rsyncOutcomes(at, rooted, all);
            for (const [number, given] of all.entries()) {
              pairs++;
              assertEquals(outcomeOf(filterOf(given, at), rooted), theirs[number], JSON.stringify(given));
            }
          }),
          { numRuns: TREES },
        );
        assertGreaterOrEqual(pairs, 1_000);
      }),
  );
});

/** The same tree with the absolute paths of both roots in its rule files. */
function rootedTree(tree: TwoSidedTree, at: string): TwoSidedTree {
  return Object.fromEntries(
    Object.entries(tree).map(([name, node]) => [
      name,
      "entries" in node ? { ...node, entries: rootedTree(node.entries, at) } : {
        ...node,
        content: {
          source: withRoots(node.content.source, at),
          destination: withRoots(node.content.destination, at),
        },
      },
    ]),
  );
}
