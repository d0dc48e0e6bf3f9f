/** Signatures by several threads are those of one. */
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { delta, patch, signature, SyncError } from "undrift";
import { InputFile } from "../../lib/os/data_file.ts";
import { SegmentSigner, segmentsOf, SIGNED_BYTES } from "../../tasks/delta/segment.ts";
import { joined, signatureFileOf } from "../delta/engine.ts";
import { noise } from "../kernels/kernels.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { after, assertEquals, assertRejects, assertThrows, describe, it } from "../support/test_api.ts";

const folder = temporaryFolder();
const path = join(folder.path, "old");
after(() => folder.remove());

describe("signature() of a long file", () => {
  it("is the same from one thread and from several", async () => {
    writeFileSync(path, joined(Array.from({ length: 20 }, (_, seed) => noise(100_000, seed))));
    truncateSync(path, 90_000_001);
    const made = async (blockLength: number, jobs: number) => {
      const parts: Uint8Array[] = [];
      for await (const part of signature(path, { blockLength, jobs })) parts.push(part);
      return joined(parts);
    };
    for (const blockLength of [9472, 100_003]) {
      const one = await made(blockLength, 1);
      assertEquals(one.length, 12 + 36 * Math.ceil(90_000_001 / blockLength));
      for (const jobs of [2, 5]) assertEquals(joined([await made(blockLength, jobs)]), one);
    }
  });

  it("tells what was read", async () => {
    const report = await signature(path, { jobs: 2 }).writeTo(join(folder.path, "sig"));
    assertEquals(report, { oldBytes: 90_000_001, blockLength: 9472, signatureBytes: 12 + 36 * 9502 });
  });

  it("ends its threads when its reader has had enough", async () => {
    const lengths: number[] = [];
    for await (const part of signature(path, { jobs: 2 })) {
      lengths.push(part.length);
      if (lengths.length === 2) break;
    }
    assertEquals([lengths[0], (lengths[1] ?? 0) > 12], [12, true]);
  });

  it("refuses numbers of threads that cannot be", () => {
    for (const jobs of [0, 1.5, 257]) assertThrows(() => signature(path, { jobs }), RangeError, "jobs");
  });
});

describe("delta() of a long file", () => {
  const at = (name: string) => join(folder.path, name);

  it("is the same from one thread and from several, and makes the new file", async () => {
    const part = noise(3_000_000, 7);
    const zeros = new Uint8Array(15_000_000);
    writeFileSync(at("a"), joined([part, zeros, noise(200_000, 2), zeros, part.subarray(11), zeros, zeros, zeros]));
    writeFileSync(
      at("b"),
      joined([noise(5, 3), zeros, zeros, noise(100_000, 4), part, noise(77, 5), zeros, zeros, zeros]),
    );
    for (const options of [{}, { weak: "rollsum", strong: "md4", blockLength: 2000, strongLength: 8 }] as const) {
      await signature(at("a"), options).writeTo(at("sig"));
      const one = await delta(at("sig"), at("b"), { jobs: 1 }).writeTo(at("one"));
      for (const jobs of [2, 3]) {
        assertEquals(await delta(at("sig"), at("b"), { jobs }).writeTo(at("several")), one);
        assertEquals(readFileSync(at("several")).equals(readFileSync(at("one"))), true);
      }
      await patch(at("a"), at("one")).writeTo(at("patched"));
      assertEquals(readFileSync(at("patched")).equals(readFileSync(at("b"))), true);
    }
  });

  it("ends its threads when its reader has had enough", async () => {
    for await (const bytes of delta(at("sig"), at("b"), { jobs: 2 })) {
      assertEquals(bytes.length > 4, true);
      break;
    }
  });

  it("refuses numbers of threads that cannot be", () => {
    assertThrows(() => delta(at("sig"), at("b"), { jobs: 0 }), RangeError, "jobs");
  });
});

