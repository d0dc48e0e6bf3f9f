import {
  decimalTime,
  formatBytes,
  formatBytesOf,
  formatClock,
  formatCount,
  formatDuration,
  formatNumberOf,
} from "../../lib/bytes/quantities.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";

describe("formatBytes()", () => {
  it("keeps to three digits and one unit", () => {
    const sizes: readonly (readonly [number, string])[] = [
      [0, "0 B"],
      [1023, "1023 B"],
      [1024, "1.0 KiB"],
      [1536, "1.5 KiB"],
      [102_400, "100 KiB"],
      [1024 ** 2 - 1, "1.0 MiB"],
      [1e9, "954 MiB"],
      [2 ** 31, "2.0 GiB"],
      [Number.MAX_SAFE_INTEGER, "8.0 PiB"],
    ];
    for (const [bytes, text] of sizes) assertEquals(formatBytes(bytes), text);
  });

  it("gives a part in the unit of the whole", () => {
    assertEquals(formatBytesOf(2 ** 29, 2 ** 31), "0.5/2.0 GiB");
    assertEquals(formatBytesOf(7, 12), "7/12 B");
  });
});

describe("formatCount() and formatNumberOf()", () => {
  it("separate thousands and choose the noun", () => {
    assertEquals([0, 999, 1000, 1_234_567].map(formatCount), ["0", "999", "1,000", "1,234,567"]);
    assertEquals([formatNumberOf(1, "file"), formatNumberOf(2, "entry", "entries")], ["1 file", "2 entries"]);
  });
});

describe("formatClock() and formatDuration()", () => {
  it("read like a clock", () => {
    assertEquals([0, 7, 59.6, 754, 3599.7, 90_000].map(formatClock), [
      "0:00",
      "0:07",
      "1:00",
      "12:34",
      "1:00:00",
      "1 day 1:00:00",
    ]);
    assertEquals([38, 999.6, 2100, 59_951].map(formatDuration), ["38 ms", "1.0 s", "2.1 s", "1:00"]);
  });
});

describe("decimalTime()", () => {
  it("loses nothing, before 1970 either", () => {
    assertEquals(decimalTime(1, 5), "1.000000005");
    assertEquals(decimalTime(0, 0), "0.000000000");
    assertEquals(decimalTime(-1, 500_000_000), "-0.500000000");
    assertEquals(decimalTime(-2, 0), "-2.000000000");
    assertEquals(decimalTime(-2, 1), "-1.999999999");
  });
});
