import { kill, pid } from "node:process";
import { it } from "../../support/test_api.ts";

it("takes the process with it", () => void kill(pid, "SIGKILL"));
