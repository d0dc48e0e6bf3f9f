import { assertEquals, describe, it } from "../support/test_api.ts";
import { compareBytes } from "../../lib/bytes/name.ts";
import { ROOT } from "../../lib/model/rel_path.ts";
import { entryAt, Pair, type PairOptions } from "./fixture.ts";

const MEGABYTE = 1 << 20;

/** Copies one file of the source, which may have holes; answers what is there then. */
function copy(bytes: Uint8Array, holes: boolean, options: PairOptions = {}): Pair {
  const pair = new Pair({ "f": { file: "" } }, {}, options);
  pair.source.put("f", { file: "" });
  const reader = pair.source.open(ROOT).openFile("f");
  const { content } = (reader as unknown as { node: { content: { write(b: Uint8Array, at: number): void } } }).node;
  if (holes) {
    content.write(bytes.subarray(0, 10), 0);
    content.write(bytes.subarray(-10), bytes.length - 10);
  } else {
    content.write(bytes, 0);
  }
  pair.apply(pair.change("f"));
  return pair;
}

/** Whether the file of the destination is just these bytes. */
function holds(pair: Pair, bytes: Uint8Array): boolean {
  const reader = pair.destination.open(ROOT).openFile("f");
  const found = new Uint8Array(bytes.length + 1);
  let length = 0;
  for (let count = 1; count > 0; length += count) count = reader.read(found.subarray(length), length);
  return compareBytes(found.subarray(0, length), bytes) === 0;
}

const noClone: PairOptions = { destination: { capabilities: { kernelCopy: false } } };

describe("copyContent()", () => {
  it("copies every size whole", () => {
    for (const size of [0, 1, 65_536, 131_071, 131_072, MEGABYTE, MEGABYTE + 1]) {
      for (const options of [{}, noClone, { ...noClone, rules: { sparse: false } }]) {
        const bytes = Uint8Array.from({ length: size }, (_, at) => 128 + at % 101);
        const pair = copy(bytes, false, options);
        assertEquals([pair.failed, pair.copied, holds(pair, bytes)], [[], size, true]);
      }
    }
  });

  it("keeps holes, unless it is not to", () => {
    const bytes = new Uint8Array(3 * MEGABYTE);
    bytes.fill(200, 0, 10);
    bytes.fill(201, -10);
    for (const [options, kept] of [[noClone, true], [{ ...noClone, rules: { sparse: false } }, false]] as const) {
      const pair = copy(bytes, true, options);
      assertEquals([pair.failed, pair.copied, holds(pair, bytes)], [[], bytes.length, true]);
      const allocated = entryAt(pair.destination, "f")!.allocated;
      assertEquals(allocated < 10_000, kept, `${allocated}`);
    }
  });

  it("copies a file that is one hole", () => {
    const pair = new Pair({ "f": { file: "" } }, {}, noClone);
    pair.source.open(ROOT).createFile("hole", 0o644).truncate(2 * MEGABYTE);
    pair.apply(pair.change("hole"));
    assertEquals([pair.failed, entryAt(pair.destination, "hole")?.size], [[], 2 * MEGABYTE]);
    assertEquals(entryAt(pair.destination, "hole")?.allocated, 0);
  });

  it("asks for shared content of large files only, and never again after a refusal", () => {
    const pair = new Pair(
      { "a": { file: new Uint8Array(200_000) }, "b": { file: new Uint8Array(200_000) } },
      {},
      noClone,
    );
    const asked: string[] = [];
    pair.destination.onOperation = (operation) => {
      if (operation === "cloneFrom" || operation === "copyFrom") asked.push(operation);
    };
    pair.source.put("small", { file: "x" });
    pair.apply(pair.change("small"), pair.change("a"), pair.change("b"));
    assertEquals([asked[0], asked[1], asked.filter((each) => each === "cloneFrom").length], [
      "copyFrom",
      "cloneFrom",
      1,
    ]);
    assertEquals([pair.failed, pair.context.cloning], [[], false]);
  });
});
