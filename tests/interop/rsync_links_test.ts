/** Symlinks that are followed, against rsync; and those that lead nowhere, or back up. */
import { lstatSync, readlinkSync } from "node:fs";
import { loadPlan, mirror, type MirrorOptions } from "../../mod.ts";
import { mustRun } from "../support/commands.ts";
import { compareWithRsync } from "../support/compared.ts";
import { assert, assertEquals, describe, it, requires } from "../support/test_api.ts";
import { expectTree, makeTree, type TreeLiteral } from "../support/trees.ts";
import { walkTree } from "../support/walker.ts";
import { withWorkspace } from "../support/workspace.ts";

const T = "1500000000";

/** The folder `outside` is beside the source. */
const SOURCE =
  `mkdir -p ../outside/deep d/e; printf far > ../outside/far; printf x > ../outside/deep/x; printf near > d/near
ln -s ../../outside/far ../outside/deep/up; ln -s x ../outside/deep/here; chmod 640 ../outside/far; chmod 750 ../outside/deep
ln -s d/near l-file; ln -s d l-dir; ln -s ../outside/far l-far; ln -s ../outside/deep l-deep; ln -s "$PWD/d/near" l-absolute
ln -s ../../outside/far d/e/short; ln -s ../../../outside/far d/e/far; ln -s ../near d/e/near; ln -s d/../d/near l-mid
ln d/near hard; ln -s l-file chain; touch -h -d @${T} ../outside/* ../outside/deep/* * d/e/*; touch -d @${T} d/near d/e ../outside/deep d`;

const DESTINATION =
  `mkdir l-file; printf old > l-dir; ln -s elsewhere l-far; printf extra > extra; mkdir d; ln -s near d/near`;

/** Dangling in the source, whatever is followed. */
const WITHOUT_DANGLING = SOURCE.replace("ln -s ../../outside/far d/e/short;", "");

interface Case {
  readonly options: MirrorOptions;
  readonly flags: readonly string[];
}

const CASES: readonly Case[] = [
  { options: { copyLinks: true }, flags: ["-L"] },
  { options: { copyLinks: true, hardLinks: false }, flags: ["-L", "--no-H"] },
  { options: { copyLinks: true, chmod: "D700,F600", pruneEmptyDirs: true }, flags: ["-L", "-m", "--chmod=D700,F600"] },
  { options: { copyUnsafeLinks: true }, flags: ["--copy-unsafe-links"] },
  { options: { copyUnsafeLinks: true, links: false }, flags: ["--copy-unsafe-links", "--no-l"] },
];

describe("a mirror that follows symlinks", () => {
  for (const { options, flags } of CASES) {
    it(
      `ends as rsync ${flags.join(" ")} does`,
      requires("Linux", "rsync"),
      () => compareWithRsync({ source: WITHOUT_DANGLING, options, flags, quiet: options.links === false }),
    );

    it(
      `ends as rsync ${flags.join(" ")} --delete does over other entries`,
      requires("Linux", "rsync"),
      () =>
        compareWithRsync({
          source: WITHOUT_DANGLING,
          destination: DESTINATION,
          options: { ...options, delete: true },
          flags: [...flags, "--delete"],
          quiet: options.links === false,
        }),
    );
  }

  for (const layer of ["native", "portable"] as const) {
    it(
      `tells on the ${layer} layer what leads nowhere or back up, and deletes nothing then`,
      requires("Linux"),
      () =>
        withWorkspace(async (at) => {
          const file = { file: "x", mtime: T };
          makeTree(at.at("source"), {
            d: { dir: { up: { link: ".." }, self: { link: "." }, f: file } },
            nowhere: { link: "missing" },
            circle: { link: "circle" },
          });
          makeTree(at.at("to"), { extra: file, nowhere: file });
          const options: MirrorOptions = { copyLinks: true, delete: true, layer, jobs: 3 };
          const { failures } = await mirror(at.at("source"), at.at("to"), options).run();
          const told = failures.filter(({ code }) => code !== "deletions-withheld");
          assertEquals(told.map(({ path }) => path).sort(), ["circle", "d/self", "d/up", "nowhere"]);
          assert(told.some(({ message }) => message.includes("without an end")));
          assert(told.some(({ message }) => message.includes("there is nothing where it points")));
          expectTree(at.at("to"), { d: { dir: { f: file } }, extra: file, nowhere: file });
        }),
    );
  }

  for (const layer of ["native", "portable"] as const) {
    it(
      `follows no symlink to the destination on the ${layer} layer`,
      requires("Linux"),
      () =>
        withWorkspace(async (at) => {
          makeTree(at.at("source"), { above: { link: ".." }, f: { file: "x", mtime: T }, to: { link: "../to" } });
          mustRun("sh", ["-ec", "mkdir -p all/to; mv source all"], { cwd: at.path });
          const { failures } = await mirror(at.at("all/source"), at.at("all/to"), { copyLinks: true, layer }).run();
          assertEquals(failures.map(({ path }) => path).sort(), ["above/source", "above/to", "to"]);
        }),
    );
  }

  it(
    "reads the attributes of what is followed",
    requires("Linux", "setfattr", "getfattr"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("source"), { f: { file: "x", mtime: T }, l: { link: "f" } });
        mustRun("setfattr", ["-n", "user.a", "-v", "b", at.at("source/f")]);
        const task = mirror(at.at("source"), at.at("to"), { copyLinks: true, xattrs: true });
        assertEquals((await task.run()).failures, []);
        const found = walkTree(at.at("to"), { xattrs: true });
        assertEquals([found.get("l")?.kind, found.get("l")?.xattrs], ["f", found.get("f")?.xattrs]);
        assert(found.get("l")?.xattrs.includes("user.a") === true);
      }),
  );
});

