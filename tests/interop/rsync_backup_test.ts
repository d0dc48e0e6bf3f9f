/** What is kept, against rsync: both mirror the same source over equal copies of one destination, twice. */
import { mirror, type MirrorOptions } from "../../mod.ts";
import { mustRun, runCommand } from "../support/commands.ts";
import { assertEquals, describe, it, requires } from "../support/test_api.ts";
import { compareTrees, type WalkedTree, walkTree } from "../support/walker.ts";
import { withWorkspace } from "../support/workspace.ts";

const OLD = `
mkdir -p sub/deep gone/deep/deeper empty/empty filled; echo old > a; echo older > a~; echo x > extra; echo y > extra~
echo old > sub/n; echo old > sub/deep/n; echo g > gone/g; echo h > gone/deep/h; echo k > gone/deep/deeper/k~
ln -s old l; mkfifo fifo; echo was-file > filedir; printf pair > one; ln one two; echo meta > meta
chmod 604 a; chmod 750 sub; chown 7:8 extra; touch -h -d @1000 a extra l fifo gone/g sub/n`;

const NEW = `
mkdir -p sub/deep filedir; echo newer > a; echo newer > sub/n; echo newer > sub/deep/n; ln -s newer l
echo i > filedir/i; printf other > one; printf other > two; echo meta > meta; chmod 600 meta; echo fresh > fresh
touch -h -d @2000 a sub/n sub/deep/n l filedir/i one two meta fresh`;

const NEWEST = "echo once more > a; rm sub/n fresh; rm l; echo file > l; echo again >> sub/deep/n";

/** Where rsync keeps nothing: directories of which only that they were there is kept. */
function withoutEmptyDirectories(tree: WalkedTree): WalkedTree {
  const paths = [...tree.keys()];
  const holds = (path: string) => paths.some((each) => each.startsWith(`${path}/`) && tree.get(each)!.kind !== "d");
  return new Map(
    [...tree].filter(([path, { kind }]) => kind !== "d" || path === "" || holds(path))
      .map((
        [path, entry],
      ) => [path, entry.kind === "d" ? { ...entry, time: "", size: "", mode: "", owner: "", group: "" } : entry]),
  );
}

const CASES: readonly (readonly [MirrorOptions, ...string[]])[] = [
  [{ backup: true }, "--backup"],
  [{ backup: true, suffix: ".bak" }, "--backup", "--suffix=.bak"],
  [{ backupDir: "../ours-kept" }, "--backup-dir=../theirs-kept"],
  [{ backupDir: "../ours-kept", suffix: ".1" }, "--backup-dir=../theirs-kept", "--suffix=.1"],
];

describe("old entries", () => {
  for (const [options, ...flags] of CASES) {
    for (const deletes of [true, false]) {
      it(
        `are kept as by rsync ${flags.join(" ")}${deletes ? " --delete" : ""}`,
        requires("Linux", "root", "rsync"),
        () =>
          withWorkspace(async (at) => {
            for (const name of ["ours-kept", "theirs-kept"]) at.directory(name);
            mustRun("bash", ["-ec", NEW], { cwd: at.directory("source") });
            mustRun("bash", ["-ec", OLD], { cwd: at.directory("ours") });
            mustRun("cp", ["-a", "ours", "theirs"], { cwd: at.path });
            for (const change of ["true", NEWEST]) {
              mustRun("bash", ["-ec", change], { cwd: at.at("source") });
              const { failures } = await mirror(at.at("source"), at.at("ours"), { ...options, delete: deletes }).run();
              assertEquals(failures, []);
              // It complains of directories that it cannot remove since it keeps something in them.
              runCommand("rsync", ["-aHS", ...flags, ...(deletes ? ["--delete"] : []), "source/", "theirs/"], {
                cwd: at.path,
              });
              for (const [ours, theirs] of [["ours", "theirs"], ["ours-kept", "theirs-kept"]] as const) {
                const trees = [ours, theirs].map((name) => withoutEmptyDirectories(walkTree(at.at(name))));
                assertEquals(compareTrees(trees[0]!, trees[1]!), [], `${ours} after "${change}"`);
              }
            }
          }),
      );
    }
  }
});
