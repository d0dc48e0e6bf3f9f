/** Deltas to tell in the tests. */
import { type DeltaRange, RANGE_KINDS, type RangeKind } from "../../lib/delta/range.ts";
import { StripMaker } from "../../lib/delta/strip.ts";
import type { ToldDelta } from "../../lib/report/delta_columns.ts";

/** Returns what is told of ranges that follow each other. */
export function toldDelta(
  parts: readonly (readonly [kind: RangeKind, length: number])[],
  names: { readonly old?: string; readonly fresh?: string } = {},
): ToldDelta {
  const maker = new StripMaker(1024);
  const totals = { kept: { ranges: 0, bytes: 0 }, moved: { ranges: 0, bytes: 0 }, literal: { ranges: 0, bytes: 0 } };
  let newBytes = 0;
  for (const [kind, length] of parts) {
    const range: DeltaRange = { kind, start: newBytes, length };
    maker.add(range);
    totals[kind].ranges++;
    totals[kind].bytes += length;
    newBytes += length;
  }
  const deltaBytes = 5 + RANGE_KINDS.reduce((sum, kind) => sum + 3 * totals[kind].ranges, 0) + totals.literal.bytes;
  const { old = "old", fresh = "new" } = names;
  const facts = { oldBytes: 8000, blockLength: 1000, blocks: 8, signatureBytes: 300 };
  const savedBytes = newBytes - deltaBytes;
  return { old, fresh, ...facts, newBytes, ...totals, deltaBytes, savedBytes, strip: maker.strip };
}
