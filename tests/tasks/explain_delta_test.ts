/** The task that tells what a delta would be, held against the delta that is made. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { delta, type DeltaEvent, type DeltaRange, explainDelta, patch, signature, SyncError } from "undrift";
import { joined } from "../delta/engine.ts";
import { noise } from "../kernels/kernels.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { after, assertEquals, assertRejects, assertThrows, describe, it, requires } from "../support/test_api.ts";

const OLD = noise(300_000, 1);
const NEW = joined([OLD.subarray(0, 64_000), noise(70_000, 2), OLD.subarray(134_000), OLD.subarray(1000, 30_001)]);

const folder = temporaryFolder();
const path = (name: string) => join(folder.path, name);
writeFileSync(path("old"), OLD);
writeFileSync(path("new"), NEW);
after(() => folder.remove());

describe("explainDelta()", () => {
  it("tells what the delta is that would be made", async () => {
    const options = { blockLength: 1000 };
    const report = await explainDelta(path("old"), path("new"), options).run();
    const signed = await signature(path("old"), options).writeTo(path("sig"));
    const made = await delta(path("sig"), path("new")).writeTo(path("delta"));
    const { oldBytes, blockLength, signatureBytes, newBytes, deltaBytes, kept, moved, literal } = report;
    assertEquals({ oldBytes, blockLength, signatureBytes }, signed);
    assertEquals({ copiedBytes: kept.bytes + moved.bytes, literalBytes: literal.bytes, deltaBytes }, made);
    assertEquals([newBytes, report.savedBytes, report.blocks], [NEW.length, NEW.length - deltaBytes, 300]);
    assertEquals([kept.ranges, moved.ranges, literal.ranges], [2, 1, 2]);
  });

  it("gives ranges that make the new file", async () => {
    const ranges: DeltaRange[] = [];
    const events: DeltaEvent[] = await Array.fromAsync(explainDelta(OLD, [NEW], { blockLength: 1000 }).stream());
    for (const event of events) if (event.type === "range") ranges.push(event.range);
    assertEquals(ranges.map(({ kind }) => kind), ["kept", "literal", "kept", "moved", "literal"]);
    assertEquals(events.at(-1)?.type, "end");
    const parts = ranges.map(({ start, length, oldStart }) =>
      oldStart === undefined ? NEW.subarray(start, start + length) : OLD.subarray(oldStart, oldStart + length)
    );
    assertEquals(joined(parts), NEW);
  });

  it("knows files that are equal, empty, and of one piece", async () => {
    const same = await explainDelta(OLD, OLD).run();
    assertEquals([same.kept.ranges, same.moved.bytes, same.literal.bytes], [1, 0, 0]);
    const nothing = await explainDelta(OLD, new Uint8Array(0)).run();
    assertEquals([nothing.newBytes, nothing.deltaBytes, nothing.savedBytes, nothing.strip.kept], [0, 5, -5, []]);
    const all = await explainDelta(new Uint8Array(0), OLD).run();
    assertEquals([all.blocks, all.literal.ranges, all.savedBytes < 0], [0, 1, true]);
  });

  it("takes the output of a patch", async () => {
    const changes = delta(signature(OLD), NEW);
    assertEquals((await explainDelta(NEW, patch(OLD, changes)).run()).literal.bytes, 0);
  });

  it("refuses options out of their range at once, and says what is missing", async () => {
    assertThrows(() => explainDelta(OLD, NEW, { blockLength: 0 }), RangeError, "blockLength");
    const error = await assertRejects(() => explainDelta(path("none"), NEW).run(), SyncError);
    assertEquals(error.code, "source-missing");
  });

  it("stops when it is told to, also within a range that does not end", requires("Linux"), async () => {
    for (const [old, fresh] of [[new Uint8Array(4096), "/dev/zero"], ["/dev/zero", OLD]] as const) {
      const stopped = explainDelta(old, fresh, { jobs: 1 }).run({ signal: AbortSignal.timeout(20) });
      const error = await assertRejects(() => stopped, SyncError);
      assertEquals(error.code, "cancelled");
    }
  });
});