describe("a mirror that keeps symlinks to directories", () => {
  // Permissions are equal: rsync 3.5.0 cannot set them through a symlink.
  const BEFORE =
    `mkdir -p real/sub shared; printf y > real/old; ln -s real link; ln -s ../shared real/inner; ln -s nowhere gone
ln -s real extra; printf f > shared/f; touch -d @7 shared real`;
  const NOW = `mkdir -p link/inner link/sub gone real; printf a > link/a; printf b > link/inner/b; printf g > gone/g
mkdir extra2; touch -d @${T} link/* link/inner/b gone/g link link/inner`;

  it("ends as rsync -K does", requires("Linux", "rsync"), () =>
    compareWithRsync({
      source: NOW,
      destination: BEFORE,
      options: { keepDirlinks: true },
      flags: ["-K"],
      // Two names of one directory have different times in the source, and either may come last.
      ignore: ["time"],
    }));

  for (const layer of ["native", "portable"] as const) {
    it(`never leaves the destination on the ${layer} layer`, requires("Linux"), () =>
      withWorkspace(async (at) => {
        const file = { file: "x", mtime: T };
        const outside: TreeLiteral = { keep: { file: "kept", mtime: T } };
        makeTree(at.at("outside"), outside);
        makeTree(at.at("source"), { a: { dir: { f: file } }, b: { dir: { f: file } }, c: { dir: { f: file } } });
        makeTree(at.at("to"), {
          a: { link: at.at("outside") },
          b: { link: "../outside" },
          c: { link: "in" },
          in: { dir: {} },
        });
        const options: MirrorOptions = { keepDirlinks: true, layer };
        assertEquals((await mirror(at.at("source"), at.at("to"), options).run()).failures, []);
        expectTree(at.at("outside"), outside);
        expectTree(at.at("to"), {
          ...{ a: { dir: { f: file } }, b: { dir: { f: file } }, c: { link: "in" }, in: { dir: { f: file } } },
        });
        const { done } = await mirror(at.at("source"), at.at("to"), options).run();
        assertEquals([done.created, done.updated], [0, 0]);
      }));
  }

  it(
    "applies a saved plan through such a symlink, and refuses it when the symlink was bent",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        const file = { file: "x", mtime: T };
        makeTree(at.at("source"), { c: { dir: { f: file }, mode: 0o750 } });
        makeTree(at.at("to"), { c: { link: "in" }, in: { dir: {} } });
        mustRun("cp", ["-a", "to", "bent"], { cwd: at.path });
        for (const to of ["to", "bent"]) {
          await (await mirror(at.at("source"), at.at(to), { keepDirlinks: true }).plan()).save(at.at(`plan-${to}`));
        }
        assertEquals((await (await loadPlan(at.at("plan-to"))).apply()).failures, []);
        expectTree(at.at("to"), { c: { link: "in" }, in: { dir: { f: file } } });
        assertEquals([readlinkSync(at.at("to/c")), lstatSync(at.at("to/in")).mode & 0o777], ["in", 0o750]);
        mustRun("ln", ["-sfn", "../source", at.at("bent/c")]);
        const refused = await (await loadPlan(at.at("plan-bent"))).apply().then(() => undefined, (error) => error.code);
        assertEquals(refused, "drift");
      }),
  );
});
