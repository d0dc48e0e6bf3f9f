import * as fc from "fast-check";
import { decodeRecord, encodeRecord, isTag, type SnapshotRecord } from "../../lib/snapshot/record.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";

const RECORD: SnapshotRecord = {
  started: Date.UTC(2026, 10, 22, 1, 6, 11, 5),
  finished: Date.UTC(2026, 10, 22, 1, 7),
  source: "/home",
  entries: 7,
  sharedFiles: 3,
  sharedBytes: 300,
  newFiles: 1,
  newBytes: 50,
  innerLinks: 1,
  failures: 0,
  verified: true,
  tags: ["weekly"],
};

describe("a record", () => {
  it("is read back as it was written", () => {
    const count = fc.maxSafeNat();
    const time = fc.integer({ min: 0, max: 4e12 });
    const record: fc.Arbitrary<SnapshotRecord> = fc.record({
      started: time,
      finished: time,
      source: fc.string({ unit: "binary" }),
      entries: count,
      sharedFiles: count,
      sharedBytes: count,
      newFiles: count,
      newBytes: count,
      innerLinks: count,
      failures: count,
      verified: fc.boolean(),
      tags: fc.array(fc.string().filter(isTag)),
    });
    fc.assert(fc.property(record, (each) => assertEquals(decodeRecord(encodeRecord(each)), each)));
  });

  it("tells its times in a form that people read", () => {
    assertEquals(encodeRecord(RECORD).includes('"started":"2026-11-22T01:06:11.005Z"'), true);
  });

  it("is none when anything is missing or of another type", () => {
    const whole = JSON.parse(encodeRecord(RECORD)) as Record<string, unknown>;
    for (const name of Object.keys(whole)) {
      assertEquals(decodeRecord(JSON.stringify({ ...whole, [name]: undefined })), undefined, name);
      assertEquals(decodeRecord(JSON.stringify({ ...whole, [name]: { a: 1 } })), undefined, name);
    }
    for (const text of ["", "null", "[]", "7", encodeRecord(RECORD).slice(0, -5)]) {
      assertEquals(decodeRecord(text), undefined, text);
    }
    assertEquals(decodeRecord(JSON.stringify({ ...whole, entries: -1 })), undefined);
    assertEquals(decodeRecord(JSON.stringify({ ...whole, tags: ["two words"] })), undefined);
  });
});

describe("isTag()", () => {
  it("takes words", () => {
    for (const tag of ["weekly", "before-upgrade", "#12", "é"]) assertEquals(isTag(tag), true, tag);
    for (const tag of ["", "two words", "a,b", "a\0", "\x1b[0m", "x".repeat(101)]) assertEquals(isTag(tag), false, tag);
  });
});
