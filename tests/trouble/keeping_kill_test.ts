/** SIGKILL at random moments of a mirror that keeps old entries: each of them is in its place or kept. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mirror } from "../../mod.ts";
import { mustRun } from "../support/commands.ts";
import { runAndKill } from "../support/killable.ts";
import { assert, assertEquals, assertGreater, describe, it, requires } from "../support/test_api.ts";
import { walkTree } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

const KILLS = 6;
const FOLDERS = 10;
const FILES = 40;

function makeVersion(root: string, version: string): void {
  for (let folder = 0; folder < FOLDERS; folder++) {
    mkdirSync(join(root, `d${folder}`), { recursive: true });
    for (let file = 0; file < FILES; file++) {
      if (version === "new" && file % 4 === 0) continue;
      writeFileSync(join(root, `d${folder}`, `f${file}`), `${version} ${folder} ${file}\n`.repeat(1 + file * 40));
    }
  }
}

/** Checks that every content of the old version is still somewhere; tells whether the run was in the middle. */
function checkNothingLost(at: Workspace, old: ReadonlySet<string>): boolean {
  const contents = (name: string) => new Set([...walkTree(at.at(name)).values()].map(({ content }) => content));
  const there = contents("to");
  const kept = contents("kept");
  for (const content of old) assert(there.has(content) || kept.has(content), "an old file is lost");
  const gone = [...old].filter((content) => !there.has(content)).length;
  return gone > 0 && gone < old.size;
}

async function killOften(at: Workspace, otherFileSystem: boolean): Promise<void> {
  makeVersion(at.directory("old"), "old");
  makeVersion(at.directory("new"), "new");
  const old = new Set([...walkTree(at.at("old")).values()].map(({ content }) => content).filter((each) => each !== ""));
  const order = {
    source: at.at("new"),
    destination: at.at("to"),
    options: { delete: true, maxDelete: 10_000, backupDir: at.at("kept"), jobs: 2 },
  };
  if (otherFileSystem) at.mount("kept", "-t", "tmpfs", "tmpfs");
  else at.directory("kept");
  const reset = () => {
    mustRun("sh", ["-ec", "rm -rf to; find kept -mindepth 1 -delete; cp -a old to"], { cwd: at.path });
  };
  reset();
  const { durationMs } = await runAndKill(order);
  let inTheMiddle = 0;
  // On a busy machine a kill comes early or late more often.
  for (let turn = 0; turn < KILLS || (inTheMiddle === 0 && turn < 10 * KILLS); turn++) {
    reset();
    await runAndKill(order, Math.random() * durationMs);
    if (checkNothingLost(at, old)) inTheMiddle++;
    assertEquals((await mirror(order.source, order.destination, order.options).run()).failures, []);
    checkNothingLost(at, old);
  }
  assertGreater(inTheMiddle, 0, "every kill came too early or too late");
}

describe("mirror() that keeps old entries, killed at random moments", () => {
  it("loses none of them when they are linked", requires("Linux"), () => withWorkspace((at) => killOften(at, false)));
  it(
    "loses none of them when they are copied",
    requires("Linux", "root"),
    () => withWorkspace((at) => killOften(at, true)),
  );
});
