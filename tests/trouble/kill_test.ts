/** SIGKILL at random moments: every file is the old one or the new one, and the next run finishes. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mirror } from "../../mod.ts";
import { mustRun } from "../support/commands.ts";
import { runAndKill } from "../support/killable.ts";
import { assert, assertEquals, assertGreater, describe, it, requires } from "../support/test_api.ts";
import { compareTrees, type WalkedTree, walkTree } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

const KILLS = 100;
const FOLDERS = 12;
const FILES = 40;

/** One of two versions: each file is in one of them or in both, with other content. */
function makeVersion(root: string, version: "A" | "B"): void {
  for (let folder = 0; folder < FOLDERS; folder++) {
    mkdirSync(join(root, `d${folder}`, "deep"), { recursive: true });
    for (let file = 0; file < FILES; file++) {
      if (file % 10 === (version === "A" ? 1 : 2)) continue;
      const inside = join(root, `d${folder}`, file % 2 === 0 ? "deep" : "", `f${file}`);
      const isSame = file % 5 === 4;
      writeFileSync(inside, `${isSame ? "-" : version}${folder} ${file}\n`.repeat(1 + file * 60));
    }
  }
  const time = version === "A" ? "@1600000000.5" : "@1700000000.5";
  mustRun("find", [root, "-exec", "touch", "-d", time, "{}", "+"]);
  mustRun("find", [root, "-name", "*[49]", "-exec", "touch", "-d", "@1500000000", "{}", "+"]);
}

/** Checks what a killed run left; tells whether it was in the middle. */
function checkLeft(left: WalkedTree, versions: readonly WalkedTree[]): boolean {
  const seen = versions.map(() => 0);
  for (const [path, { kind, content }] of left) {
    if (kind !== "f" || path.includes(".undrift-")) continue;
    const of = versions.map((version) => version.get(path)?.content === content);
    assert(of.includes(true), `"${path}" is neither the old nor the new file`);
    if (of.includes(false)) seen[of.indexOf(true)]!++;
  }
  for (const path of versions[0]!.keys()) {
    if (versions[1]!.has(path)) assert(left.has(path), `"${path}" is in both versions and gone`);
  }
  return seen.every((count) => count > 0);
}

async function killOften(at: Workspace): Promise<void> {
  const sources = [at.directory("a"), at.directory("b")];
  makeVersion(sources[0]!, "A");
  makeVersion(sources[1]!, "B");
  const versions = sources.map((source) => walkTree(source));
  const orderOf = (turn: number) => ({
    source: sources[turn % 2]!,
    destination: at.at("to"),
    options: { delete: true, maxDelete: 10_000, jobs: 2 },
  });
  await runAndKill(orderOf(0));
  const { durationMs } = await runAndKill(orderOf(1));
  let inTheMiddle = 0;
  // On a busy machine a kill comes early or late more often.
  for (let turn = 0; turn < KILLS || (inTheMiddle <= KILLS / 5 && turn < 5 * KILLS); turn++) {
    const order = orderOf(turn);
    await runAndKill(order, Math.random() * durationMs);
    if (checkLeft(walkTree(order.destination), versions)) inTheMiddle++;
    const { failures } = await mirror(order.source, order.destination, order.options).run();
    assertEquals(failures, []);
    assertEquals(compareTrees(walkTree(order.destination), versions[turn % 2]!), []);
  }
  assertGreater(inTheMiddle, KILLS / 5, "most kills came too early or too late");
}

describe("mirror() killed at random moments", () => {
  it(
    "leaves old or new files alone, and the next run finishes and sweeps",
    requires("Linux"),
    () => withWorkspace(killOften),
  );
});
