/**
 * What each option leaves out, against rsync: both mirror the same source over equal copies of one destination, and the
 * walker compares what came of it.
 */
import { mirror, type MirrorOptions } from "../../mod.ts";
import { mustRun } from "../support/commands.ts";
import { fullTreeScript } from "../support/full_tree.ts";
import { assertEquals, describe, it, requires } from "../support/test_api.ts";
import { compareTrees, type WalkedField, walkTree } from "../support/walker.ts";
import { withWorkspace } from "../support/workspace.ts";

/** The source; the destination gets an older version of a part of it. */
const SOURCE = fullTreeScript(["ordinary", "bytes", "specials", "owners", "devices", "xattrs", "acls", "rootXattrs"]);

const OLDER = `
rm -r owners/dir-1234:5678 names modes/dir-0700 links/b; mkdir extra extra/deep; > extra/deep/x; ln -s x extra/l
chmod 604 files/small modes/file-0600 files/mebibyte; chmod 701 files symlinks; chmod 4755 files/one
chown 9:9 files/small files/one symlinks specials/fifo; chown -h 8:8 symlinks/up
echo changed > files/small; printf y > files/one; rm files/islands; touch -d @5 files/one files/empty modes/file-0640 owners
touch -h -d @7 symlinks/dangling; ln -sfn elsewhere symlinks/up; rm specials/fifo2; mkfifo specials/fifo2
rm specials/null; mknod specials/null c 1 5; rm links/a/two; printf shared > links/a/two
setfattr -n user.text -v other xattrs/file; setfattr -n user.more -v x files/empty; setfacl -m u:7:r files/empty
setfacl -b acls/file; touch -d @1650000001 files/mebibyte`;

interface Case {
  readonly options: MirrorOptions;
  /** Flags of rsync beside those that all have. */
  readonly flags: readonly string[];
  /** Why rsync may differ in these fields. */
  readonly ignore?: readonly WalkedField[];
}

/** What is not carried is taken over from the file that is replaced; rsync gives a file that it writes the writer's. */
const OWNERS: readonly WalkedField[] = ["owner", "group"];

const CASES: readonly Case[] = [
  { options: {}, flags: [] },
  { options: { perms: false }, flags: ["--no-perms"] },
  { options: { owner: false }, flags: ["--no-owner"], ignore: OWNERS },
  { options: { group: false }, flags: ["--no-group"], ignore: OWNERS },
  {
    options: { owner: false, group: false, perms: false },
    flags: ["--no-owner", "--no-group", "--no-perms"],
    ignore: OWNERS,
  },
  { options: { links: false }, flags: ["--no-links"] },
  { options: { specials: false }, flags: ["--no-D"] },
  { options: { hardLinks: false }, flags: ["--no-hard-links"] },
  { options: { checksum: true }, flags: ["--checksum"] },
  // Where metadata is set for another reason, we set the exact time, too.
  { options: { modifyWindow: 1 }, flags: ["--modify-window=1"], ignore: ["time"] },
  { options: { xattrs: true }, flags: ["-X"] },
  { options: { acls: true }, flags: ["-A"] },
  { options: { xattrs: true, acls: true }, flags: ["-X", "-A"] },
  { options: { xattrs: true, acls: true, delayUpdates: true, jobs: 3 }, flags: ["-X", "-A", "--delay-updates"] },
  { options: { inplace: true }, flags: ["--inplace", "--no-whole-file"] },
  { options: { inplace: true, checksum: true, jobs: 3 }, flags: ["--inplace", "--no-whole-file", "--checksum"] },
  // Both give what they write the time of now; rsync writes files anew that differ in time alone, and loses attributes.
  { options: { times: false }, flags: ["--no-times"], ignore: ["time", "xattrs"] },
];

const NEEDS = requires("Linux", "root", "rsync", "getfattr", "setfattr", "setfacl");

describe("an option of mirror()", () => {
  for (const { options, flags, ignore = [] } of CASES) {
    for (const deletes of [true, false]) {
      it(
        `ends as rsync ${flags.join(" ")} does: ${JSON.stringify({ ...options, delete: deletes })}`,
        NEEDS,
        () =>
          withWorkspace(async (at) => {
            mustRun("bash", ["-ec", SOURCE], { cwd: at.directory("source") });
            mustRun("cp", ["-a", "source", "ours"], { cwd: at.path });
            mustRun("bash", ["-ec", OLDER], { cwd: at.at("ours") });
            mustRun("cp", ["-a", "ours", "theirs"], { cwd: at.path });
            const report = await mirror(at.at("source"), at.at("ours"), { ...options, delete: deletes }).run();
            assertEquals(report.failures, []);
            const all = ["-aHS", ...(deletes ? ["--delete"] : []), ...flags, "source/", "theirs/"];
            mustRun("rsync", all, { cwd: at.path });
            const [ours, theirs] = ["ours", "theirs"].map((name) => walkTree(at.at(name), { xattrs: true }));
            assertEquals(compareTrees(ours!, theirs!, { ignore }), []);
          }),
      );
    }
  }
});
