/**
 * Random trees for property tests, and random changes of them. Names, sizes, times and permissions come from small
 * pools, so that two trees have much in common; length and time of a file decide its content, as they do for everyone
 * who relies on them.
 */
import fc from "fast-check";
import { entriesOf, type NodeLiteral, type TreeLiteral } from "./trees.ts";

const NAMES = ["a", "b", "h1", "d e", "é"];
const TIMES = ["1000000000", "1000000000.000000001", "1234567890.5", "7258118400.25"];
const SIZES = [0, 1, 5, 5000, 300_000];

const time = fc.constantFrom(...TIMES);

const file: fc.Arbitrary<NodeLiteral> = fc.record({
  size: fc.constantFrom(...SIZES),
  mode: fc.constantFrom(0o644, 0o600, 0o755, 0o444),
  mtime: time,
}).map(({ size, mode, mtime }) => ({ file: `${TIMES.indexOf(mtime)}`.repeat(size), mode, mtime }));

const symlink: fc.Arbitrary<NodeLiteral> = fc.record({ link: fc.constantFrom("a", "b/c", "/nowhere"), mtime: time });

const fifo: fc.Arbitrary<NodeLiteral> = fc.record({
  fifo: fc.constant(true as const),
  mode: fc.constantFrom(0o600, 0o644),
  mtime: time,
});

function treeOf(depth: number): fc.Arbitrary<TreeLiteral> {
  const leaf = fc.oneof({ weight: 5, arbitrary: file }, { weight: 1, arbitrary: symlink }, {
    weight: 1,
    arbitrary: fifo,
  });
  const node = depth === 0
    ? leaf
    : fc.oneof({ weight: 2, arbitrary: leaf }, { weight: 2, arbitrary: directory(depth) });
  return fc.dictionary(fc.constantFrom(...NAMES), node, { maxKeys: NAMES.length, noNullPrototype: true });
}

function directory(depth: number): fc.Arbitrary<NodeLiteral> {
  return fc.record({ dir: treeOf(depth - 1), mode: fc.constantFrom(0o755, 0o700, 0o555), mtime: time });
}

/** Which entries of one tree are taken over into another, one decision after the other. */
type Choices = readonly boolean[];

/** Crosses two trees: each entry is of one or of the other, directories of both are crossed again. */
function crossed(one: TreeLiteral, other: TreeLiteral, choose: () => boolean): TreeLiteral {
  const result: Record<string, NodeLiteral> = {};
  for (const name of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const [mine, theirs] = [one[name], other[name]];
    const chosen = choose() ? mine : theirs;
    if (mine !== undefined && theirs !== undefined && "dir" in mine && "dir" in theirs && choose()) {
      result[name] = { ...mine, dir: crossed(mine.dir, theirs.dir, choose) };
    } else if (chosen !== undefined) result[name] = chosen;
  }
  return result;
}

function choosing(choices: Choices): () => boolean {
  let at = 0;
  return () => choices[at++ % choices.length] ?? true;
}

/** Where further names go: the n-th directory, a name, and the n-th file. */
type LinkSeeds = readonly (readonly [directory: number, name: string, file: number])[];

/** Adds further names of files, in any directory. */
function linked(tree: TreeLiteral, seeds: LinkSeeds): TreeLiteral {
  const result = structuredClone(tree) as Record<string, NodeLiteral>;
  const directories: Record<string, NodeLiteral>[] = [result];
  const files: string[] = [];
  for (const [path, node] of entriesOf(result)) {
    if ("dir" in node) directories.push(node.dir as Record<string, NodeLiteral>);
    else files.push(path);
  }
  for (const [at, name, file] of seeds) {
    const hardLinkOf = files[file % Math.max(files.length, 1)];
    if (hardLinkOf !== undefined) directories[at % directories.length]![name] ??= { hardLinkOf };
  }
  return result;
}

const linkSeeds = fc.array(fc.tuple(fc.nat(9), fc.constantFrom("h1", "h2", ...NAMES), fc.nat(9)), { maxLength: 4 });

/** A tree, and what became of it. */
export interface ChangedTree {
  /** Before. */
  readonly before: TreeLiteral;
  /** After: entries were added, removed, renamed and changed; links were made and broken. */
  readonly after: TreeLiteral;
}

/** Random trees with random changes. */
export const changedTree: fc.Arbitrary<ChangedTree> = fc.record({
  one: treeOf(3),
  other: treeOf(3),
  choices: fc.array(fc.boolean(), { minLength: 1, maxLength: 24 }),
  linksBefore: linkSeeds,
  linksAfter: fc.option(linkSeeds, { nil: undefined }),
}).map(({ one, other, choices, linksBefore, linksAfter }) => ({
  before: linked(one, linksBefore),
  after: linked(crossed(one, other, choosing(choices)), linksAfter ?? linksBefore),
}));
