import { describe, it } from "../../support/test_api.ts";

describe("suite", () => {
  it("passes", () => {});
  it("passes later", async () => await Promise.resolve());
});
