import { it, runtimeName } from "../../support/test_api.ts";

it("is skipped as expected", { skip: runtimeName === "bun" ? "needs Deno" : "needs Bun" }, () => {});
it("is skipped for no good reason", { skip: "flaky" }, () => {});
