import { readFileSync, writeFileSync } from "node:fs";
import { SyncError } from "../../lib/errors.ts";
import type { Duplex } from "../../lib/model/duplex.ts";
import type { ProtocolVersion } from "../../lib/wire/dialect.ts";
import { mustRun } from "../support/commands.ts";
import { makeFullTree, type Part } from "../support/full_tree.ts";
import {
  assertEquals,
  assertLess,
  assertRejects,
  assertStringIncludes,
  describe,
  isRoot,
  it,
  requires,
} from "../support/test_api.ts";
import { compareTrees, type WalkedField, walkTree } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";
import { pulled, type PullSetup, tapped } from "./pulled.ts";

const PARTS: readonly Part[] = [
  "ordinary",
  "bytes",
  "specials",
  "times",
  ...(isRoot() ? ["closed", "owners", "devices"] as const : []),
];
/** Hard links are files of their own, and holes are filled. */
const IGNORED: readonly WalkedField[] = ["sameAs", "holes"];

function makeSource(at: Workspace): string {
  const from = at.directory("from");
  makeFullTree(from, PARTS);
  return from;
}

/** What still differs; the versions before 31 know no nanoseconds. */
function differences(at: Workspace, version: ProtocolVersion): string[] {
  return compareTrees(walkTree(at.at("from")), walkTree(at.at("to")), {
    ignore: IGNORED,
    timeDigits: version < 31 ? 0 : 9,
  });
}

async function pullAll(at: Workspace, rest: Partial<PullSetup> = {}) {
  const result = await pulled({ from: at.at("from"), to: at.at("to"), ...rest });
  assertEquals(result.failures, []);
  assertEquals([result.report.end.exitCode, result.report.end.words], [0, ""]);
  return result;
}

