/**
 * `append` and `appendVerify` against rsync: both mirror the same source over equal copies of one destination, and the
 * walker compares what came of it.
 */
import { loadPlan, mirror, type MirrorOptions } from "../../mod.ts";
import { mustRun, runCommand } from "../support/commands.ts";
import { assert, assertEquals, describe, it, requires } from "../support/test_api.ts";
import { compareTrees, type WalkedField, type WalkedTree, walkTree } from "../support/walker.ts";
import { withWorkspace } from "../support/workspace.ts";

/** Every relation that two files can have; the large ones take several pieces. */
const TREES = `
mkdir from to; cd from; head -c 40000000 /dev/zero | tr '\\0' 'x' > large; cp large large-diff; printf 12345 > same-size
printf 12345 > same; printf 123 > longer; printf 12345 > shorter; printf 12345 > shorter-diff; printf new > new
printf 12345 > metadata; printf 123 > empty; ln -s shorter link; mkdir d; printf 12345 > d/shorter; printf 1 > kind
truncate -s 30M holes; printf y >> holes; chmod 640 *er d/* large; touch -d @5 * d/*; touch -h -d @6 link; cd ../to
head -c 33333333 ../from/large > large; cp large large-diff; printf abcde > same-size; printf 12345 > same
printf 12345 > longer; printf 12 > shorter; printf xx > shorter-diff; printf 12345 > metadata; : > empty; ln -s old link
mkdir d; printf 1 > d/shorter; ln -s d kind; truncate -s 1M holes; printf y | dd of=large-diff conv=notrunc 2> /dev/null
touch -d @9 * d/*; touch -d @5 same metadata; chmod 600 metadata`;

interface Case {
  readonly options: MirrorOptions;
  readonly flags: readonly string[];
  readonly ignore?: readonly WalkedField[];
}

const CASES: readonly Case[] = [
  { options: { append: true, jobs: 1 }, flags: ["--append"] },
  { options: { append: true, jobs: 3 }, flags: ["--append"] },
  { options: { append: true, layer: "portable" }, flags: ["--append"], ignore: ["time", "holes"] },
  { options: { append: true, checksum: true }, flags: ["--append", "--checksum"] },
  { options: { append: true, times: false }, flags: ["--append", "--no-times"], ignore: ["time"] },
  { options: { appendVerify: true }, flags: ["--append-verify"] },
  { options: { appendVerify: true, inplace: true }, flags: ["--append-verify"] },
  { options: { appendVerify: true, layer: "portable" }, flags: ["--append-verify"], ignore: ["time", "holes"] },
];

/** When rsync does a file twice, the time of the root is that of the second attempt. */
function belowRoot(path: string): WalkedTree {
  return new Map([...walkTree(path)].filter(([name]) => name !== ""));
}

describe("mirror() with append", () => {
  for (const { options, flags, ignore = [] } of CASES) {
    it(
      `does as rsync ${flags.join(" ")}: ${JSON.stringify(options)}`,
      requires("Linux", "rsync"),
      () =>
        withWorkspace(async (at) => {
          mustRun("bash", ["-ec", TREES], { cwd: at.path });
          for (const name of ["theirs", "planned"]) mustRun("cp", ["-a", "to", name], { cwd: at.path });
          // It complains of what is not the same, and ends with another code.
          runCommand("rsync", ["-a", ...flags, "from/", "theirs/"], { cwd: at.path });
          const report = await mirror(at.at("from"), at.at("to"), options).run();
          assertEquals(report.failures, []);
          // rsync writes holes as zeros when it appends.
          const same = { ignore: [...new Set([...ignore, "holes"] as const)] };
          assertEquals(compareTrees(belowRoot(at.at("to")), belowRoot(at.at("theirs")), same), []);
          assert((report.sparedBytes ?? 0) > 33_333_333);
          const plan = await mirror(at.at("from"), at.at("planned"), options).plan();
          await plan.save(at.at("plan"));
          assertEquals((await (await loadPlan(at.at("plan"))).apply()).failures, []);
          assertEquals(compareTrees(walkTree(at.at("planned")), walkTree(at.at("to")), { ignore }), []);
        }),
    );
  }

  it(
    "keeps the inode of what only grows, and replaces what differs",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        mustRun("bash", ["-ec", TREES], { cwd: at.path });
        const inodes = () => mustRun("stat", ["-c", "%i", "large", "large-diff"], { cwd: at.at("to") }).split("\n");
        const before = inodes();
        await mirror(at.at("from"), at.at("to"), { appendVerify: true }).run();
        const after = inodes();
        assertEquals([after[0] === before[0], after[1] === before[1]], [true, false]);
        assertEquals(mustRun("cmp", ["from/large-diff", "to/large-diff"], { cwd: at.path }), "");
      }),
  );
});
