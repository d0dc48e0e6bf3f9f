/** Files that other trees hold already, against rsync. */
import fc from "fast-check";
import type { MirrorOptions } from "../../mod.ts";
import { oracleSeed } from "../support/oracle_seed.ts";
import { compareWithRsync } from "../support/compared.ts";
import { describe, it, requires } from "../support/test_api.ts";
import { changedTree } from "../support/tree_arbitrary.ts";
import { entriesOf, makeTree, type NodeLiteral, type TreeLiteral } from "../support/trees.ts";

const SOURCE = `printf same > same; printf attr > attr; printf newer > diff; ln -s x lnk; ln -s x lnk2; mkfifo ff ffattr
mkdir dir kind; printf z > dir/z; printf t > time; printf new > new; printf h > h1; ln h1 h2; printf dd > two
printf j > kind2; touch -h -d @1500000000 * dir/z`;

/** Two other trees beside both sides. */
const BASES =
  `mkdir -p b b2/dir; cp -a source/. b; cd b; chmod 600 attr ffattr; printf older > diff; rm -r kind kind2 new two
ln -sfn y lnk2; touch -d @1400000000 time; printf k > kind; mkdir kind2; cd ..; cp -a source/two source/attr b2
cp -a source/dir/z b2/dir`;

const DESTINATION =
  `printf e0 > exist; printf attr > attr; touch -d @1500000000 attr; chmod 640 attr; printf okay > okay`;

const USES = [
  ["copyDest", "--copy-dest"],
  ["linkDest", "--link-dest"],
  ["compareDest", "--compare-dest"],
] as const;

function given(option: typeof USES[number], more: MirrorOptions = {}): { options: MirrorOptions; flags: string[] } {
  const [name, flag] = option;
  return { options: { ...more, [name]: ["../b", "../missing", "../b2"] }, flags: [`${flag}=../b`, `${flag}=../b2`] };
}

/** Whole seconds: rsync takes files for equal that differ by less. */
function wholeSeconds(literal: TreeLiteral): TreeLiteral {
  const copy = structuredClone(literal) as Record<string, NodeLiteral>;
  for (const [, node] of entriesOf(copy)) {
    const { mtime } = node as { mtime?: string };
    if (mtime === "1000000000.000000001") Object.assign(node, { mtime: "1000000001" });
  }
  return copy;
}

describe("a mirror with other trees", () => {
  for (const use of USES) {
    it(
      `ends as rsync ${use[1]} does in an empty destination`,
      requires("Linux", "rsync"),
      () => compareWithRsync({ source: SOURCE, beside: BASES, ...given(use), nativeOnly: true }),
    );

    it(`does so on the portable layer: ${use[0]}`, requires("Linux", "rsync"), () =>
      compareWithRsync({
        source: SOURCE.replace("mkfifo ff ffattr", ": > ffattr"),
        beside: BASES,
        ...given(use),
      }));

    if (use[0] !== "compareDest") {
      it(
        `ends as rsync ${use[1]} does where something is there`,
        requires("Linux", "rsync"),
        () =>
          compareWithRsync({
            source: SOURCE,
            destination: DESTINATION,
            beside: BASES,
            ...given(use),
            nativeOnly: true,
          }),
      );
    }

    it(`ends as rsync ${use[1]} does for random trees`, requires("Linux", "rsync"), () =>
      fc.assert(
        fc.asyncProperty(changedTree, ({ before, after }) =>
          compareWithRsync({
            source: (root) => {
              makeTree(root, wholeSeconds(after));
              makeTree(`${root}/../b`, wholeSeconds(before));
            },
            options: { [use[0]]: ["../b"], allowEmptySource: true, hardLinks: use[0] !== "compareDest" },
            flags: [`${use[1]}=../b`, ...(use[0] === "compareDest" ? ["--no-H"] : [])],
            nativeOnly: true,
          })),
        { numRuns: 8, ...oracleSeed() },
      ));
  }
});
