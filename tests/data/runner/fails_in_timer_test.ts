import { it } from "../../support/test_api.ts";

it("throws when nobody listens", async () => {
  setTimeout(() => {
    throw new Error("boom in timer");
  }, 1);
  await new Promise((resolve) => setTimeout(resolve, 20));
});
