/**
 * One mirror, run in every way there is, against rsync: directly with several threads, as a plan that was saved, loaded
 * and applied, and on the portable layer. Each way gets an equal copy of the destination; the walker compares.
 */
import { loadPlan, mirror, type MirrorOptions } from "../../mod.ts";
import { mustRun, runCommand } from "./commands.ts";
import { assertEquals } from "./test_api.ts";
import { compareTrees, type WalkedField, walkTree } from "./walker.ts";
import { withWorkspace, type Workspace } from "./workspace.ts";

/** What is mirrored and what rsync is told. */
export interface Compared {
  /** Makes the source, in its folder; it may be a function for what a shell cannot make. */
  readonly source: string | ((root: string) => void);
  /** Makes the destination, in its folder. @default {nothing: an empty folder} */
  readonly destination?: string | ((root: string) => void);
  /** Paths in the source where an empty file system is mounted before the recipe runs; takes root. @default {[]} */
  readonly mounts?: readonly string[];
  /** Makes what is beside both, in the folder that holds them; `source/` is there already. @default {nothing} */
  readonly beside?: string;
  /** Our options. */
  readonly options: MirrorOptions;
  /** The same for rsync, beside `-aH`. */
  readonly flags: readonly string[];
  /** Fields that may differ. @default {[]} */
  readonly ignore?: readonly WalkedField[];
  /** Whether rsync may say that it leaves something out. @default {false} */
  readonly quiet?: boolean;
  /** Whether the portable layer is left out, since it cannot hold what is mirrored. @default {false} */
  readonly nativeOnly?: boolean;
}

/** Each way to carry out a mirror. */
const WAYS: Readonly<Record<string, (at: Workspace, to: string, options: MirrorOptions) => Promise<unknown>>> = {
  direct: async (at, to, options) => {
    const report = await mirror(at.at("source"), to, { ...options, jobs: 3 }).run();
    assertEquals(report.failures, []);
  },
  saved: async (at, to, options) => {
    await (await mirror(at.at("source"), to, options).plan()).save(at.at("plan"));
    const report = await (await loadPlan(at.at("plan"))).apply();
    assertEquals(report.failures, []);
  },
  portable: async (at, to, options) => {
    const report = await mirror(at.at("source"), to, { ...options, layer: "portable" }).run();
    assertEquals(report.failures, []);
  },
};

/** Checks that all ways end as rsync does, and that nothing is left to do after them. */
export async function compareWithRsync(compared: Compared): Promise<void> {
  const { source, destination = "", beside = "", options, flags, ignore = [], nativeOnly = false, quiet = false } =
    compared;
  await withWorkspace(async (at) => {
    at.directory("source");
    for (const path of compared.mounts ?? []) at.mount(`source/${path}`, "-t", "tmpfs", "none");
    build(at.at("source"), source);
    build(at.directory("before"), destination);
    // rsync leaves times alone that differ by less than a second.
    mustRun("touch", ["-d", "@1600000000", "source"], { cwd: at.path });
    mustRun("touch", ["-d", "@1700000000", "before"], { cwd: at.path });
    mustRun("bash", ["-ec", beside], { cwd: at.path });
    mustRun("cp", ["-a", "before", "theirs"], { cwd: at.path });
    const { status, stderr } = runCommand("rsync", [
      "-aH",
      "--timeout=30",
      ...(quiet ? ["-q"] : []),
      ...flags,
      "source/",
      "theirs/",
    ], {
      cwd: at.path,
    });
    assertEquals([status, stderr], [0, ""]);
    const theirs = walkTree(at.at("theirs"));
    for (const [name, way] of Object.entries(WAYS)) {
      if (nativeOnly && name === "portable") continue;
      mustRun("cp", ["-a", "before", name], { cwd: at.path });
      await way(at, at.at(name), options);
      assertEquals(compareTrees(walkTree(at.at(name)), theirs, { ignore: [...ignore, ...lost(name)] }), [], name);
    }
  });
}

/** The portable layer rounds times under Deno, and fills holes. */
function lost(way: string): WalkedField[] {
  return way === "portable" ? ["time", "holes"] : [];
}

function build(root: string, recipe: string | ((root: string) => void)): void {
  if (typeof recipe === "string") mustRun("bash", ["-ec", recipe], { cwd: root });
  else recipe(root);
}
