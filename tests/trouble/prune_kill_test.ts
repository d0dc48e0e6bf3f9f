/** SIGKILL at random moments of pruning: nothing of what is kept is lost, and the next run finishes. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { prune } from "../../mod.ts";
import { dailyNames, makeStore } from "../prune/store.ts";
import { mustRun } from "../support/commands.ts";
import { killProgram } from "../support/killable.ts";
import { ordinaryUser } from "../support/ordinary_user.ts";
import { assertEquals, assertGreater, describe, it, requires } from "../support/test_api.ts";
import type { TreeLiteral } from "../support/trees.ts";
import { walkTree } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

const KILLS = 25;
const DAYS = 8;
const KEPT = 3;
const FOLDERS = 20;
const FILES = 30;

function manyFiles(): TreeLiteral {
  const files = Object.fromEntries(Array.from({ length: FILES }, (_, file) => [`f${file}`, { file: `${file}` }]));
  return Object.fromEntries(Array.from({ length: FOLDERS }, (_, folder) => [`d${folder}`, { dir: files }]));
}

function makeBigStore(path: string): void {
  makeStore(
    path,
    dailyNames(DAYS).map((name, day) => ({ name, adds: day === 0 ? manyFiles() : { [`n${day}`]: { file: name } } })),
  );
}

/** The trees that are kept, hard links among them included. */
function keptTrees(store: string) {
  return dailyNames(DAYS).slice(-KEPT).map((name) => walkTree(join(store, name)));
}

/** Checks that what is listed is whole; tells whether the run was in the middle. */
function checkListed(store: string, whole: ReadonlyMap<string, number>): boolean {
  const names = readdirSync(store).filter((name) => name.endsWith("Z"));
  for (const name of names) assertEquals(walkTree(join(store, name)).size, whole.get(name), name);
  return names.length < DAYS && readdirSync(join(store, ".undrift/removed")).length > 0;
}

async function killOften(at: Workspace): Promise<void> {
  const store = at.at("store");
  makeBigStore(at.at("pristine"));
  const reset = () => mustRun("sh", ["-ec", "rm -rf store; cp -a pristine store"], { cwd: at.path });
  const order = { store, policy: { keepLast: KEPT, jobs: 2 }, announce: true };
  reset();
  const whole = new Map(dailyNames(DAYS).map((name) => [name, walkTree(join(store, name)).size]));
  const kept = keptTrees(store);
  const { durationMs } = await killProgram("prune_program.ts", order);
  let inTheMiddle = 0;
  for (let turn = 0; turn < KILLS || (inTheMiddle === 0 && turn < 10 * KILLS); turn++) {
    reset();
    await killProgram("prune_program.ts", order, Math.random() * durationMs);
    if (checkListed(store, whole)) inTheMiddle++;
    assertEquals(keptTrees(store), kept);
    // The process that was killed holds no lock any more, and what it began is finished.
    assertEquals((await prune(store, order.policy).run()).outcome, "done");
    assertEquals(keptTrees(store), kept);
    const hidden = join(store, ".undrift");
    assertEquals([readdirSync(join(hidden, "removed")), existsSync(join(hidden, "lock"))], [[], false]);
    assertEquals(readdirSync(join(hidden, "records")).length, KEPT);
  }
  assertGreater(inTheMiddle, 0, "every kill came too early or too late");
}

describe("prune(), killed at random moments", () => {
  it(
    "loses nothing of what is kept, and is finished by the next run",
    requires("Linux"),
    () => withWorkspace(killOften),
  );
});

describe("prune() as an ordinary user", () => {
  it("removes directories that are closed to their owner", requires("Linux"), async () => {
    await withWorkspace((at) => {
      const user = ordinaryUser(at);
      const store = at.at("store");
      const closed = { dir: { f: { file: "x" }, e: { dir: { g: { file: "y" } } } } };
      makeStore(store, [
        { name: dailyNames(2)[0]!, adds: { "read-only": closed, "closed": closed, "blind": closed } },
        { name: dailyNames(2)[1]!, removes: ["closed"] },
      ]);
      const [gone = "", stays = ""] = dailyNames(2);
      if (process.geteuid?.() === 0) mustRun("chown", ["-R", "65534:65534", store]);
      const close = (name: string) =>
        `cd ${name}; chmod 500 read-only/e read-only; chmod 0 closed; chmod 300 blind; chmod 555 .`;
      user.shell(close(gone), store);
      user.shell("chmod 500 read-only/e read-only; chmod 555 .", join(store, stays));
      const before = walkTree(join(store, stays));
      const report = user.prune({ store, policy: { keepLast: 1 } });
      assertEquals([report.outcome, report.failures, report.removedEntries], ["done", [], 13]);
      assertEquals(walkTree(join(store, stays)), before);
      assertEquals(readdirSync(join(store, ".undrift/removed")), []);
      user.shell("chmod -R u+rwx .", store);
    });
  });
});
