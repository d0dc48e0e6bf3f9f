import { type FileVerdict, isAlarming, judge } from "../../lib/catalog/judge.ts";
import type { Known } from "../../lib/catalog/known.ts";
import type { Stamp } from "../../lib/model/stamp.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";

const STAMP: Stamp = {
  size: 3,
  mtimeSeconds: 1_000,
  mtimeNanoseconds: 5,
  ctimeSeconds: 2_000,
  ctimeNanoseconds: 7,
  inode: 9,
};
const GOOD = Uint8Array.of(1, 2, 3);
const BAD = Uint8Array.of(1, 2, 7);
const KNOWN: Known = { stamp: STAMP, checksum: GOOD, recordedMs: 1, verifiedMs: 2 };

const CASES: readonly (readonly [Partial<Stamp>, Uint8Array, FileVerdict])[] = [
  [{}, GOOD, "same"],
  [{}, BAD, "rotten"],
  [{ ctimeNanoseconds: 8 }, GOOD, "touched"],
  [{ ctimeNanoseconds: 8 }, BAD, "suspect"],
  [{ inode: 10 }, BAD, "suspect"],
  [{ mtimeNanoseconds: 6, ctimeNanoseconds: 8 }, BAD, "changed"],
  [{ mtimeSeconds: 999, ctimeNanoseconds: 8 }, GOOD, "touched"],
  [{ size: 4, ctimeNanoseconds: 8 }, BAD, "changed"],
  [{}, Uint8Array.of(1, 2), "rotten"],
];

describe("judge()", () => {
  for (const [other, checksum, verdict] of CASES) {
    it(`calls ${JSON.stringify(other)} with ${checksum === GOOD ? "the same" : "other"} content ${verdict}`, () => {
      assertEquals(judge(KNOWN, { stamp: { ...STAMP, ...other }, checksum }), verdict);
    });
  }

  it("calls what is not known new", () => {
    assertEquals(judge(undefined, { stamp: STAMP, checksum: GOOD }), "new");
  });

  it("alarms where no write tells of the change", () => {
    const verdicts: FileVerdict[] = ["new", "same", "touched", "changed", "suspect", "rotten"];
    assertEquals(verdicts.filter(isAlarming), ["suspect", "rotten"]);
  });
});
