/** What is left alone and what is written again, against rsync. */
import fc from "fast-check";
import type { MirrorOptions } from "../../mod.ts";
import { oracleSeed } from "../support/oracle_seed.ts";
import { compareWithRsync } from "../support/compared.ts";
import { describe, it, requires } from "../support/test_api.ts";
import { changedTree } from "../support/tree_arbitrary.ts";
import type { WalkedField } from "../support/walker.ts";
import { entriesOf, makeTree, type NodeLiteral, type TreeLiteral } from "../support/trees.ts";

/** Whole seconds: for rsync a file is newer only by those. */
function wholeSeconds(literal: TreeLiteral): TreeLiteral {
  const copy = structuredClone(literal) as Record<string, NodeLiteral>;
  for (const [, node] of entriesOf(copy)) {
    const { mtime } = node as { mtime?: string };
    if (mtime === "1000000000.000000001") Object.assign(node, { mtime: "1000000001" });
  }
  return copy;
}

const SOURCE = `
printf a > new; printf a > older; printf a > newer; printf a > equal; printf a > other; printf same > same
touch -d @2000 older; touch -d @1000 newer equal other same
mkdir dir fresh; chmod 700 dir; printf x > dir/new; printf x > fresh/x; touch -d @1500 dir/new fresh/x
mkfifo fifo; touch -d @1000 fifo; ln -s x link; touch -h -d @1000 link
printf f > directory-there; touch -d @1000 directory-there; printf f > link-there; touch -d @1000 link-there
printf hh > h1; ln h1 h2; touch -d @1500 h1; printf gg > g1; ln g1 g2; touch -d @1500 g1; touch -d @3000 . dir fresh`;

const DESTINATION = `
printf bb > older; touch -d @1000 older; printf b > newer; touch -d @2000 newer; chmod 600 newer
printf bb > equal; touch -d @1000 equal; printf b > other; touch -d @500 other; printf same > same; touch -d @1000 same
mkdir dir directory-there; printf y > dir/old; mkfifo fifo; touch -d @2000 fifo; chmod 600 fifo
ln -s y link; ln -s q link-there; printf xx > h1; touch -d @2500 h1; printf yy > h2; touch -d @500 h2
printf xx > g2; touch -d @2500 g2; printf extra > extra; touch -d @4000 . dir`;

interface Case {
  readonly options: MirrorOptions;
  readonly flags: readonly string[];
  readonly ignore?: readonly WalkedField[];
}

const CASES: readonly Case[] = [
  { options: { update: true }, flags: ["-u"] },
  { options: { update: true, checksum: true }, flags: ["-uc"] },
  { options: { update: true, hardLinks: false }, flags: ["-u", "--no-H"] },
  { options: { existing: true }, flags: ["--existing"] },
  { options: { ignoreExisting: true }, flags: ["--ignore-existing"] },
  {
    options: { existing: true, ignoreExisting: true, delete: true },
    flags: [
      "--existing",
      "--ignore-existing",
      "--delete",
    ],
  },
  { options: { existing: true, update: true, delete: true }, flags: ["--existing", "-u", "--delete"] },
  { options: { sizeOnly: true }, flags: ["--size-only"] },
  { options: { sizeOnly: true, times: false }, flags: ["--size-only", "--no-times"], ignore: ["time"] },
  { options: { ignoreTimes: true }, flags: ["-I"] },
];

/** What is random: each option on or off, those that clash apart. Hard links are in the cases above: rsync 3.5.0 may
 * wait forever for a name of one that it leaves alone. */
const choices = fc.record({
  update: fc.boolean(),
  existing: fc.boolean(),
  ignoreExisting: fc.boolean(),
  compare: fc.constantFrom<MirrorOptions>({}, { sizeOnly: true }, { ignoreTimes: true }),
  delete: fc.boolean(),
}).map(({ compare, ...rest }): MirrorOptions => ({
  ...rest,
  ...compare,
  hardLinks: false,
  maxDelete: 1000,
  allowEmptySource: true,
}));

const FLAGS: Readonly<Partial<Record<keyof MirrorOptions, string>>> = {
  update: "--update",
  existing: "--existing",
  ignoreExisting: "--ignore-existing",
  sizeOnly: "--size-only",
  ignoreTimes: "--ignore-times",
  delete: "--delete",
};

/** Whether a directory meets something else; rsync fails there without --delete, or waits forever. */
function kindsClash(before: TreeLiteral, after: TreeLiteral): boolean {
  const there = new Map(entriesOf(before));
  return [...entriesOf(after)].some(([path, node]) => {
    const other = there.get(path);
    return other !== undefined && "dir" in node !== "dir" in other;
  });
}

function flagsFor(options: MirrorOptions): string[] {
  const on = Object.entries(options).filter(([, value]) => value === true);
  const flags = on.flatMap(([name]) => FLAGS[name as keyof MirrorOptions] ?? []);
  return options.hardLinks === false ? [...flags, "--no-H"] : flags;
}

describe("a mirror that chooses", () => {
  for (const { options, flags, ignore = [] } of CASES) {
    it(`ends as rsync ${flags.join(" ")} does`, requires("Linux", "rsync"), () =>
      compareWithRsync({
        source: SOURCE,
        destination: DESTINATION,
        options,
        flags,
        ignore,
        nativeOnly: true,
      }));
  }

  it("ends as rsync does for random trees and options", requires("Linux", "rsync"), () =>
    fc.assert(
      fc.asyncProperty(changedTree, choices, async ({ before, after }, options) => {
        fc.pre((options.delete === true && options.ignoreExisting !== true) || !kindsClash(before, after));
        await compareWithRsync({
          source: (root) => makeTree(root, wholeSeconds(after)),
          destination: (root) => makeTree(root, wholeSeconds(before)),
          options,
          flags: flagsFor(options),
          nativeOnly: true,
        });
      }),
      { numRuns: 25, ...oracleSeed() },
    ));
});
