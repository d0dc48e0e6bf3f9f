/** A tree with every kind of entry, mirrored on every layer, by root and by an ordinary user. */
import { mirror, type MirrorOptions, type MirrorReport } from "../../mod.ts";
import { join } from "node:path";
import { mustRun, runCommand } from "../support/commands.ts";
import { fullTreeScript, makeDeepTree, makeFullTree, makeSocket, type Part } from "../support/full_tree.ts";
import type { MirrorAnswer } from "../support/mirror_program.ts";
import { ordinaryUser } from "../support/ordinary_user.ts";
import { PROJECT_ROOT, runtimeExecutable } from "../support/runtimes.ts";
import { assert, assertEquals, describe, isRoot, it, requires, runtimeName } from "../support/test_api.ts";
import { differencesOf } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

const ALL: readonly Part[] = isRoot()
  ? ["ordinary", "bytes", "specials", "times", "closed", "owners", "devices", "xattrs", "acls", "rootXattrs"]
  : ["ordinary", "bytes", "specials", "times", "xattrs", "acls"];
const ATTRIBUTES: MirrorOptions = { xattrs: true, acls: true };
const NEEDS = requires("Linux", "getfattr", "setfattr", "setfacl");

/** What a run did, as far as it changed something. */
function changesOf({ done }: MirrorReport): unknown {
  const { created, updated, metadata, linked, deleted, swept } = done;
  return { created, updated, metadata, linked, deleted, swept };
}

const NOTHING = { created: 0, updated: 0, metadata: 0, linked: 0, deleted: 0, swept: 0 };

function reportOf(answer: MirrorAnswer): MirrorReport {
  assert("report" in answer, JSON.stringify(answer));
  return answer.report;
}

/** What rsync would still do. */
function rsyncFinds(source: string, destination: string, flags: string): string {
  return mustRun("rsync", [`-${flags}n`, "--itemize-changes", "--delete", `${source}/`, `${destination}/`]);
}

async function makeSource(at: Workspace, parts: readonly Part[]): Promise<string> {
  const source = at.directory("source");
  makeFullTree(source, parts);
  if (parts.includes("specials")) await makeSocket(source, "specials/socket");
  mustRun("touch", ["-d", "@1500000000.999999999", source]);
  return source;
}

describe("mirror() on the native layer", () => {
  for (const jobs of [1, 2, 4]) {
    it(
      `carries every kind of entry, with ${jobs} threads, and then has nothing to do`,
      NEEDS,
      () =>
        withWorkspace(async (at) => {
          const source = await makeSource(at, ALL);
          const task = mirror(source, at.at("destination"), { ...ATTRIBUTES, jobs, layer: "native" });
          const report = await task.run();
          assertEquals([report.outcome, report.failures, report.warnings], ["done", [], []]);
          assertEquals(differencesOf(source, at.at("destination"), { xattrs: true }), []);
          for (const again of [task, mirror(source, at.at("destination"), { ...ATTRIBUTES, jobs, delete: true })]) {
            assertEquals(changesOf(await again.run()), NOTHING);
          }
        }),
    );
  }

  it(
    "leaves nothing that rsync would change",
    requires("Linux", "rsync", "setfattr", "setfacl"),
    () =>
      withWorkspace(async (at) => {
        const source = await makeSource(at, ALL);
        await mirror(`${source}/`, at.at("destination"), ATTRIBUTES).run();
        assertEquals(rsyncFinds(source, at.at("destination"), "aHAX"), "");
      }),
  );

  it(
    "has nothing to do after rsync",
    requires("Linux", "rsync", "setfattr", "setfacl"),
    () =>
      withWorkspace(async (at) => {
        const source = await makeSource(at, ALL);
        mustRun("rsync", ["-aHAXS", `${source}/`, at.at("destination")]);
        const report = await mirror(source, at.at("destination"), { ...ATTRIBUTES, delete: true }).run();
        assertEquals(changesOf(report), NOTHING);
      }),
  );

  it(
    "carries it between file systems, holes too",
    NEEDS,
    () =>
      withWorkspace((memory) =>
        withWorkspace(async (disk) => {
          const source = await makeSource(memory, ALL);
          const report = await mirror(source, disk.at("destination"), ATTRIBUTES).run();
          assertEquals([report.outcome, report.failures], ["done", []]);
          assertEquals(differencesOf(source, disk.at("destination"), { xattrs: true }), []);
          await mirror(disk.at("destination"), memory.at("back"), ATTRIBUTES).run();
          assertEquals(differencesOf(source, memory.at("back"), { xattrs: true }), []);
        }, "onDisk")
      ),
  );

  it("carries paths that are longer than PATH_MAX", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeDeepTree(at.directory("source"));
      const task = mirror(at.at("source"), at.at("destination"), { delete: true });
      assertEquals((await task.run()).failures, []);
      assertEquals(differencesOf(at.at("source"), at.at("destination")), []);
      assertEquals(changesOf(await task.run()), NOTHING);
      const emptied = mirror(at.directory("empty"), at.at("destination"), { delete: true, allowEmptySource: true });
      assertEquals((await emptied.run()).failures, []);
      assertEquals(differencesOf(at.at("empty"), at.at("destination")), []);
    }));
});

