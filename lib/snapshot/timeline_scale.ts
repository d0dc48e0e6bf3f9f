/**
 * What text and page of a timeline have in common: how long the parts of a bar are, and where time was long.
 *
 * @module
 */
import type { TimelineSnapshot } from "./timeline.ts";

/** Parts of a bar, in order. */
export type BarPart = "shared" | "fresh" | "freed";

/** A gap is long when it is so many times the usual one. */
const LONG = 1.9;

/**
 * The parts of a bar. What is there is never too short to be seen.
 *
 * @param snapshot What is drawn.
 * @param most Bytes that fill the whole length.
 * @param length The whole length, in units of which a part has a whole number.
 * @returns Parts with their lengths, none of which is 0.
 */
export function barOf(
  { sharedBytes, newBytes, droppedBytes }: Pick<TimelineSnapshot, "sharedBytes" | "newBytes" | "droppedBytes">,
  most: number,
  length: number,
): (readonly [part: BarPart, length: number])[] {
  const share = (bytes: number) => bytes === 0 || most === 0 ? 0 : Math.max(1, Math.round(bytes / most * length));
  const fresh = share(newBytes);
  const freed = share(droppedBytes);
  // What is shared is the largest part as a rule, and gives way to parts that had to be made visible.
  const shared = Math.max(share(sharedBytes) === 0 ? 0 : 1, Math.min(share(sharedBytes), length - fresh - freed));
  const parts = [["shared", shared], ["fresh", fresh], ["freed", freed]] as const;
  return parts.filter(([, each]) => each > 0);
}

/**
 * Where much more time passed than usual.
 *
 * @param snapshots The snapshots, oldest first.
 * @returns Positions of the snapshots before which it did.
 */
export function longGaps(snapshots: readonly Pick<TimelineSnapshot, "takenMs">[]): Set<number> {
  const gaps = snapshots.slice(1).map(({ takenMs }, at) => takenMs - snapshots[at]!.takenMs);
  const usual = [...gaps].sort((a, b) => a - b)[Math.floor((gaps.length - 1) / 2)] ?? 0;
  return new Set(gaps.flatMap((gap, at) => gap > usual * LONG ? [at + 1] : []));
}
