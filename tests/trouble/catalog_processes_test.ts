/** A catalog that several processes use at once, and that some are killed over: what is in it is whole, always. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Degradation } from "../../lib/model/capabilities.ts";
import { checksumOf, path, withCatalog } from "../catalog/fixture.ts";
import type { CatalogOrder } from "../support/catalog_program.ts";
import { PROJECT_ROOT, runtimeExecutable, RUNTIMES } from "../support/runtimes.ts";
import { assert, assertEquals, assertGreater, describe, it, requires } from "../support/test_api.ts";
import { withWorkspace } from "../support/workspace.ts";

const FILES = 20_000;

/** Runs the program; kills it some time after it has begun, if it is to be. Gives the last line that it printed. */
function fill(order: CatalogOrder, killAfterMs?: number): Promise<string> {
  const runtime = RUNTIMES[order.writer % RUNTIMES.length]!;
  const file = join(PROJECT_ROOT, "tests/support/catalog_program.ts");
  const args = runtime === "deno" ? ["run", "-A", "--no-check", file] : ["run", file];
  const child = spawn(runtimeExecutable(runtime), [...args, JSON.stringify(order)], {
    cwd: PROJECT_ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (bytes) => {
    if (said === "" && killAfterMs !== undefined) setTimeout(() => child.kill("SIGKILL"), killAfterMs);
    said += bytes;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => resolve(said.trim().split("\n").at(-1) ?? ""));
  });
}

/** How many files of a writer are in the catalog; each of them must be right. */
function countWhole(file: string, writer: number): number {
  const warnings: Degradation[] = [];
  const count = withCatalog(file, (catalog) => {
    let found = 0;
    for (let folder = 0; folder <= FILES >> 10; folder++) {
      for (const [name, { stamp, checksum }] of catalog.directory("/tree", path(`d${writer}/${folder}`))) {
        assertEquals(name, `f${stamp.size}`);
        assertEquals(checksum, checksumOf(stamp.size));
        found++;
      }
    }
    return found;
  }, warnings);
  assertEquals(warnings, []);
  return count;
}

describe("a catalog of several processes", () => {
  it("takes what all of them note, under both runtimes", requires("Linux"), () =>
    withWorkspace(async (at) => {
      const file = at.at("c");
      const said = await Promise.all([0, 1, 2].map((writer) => fill({ file, writer, files: FILES })));
      assertEquals(said, ["[]", "[]", "[]"]);
      assertEquals([0, 1, 2].map((writer) => countWhole(file, writer)), [FILES, FILES, FILES]);
    }));

  it(
    "is whole after SIGKILL at any moment, and holds what was written before",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        const file = at.at("c");
        let inTheMiddle = 0;
        for (let turn = 0; turn < 8 || (inTheMiddle === 0 && turn < 60); turn++) {
          await fill({ file, writer: turn, files: FILES }, Math.random() * 150);
          const count = countWhole(file, turn);
          // A batch is there as a whole or not at all.
          assert(count === FILES || count % 512 === 0, `${count} files of a batch`);
          if (count > 0 && count < FILES) inTheMiddle++;
        }
        assertGreater(inTheMiddle, 0, "every kill came too early or too late");
        assertEquals(await fill({ file, writer: 99, files: FILES }), "[]");
        assertEquals(countWhole(file, 99), FILES);
      }, "onDisk"),
  );
});
