import { assertEquals, assertThrows, describe, it } from "../support/test_api.ts";
import { SyncError } from "../../lib/errors.ts";
import { deletionLimit, guardDeletions, guardEmptySource } from "../../lib/plan/guards.ts";

describe("deletionLimit()", () => {
  it("is a quarter of the destination, at least 100, unless it is set", () => {
    assertEquals([0, 399, 400, 404, 10_003].map((entries) => deletionLimit(undefined, entries)), [
      ...[100, 100, 100, 101, 2500],
    ]);
    assertEquals([deletionLimit(0, 1000), deletionLimit(7, 10)], [0, 7]);
  });
});

describe("guardDeletions()", () => {
  it("allows as many as the limit", () => {
    guardDeletions(100, 100, undefined);
    guardDeletions(0, 5, 0);
  });

  it("refuses one more, with the numbers and what allows it", () => {
    const error = assertThrows(() => guardDeletions(101, 300, undefined), SyncError);
    assertEquals(error.code, "too-many-deletions");
    assertEquals(error.message, "Cannot delete 101 of the 300 entries in the destination: the limit is 100");
    assertEquals(
      error.hint,
      "check that the source is complete, then allow it with --max-delete 101 (API: maxDelete)",
    );
    assertEquals(assertThrows(() => guardDeletions(1, 300, 0), SyncError).code, "too-many-deletions");
  });
});

describe("guardEmptySource()", () => {
  it("refuses an empty source over a destination with entries", () => {
    const error = assertThrows(() => guardEmptySource(0, 3, false), SyncError);
    assertEquals([error.code, error.message], [
      "source-empty",
      "Cannot mirror an empty source: it has no entries, the destination has 3",
    ]);
  });

  it("accepts what is allowed, and what loses nothing", () => {
    guardEmptySource(0, 3, true);
    guardEmptySource(0, 0, false);
    guardEmptySource(1, 3, false);
  });
});
