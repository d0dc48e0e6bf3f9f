import { runtimeName } from "../../support/test_api.ts";

/** There is no test here. */
export const NAME = runtimeName;
