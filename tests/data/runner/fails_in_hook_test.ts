import { after, describe, it } from "../../support/test_api.ts";

describe("suite", () => {
  after(() => {
    throw new Error("boom in hook");
  });
  it("passes", () => {});
});
