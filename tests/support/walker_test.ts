import { assertEquals, describe, it, requires } from "./test_api.ts";
import { mustRun } from "./commands.ts";
import { compareTrees, differencesOf, walkTree } from "./walker.ts";
import { withWorkspace, type Workspace } from "./workspace.ts";

/** A tree of all that the comparison looks at. */
const TREE = `
mkdir d && printf one > f && printf two > d/g && ln f d/h && ln -s target l && mkfifo p && truncate -s 1M s
printf x > $'\\xff\\n\\t\\\\' && chmod 640 f
find . -exec touch -h -d @1000000000.123456789 {} +
`;

/** Makes the tree twice, changes one, and returns the differences. */
function differencesAfter(at: Workspace, change: string): string[] {
  const [a, b] = [at.directory("a"), at.directory("b")];
  for (const root of [a, b]) mustRun("bash", ["-ec", TREE], { cwd: root });
  mustRun("bash", ["-ec", `${change}\ntouch -d @1000000000.123456789 . d`], { cwd: b });
  return differencesOf(a, b, { xattrs: true });
}

const CHANGES: readonly (readonly [what: string, change: string, found: readonly string[]])[] = [
  ["nothing", "true", []],
  ["an entry more", "> d/z; touch -d @0 d/z", ['"d/z": only in the second']],
  ["an entry less", "rm s", ['"s": only in the first']],
  ["permissions", "chmod 4600 f", ['"d/h": mode "640" and "4600"', '"f": mode "640" and "4600"']],
  ["a nanosecond", "touch -h -d @1000000000.123456788 l", [
    '"l": time "1000000000.1234567890" and "1000000000.1234567880"',
  ]],
  ["a target", "ln -sfn targeT l; touch -h -d @1000000000.123456789 l", ['"l": target "target" and "targeT"']],
  ["a broken link", "rm d/h; cp -p f d/h", ['"f": sameAs "d/h" and "f"']],
  ["holes", "cp --sparse=never -p s t; mv t s", ['"s": holes "holes" and ""']],
];

describe("compareTrees()", () => {
  for (const [what, change, found] of CHANGES) {
    it(`tells ${what}`, requires("Linux", "getfattr"), () =>
      withWorkspace((at) => {
        assertEquals(differencesAfter(at, change), found);
      }));
  }

  it(
    "tells content of the same length and time, whatever the name",
    requires("Linux", "getfattr"),
    () =>
      withWorkspace((at) => {
        const change = "printf y > $'\\xff\\n\\t\\\\'; touch -d @1000000000.123456789 $'\\xff\\n\\t\\\\'";
        const [line = "", ...more] = differencesAfter(at, change);
        assertEquals(line.replace(/[0-9a-f]{64}/g, "SUM"), '"ÿ\\n\\t\\\\": content "SUM" and "SUM"');
        assertEquals(more, []);
      }),
  );

  it("tells another kind", requires("Linux", "getfattr"), () =>
    withWorkspace((at) => {
      const change = "rm p; > p; chmod 644 p; touch -d @1000000000.123456789 p";
      assertEquals(differencesAfter(at, change), ['"p": kind "p" and "f"', '"p": size "" and "0"']);
    }));

  it("tells owner, group and device numbers", requires("Linux", "getfattr", "root"), () =>
    withWorkspace((at) => {
      const [a, b] = [at.directory("a"), at.directory("b")];
      mustRun("bash", ["-ec", "> f; mknod c c 1 3; touch -d @0 . *"], { cwd: a });
      mustRun("bash", ["-ec", "> f; mknod c c 1 5; chown 12:34 f; touch -d @0 . *"], { cwd: b });
      assertEquals(differencesOf(a, b), [
        '"c": device "1:3" and "1:5"',
        '"f": owner "0" and "12"',
        '"f": group "0" and "34"',
      ]);
    }));

  it(
    "tells extended attributes and access control lists",
    requires("Linux", "getfattr", "setfattr", "setfacl"),
    () =>
      withWorkspace((at) => {
        const change = "setfattr -n user.x -v 1 f; setfacl -m u:1234:r d";
        const found = differencesAfter(at, change);
        const fields = found.map((line) => line.split(" ").slice(0, 2).join(" "));
        assertEquals(fields, ['"d": xattrs', '"d/h": xattrs', '"f": xattrs']);
      }),
  );

  it("leaves out what is to be ignored", requires("Linux"), () =>
    withWorkspace((at) => {
      mustRun("sh", ["-ec", "mkdir a b; > a/f; > b/f; chmod 600 a/f; touch -d @5 b b/f"], { cwd: at.path });
      assertEquals(differencesOf(at.at("a"), at.at("b"), { ignore: ["time", "mode"] }), []);
    }));
});

describe("walkTree()", () => {
  it("reads files below paths that are too long for any call", requires("Linux"), () =>
    withWorkspace((at) => {
      const deep = Array.from({ length: 25 }, () => "d".repeat(200)).join("/");
      mustRun("mkdir", ["-p", deep], { cwd: at.path });
      const cut = deep.slice(0, 15 * 201 - 1);
      mustRun("env", ["-C", cut, "env", "-C", deep.slice(cut.length + 1), "sh", "-c", "echo x > f"], { cwd: at.path });
      const entry = walkTree(at.path).get(`${deep}/f`);
      assertEquals(entry?.content, "73cb3858a687a8494ca3323053016282f3dad39d42cf62ca4e79dda2aac7d9ac");
      assertEquals(compareTrees(walkTree(at.path), walkTree(at.path)), []);
    }));
});
