/** `delta` and `fuzzy`: the right files of pieces of old ones, on real file systems. */
import { readFileSync } from "node:fs";
import { loadPlan, mirror, type MirrorOptions } from "../../mod.ts";
import { mustRun } from "../support/commands.ts";
import { assert, assertEquals, assertLess, describe, it, requires } from "../support/test_api.ts";
import { makeTree } from "../support/trees.ts";
import { compareTrees, walkTree } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

const MEBIBYTE = 1 << 20;

function noise(length: number, seed: number): Uint8Array {
  const words = new Uint32Array(Math.ceil(length / 4));
  for (let at = 0, state = seed; at < words.length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    words[at] = state ^ (state >>> 13);
  }
  return new Uint8Array(words.buffer).subarray(0, length);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** What was inserted, moved and cut, a file of a kind that is not used, and a renamed one. */
function makeBoth(at: Workspace): void {
  const old = noise(9 * MEBIBYTE + 17, 1);
  const renamed = noise(2 * MEBIBYTE, 2);
  makeTree(at.at("from"), {
    "shifted": { file: joined(noise(5, 3), old), mtime: "1000000000" },
    "swapped": { file: joined(old.subarray(5 * MEBIBYTE), old.subarray(0, 5 * MEBIBYTE)), mtime: "1000000000" },
    "was-link": { file: old.subarray(0, 50_000) },
    "d": { dir: { "app-1.1.zip": { file: joined(renamed, noise(100, 4)), mtime: "1000000000.25" } } },
    "linked": { file: joined(noise(7, 5), renamed), mtime: "5" },
    "linked-too": { hardLinkOf: "linked" },
  });
  makeTree(at.at("to"), {
    "shifted": { file: old, mtime: "7" },
    "swapped": { file: old, mtime: "7" },
    "was-link": { link: "shifted" },
    "d": { dir: { "app-1.0.zip": { file: renamed, mtime: "7" } } },
    "linked": { file: renamed, mtime: "7" },
    "linked-too": { hardLinkOf: "linked" },
  });
}

describe("mirror() with delta", () => {
  for (
    const options of [
      { jobs: 1 },
      { jobs: 3, fuzzy: true },
      { layer: "portable", fuzzy: true },
      { delayUpdates: true },
      { fuzzy: true, backup: true },
    ] as MirrorOptions[]
  ) {
    it(`makes new files of old ones: ${JSON.stringify(options)}`, requires("Linux"), () =>
      withWorkspace(async (at) => {
        makeBoth(at);
        mustRun("cp", ["-a", "to", "planned"], { cwd: at.path });
        const all = { ...options, delta: true };
        const report = await mirror(at.at("from"), at.at("to"), all).run();
        assertEquals(report.failures, []);
        // Deno's own calls take times as doubles.
        const digits = { timeDigits: options.layer === "portable" ? 3 : 9 };
        mustRun("rm", ["-f", ...["shifted~", "swapped~", "was-link~", "linked~", "linked-too~"]], { cwd: at.at("to") });
        mustRun("sh", ["-ec", "test ! -e to/d/app-1.0.zip || mv to/d/app-1.0.zip old.zip"], { cwd: at.path });
        mustRun("touch", ["-r", "from/d", "to/d"], { cwd: at.path });
        mustRun("touch", ["-r", "from", "to"], { cwd: at.path });
        assertEquals(compareTrees(walkTree(at.at("to")), walkTree(at.at("from")), digits), []);
        const fresh = options.fuzzy === true ? 0 : 2 * MEBIBYTE;
        assertLess(report.copiedBytes, fresh + 50_000 + 12 * 8192);
        assertEquals(report.copiedBytes + (report.sparedBytes ?? 0), report.done.bytes);
        const plan = await mirror(at.at("from"), at.at("planned"), all).plan();
        await plan.save(at.at("plan"));
        const applied = await (await loadPlan(at.at("plan"))).apply();
        assertEquals([applied.failures, applied.copiedBytes], [[], report.copiedBytes]);
        for (const name of ["shifted", "swapped", "d/app-1.1.zip", "linked"]) {
          assert(readFileSync(at.at(`planned/${name}`)).equals(readFileSync(at.at(`from/${name}`))), name);
        }
      }));
  }

  it("keeps holes as holes", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("from"), { f: { file: noise(MEBIBYTE, 1) } });
      makeTree(at.at("to"), { f: { file: noise(MEBIBYTE, 1), mtime: "5" } });
      mustRun("sh", ["-ec", "truncate -s 30M from/f; echo x >> from/f; fallocate -l 30M to/f; touch -d @5 to/f"], {
        cwd: at.path,
      });
      const report = await mirror(at.at("from"), at.at("to"), { delta: true }).run();
      assertEquals(report.failures, []);
      assertEquals(compareTrees(walkTree(at.at("to")), walkTree(at.at("from"))), []);
    }));
});