describe("pull()", () => {
  for (const version of [30, 31, 32] as const satisfies ProtocolVersion[]) {
    for (const offersIncremental of [true, false]) {
      const how = offersIncremental ? "directory by directory" : "in one list";
      it(
        `makes a directory what another one is, in version ${version}, ${how}`,
        requires("rsync"),
        () =>
          withWorkspace(async (at) => {
            makeSource(at);
            at.directory("to");
            const first = await pullAll(at, { version, command: { offersIncremental } });
            assertEquals(differences(at, version), []);
            assertEquals(first.report.entries, walkTree(at.at("from")).size);
            const second = await pullAll(at, { version, command: { offersIncremental } });
            // A time with a fraction differs from one without.
            if (version >= 31) assertEquals(second.actions, []);
          }),
      );
    }
  }

  it("sends blocks of old files and gets what they lack", requires("rsync"), () =>
    withWorkspace(async (at) => {
      const from = at.directory("from");
      at.directory("to");
      for (const checksums of [["md5"], ["xxh128"]] as const) {
        const content = new Uint8Array(3_000_000).map((_, index) => (index * 2_654_435_761) >>> 13);
        writeFileSync(`${from}/big`, content);
        mustRun("rm", ["-rf", "to/big"], { cwd: at.path });
        content.copyWithin(100_000, 1_000_003, 1_500_000);
        writeFileSync(at.at("to/big"), content.subarray(0, 2_900_001));
        mustRun("touch", ["-d", "@1500000000", "to/big"], { cwd: at.path });
        const { report } = await pullAll(at, { checksums });
        assertEquals(differences(at, 32), []);
        assertLess(report.bytesRead, 800_000);
        assertEquals(report.statistics?.bytesWritten !== undefined, true);
      }
    }));

  it(
    "replaces what is of another kind, and leaves what only it has",
    requires("rsync"),
    () =>
      withWorkspace(async (at) => {
        mustRun("sh", [
          "-ec",
          `
        mkdir -p from/a to/d to/e; echo x > from/f; echo y > from/d; ln -s t from/l; mkfifo from/p; echo in > from/a/in
        echo old > to/a; ln -s nowhere to/f; mkdir to/l; echo mine > to/mine; echo old > to/p
        touch -d @1600000000 from/a from`,
        ], { cwd: at.path });
        const { actions } = await pullAll(at);
        assertEquals(readFileSync(at.at("to/mine"), "utf8"), "mine\n");
        mustRun("rm", ["-r", "to/mine", "to/e"], { cwd: at.path });
        mustRun("touch", ["-d", "@1600000000", "to"], { cwd: at.path });
        assertEquals(differences(at, 32), []);
        assertEquals(actions.map(({ op, path }) => `${op} ${path}`).sort(), [
          "create-directory a",
          "create-special p",
          "create-symlink l",
          "write-file a/in",
          "write-file d",
          "write-file f",
        ]);
      }),
  );

  it(
    "translates owners by their names, or leaves their numbers",
    requires("rsync", "root"),
    () =>
      withWorkspace(async (at) => {
        mustRun("sh", [
          "-ec",
          "mkdir from to; echo x > from/f; chown daemon:games from/f; echo y > from/g; chown 4321:4321 from/g",
        ], {
          cwd: at.path,
        });
        const seen = new Map<number, string | undefined>();
        const ids = {
          user: (id: number, name?: string) => (seen.set(id, name), id === 1 ? 77 : id),
          group: (id: number) => id,
        };
        for (const offersIncremental of [true, false]) {
          seen.clear();
          await pullAll(at, { ids, command: { offersIncremental } });
          assertEquals([...seen].sort(), [[0, "root"], [1, "daemon"], [4321, undefined]]);
          assertEquals(mustRun("stat", ["-c", "%u:%g", "to/f", "to/g"], { cwd: at.path }), "77:60\n4321:4321\n");
        }
      }),
  );

  it(
    "tells what the other side could not read, and brings the rest",
    requires("rsync"),
    () =>
      withWorkspace(async (at) => {
        mustRun("sh", ["-ec", "mkdir -p from/sub to; echo a > from/a; echo b > from/b; echo c > from/sub/c"], {
          cwd: at.path,
        });
        // A client writes four times before it asks for a file: arguments, version, algorithms, and no filters.
        let writes = 0;
        const writing = () => {
          if (++writes === 5) mustRun("rm", ["-f", "from/a"], { cwd: at.path });
        };
        const { failures, report } = await pulled({
          from: at.at("from"),
          to: at.at("to"),
          through: (duplex) => tapped(duplex, { writing }),
        });
        assertEquals(failures.map(({ path, error }) => [path, error.code, error.side]), [[
          "a",
          "permission",
          "source",
        ]]);
        assertEquals(report.end.exitCode === 0, false);
        assertEquals(
          mustRun("find", ["to", "-type", "f"], { cwd: at.path }).split("\n").sort().join(" "),
          " to/b to/sub/c",
        );
      }),
  );

  it(
    "takes a path as it is, whatever a shell or a server would make of it",
    requires("rsync"),
    () =>
      withWorkspace(async (at) => {
        for (const name of ["we[i]rd*", "$(id) 'x'\n\"y\"", "back\\slash*\\", "-rf"]) {
          mustRun("rm", ["-rf", "from", "to"], { cwd: at.path });
          mustRun("mkdir", ["-p", `from/${name}`, "from/weird1", "to"], { cwd: at.path });
          writeFileSync(at.at(`from/${name}/right`), "");
          writeFileSync(at.at("from/weird1/wrong"), "");
          await pullAll(at, { from: at.at(`from/${name}`) });
          assertEquals(mustRun("ls", ["to"], { cwd: at.path }), "right\n", name);
        }
      }),
  );

  it("says that there is nothing to pull", requires("rsync"), () =>
    withWorkspace(async (at) => {
      at.directory("to");
      const error = await assertRejects(() => pulled({ from: at.at("missing"), to: at.at("to") }), SyncError);
      assertEquals([error.code, error.side], ["source-missing", "source"]);
      assertStringIncludes(error.message, "missing");
    }));

  it("ends when it is stopped, and leaves no half file", requires("rsync"), () =>
    withWorkspace(async (at) => {
      const from = at.directory("from");
      at.directory("to");
      writeFileSync(`${from}/big`, new Uint8Array(30_000_000));
      const controller = new AbortController();
      let reads = 0;
      const reading = () => {
        if (++reads === 20) controller.abort();
      };
      const through = (duplex: Duplex) => tapped(duplex, { reading });
      const stopped = () => pulled({ from, to: at.at("to"), through, signal: controller.signal });
      assertEquals((await assertRejects(stopped, SyncError)).code, "cancelled");
      assertEquals(mustRun("find", ["to", "-mindepth", "1"], { cwd: at.path }), "");
    }));
});
