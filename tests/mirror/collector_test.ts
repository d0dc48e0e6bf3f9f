import { SyncError } from "../../lib/errors.ts";
import type { Env } from "../../lib/model/env.ts";
import { parseRelPath } from "../../lib/model/rel_path.ts";
import { Collector } from "../../tasks/mirror/collector.ts";
import { counterMemory } from "../../tasks/mirror/threads/listener.ts";
import type { MirrorEvent } from "../../tasks/mirror/report.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";

const ENV: Env = { now: () => 0, wallClock: () => 0, randomHex: () => "", turn: () => Promise.resolve(), cores: 1 };
const PAIR = { source: "s", destination: "d" };

describe("Collector", () => {
  it("warns of entries that vanished from the source, and counts no failure", () => {
    const events: MirrorEvent[] = [];
    const collector = new Collector(ENV, counterMemory(1), (event) => events.push(event));
    for (const name of ["a\n", "b"]) collector.failed(parseRelPath(name), new SyncError("source-vanished", "gone"));
    const { failureCount, failures, warnings } = collector.report(PAIR, "done");
    assertEquals([failureCount, failures.length], [0, 0]);
    assertEquals(warnings.map(({ message }) => message), [
      '2 entries vanished from the source while it was mirrored, first "a\\n"',
    ]);
    assertEquals(events.map(({ type }) => type), ["warning", "warning"]);
  });

  it("tells a failure that two passes meet once, and counts all that it does not keep", () => {
    const collector = new Collector(ENV, counterMemory(1), undefined);
    for (let round = 0; round < 2; round++) {
      for (let index = 0; index < 1_000; index++) {
        collector.failed(parseRelPath(`f${index}`), new SyncError("permission", "no"));
      }
    }
    assertEquals(collector.failureCount, 1_000);
    collector.failed(parseRelPath("one-more"), new SyncError("permission", "no"));
    const { failureCount, failures } = collector.report(PAIR, "partial");
    assertEquals([failureCount, failures.length], [1_001, 1_000]);
  });

  it("fails for what vanished while exactly a plan is carried out, unless the policy says otherwise", () => {
    for (const [policy, expected] of [[{}, 1], [{ vanished: "ignore" }, 0]] as const) {
      const collector = new Collector(ENV, counterMemory(1), undefined, true, policy);
      collector.followPlan();
      collector.failed(parseRelPath("a"), new SyncError("source-vanished", "gone"));
      assertEquals(collector.report(PAIR, "done").failureCount, expected);
    }
  });

  it("always counts the error that ends the run", () => {
    const collector = new Collector(ENV, counterMemory(1), undefined, true, { drift: "ignore", io: "ignore" });
    collector.failed(parseRelPath("a"), new SyncError("io", "no"));
    collector.ended(new SyncError("drift", "moved"));
    const { failureCount, failures, causes } = collector.report(PAIR, "stopped");
    assertEquals([failureCount, failures.map(({ code }) => code)], [1, ["drift"]]);
    assertEquals(causes, { io: { failed: 0, warned: 0, ignored: 1 } });
  });
});
