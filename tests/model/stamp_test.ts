import { isSettled, sameStamp, type Stamp } from "../../lib/model/stamp.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";

const STAMP: Stamp = {
  size: 3,
  mtimeSeconds: 1_000,
  mtimeNanoseconds: 5,
  ctimeSeconds: 2_000,
  ctimeNanoseconds: 7,
  inode: 9,
};

describe("sameStamp()", () => {
  it("tells every part", () => {
    assertEquals(sameStamp(STAMP, { ...STAMP }), true);
    for (const part of Object.keys(STAMP) as (keyof Stamp)[]) {
      assertEquals(sameStamp(STAMP, { ...STAMP, [part]: STAMP[part] + 1 }), false, part);
    }
  });
});

describe("isSettled()", () => {
  it("waits for one step of a fine clock after the last change", () => {
    assertEquals(isSettled(STAMP, 2_000_050), false);
    assertEquals(isSettled(STAMP, 2_000_101), true);
  });

  it("waits for two seconds where times are whole", () => {
    const coarse = { ...STAMP, ctimeNanoseconds: 0 };
    assertEquals(isSettled(coarse, 2_001_900), false);
    assertEquals(isSettled(coarse, 2_002_200), true);
  });

  it("judges by the time of change, which nobody can set back, and not by that of modification", () => {
    assertEquals(isSettled({ ...STAMP, mtimeSeconds: 9_999 }, 2_000_101), true);
    assertEquals(isSettled({ ...STAMP, mtimeSeconds: 0 }, 1_999_000), false);
  });

  it("takes the time of modification where there is no other", () => {
    const none = { ...STAMP, ctimeSeconds: 0, ctimeNanoseconds: 0 };
    assertEquals(isSettled(none, 1_000_050), false);
    assertEquals(isSettled(none, 1_000_101), true);
  });

  it("trusts nothing from the future", () => {
    assertEquals(isSettled({ ...STAMP, ctimeSeconds: 3_000 }, 2_000_101), false);
  });
});
