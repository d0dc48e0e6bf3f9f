/** Threads that do not start, or die. */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { MirrorReport } from "../../mod.ts";
import { closeGate, enterGate, gateMemory } from "../../tasks/mirror/threads/gate.ts";
import { assert, assertEquals, describe, it, requires } from "../support/test_api.ts";
import { PROJECT_ROOT, runtimeExecutable } from "../support/runtimes.ts";
import { differencesOf } from "../support/walker.ts";
import { withWorkspace } from "../support/workspace.ts";

const SCRIPT = `
import { mirror } from ${JSON.stringify(`${PROJECT_ROOT}mod.ts`)};
const [source, to, deletes] = Deno.args;
console.log(JSON.stringify(await mirror(source, to, { jobs: 3, delete: deletes === "true" }).run()));
`;

/** Mirrors under Deno where the module of the other threads may not be read. */
function runAlone(source: string, to: string, deletes: boolean): MirrorReport {
  const { stdout, stderr } = spawnSync(
    runtimeExecutable("deno"),
    [
      ...["run", "-A", `--deny-read=${PROJECT_ROOT}tasks/mirror/threads/worker.ts`, "--no-prompt", "--no-check"],
      ...[`--config=${PROJECT_ROOT}deno.json`, "-", source, to, String(deletes)],
    ],
    { encoding: "utf8", input: SCRIPT },
  );
  assert(stdout.startsWith("{"), stderr);
  return JSON.parse(stdout);
}

describe("a mirror whose other threads cannot start", () => {
  for (const deletes of [false, true]) {
    it(
      `does everything alone and says so${deletes ? ", with deletions, too" : ""}`,
      requires("Linux", "Deno"),
      () =>
        withWorkspace((at) => {
          for (let folder = 0; folder < 60; folder++) {
            const path = join(at.at("from"), `d${folder}`);
            mkdirSync(path, { recursive: true });
            for (let file = 0; file < 60; file++) writeFileSync(join(path, `f${file}`), `${folder} ${file}`);
          }
          const { outcome, done, warnings } = runAlone(at.at("from"), at.at("to"), deletes);
          assertEquals([outcome, done.files], ["done", 3_600]);
          assertEquals(warnings.map(({ name }) => name), ["fewer-threads"]);
          assertEquals(differencesOf(at.at("from"), at.at("to")), []);
          // Deno lets nobody below /dev without all permissions.
        }, "onDisk"),
    );
  }
});

describe("a gate", () => {
  it("lets in who comes first, or locks out who comes late", () => {
    const early = gateMemory();
    assertEquals([enterGate(early), closeGate(early)], [true, false]);
    const late = gateMemory();
    assertEquals([closeGate(late), enterGate(late), closeGate(late)], [true, false, true]);
  });
});
