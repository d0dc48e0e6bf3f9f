/** The tasks signature, delta and patch: on files, bytes and streams, and what they leave when something fails. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { delta, matches, patch, signature, SyncError } from "undrift";
import { joined, signatureFileOf } from "../delta/engine.ts";
import { noise } from "../kernels/kernels.ts";
import {
  afterEach,
  assertEquals,
  assertRejects,
  assertThrows,
  beforeEach,
  describe,
  it,
  requires,
} from "../support/test_api.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary_folder.ts";

const OLD = noise(300_000, 1);
const NEW = joined([OLD.subarray(100_000), noise(70_000, 2), OLD.subarray(0, 100_001)]);

let folder: TemporaryFolder;
const path = (name: string) => join(folder.path, name);
const read = (name: string) => new Uint8Array(readFileSync(path(name)));

beforeEach(() => {
  folder = temporaryFolder();
  writeFileSync(path("old"), OLD);
  writeFileSync(path("new"), NEW);
});

afterEach(() => folder.remove());

async function collect(bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return joined(parts);
}

async function expectError(code: SyncError["code"], run: () => Promise<unknown>): Promise<void> {
  const error = await assertRejects(run, SyncError);
  assertEquals(error.code, code);
}

describe("signature(), delta() and patch()", () => {
  it("turn an old file into a new one", async () => {
    const signed = await signature(path("old")).writeTo(path("sig"));
    assertEquals(signed, { oldBytes: OLD.length, blockLength: 512, signatureBytes: read("sig").length });
    const made = await delta(path("sig"), path("new")).writeTo(path("delta"));
    assertEquals(made.copiedBytes + made.literalBytes, NEW.length);
    assertEquals(made.literalBytes < 72_000, true);
    assertEquals(made.deltaBytes, read("delta").length);
    const { copiedBytes, literalBytes } = made;
    assertEquals(await patch(path("old"), path("delta")).writeTo(path("out")), { copiedBytes, literalBytes });
    assertEquals(read("out"), NEW);
  });

  it("take bytes, iterables and streams, and give them", async () => {
    const options = { weak: "rollsum", strong: "md4", blockLength: 1000, strongLength: 8 } as const;
    const file = await collect(signature([OLD.subarray(0, 7), OLD.subarray(7)], options));
    assertEquals(file, signatureFileOf(OLD, options));
    const made = delta(signature(OLD, options).stream(), new Blob([NEW]).stream());
    assertEquals(await collect(patch(OLD, made)), NEW);
    const basis = {
      size: OLD.length,
      read: (into: Uint8Array, at: number) => {
        const part = OLD.subarray(at, at + Math.min(into.length, 999));
        into.set(part);
        return Promise.resolve(part.length);
      },
    };
    assertEquals(await collect(patch(basis, delta(signature(OLD, options), NEW)).stream()), NEW);
  });

  it("take a stream's block length for 2048", async () => {
    assertEquals((await collect(signature([OLD]))).slice(4, 8), Uint8Array.of(0, 0, 8, 0));
  });

  it("bring a file up to date under its own name, with its permissions", async () => {
    chmodSync(path("old"), 0o640);
    await patch(path("old"), delta(signature(OLD), NEW)).writeTo(path("old"));
    assertEquals(read("old"), NEW);
    assertEquals(statSync(path("old")).mode & 0o777, 0o640);
    assertEquals(readdirSync(folder.path).sort(), ["new", "old"]);
  });

  it("write through a symlink to its file", async () => {
    symlinkSync("old", path("link"));
    await patch(path("link"), delta(signature(OLD), NEW)).writeTo(path("link"));
    assertEquals(read("old"), NEW);
  });
});

describe("matches()", () => {
  it("gives the ranges that both files have", async () => {
    const signed = await collect(signature(OLD, { blockLength: 1000 }));
    const fresh = joined([OLD.subarray(100_000, 130_000), noise(7, 3), OLD.subarray(50_000, 52_500)]);
    assertEquals(await Array.fromAsync(matches(signed, fresh)), [
      { oldStart: 100_000, newStart: 0, length: 30_000 },
      { oldStart: 50_000, newStart: 30_007, length: 2000 },
    ]);
    assertEquals(await Array.fromAsync(matches(signed, OLD)), [{ oldStart: 0, newStart: 0, length: OLD.length }]);
  });
});

describe("a task that fails", () => {
  it("leaves the file as it was, and nothing beside it", async () => {
    const changes = await collect(delta(signature(OLD), NEW));
    await expectError("delta-damaged", () => patch(path("old"), changes.subarray(0, -1)).writeTo(path("old")));
    await expectError("delta-damaged", () => patch(path("new"), OLD).writeTo(path("other")));
    await expectError("delta-damaged", () => delta(changes, NEW).writeTo(path("other")));
    assertEquals(read("old"), OLD);
    assertEquals(readdirSync(folder.path).sort(), ["new", "old"]);
  });

  it("says what is missing or cannot be used", async () => {
    await expectError("source-missing", () => signature(path("none")).writeTo(path("sig")));
    await expectError("is-directory", () => signature(folder.path).writeTo(path("sig")));
    mkdirSync(path("folder"));
    await expectError("is-directory", () => signature(OLD).writeTo(path("folder")));
    await expectError("source-missing", () => collect(patch(path("none"), OLD)));
    assertEquals(existsSync(path("sig")), false);
  });

  it("refuses options out of their range at once", () => {
    assertThrows(() => signature(OLD, { blockLength: 0 }), RangeError, "blockLength");
    assertThrows(() => signature(OLD, { strong: "md4", strongLength: 17 }), RangeError, "strongLength");
  });

  it("stops when it is told to", async () => {
    const stop = new AbortController();
    const endless = function* () {
      for (let count = 0;; count++) {
        if (count === 100) stop.abort();
        yield OLD;
      }
    };
    await expectError("cancelled", () => signature(endless()).writeTo(path("sig"), { signal: stop.signal }));
    assertEquals(readdirSync(folder.path).sort(), ["new", "old"]);
  });

  it("stops though it never has to wait for anything", requires("Linux"), async () => {
    const soon = () => ({ signal: AbortSignal.timeout(20) });
    const zeros = new Uint8Array(4096);
    await expectError("cancelled", () => signature("/dev/zero", { jobs: 1 }).writeTo(path("sig"), soon()));
    await expectError("cancelled", () => delta(signature(zeros), "/dev/zero").writeTo(path("sig"), soon()));
    assertEquals(readdirSync(folder.path).sort(), ["new", "old"]);
  });

  it("notices an old file that became shorter", async () => {
    const basis = { size: OLD.length, read: () => 0 };
    await expectError("changed-while-read", () => collect(patch(basis, delta(signature(OLD), OLD))));
  });

  it("closes its inputs when its reader has had enough", async () => {
    let closed = false;
    const pieces = async function* () {
      try {
        for (;;) yield OLD;
      } finally {
        closed = true;
      }
    };
    for await (const _ of signature(pieces())) break;
    assertEquals(closed, true);
  });
});
