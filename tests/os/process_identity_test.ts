import { spawn } from "node:child_process";
import process from "node:process";
import { isGone, thisProcess } from "../../lib/os/process_identity.ts";
import { assertEquals, assertNotEquals, describe, it, requires } from "../support/test_api.ts";

describe("isGone()", () => {
  it("knows this process and its parent", requires("Linux"), () => {
    const me = thisProcess();
    assertEquals(me.pid, process.pid);
    for (const field of [me.started, me.boot, me.host]) assertNotEquals(field, "");
    assertEquals(isGone(me), false);
    assertEquals(isGone({ ...me, pid: process.ppid, started: "" }), false);
  });

  it("knows a process that ended, and one whose number another has now", requires("Linux"), async () => {
    const child = spawn("true");
    await new Promise((resolve) => child.once("exit", resolve));
    const me = thisProcess();
    assertEquals(isGone({ ...me, pid: child.pid!, started: "" }), true);
    assertEquals(isGone({ ...me, started: `${me.started}1` }), true);
  });

  it("knows that nothing outlives the system, and nothing of other machines", () => {
    const me = { ...thisProcess(), boot: "this one" };
    assertEquals(isGone({ ...me, host: "elsewhere", pid: 2 ** 30, boot: "" }), false);
    assertEquals(isGone({ ...thisProcess(), boot: "an earlier one" }), thisProcess().boot !== "");
    assertEquals(isGone({ ...me, host: "elsewhere" }), false);
  });
});
