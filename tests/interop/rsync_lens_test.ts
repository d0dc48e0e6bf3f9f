/** Permissions and owners that are replaced on the way, against rsync. */
import fc from "fast-check";
import type { MirrorOptions } from "../../mod.ts";
import { changedMode, parseChmod } from "../../lib/compare/chmod.ts";
import { mappedId, parseOwnerMap, resolveOwnerMap } from "../../lib/compare/owner_map.ts";
import { SystemAccounts } from "../../lib/os/accounts.ts";
import { mustRun, runCommand } from "../support/commands.ts";
import { oracleSeed } from "../support/oracle_seed.ts";
import { compareWithRsync } from "../support/compared.ts";
import { assertEquals, describe, it, requires } from "../support/test_api.ts";
import { withWorkspace } from "../support/workspace.ts";

const MODES = [0, 0o644, 0o755, 0o4755, 0o2755, 0o1777, 0o6711, 0o500, 0o7070];

const item = fc.oneof(
  fc.tuple(
    fc.constantFrom("", "", "D", "F", "DD", "DF"),
    fc.constantFrom("", "", "u", "g", "o", "a", "ug", "uo", "go", "ugo"),
    fc.constantFrom("+", "-", "="),
    fc.constantFrom("", "r", "w", "x", "X", "s", "t", "rw", "rwX", "rwxst", "sr", "u", "g", "o", "ug"),
  ).map((parts) => parts.join("")),
  fc.constantFrom("D755", "644", "F04711", "0", "17777", "8", "u", "D", "", "u+r+w", "Dg+s"),
);
const specs = fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => items.join(","));

/** Modes of files, then of directories, that rsync makes; nothing when it refuses. */
function rsyncModes(at: string, spec: string, umask: string): number[] | undefined {
  mustRun("rm", ["-rf", "to"], { cwd: at });
  const { status } = runCommand("sh", ["-c", `umask ${umask}; exec rsync -rp --chmod="$0" source/ to/`, spec], {
    cwd: at,
  });
  if (status !== 0) return undefined;
  const paths = ["f", "d"].flatMap((kind) => MODES.map((mode) => `to/${kind}/${mode.toString(8)}`));
  return mustRun("stat", ["-c", "%a", ...paths], { cwd: at }).trim().split("\n").map((text) => parseInt(text, 8));
}

function ourModes(spec: string, umask: string): number[] | undefined {
  try {
    const changes = parseChmod(spec, parseInt(umask, 8));
    return [false, true].flatMap((isDirectory) => MODES.map((mode) => changedMode(mode, isDirectory, changes)));
  } catch (thrown) {
    assertEquals(thrown instanceof RangeError, true);
    return undefined;
  }
}

describe("parseChmod() and changedMode()", () => {
  it("agree with rsync on random changes", requires("Linux", "rsync"), () =>
    withWorkspace((at) => {
      const script = MODES.map((mode) => mode.toString(8)).flatMap((mode) => [
        `mkdir -p source/f source/d/${mode}; > source/f/${mode}; chmod ${mode} source/f/${mode} source/d/${mode}`,
      ]);
      mustRun("sh", ["-ec", script.join("\n")], { cwd: at.path });
      fc.assert(
        fc.property(specs, fc.constantFrom("022", "077", "002"), (spec, umask) => {
          assertEquals(ourModes(spec, umask), rsyncModes(at.path, spec, umask));
        }),
        {
          numRuns: 150,
          ...oracleSeed(),
          // Rare ones: execution goes by the mode that came, also after an octal one; `t` takes set-id bits away.
          examples: [["F04711,=X", "022"], ["F04711,-rwX", "022"], ["ugo=t", "022"], ["=t", "077"], ["o=s,g=u", "022"]],
        },
      );
    }));
});

