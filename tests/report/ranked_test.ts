import { Ranked } from "../../lib/report/ranked.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";

describe("Ranked", () => {
  it("keeps the worst, and among equals the first", () => {
    const ranked = new Ranked<string>(3);
    for (const [weight, name] of [[1, "a"], [5, "b"], [1, "c"], [9, "d"], [5, "e"], [5, "f"]] as const) {
      ranked.add(weight, () => name);
    }
    assertEquals(ranked.worst(), ["d", "b", "e"]);
    assertEquals(ranked.count, 6);
  });

  it("makes no more than it may need", () => {
    const ranked = new Ranked<number>(2);
    let made = 0;
    for (let at = 0; at < 1000; at++) ranked.add(0, () => ++made);
    assertEquals([made, ranked.worst(), ranked.count], [2, [1, 2], 1000]);
  });

  it("is empty at first", () => assertEquals(new Ranked(3).worst(), []));
});
