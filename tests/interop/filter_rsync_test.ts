/**
 * Filters against rsync: random trees and random rules, and for each pair what rsync would transfer and delete is what
 * the filter says. One run of bash makes the two trees and runs rsync over them with several lists of rules.
 */
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { encodeName } from "../../lib/bytes/name.ts";
import { buildFilter, type FilterStep } from "../../lib/filter/build_filter.ts";
import { Filter } from "../../lib/filter/filter.ts";
import { DESTINATION_MARK, ruleFiles, type RuleStep, ruleSteps, SOURCE_MARK } from "../filter/rule_arbitrary.ts";
import { fromLatin1, unescaped } from "../filter/rsync_text.ts";
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
import { oracleSeed } from "../support/oracle_seed.ts";
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

const PLAIN = { deleteExcluded: false, cvsExclude: false };

/** What does not come up at random: rule files that merge others, and the list of CVS with modifiers. */
const CASES: Readonly<Record<string, { files: Readonly<Record<string, string>>; rules: readonly string[][] }>> = {
  "merges what a rule file of a directory names": {
    files: { ".r": "- a\n. m\n+ *\n", "m": "- b*\n+ ab\n" },
    rules: [[": .r"], [":n .r"], [":p .r"], [": .r", "- c"], ["+ b.o", ": .r"]],
  },
  "reads bare patterns and words that such a file merges": {
    files: { ".r": ".- m\n.w+ n\n- *", "m": "a\nb\n", "n": "ab  *.c\nm" },
    rules: [[": .r"], [":n .r"], [":p .r"]],
  },
  "leaves out a rule file that such a file names": {
    files: { ".r": ":e m\n", "m": "- a" },
    rules: [[": .r"], [":n .r"], [":s .r"], [":p .r"]],
  },
  "leaves out what CVS does, with modifiers": {
    files: { ".r": "-sC", "m": "" },
    rules: [["-sC"], ["-rC"], ["-pC"], ["+ b.o", "exclude,rsC"], [": .r"], [":p .r"]],
  },
};

/** A tree that has the same rule files in each of its directories. */
function treeWith(files: Readonly<Record<string, string>>): TwoSidedTree {
  const rules = Object.entries(files).map(([name, content]): [string, TwoSidedTree[string]] => [name, {
    on: "both",
    content: { source: content, destination: content },
  }]);
  const inside = (on: "both" | "source" | "destination"): TwoSidedTree => ({
    ...Object.fromEntries(rules.map(([name, node]) => [name, { ...node, on }])),
    ...Object.fromEntries(["a", "b", "ab", "b.o", "a.c", "core"].map((name) => [name, {
      on,
      content: { source: "", destination: "" },
    }])),
  });
  const directories = (["both", "source", "destination"] as const).map((on) => [on, { on, entries: inside(on) }]);
  const old = { on: "destination", content: { source: "", destination: "" } } as const;
  return { ...inside("both"), ...Object.fromEntries(directories), "ba": old, "c.o": old };
}

const RSYNC_OPTIONS = ["-rIii", "--delete-after", "--out-format='%i %n'"];

/** Trees, and lists of rules for them. */
interface Pairs {
  readonly tree: TwoSidedTree;
  readonly all: readonly Ruling[];
  /** Entries of all rule files end with NUL. */
  readonly isFrom0: boolean;
}

const pairs: fc.Arbitrary<Pairs> = fc.nat(4).map((of) => of === 0).chain((isFrom0) =>
  fc.record({ tree: twoSidedTree(ruleFiles(isFrom0)), all: rulings, isFrom0: fc.constant(isFrom0) })
);

/** Runs rsync with each list of rules, and returns what it does. */
function rsyncOutcomes(at: string, { tree, all, isFrom0 }: Pairs): Outcome[] {
  const commands = [
    `cd ${at}; rm -rf source before rules; mkdir -p home rules`,
    ...treeCommands(tree, "source", "source"),
    ...treeCommands(tree, "destination", "before"),
    `printf ${bashQuoted(octal(HOME_CVSIGNORE))} > home/.cvsignore`,
  ];
  for (const [number, { steps, deleteExcluded, cvsExclude }] of all.entries()) {
    const options = steps.map(({ type, lines }, index) => {
      const file = `rules/${number}-${index}`;
      commands.push(`printf ${bashQuoted(octal(withRoots(lines.join(isFrom0 ? "\0" : "\n"), at)))} > ${file}`);
      return type === "filter" ? `--filter='. ${file}'` : `--${type}=${file}`;
    });
    if (deleteExcluded) options.push("--delete-excluded");
    if (cvsExclude) options.push("--cvs-exclude");
    commands.push(
      `rm -rf destination; cp -r before destination; echo "=== ${number}"`,
      `rsync ${
        [...RSYNC_OPTIONS, ...(isFrom0 ? ["--from0"] : []), ...options].join(" ")
      } source/ destination/ 2>&1 || echo "ended with $?"`,
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

function filterOf({ steps, deleteExcluded, cvsExclude }: Ruling, from0: boolean, at: string): Filter {
  const files = new Map<string, Uint8Array>();
  const given = steps.map(({ type, lines }, index): FilterStep => {
    const content = encodeName(withRoots(lines.join(from0 ? "\0" : "\n"), at));
    if (type !== "filter") return { type, file: `list-${index}`, content };
    files.set(`list-${index}`, content);
    return { type, text: `. list-${index}` };
  });
  return new Filter(buildFilter({
    steps: given,
    deleteExcluded,
    cvsExclude,
    from0,
    cvsAdditions: { home: encodeName(HOME_CVSIGNORE), variable: CVSIGNORE },
    roots: { sender: `${at}/source`, receiver: `${at}/destination` },
    readMergeFile: (file) => files.get(file)!,
  }));
}

function withRoots(text: string, at: string): string {
  return text.replaceAll(SOURCE_MARK, `${at}/source`).replaceAll(DESTINATION_MARK, `${at}/destination`);
}

/** Compares all pairs, and returns how many there were. */
function comparePairs(at: string, { tree, all, isFrom0 }: Pairs): number {
  const rooted = rootedTree(tree, at);
  const theirs = rsyncOutcomes(at, { tree: rooted, all, isFrom0 });
  for (const [number, given] of all.entries()) {
    assertEquals(outcomeOf(filterOf(given, isFrom0, at), rooted), theirs[number], JSON.stringify(given));
  }
  return theirs.length;
}

describe("a filter", () => {
  it(
    "transfers and deletes what rsync does",
    { ...requires("rsync"), timeout: 300_000 },
    () =>
      withWorkspace(({ path }) => {
        let compared = 0;
        const property = fc.property(pairs, (of) => void (compared += comparePairs(path, of)));
        fc.assert(property, { numRuns: TREES, ...oracleSeed(), interruptAfterTimeLimit: 240_000 });
        assertGreaterOrEqual(compared, 1_000);
      }),
  );

  for (const [title, { files, rules }] of Object.entries(CASES)) {
    it(title, requires("rsync"), () =>
      withWorkspace(({ path }) => {
        const all = rules.map((lines) => ({ steps: [{ type: "filter" as const, lines }], ...PLAIN }));
        comparePairs(path, { tree: treeWith(files), all, isFrom0: false });
      }));
  }
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
