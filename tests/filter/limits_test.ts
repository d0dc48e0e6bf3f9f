import { isBeyond, parseAge, parseSize } from "../../lib/filter/limits.ts";
import { mustRun, runCommand } from "../support/commands.ts";
import { assertEquals, describe, it, requires } from "../support/test_api.ts";
import { withWorkspace } from "../support/workspace.ts";

const SIZES: Readonly<Record<string, number | undefined>> = {
  "0": 0,
  "1": 1,
  "10b": 10,
  "1k": 1024,
  "1K": 1024,
  "1KiB": 1024,
  "1kb": 1000,
  "1KB": 1000,
  "1.5m": 1_572_864,
  "1.5mb-1": 1_499_999,
  "2g+1": 2_147_483_649,
  "1M-1": 1_048_575,
  ".5k": 512,
  "1.k": 1024,
  "1t": 2 ** 40,
  "1p": 2 ** 50,
  "": undefined,
  "k": undefined,
  "-1": undefined,
  "1x": undefined,
  "1kk": undefined,
  "1k-2": undefined,
  "1 k": undefined,
  "1e3": undefined,
};

describe("parseSize()", () => {
  for (const [text, size] of Object.entries(SIZES)) {
    it(`reads "${text}" as ${size}`, () => assertEquals(parseSize(text), size));
  }

  it("refuses what is more than can be counted, and less than nothing", () => {
    assertEquals([parseSize("8p"), parseSize("0-1")], [undefined, undefined]);
  });

  it("reads what rsync reads", requires("rsync"), () =>
    withWorkspace(({ path }) => {
      for (const [text, size] of Object.entries(SIZES)) {
        if (size === undefined || size > 2 ** 33) continue;
        mustRun("bash", ["-ec", `rm -rf s d; mkdir s d; truncate -s ${size} s/at; truncate -s ${size + 1} s/above`], {
          cwd: path,
        });
        const args = ["-r", "-n", `--max-size=${text}`, "--out-format=%n", "s/", "d/"];
        assertEquals([text, mustRun("rsync", args, { cwd: path })], [text, "at\n"]);
      }
    }));

  it("refuses what rsync refuses", requires("rsync"), () => {
    for (const text of ["1x", "1kk", "1k-2", "1 k"]) {
      const args = ["-r", "-n", `--max-size=${text}`, "/dev/null", "/dev/shm/"];
      assertEquals([text, parseSize(text), runCommand("rsync", args).status], [text, undefined, 1]);
    }
  });
});

describe("parseAge()", () => {
  const now = Date.UTC(2026, 0, 31, 12);

  it("reads durations before now", () => {
    const hours = (of: number) => now / 1000 - of * 3600;
    const texts = ["12h", "90m", "7d", "1w", "30s", "0.5d"];
    assertEquals(texts.map((text) => parseAge(text, now)), [12, 1.5, 168, 168, 30 / 3600, 12].map(hours));
  });

  it("reads dates in UTC, and other zones when they are said", () => {
    const at = (...of: Parameters<typeof Date.UTC>) => Date.UTC(...of) / 1000;
    assertEquals(parseAge("2026-01-31", now), at(2026, 0, 31));
    assertEquals(parseAge("2026-01-31T12:30", now), at(2026, 0, 31, 12, 30));
    assertEquals(parseAge("2026-01-31 12:30:15.5Z", now), at(2026, 0, 31, 12, 30, 15, 500));
    assertEquals(parseAge("2026-01-31T12:30+02:00", now), at(2026, 0, 31, 10, 30));
    assertEquals(parseAge("1969-12-31", now), -86_400);
  });

  it("refuses everything else", () => {
    const texts = [
      "",
      "7",
      "d",
      "-7d",
      "7y",
      "7 d",
      "2026",
      "2026-13-01",
      "2026-02-30T25:00",
      "yesterday",
      "2026-01-31T12",
    ];
    assertEquals(texts.map((text) => parseAge(text, now)), texts.map(() => undefined));
  });
});

describe("isBeyond()", () => {
  it("keeps sizes within both limits, themselves included", () => {
    const limits = { minSize: 2, maxSize: 4 };
    assertEquals([1, 2, 3, 4, 5].map((size) => isBeyond(limits, { size })), [true, false, false, false, true]);
  });

  it("keeps times from one limit to before the other, to the nanosecond", () => {
    const limits = { newerThan: 10, olderThan: 12 };
    const isOut = (mtimeSeconds: number, mtimeNanoseconds: number) =>
      isBeyond(limits, { mtimeSeconds, mtimeNanoseconds });
    assertEquals([isOut(9, 999_999_999), isOut(10, 0), isOut(11, 999_999_999), isOut(12, 0)], [
      true,
      false,
      false,
      true,
    ]);
  });

  it("does not ask for what is not known", () => {
    assertEquals(isBeyond({ minSize: 1, newerThan: 1 }, {}), false);
  });
});
