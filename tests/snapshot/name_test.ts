import * as fc from "fast-check";
import { SyncError } from "../../lib/errors.ts";
import {
  chooseSnapshot,
  compareSnapshotNames,
  nextSnapshotName,
  parseSnapshotName,
  type SnapshotName,
  snapshotTime,
} from "../../lib/snapshot/name.ts";
import { compareNames } from "../../lib/bytes/name.ts";
import { assertEquals, assertThrows, describe, it } from "../support/test_api.ts";

const MOMENT = Date.UTC(2026, 10, 22, 1, 6, 11, 999);
const names = (...texts: string[]) => texts.map((text) => parseSnapshotName(text)!);

describe("nextSnapshotName()", () => {
  it("is the second in UTC", () => {
    assertEquals(nextSnapshotName(MOMENT, undefined), "2026-11-22T01-06-11Z" as SnapshotName);
    assertEquals(nextSnapshotName(MOMENT, names("2026-11-22T01-06-10Z")[0]), "2026-11-22T01-06-11Z" as SnapshotName);
  });

  it("counts within a second, and goes on in the next when the numbers are used up", () => {
    const after = (text: string) => nextSnapshotName(MOMENT, parseSnapshotName(text)) as string;
    assertEquals(after("2026-11-22T01-06-11Z"), "2026-11-22T01-06-11Z-001");
    assertEquals(after("2026-11-22T01-06-11Z-009"), "2026-11-22T01-06-11Z-010");
    assertEquals(after("2026-11-22T01-06-11Z-999"), "2026-11-22T01-06-12Z");
  });

  it("stays behind the newest when the clock went back", () => {
    assertEquals(nextSnapshotName(MOMENT, names("2030-01-01T00-00-00Z")[0]) as string, "2030-01-01T00-00-00Z-001");
  });

  it("refuses a clock that no name can tell", () => {
    for (const now of [NaN, -1e15, 1e15]) assertThrows(() => nextSnapshotName(now, undefined), RangeError);
  });

  it("is always later than the newest, in time and by the bytes of the name, and can be read back", () => {
    const moment = fc.integer({ min: Date.UTC(0, 0), max: Date.UTC(9999, 11, 30) });
    fc.assert(fc.property(moment, fc.array(moment, { maxLength: 6 }), (first, clocks) => {
      let newest = nextSnapshotName(first, undefined);
      assertEquals(snapshotTime(newest), Math.floor(first / 1000) * 1000);
      for (const now of [...clocks, ...clocks]) {
        const next = nextSnapshotName(now, newest);
        assertEquals(parseSnapshotName(next), next);
        assertEquals([compareSnapshotNames(next, newest) > 0, compareNames(next, newest) > 0], [true, true]);
        assertEquals(snapshotTime(next) >= snapshotTime(newest), true);
        newest = next;
      }
    }));
  });
});

describe("parseSnapshotName()", () => {
  it("takes what is a date", () => {
    for (const text of ["0000-01-01T00-00-00Z", "2024-02-29T23-59-59Z", "9999-12-31T23-59-59Z-999"]) {
      assertEquals(parseSnapshotName(text) as string, text);
    }
    assertEquals(snapshotTime(names("0050-01-01T00-00-00Z")[0]!), Date.parse("0050-01-01T00:00:00Z"));
  });

  it("refuses everything else", () => {
    for (
      const text of [
        "",
        "latest",
        ".undrift",
        "2026-02-30T00-00-00Z",
        "2025-02-29T00-00-00Z",
        "2026-13-01T00-00-00Z",
        "2026-01-01T24-00-00Z",
        "2026-01-01T00-60-00Z",
        "2026-01-01T00-00-00",
        "2026-01-01T00:00:00Z",
        "2026-01-01T00-00-00Z-000",
        "2026-01-01T00-00-00Z-1",
        "2026-01-01T00-00-00Z\n",
        "--2026-01-01T00-00-00Z",
        "2026-01-01T00-00-00Z/..",
      ]
    ) {
      assertEquals(parseSnapshotName(text), undefined, text);
    }
  });
});

describe("chooseSnapshot()", () => {
  const store = names("2026-11-22T01-06-11Z-001", "2026-11-20T01-06-11Z", "2026-11-22T01-06-11Z");
  const refusal = (wanted: string) => assertThrows(() => chooseSnapshot(store, wanted), SyncError);

  it("takes a name, the beginning of exactly one, and latest", () => {
    assertEquals(chooseSnapshot(store, "2026-11-22T01-06-11Z") as string, "2026-11-22T01-06-11Z");
    assertEquals(chooseSnapshot(store, "2026-11-20") as string, "2026-11-20T01-06-11Z");
    assertEquals(chooseSnapshot(store, "latest") as string, "2026-11-22T01-06-11Z-001");
  });

  it("refuses what names none or several", () => {
    assertEquals(refusal("2026-11-22").message, 'Cannot choose snapshot "2026-11-22": 2 of them begin like that');
    for (const wanted of ["", "..", "2025", "--all", ".undrift/working"]) {
      assertEquals(refusal(wanted).code, "snapshot-missing");
    }
    assertThrows(() => chooseSnapshot([], "latest"), SyncError);
  });
});
