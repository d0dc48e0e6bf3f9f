/** Threads that read: results in order, however much there is, and whatever happens to a thread. */
import { mkdirSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { SyncError } from "../../lib/errors.ts";
import { parseRelPath } from "../../lib/model/rel_path.ts";
import { environment } from "../../lib/os/env.ts";
import { openTree } from "../../lib/os/open_tree.ts";
import { type Batch, CheckingCrew } from "../../tasks/checking/crew.ts";
import { FileWork } from "../../tasks/checking/file_work.ts";
import type { FileResult } from "../../tasks/checking/job.ts";
import { hashOf } from "../manifest/hashes.ts";
import { assertEquals, assertRejects, describe, it } from "../support/test_api.ts";
import { withWorkspace } from "../support/workspace.ts";

const FILES = 600;

function contentOf(file: number): Uint8Array {
  return new Uint8Array(file % 50 === 0 ? 3_000_000 : file).fill(file);
}

function makeFiles(root: string): void {
  mkdirSync(root);
  for (let file = 0; file < FILES; file++) writeFileSync(join(root, `f${file}`), contentOf(file));
}

function* batches(onNext: () => void = () => {}): Generator<Batch<number>> {
  for (let file = 0; file < FILES; file++) {
    onNext();
    const hash = { work: "hash", files: [parseRelPath(`f${file}`)] } as const;
    yield { items: [file], jobs: file % 7 === 0 ? [] : file % 11 === 0 ? [hash, hash] : [hash] };
  }
}

async function withCrew(
  jobs: number,
  body: (crew: CheckingCrew, warnings: string[]) => Promise<void>,
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  await withWorkspace(async (at) => {
    makeFiles(at.at("tree"));
    const tree = openTree(at.at("tree"));
    const warnings: string[] = [];
    const own = new FileWork({ trees: [tree], hash: hashOf("md5") });
    const onWarning = ({ name }: { name: string }) => void warnings.push(name);
    const env = environment();
    try {
      await body(new CheckingCrew({ env, trees: [tree], algorithm: "md5", own, jobs, signal, onWarning }), warnings);
    } finally {
      tree.close();
    }
  });
}

function digestOf(result: FileResult | undefined): string | undefined {
  return result !== undefined && "digest" in result ? result.digest : undefined;
}

describe("CheckingCrew", () => {
  for (const jobs of [1, 4]) {
    it(`gives results in order (${jobs} threads)`, () =>
      withCrew(jobs, async (crew, warnings) => {
        let next = 0;
        for await (const { items: [file], results } of crew.read(batches())) {
          assertEquals(file, next++);
          assertEquals(results.length, file! % 7 === 0 ? 0 : file! % 11 === 0 ? 2 : 1);
          const expected = createHash("md5").update(contentOf(file!)).digest("hex");
          for (const [result] of results) assertEquals(digestOf(result), expected);
        }
        assertEquals([next, warnings], [FILES, []]);
      }));
  }

  it("asks for no more than there is room for while nobody takes", () =>
    withCrew(3, async (crew) => {
      let asked = 0;
      const reading = crew.read(batches(() => asked++));
      await reading.next();
      await new Promise((resolve) => setTimeout(resolve, 100));
      assertEquals(asked <= 300, true, `${asked}`);
      await reading.return();
    }));

  it("stops when it is told to, and when what asks fails", async () => {
    const stop = new AbortController();
    await withCrew(3, async (crew) => {
      const error = await assertRejects(async () => {
        for await (const { items: [file] } of crew.read(batches())) if (file === 100) stop.abort();
      }, SyncError);
      assertEquals(error.code, "cancelled");
    }, stop.signal);
    await withCrew(3, async (crew) => {
      let asked = 0;
      const failing = batches(() => {
        if (++asked === 300) throw new SyncError("filter-invalid", "Cannot use a rule");
      });
      const error = await assertRejects(async () => {
        for await (const _ of crew.read(failing));
      }, SyncError);
      assertEquals(error.code, "filter-invalid");
    });
  });
});