describe("segmentsOf()", () => {
  it("covers a file by whole blocks", () => {
    for (
      const [size, blockLength] of [[0, 700], [2 ** 25, 1024], [2 ** 25 + 1, 1024], [10 ** 9, 2 ** 27], [10 ** 9, 3]]
    ) {
      const segments = segmentsOf(size ?? 0, blockLength ?? 0, SIGNED_BYTES);
      assertEquals(segments.map(({ index }) => index), segments.map((_, at) => at));
      assertEquals(segments.map(({ from }) => from), [0, ...segments.slice(0, -1).map(({ to }) => to)]);
      assertEquals(
        segments.every(({ from }) => from % (blockLength ?? 0) === 0 && (from === 0 || from < (size ?? 0))),
        true,
      );
      assertEquals(segments.at(-1)?.to, Infinity);
    }
  });
});

describe("SegmentSigner", () => {
  const format = { weak: "rollsum", strong: "md4", blockLength: 100, strongLength: 8 } as const;

  it("gives parts that make the whole, in any order and behind a head", () => {
    const old = noise(1050);
    writeFileSync(path, old);
    const file = new InputFile(path);
    const parts = [{ index: 0, from: 0, to: 500 }, { index: 1, from: 500, to: 1000 }, {
      index: 2,
      from: 1000,
      to: Infinity,
    }];
    const signer = new SegmentSigner(file, format);
    const signed = parts.reverse().map((each) => signer.sign(each).sums).reverse();
    const head = signatureFileOf(new Uint8Array(0), format);
    assertEquals(joined([head, ...signed]), signatureFileOf(old, format));
    const error = assertThrows(() => signer.sign({ index: 0, from: 1000, to: 2000 }), SyncError);
    assertEquals(error.code, "changed-while-read");
    file.close();
  });
});

describe("a thread", () => {
  it("that cannot open the file fails the signature", async () => {
    const { inThreads } = await import("../../tasks/delta/crew.ts");
    const format = { weak: "rollsum", strong: "md4", blockLength: 100, strongLength: 8 } as const;
    const error = await assertRejects(async () => {
      const none = join(folder.path, "none");
      const segments = segmentsOf(10, 100, SIGNED_BYTES);
      for await (
        const _ of inThreads({ work: "sign", path: none, format }, segments, { jobs: 2, ahead: 1 })
      ) { /* never */ }
    }, SyncError);
    assertEquals(error.code, "source-missing");
  });

  it("is helped by the one that started it, and the results stay in order", async () => {
    const { inThreads } = await import("../../tasks/delta/crew.ts");
    const format = { weak: "rollsum", strong: "md4", blockLength: 100, strongLength: 8 } as const;
    const old = noise(20_000);
    writeFileSync(path, old);
    const file = new InputFile(path);
    const signer = new SegmentSigner(file, format);
    const segments = segmentsOf(old.length, 100, 1000);
    for (const jobs of [1, 2, 4]) {
      const own: number[] = [];
      const sums: Uint8Array[] = [signatureFileOf(new Uint8Array(0), format)];
      const options = {
        jobs,
        ahead: 5,
        own(segment: (typeof segments)[number]) {
          own.push(segment.index);
          return signer.sign(segment);
        },
      };
      for await (const each of inThreads({ work: "sign", path, format }, segments, options)) sums.push(each.sums);
      assertEquals(joined(sums), signatureFileOf(old, format));
      assertEquals(own, jobs === 1 ? segments.map(({ index }) => index) : own.toSorted((a, b) => a - b));
    }
    file.close();
  });

  it("fails the signature when its helper fails", async () => {
    const { inThreads } = await import("../../tasks/delta/crew.ts");
    const format = { weak: "rollsum", strong: "md4", blockLength: 100, strongLength: 8 } as const;
    writeFileSync(path, noise(500));
    const error = await assertRejects(async () => {
      const own = () => {
        throw new SyncError("changed-while-read", "it is gone");
      };
      const segments = segmentsOf(500, 100, 100);
      for await (
        const _ of inThreads({ work: "sign", path, format }, segments, { jobs: 1, ahead: 9, own })
      ) { /* never */ }
    }, SyncError);
    assertEquals(error.code, "changed-while-read");
  });
});