const IDS = [0, 1, 2, 8, 1234, 65_534];
const MAPS = [
  ...[
    "r*:daemon",
    "root:daemon",
    "*:daemon",
    ":5",
    "?*:5",
    "b*:5,1234:6,*:7",
    "0-5:9",
    "[bd]*:9",
    "[!b]*:9",
    "[^b]*:9",
  ],
  ...["5-1:3", "2:3,2:4", "0001:3", "bin:4294967294", "[a-c]??:77,mail:78", "*i*:1,?????:2", "[]b]in:4"],
];

describe("resolveOwnerMap() and mappedId()", () => {
  for (const numeric of [false, true]) {
    it(
      `agree with rsync${numeric ? " --numeric-ids" : ""}`,
      requires("Linux", "rsync", "root"),
      () =>
        withWorkspace((at) => {
          mustRun(
            "sh",
            ["-ec", `mkdir source; cd source; ${IDS.map((id) => `> ${id}; chown ${id} ${id}`).join("; ")}`],
            {
              cwd: at.path,
            },
          );
          for (const map of MAPS) {
            mustRun("rm", ["-rf", "to"], { cwd: at.path });
            const flags = ["-ro", `--usermap=${map}`, ...(numeric ? ["--numeric-ids"] : [])];
            mustRun("rsync", [...flags, "source/", "to/"], { cwd: at.path });
            const owners = mustRun("stat", ["-c", "%u", ...IDS.map((id) => `to/${id}`)], { cwd: at.path });
            const rules = resolveOwnerMap(parseOwnerMap("usermap", map), new SystemAccounts("user"), numeric);
            assertEquals(Array.isArray(rules), true, map);
            if (Array.isArray(rules)) assertEquals(IDS.map((id) => mappedId(id, rules)).join("\n"), owners.trim(), map);
          }
        }),
    );
  }
});

const SOURCE =
  `mkdir -p d/e; printf a > d/file; printf b > exec; chmod 755 exec; chmod 2711 d; ln -s a link; mkfifo d/fifo
printf h > d/h1; ln d/h1 h2; chown 2:2 d/file exec d; chown -h 8:8 link; chown 1234:1234 d/h1 d/e; chmod 600 d/h1
touch -h -d @1500000000 d/* * d`;
const DESTINATION =
  `mkdir d; printf a > d/file; chmod 600 d/file; printf old > exec; touch -d @1500000000 d/file; ln -s a link`;

interface Case {
  readonly options: MirrorOptions;
  readonly flags: readonly string[];
}

const CASES: readonly Case[] = [
  { options: { chmod: "D755,F644" }, flags: ["--chmod=D755,F644"] },
  { options: { chmod: "Dg+s,ug+w,Fo-w,+X" }, flags: ["--chmod=Dg+s,ug+w,Fo-w,+X"] },
  { options: { chmod: "go-rwx", delete: true, checksum: true }, flags: ["--chmod=go-rwx", "--delete", "-c"] },
  { options: { chown: "5:6" }, flags: ["--chown=5:6"] },
  { options: { chown: "daemon" }, flags: ["--chown=daemon"] },
  { options: { chown: ":bin", usermap: "bin:9,1000-2000:3" }, flags: ["--chown=:bin", "--usermap=bin:9,1000-2000:3"] },
  { options: { groupmap: ":7,b*:8", chmod: "F600" }, flags: ["--groupmap=:7,b*:8", "--chmod=F600"] },
  { options: { numericIds: true, usermap: "bin:3,8:4" }, flags: ["--numeric-ids", "--usermap=bin:3,8:4"] },
];

describe("a mirror through a lens", () => {
  for (const { options, flags } of CASES) {
    it(
      `ends as rsync ${flags.join(" ")} does`,
      requires("Linux", "rsync", "root"),
      () => compareWithRsync({ source: SOURCE, destination: DESTINATION, options, flags, nativeOnly: true }),
    );
  }

  it("does the same on the portable layer", requires("Linux", "rsync", "root"), () =>
    compareWithRsync({
      source: SOURCE.replace("; mkfifo d/fifo", ""),
      options: { chmod: "D750,F640", chown: "5:6" },
      flags: ["--chmod=D750,F640", "--chown=5:6"],
    }));
});
