/** SIGKILL at random moments of snapshots: only complete ones are ever listed, and the next run finishes. */
import { mkdirSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { snapshot, snapshots } from "../../mod.ts";
import { mustRun } from "../support/commands.ts";
import { killProgram } from "../support/killable.ts";
import { assert, assertEquals, assertGreater, describe, it, requires } from "../support/test_api.ts";
import { compareTrees, type WalkedTree, walkTree } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

const KILLS = 100;
const FOLDERS = 15;
const FILES = 24;
/** Snapshots that stay; comparing more of them would tell nothing new. */
const KEPT = 4;

/** One of two versions: most files are the same in both, some differ in content, some only in metadata. */
function makeVersion(root: string, version: "A" | "B"): void {
  for (let folder = 0; folder < FOLDERS; folder++) {
    mkdirSync(join(root, `d${folder}`, "deep"), { recursive: true });
    for (let file = 0; file < FILES; file++) {
      const inside = join(root, `d${folder}`, file % 2 === 0 ? "deep" : "", `f${file}`);
      writeFileSync(inside, `${file % 10 === 3 ? version : "-"}${folder} ${file}\n`.repeat(1 + file * 20));
    }
    mustRun("ln", [join(root, `d${folder}`, "f1"), join(root, `d${folder}`, `again${version}`)]);
  }
  mustRun("find", [root, "-exec", "touch", "-d", "@1500000000.5", "{}", "+"]);
  mustRun("find", [
    root,
    "-name",
    "f*3",
    "-exec",
    "touch",
    "-d",
    version === "A" ? "@1600000000" : "@1700000000",
    "{}",
    "+",
  ]);
  mustRun("find", [root, "-name", "f5", "-exec", "chmod", version === "A" ? "600" : "640", "{}", "+"]);
}

async function killOften(at: Workspace): Promise<void> {
  const [store, ...sources] = [at.at("store"), at.directory("a"), at.directory("b")];
  makeVersion(sources[0]!, "A");
  makeVersion(sources[1]!, "B");
  const versions = sources.map((source) => walkTree(source));
  const seen = new Map<string, WalkedTree>();
  const orderOf = (turn: number) => ({ source: sources[turn % 2]!, store, options: { jobs: 2 } });
  /** Whatever is listed is complete: it is what its run was to take. */
  const learn = async (expected: WalkedTree) => {
    for (const { name } of await snapshots(store)) {
      if (seen.has(name)) continue;
      assertEquals(compareTrees(walkTree(join(store, name)), expected), [], name);
      seen.set(name, expected);
    }
  };
  const run = (turn: number, afterMs?: number) => killProgram("snapshot_program.ts", orderOf(turn), afterMs);
  await run(0);
  await learn(versions[0]!);
  const { durationMs } = await run(1);
  await learn(versions[1]!);
  let resumed = 0;
  for (let turn = 0; turn < KILLS || (resumed <= KILLS / 10 && turn < 5 * KILLS); turn++) {
    await run(turn, Math.random() * durationMs);
    await learn(versions[turn % 2]!);
    assert(seen.has(readlinkSync(join(store, "latest"))), "latest leads to a complete snapshot");
    // The other version: what the killed run left has to become something else, and its files may be those of the basis.
    const { source, options } = orderOf(turn + 1);
    const report = await snapshot(source, store, options).run();
    assertEquals(report.failures, []);
    if (report.snapshot!.resumed) resumed++;
    await learn(versions[(turn + 1) % 2]!);
    assertEquals(readlinkSync(join(store, "latest")), report.snapshot!.name);
    for (const name of [...seen.keys()].slice(0, -KEPT)) {
      if (turn % 4 === 0) {
        assertEquals(compareTrees(walkTree(join(store, name)), seen.get(name)!), [], `${name} changed later`);
      }
      mustRun("rm", ["-rf", join(store, name)]);
      seen.delete(name);
    }
  }
  assertGreater(resumed, KILLS / 10, "most kills came too early or too late");
}

describe("snapshot() killed at random moments", () => {
  it(
    "publishes whole snapshots alone, changes no older one, and the next run goes on",
    requires("Linux"),
    () => withWorkspace(killOften),
  );
});
