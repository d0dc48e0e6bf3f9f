import { backlogMemory, sendBatch, tookBatch } from "../../tasks/mirror/threads/backlog.ts";
import { assert, assertEquals, describe, it } from "../support/test_api.ts";

describe("sendBatch()", () => {
  it("does not wait while the main thread keeps up", () => {
    const memory = backlogMemory();
    let sent = 0;
    for (let round = 0; round < 1000; round++) {
      sendBatch(memory, () => true, () => sent++);
      tookBatch(memory);
    }
    assertEquals([sent, new Int32Array(memory)[0]], [1000, 0]);
  });

  it("waits once too many batches wait, until the run is stopped", () => {
    const memory = backlogMemory();
    let asked = 0;
    let sent = 0;
    while (asked === 0 && sent < 1000) sendBatch(memory, () => ++asked > 2, () => sent++);
    assert(sent > 1 && sent < 1000, `${sent}`);
    assertEquals(asked, 3);
  });
});
