/** `--gitignore` against git itself, and rules of directories on many threads against rsync. */
import { mirror } from "../../mod.ts";
import { mustRun } from "../support/commands.ts";
import { assertEquals, describe, it, requires } from "../support/test_api.ts";
import { compareTrees, walkTree } from "../support/walker.ts";
import { withWorkspace } from "../support/workspace.ts";

const PROJECT = `
git init -q .
mkdir -p src/gen/keep docs/build/html 'out put' vendor/lib/.git
for file in a.o a.c src/a.o src/keep.o src/gen/x src/gen/keep/y src/gen/keep/z.o docs/build/index docs/build/html/i docs/b.log \\
  'out put/f' debug.log important.log vendor/lib/v.o TODO foo.txt src/foo.txt '#hash' 'trail ' '!bang'; do printf x > "$file"; done
printf '%s\\n' '*.o' '!keep.o' '/foo.txt' 'build/' '*.log' '!important.log' 'out\\ put' '\\#hash' '\\!bang' 'src/gen/*' '!src/gen/keep/' > .gitignore
printf '%s\\n' '# own' '*.txt' '!*.o' 'TODO/' > src/.gitignore
printf '%s\\n' 'b.*' > docs/.gitignore`;

describe("gitignore", () => {
  it(
    "takes what git would, and removes nothing that is ignored",
    requires("Linux", "git"),
    () =>
      withWorkspace(async (at) => {
        mustRun("bash", ["-ec", PROJECT], { cwd: at.directory("from") });
        mustRun("bash", [
          "-ec",
          "mkdir -p docs/build old; > docs/build/mine; > old/x.o; > old/x.c; > gone.log; > gone.c",
        ], {
          cwd: at.directory("to"),
        });
        const tracked = mustRun("git", ["ls-files", "-coz", "--exclude-standard"], { cwd: at.at("from") });
        await mirror(at.at("from"), at.at("to"), { gitignore: true, delete: true, jobs: 4 }).run();
        const files = [...walkTree(at.at("to"))].filter(([, { kind }]) => kind === "f").map(([path]) => path);
        // A repository inside of another is one entry to git; here it is a directory like others.
        const expected = tracked.split("\0").filter((path) => path !== "" && path !== "vendor/lib/");
        const kept = ["docs/build/mine", "gone.log", "old/x.o"];
        assertEquals(files.sort(), [...expected, ...kept].sort());
      }),
  );
});

describe("rules of directories", () => {
  it("hold on whichever thread a directory is visited", requires("Linux", "rsync"), () =>
    withWorkspace(async (at) => {
      const script = `
for i in {1..60}; do for j in {1..12}; do
  mkdir -p "d$i/e$j/f"; for n in a.o b.c c.h "x$j"; do > "d$i/e$j/$n"; > "d$i/e$j/f/$n"; done
  case $((j % 4)) in 0) printf -- '- *.c\\n+ x*\\n' > "d$i/e$j/.r";; 1) printf '!\\n- f/\\n' > "d$i/e$j/.r";; esac
done; printf -- "- x$((i % 12))\\n- *.h\\n" > "d$i/.r"; done; printf -- '- *.o\\n' > .r
find . -exec touch -d @1600000000 {} +`;
      mustRun("bash", ["-ec", script], { cwd: at.directory("from") });
      for (const name of ["ours", "theirs"]) {
        mustRun("cp", ["-a", at.at("from"), at.at(name)]);
        mustRun("sh", [
          "-ec",
          "for d in d*; do mkdir $d/extra; touch $d/extra/a.o $d/extra/a.c $d/e1/own.h; done; rm -r d7",
        ], {
          cwd: at.at(name),
        });
      }
      mustRun("rsync", ["-aH", "--delete-after", "-f: .r", "from/", "theirs/"], { cwd: at.path });
      const options = { filter: [": .r"], delete: true, maxDelete: 100_000 };
      await mirror(at.at("from"), at.at("ours"), { ...options, jobs: 4 }).run();
      assertEquals(compareTrees(walkTree(at.at("ours")), walkTree(at.at("theirs")), { ignore: ["time"] }), []);
    }));
});
