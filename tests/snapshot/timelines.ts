/** Timelines for tests: every day one, with a long pause, and hourly ones at the end. */
import type { TimelineSnapshot } from "../../lib/snapshot/timeline.ts";

/** Makes so many snapshots. */
export function timelineOf(count: number, init: Partial<TimelineSnapshot> = {}): TimelineSnapshot[] {
  let at = Date.UTC(2026, 8, 1, 3);
  let held = 4e9;
  return Array.from({ length: count }, (_, index) => {
    at += index === Math.floor(count / 3) ? 9 * 86_400_000 : index > count - 9 ? 3_600_000 : 86_400_000;
    const newBytes = index === 0 ? held : ((index * 7919) % 13) * 3e7;
    const droppedBytes = index === 0 ? 0 : ((index * 104_729) % 11) * 2e7;
    const sharedBytes = index === 0 ? 0 : held - droppedBytes;
    held = sharedBytes + newBytes;
    const name = `${new Date(at).toISOString().slice(0, 19).replaceAll(":", "-")}Z`;
    const failures = index % 17 === 5 ? 2 : 0;
    const ownBytes = Math.floor(newBytes / 3);
    const facts = { bytes: held, ownBytes, newBytes, sharedBytes, droppedBytes, entries: 20_000 + index, failures };
    return { name, takenMs: at, ...facts, tags: index % 10 === 0 ? ["release"] : [], ...init };
  });
}
