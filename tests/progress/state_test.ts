import fc from "fast-check";
import { assertAlmostEquals, assertEquals, describe, it } from "../support/test_api.ts";
import { advance, type ProgressState, startProgress } from "../../lib/progress/state.ts";
import { plainProgressLine, progressLine } from "../../lib/progress/line.ts";
import type { Progress } from "../../lib/model/event.ts";

const MIB = 1 << 20;

function after(steps: readonly (readonly [now: number, progress: Progress])[]): ProgressState {
  return steps.reduce((state, [now, progress]) => advance(state, progress, now), startProgress(0));
}

function counts(files: number, bytes: number, totals: Partial<Progress> = {}): Progress {
  return { entries: files, files, bytes, deleted: 0, ...totals };
}

const count = fc.nat(1_000_000);
const total = fc.option(count, { nil: undefined });
const anyStep = fc.tuple(
  fc.nat(100_000),
  fc.record({ entries: count, files: count, bytes: count, deleted: count }),
  fc.tuple(total, total),
).map(([now, progress, [totalFiles, totalBytes]]): [number, Progress] => [now, {
  ...progress,
  ...(totalFiles === undefined ? {} : { totalFiles }),
  ...(totalBytes === undefined ? {} : { totalBytes }),
}]);

describe("advance()", () => {
  it("never lets a count, a total, the share or the time go back, whatever arrives", () => {
    fc.assert(fc.property(fc.array(anyStep, { maxLength: 30 }), (steps) => {
      let state = startProgress(0);
      for (const [now, progress] of steps) {
        const next = advance(state, progress, now);
        for (const key of ["entries", "files", "bytes", "deleted", "totalFiles", "totalBytes"] as const) {
          if ((next.counts[key] ?? 0) < (state.counts[key] ?? 0)) return false;
        }
        if ((next.share ?? 0) < (state.share ?? 0) || (next.share ?? 0) > 1) return false;
        if (next.at < state.at || (next.secondsLeft ?? 0) < 0 || (next.bytesPerSecond ?? 0) < 0) return false;
        if (next.counts.files > (next.counts.totalFiles ?? Infinity)) return false;
        state = next;
      }
      return true;
    }));
  });

  it("shows a percent that never goes back", () => {
    fc.assert(fc.property(fc.array(anyStep, { maxLength: 30 }), (steps) => {
      let state = startProgress(0);
      let shown = 0;
      return steps.every(([now, progress]) => {
        state = advance(state, progress, now);
        const percent = Number(/(\d+)%/.exec(progressLine(state, 80))?.[1] ?? shown);
        const grows = percent >= shown && percent <= 100;
        shown = percent;
        return grows;
      });
    }));
  });

  it("says nothing of rates in the first moments", () => {
    const state = after([[100, counts(1, MIB, { totalFiles: 10, totalBytes: 10 * MIB })]]);
    assertEquals([state.bytesPerSecond, state.secondsLeft], [undefined, undefined]);
  });

  it("tells rate and time that is left", () => {
    const totals = { totalFiles: 10, totalBytes: 10 * MIB };
    const state = after([[1000, counts(1, MIB, totals)], [2000, counts(2, 2 * MIB, totals)]]);
    assertAlmostEquals(state.bytesPerSecond!, MIB, 1);
    assertAlmostEquals(state.secondsLeft!, 8, 0.01);
    assertAlmostEquals(state.share!, 0.2, 0.001);
  });

  it("lets a rate change slowly", () => {
    const steps = [1, 2, 3, 4].map((second) => [second * 1000, counts(0, second * MIB)] as const);
    const state = after([...steps, [5000, counts(0, 14 * MIB)]]);
    assertEquals(state.bytesPerSecond! > MIB && state.bytesPerSecond! < 4 * MIB, true);
  });

  it("counts what was done since the last look when nothing came for a while", () => {
    const state = after([[1000, counts(0, MIB)], [61_000, counts(0, 61 * MIB)]]);
    assertAlmostEquals(state.bytesPerSecond!, MIB, 1);
  });

  it("takes a run with nothing to write as done", () => {
    assertEquals(after([[10, counts(0, 0, { totalFiles: 0, totalBytes: 0 })]]).share, 1);
  });

  it("raises a total that turned out too low", () => {
    const state = after([[10, counts(3, 300, { totalFiles: 2, totalBytes: 200 })]]);
    assertEquals([state.counts.totalFiles, state.counts.totalBytes, state.share], [3, 300, 1]);
  });
});

describe("progressLine()", () => {
  const totals = { totalFiles: 2900, totalBytes: 2600 * MIB };
  const running = after([[1000, counts(617, 512 * MIB, totals)], [2000, counts(1234, 1024 * MIB, totals)]]);

  it("shows all on 80 columns", () => {
    assertEquals(
      progressLine(running, 80),
      " 39%  [###-------]  1,234/2,900 files  1.0/2.5 GiB  512 MiB/s  0:03 left",
    );
  });

  it("leaves out what matters least when there is less room", () => {
    assertEquals(progressLine(running, 70), " 39%  1,234/2,900 files  1.0/2.5 GiB  512 MiB/s  0:03 left");
    assertEquals(progressLine(running, 50), " 39%  1,234/2,900 files  1.0/2.5 GiB  512 MiB/s");
    assertEquals(progressLine(running, 30), " 39%  1,234/2,900 files");
    assertEquals(progressLine(running, 1), " 39%");
  });

  it("always fits", () => {
    fc.assert(fc.property(fc.array(anyStep, { maxLength: 5 }), fc.integer({ min: 20, max: 200 }), (steps, columns) => {
      return progressLine(after(steps), columns).length < columns;
    }));
  });

  it("shows what is known while there are no totals", () => {
    assertEquals(
      progressLine(after([[1000, { ...counts(0, 0), entries: 12_345 }]]), 80),
      "12,345 entries looked at  0:01",
    );
    assertEquals(progressLine(after([[2000, counts(1, 2048)]]), 80), "1 file  2.0 KiB  1.0 KiB/s  0:02");
  });

  it("tells deletions at the end", () => {
    const state = after([[100, { ...counts(1, 10, { totalFiles: 1, totalBytes: 10 }), deleted: 1000 }]]);
    assertEquals(progressLine(state, 100), "100%  [####################]  1/1 file  10/10 B  0:00 left  1,000 deleted");
  });
});

describe("plainProgressLine()", () => {
  it("is a line for a log", () => {
    const totals = { totalFiles: 10, totalBytes: 10 * MIB };
    const state = after([[0, counts(0, 0, totals)], [30_000, counts(1, MIB, totals)]]);
    assertEquals(
      plainProgressLine(state),
      "progress: 10% 1/10 files, 1.0/10.0 MiB, 34.1 KiB/s, 4:30 left, 0:30 so far",
    );
    assertEquals(
      plainProgressLine(after([[10_000, { ...counts(0, 0), entries: 3 }]])),
      "progress: 3 entries looked at, 0:10",
    );
  });
});