describe("undrift mirror", () => {
  it("carries every kind of entry, and then says that nothing is to do", NEEDS, () =>
    withWorkspace(async (at) => {
      const source = await makeSource(at, ALL);
      const program = [
        ...(runtimeName === "deno" ? ["run", "-A", "--no-check"] : ["run"]),
        join(PROJECT_ROOT, "cli.ts"),
      ];
      const args = [...program, "mirror", "--xattrs", "--acls", "--delete", source, at.at("destination")];
      assertEquals(runCommand(runtimeExecutable(runtimeName), args).status, 0);
      assertEquals(differencesOf(source, at.at("destination"), { xattrs: true }), []);
      const again = mustRun(runtimeExecutable(runtimeName), [...args, "--format", "itemize"]);
      assertEquals(again, "");
    }));
});

describe("mirror() on the portable layer", () => {
  it(
    "carries what node:fs can, says what it cannot, and then has nothing to do",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        const parts: readonly Part[] = ["ordinary", ...(isRoot() ? ["closed", "owners"] as const : [])];
        const source = await makeSource(at, [...parts, ...(runtimeName === "bun" ? ["bytes"] as const : [])]);
        mustRun("find", [source, "-type", "p", "-delete"]);
        const task = mirror(source, at.at("destination"), { layer: "portable", delete: true });
        const report = await task.run();
        assertEquals([report.outcome, report.failures], ["done", []]);
        const names = report.warnings.map(({ name }) => name);
        assert(names.includes("paths-checked-not-held") && names.includes("no-holes"), names.join());
        const timeDigits = runtimeName === "bun" ? 6 : 3;
        assertEquals(differencesOf(source, at.at("destination"), { ignore: ["holes"], timeDigits }), []);
        assertEquals(changesOf(await task.run()), NOTHING);
      }),
  );

  it(
    "agrees with the native layer, so that either follows the other",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        const source = await makeSource(at, ["ordinary"]);
        const to = at.at("destination");
        await mirror(source, to, { layer: "native" }).run();
        assertEquals(changesOf(await mirror(source, to, { layer: "portable", delete: true }).run()), NOTHING);
      }),
  );
});

describe("mirror() as an ordinary user", () => {
  for (const layer of ["native", "portable"] as const) {
    it(
      `carries what that user owns, on the ${layer} layer, and then has nothing to do`,
      NEEDS,
      () =>
        withWorkspace((at) => {
          const user = ordinaryUser(at);
          const [source, destination] = [at.at("source"), at.at("destination")];
          const parts: readonly Part[] = layer === "native"
            ? ["ordinary", "bytes", "specials", "times", "xattrs", "acls"]
            : ["ordinary"];
          user.shell(`mkdir source && cd source\n${fullTreeScript(parts)}`, at.path);
          const attributes = layer === "native" ? ATTRIBUTES : {};
          const options = { ...attributes, layer, delete: true };
          const report = reportOf(user.mirror({ source, destination, options }));
          assertEquals([report.outcome, report.failures], ["done", []]);
          const looseness = layer === "native" ? {} : { ignore: ["holes"] as const, timeDigits: 3 };
          assertEquals(differencesOf(source, destination, { xattrs: true, ...looseness }), []);
          assertEquals(changesOf(reportOf(user.mirror({ source, destination, options }))), NOTHING);
          const emptied = { ...options, allowEmptySource: true, maxDelete: 1000 };
          const last = reportOf(user.mirror({ source: at.directory("empty"), destination, options: emptied }));
          assertEquals([last.failures, mustRun("ls", ["-A", destination])], [[], ""]);
        }),
    );
  }

  it(
    "leaves owners, foreign groups and devices as they come, and says so",
    requires("Linux", "root"),
    () =>
      withWorkspace(async (at) => {
        const user = ordinaryUser(at);
        const source = await makeSource(at, ["specials", "owners", "devices"]);
        mustRun("chmod", ["-R", "a+rX", source]);
        const order = { source, destination: at.at("destination"), options: { delete: true } };
        const report = reportOf(user.mirror(order));
        assertEquals([report.outcome, report.failures], ["done", []]);
        assertEquals(report.warnings.map(({ name }) => name), ["devices-left-out"]);
        const found = differencesOf(source, at.at("destination"), { ignore: ["owner", "group", "mode"] });
        const devices = ["again", "again2", "block", "large", "none", "null"];
        assertEquals(found, devices.map((name) => `"specials/${name}": only in the first`));
        assertEquals(changesOf(reportOf(user.mirror(order))), NOTHING);
      }),
  );
});
