import fc from "fast-check";
import { timeSpanText } from "../../lib/report/time_span.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";

function at(seconds: number, nanoseconds = 0) {
  return { mtimeSeconds: seconds, mtimeNanoseconds: nanoseconds };
}

/** Nanoseconds that a text stands for. */
function read(text: string): bigint {
  const units: Record<string, bigint> = { ns: 1n, "µs": 1_000n, ms: 1_000_000n, s: 1_000_000_000n };
  Object.assign(units, { min: 60n * units["s"]!, h: 3600n * units["s"]!, d: 86_400n * units["s"]! });
  let sum = 0n;
  for (const [, whole = "", fraction = "", unit = ""] of text.matchAll(/(\d+)(?:\.(\d+))? (\S+)/g)) {
    const scale = units[unit]!;
    sum += BigInt(whole) * scale + BigInt(fraction.padEnd(3, "0")) * scale / 1_000n;
  }
  return sum;
}

describe("timeSpanText()", () => {
  it("takes the unit that fits", () => {
    const spans: readonly (readonly [number, number, string])[] = [
      [0, 40, "40 ns"],
      [0, 1_500, "1.5 µs"],
      [0, 999_999_999, "999.999 ms"],
      [3, 0, "3 s"],
      [59, 250_000_000, "59.25 s"],
      [60, 5, "1 min"],
      [3_599, 0, "59 min 59 s"],
      [7_260, 0, "2 h 1 min"],
      [86_400, 0, "1 d"],
      [90_000, 0, "1 d 1 h"],
    ];
    for (const [seconds, nanoseconds, text] of spans) {
      assertEquals(timeSpanText(at(seconds, nanoseconds), at(0)), `newer by ${text}`);
      assertEquals(timeSpanText(at(-1), at(seconds - 1, nanoseconds)), `older by ${text}`);
    }
    assertEquals(timeSpanText(at(-5, 7), at(-5, 7)), "of the same time");
  });

  it("is the difference, to the precision that it shows", () => {
    const times = fc.tuple(fc.integer({ min: -100_000, max: 100_000 }), fc.nat(999_999_999));
    fc.assert(fc.property(times, times, (a, b) => {
      const exact = BigInt(a[0] - b[0]) * 1_000_000_000n + BigInt(a[1] - b[1]);
      const text = timeSpanText(at(...a), at(...b));
      assertEquals(text.startsWith("newer"), exact > 0n);
      const size = exact < 0n ? -exact : exact;
      const shown = read(text);
      assertEquals(shown <= size && size - shown <= size / 24n, true, `${text} for ${exact} ns`);
    }));
  });
});
