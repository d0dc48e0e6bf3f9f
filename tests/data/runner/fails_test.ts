import { assertEquals, describe, it } from "../../support/test_api.ts";

describe("suite", () => {
  it("passes", () => {});
  it("fails <&>", () => assertEquals(1, 2));
});
