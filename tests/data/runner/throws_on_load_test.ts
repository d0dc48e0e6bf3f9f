import { it } from "../../support/test_api.ts";

it("never runs", () => {});
throw new Error("boom on load");
