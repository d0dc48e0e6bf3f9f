/** Tasks of tasks, with tasks under control: what runs when, what is said, and what is stopped. */
import fc from "fast-check";
import { defineTask, parallel, retry, sequence, StepError, type StepEvent, SyncError, when } from "undrift";
import { assertEquals, assertRejects, assertThrows, describe, it } from "../../support/test_api.ts";
import { fake, forever, outlineOf } from "./fake_tasks.ts";

const failing = (name: string, code: SyncError["code"] = "io") =>
  fake(name, () => Promise.reject(new SyncError(code, `Cannot do ${name}`, { path: "p", hint: "h" })));

async function failureOf(run: () => Promise<unknown>): Promise<StepError> {
  return await assertRejects(run, StepError) as StepError;
}

async function told(
  task: { run(watch: { onEvent: (event: StepEvent) => void }): Promise<unknown> },
): Promise<string[]> {
  const events: StepEvent[] = [];
  await task.run({ onEvent: (event) => events.push(event) }).catch(() => {});
  return outlineOf(events);
}

describe("sequence()", () => {
  it("runs one after the other and reports as it was given", async () => {
    const order: string[] = [];
    const step = (name: string) => fake(name, () => order.push(name));
    const named = await sequence({ a: step("x"), b: step("y") }).run();
    assertEquals([order, named.reports, named.outcome], [["x", "y"], { a: 1, b: 2 }, "done"]);
    assertEquals((await sequence([step("x"), step("y")]).run()).reports, [3, 4]);
  });

  it("says which step each event is of, in order and however deep", async () => {
    const task = sequence({
      a: fake("x", () => 1),
      b: sequence([fake("y", () => 2), parallel({ c: fake("z", () => 3) })]),
    });
    assertEquals(await told(task), [
      "start",
      "start a",
      "event a: x says 1",
      "end a",
      "start b",
      "start b/y",
      "event b/y: y says 1",
      "end b/y",
      "start b/2",
      "start b/2/c",
      "event b/2/c: z says 1",
      "end b/2/c",
      "end b/2",
      "end b",
      "end",
    ]);
    const streamed = await Array.fromAsync(task.stream());
    assertEquals(outlineOf(streamed).length, 15);
    assertEquals(streamed.at(-1)?.type, "end");
  });

  it("ends at the first that fails, with its code and its way", async () => {
    const after = fake("after", () => 1);
    const task = sequence({ outer: sequence({ inner: failing("it", "no-space") }), after });
    const error = await failureOf(() => task.run());
    assertEquals([error.code, error.step, error.path, error.hint], ["no-space", ["outer", "inner"], "p", "h"]);
    assertEquals(error.message, 'Cannot finish "outer/inner": Cannot do it');
    assertEquals((error.cause as SyncError).message, "Cannot do it");
    assertEquals(after.begun, 0);
    assertEquals((await told(task)).slice(-3), [
      "fail outer/inner: no-space",
      "fail outer: no-space",
      "fail: no-space",
    ]);
  });

  it("tells foreign errors from defects of the toolkit", async () => {
    const error = await failureOf(() => sequence([fake("x", () => Promise.reject(new TypeError("oops")))]).run());
    assertEquals([error.code, error.message], ["task-failed", 'Cannot finish "x": oops']);
  });

  it("does not go on after what is not complete, unless it is told to", async () => {
    for (const report of [{ outcome: "partial" }, { outcome: "done", unmet: [1] }, { outcome: "different" }]) {
      const after = fake("after", () => 1);
      const steps = [fake("x", () => report), after];
      assertEquals((await failureOf(() => sequence(steps).run())).code, "task-failed");
      assertEquals(after.begun, 0);
      const { outcome, reports } = await sequence(steps, { goOn: true }).run();
      assertEquals([outcome, reports], ["partial", [report, 1]]);
      assertEquals((await sequence([fake("last", () => report)]).run()).outcome, "partial");
    }
  });

  it("refuses what are no steps", () => {
    assertThrows(() => sequence([]), RangeError, "no steps");
    assertThrows(() => sequence({}), RangeError, "no steps");
    assertThrows(() => sequence([fake("x", () => 1), fake("x", () => 2)]), RangeError, 'the name "x"');
    assertThrows(() => sequence({ a: "text" as unknown as ReturnType<typeof forever> }), RangeError, '"a" is no task');
  });
});

describe("parallel()", () => {
  it("runs no more at once than its limit, and all in the end", async () => {
    for (const limit of [1, 2, 3, 9]) {
      let [running, most] = [0, 0];
      const steps = Array.from({ length: 7 }, (_, at) =>
        fake(`t${at}`, async () => {
          most = Math.max(most, ++running);
          await new Promise((resolve) => setTimeout(resolve, 2 + at % 3));
          running--;
          return at;
        }));
      assertEquals((await parallel(steps, { limit }).run()).reports, [0, 1, 2, 3, 4, 5, 6]);
      assertEquals(most, Math.min(limit, 7));
    }
  });

  it("stops the others when one fails, begins no more, and waits for them", async () => {
    const [slow, other, never] = [forever("slow"), forever("other"), fake("never", () => 1)];
    const bad = fake("bad", async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      throw new SyncError("permission", "Cannot do bad");
    });
    const error = await failureOf(() => parallel({ slow, bad, other, never }, { limit: 3 }).run());
    assertEquals([error.code, error.step], ["permission", ["bad"]]);
    assertEquals([slow.wasStopped, slow.ended, other.wasStopped, other.ended, never.begun], [true, 1, true, 1, 0]);
  });

  it("does not stop the others when one is not complete", async () => {
    const { outcome, reports } = await parallel([fake("x", () => ({ outcome: "partial" })), fake("y", () => 1)]).run();
    assertEquals([outcome, reports[1]], ["partial", 1]);
  });

  it("refuses limits out of range", () => {
    for (const limit of [0, -1, 1.5, NaN, 257]) {
      assertThrows(() => parallel([forever("x")], { limit }), RangeError, "limit");
    }
  });
});

describe("retry()", () => {
  const quick = { waitMs: 1, mostWaitMs: 2 };
  const unsteady = (failures: number, code: SyncError["code"] = "connection") =>
    fake("x", (attempt) => attempt > failures ? attempt : Promise.reject(new SyncError(code, "Cannot")));

  it("tries again until it goes well, and says so", async () => {
    assertEquals(await retry(unsteady(2), quick).run(), 3);
    assertEquals(await told(retry(unsteady(1), quick)), [
      "start",
      "event: x says 1",
      "retry: connection",
      "event: x says 2",
      "end",
    ]);
  });

  it("waits longer and longer, up to a limit", async () => {
    const waits: number[] = [];
    const task = retry(unsteady(4), { attempts: 5, waitMs: 1, factor: 3, mostWaitMs: 10 });
    await task.run({ onEvent: (event) => event.type === "retry" && waits.push(event.waitMs) });
    assertEquals(waits, [1, 3, 9, 10]);
  });

  it("gives up after the last attempt, or at once when trying again is no use", async () => {
    const [often, guard, mine] = [unsteady(9), unsteady(9, "too-many-deletions"), unsteady(9, "no-space")];
    assertEquals((await assertRejects(() => retry(often, quick).run(), SyncError)).code, "connection");
    await assertRejects(() => retry(guard, quick).run(), SyncError);
    await assertRejects(() => retry(mine, { ...quick, on: ["no-space"] }).run(), SyncError);
    await assertRejects(
      () => retry(unsteady(9), { ...quick, on: (error, attempt) => error.code === "io" || attempt < 2 }).run(),
      SyncError,
    );
    assertEquals([often.begun, guard.begun, mine.begun], [3, 1, 3]);
  });

  it("tries again what is not complete, and gives the last report", async () => {
    const better = fake("x", (attempt) => ({ outcome: attempt < 3 ? "partial" : "done", attempt }));
    assertEquals(await retry(better, quick).run(), { outcome: "done", attempt: 3 });
    const never = fake("x", (attempt) => ({ outcome: "partial", attempt }));
    assertEquals(await retry(never, quick).run(), { outcome: "partial", attempt: 3 });
  });

  it("stops while it waits", async () => {
    const task = retry(unsteady(9), { waitMs: 60_000 });
    const stopped = task.run({ signal: AbortSignal.timeout(20) });
    assertEquals((await assertRejects(() => stopped, SyncError)).code, "cancelled");
  });

  it("refuses options out of their range", () => {
    for (const options of [{ attempts: 0 }, { attempts: 1.5 }, { waitMs: -1 }, { factor: 0.5 }, { mostWaitMs: NaN }]) {
      assertThrows(() => retry(forever("x"), options), RangeError, Object.keys(options)[0]!);
    }
  });
});

describe("when()", () => {
  it("runs what the condition allows, which is asked at its turn", async () => {
    let holds = false;
    const task = sequence([
      fake("first", () => holds = true),
      when(() => holds, fake("x", () => 7)),
      when(false, forever("y")),
    ]);
    assertEquals((await task.run()).reports, [true, 7, undefined]);
    assertEquals((await told(task)).slice(3), [
      "end first",
      "start 2",
      "event 2: x says 2",
      "end 2",
      "start 3",
      "skip 3",
      "end 3",
      "end",
    ]);
  });

  it("fails as its condition does", async () => {
    const task = sequence({ x: when(() => Promise.reject(new Error("who knows")), forever("y")) });
    assertEquals((await failureOf(() => task.run())).message, 'Cannot finish "x": who knows');
  });
});

describe("defineTask()", () => {
  it("runs steps of its own, one with what another reported, and says what it likes", async () => {
    const task = defineTask("mine", async ({ run, tell }) => {
      const first = await run("a", fake("a", () => 5));
      tell("half way");
      return await run("b", fake("b", () => first + 1));
    });
    assertEquals(await task.run(), 6);
    assertEquals(await told(sequence([task])), [
      "start",
      "start mine",
      "start mine/a",
      "event mine/a: a says 1",
      "end mine/a",
      "event mine: half way",
      "start mine/b",
      "event mine/b: b says 1",
      "end mine/b",
      "end mine",
      "end",
    ]);
  });

  it("waits for steps that it forgot, and stops them when it fails", async () => {
    let done = false;
    await defineTask("x", ({ run }) => {
      void run(
        "a",
        fake("a", async () => {
          await new Promise((resolve) => setTimeout(resolve, 5));
          return done = true;
        }),
      );
    }).run();
    assertEquals(done, true);
    const endless = forever("a");
    const failed = defineTask("x", ({ run }) => {
      void run("a", endless).catch(() => {});
      throw new Error("no");
    });
    await assertRejects(() => failed.run(), SyncError);
    assertEquals([endless.wasStopped, endless.ended], [true, 1]);
  });

  it("fails with a step that it forgot", async () => {
    const task = defineTask("x", ({ run }) => {
      run("a", failing("a")).catch(() => {});
    });
    assertEquals((await failureOf(() => task.run())).step, ["a"]);
  });

  it("needs a name", () => {
    assertThrows(() => defineTask("", () => 1), RangeError, "name");
  });
});

describe("a signal", () => {
  it("reaches whatever runs, however deep, and lets nothing begin afterwards", async () => {
    const arbitrary = fc.letrec((tie) => ({
      tree: fc.oneof({ maxDepth: 3, depthSize: "small" }, tie("leaf"), tie("many"), tie("one")),
      leaf: fc.constant("leaf" as const),
      one: fc.tuple(fc.constantFrom("retry", "when", "define"), tie("tree")),
      many: fc.tuple(fc.constantFrom("sequence", "parallel"), fc.array(tie("tree"), { minLength: 1, maxLength: 3 })),
    })).tree;
    const tree = arbitrary as fc.Arbitrary<Shape>;
    await fc.assert(
      fc.asyncProperty(tree, fc.nat(6), async (shape, ms) => {
        const leaves: ReturnType<typeof forever>[] = [];
        const task = build(shape, leaves);
        const signal = AbortSignal.timeout(ms);
        const error = await assertRejects(() => task.run({ signal }), SyncError);
        assertEquals(error.code, "cancelled");
        for (const leaf of leaves) {
          assertEquals([leaf.begun === leaf.ended, leaf.begun === 0 || leaf.wasStopped], [true, true]);
        }
        const begun = leaves.map((leaf) => leaf.begun);
        await new Promise((resolve) => setTimeout(resolve, 2));
        assertEquals(leaves.map((leaf) => leaf.begun), begun);
      }),
      { numRuns: 60 },
    );
  });

  it("that is aborted lets nothing begin", async () => {
    const leaf = forever("x");
    for (
      const task of [
        sequence([leaf]),
        parallel([leaf]),
        retry(leaf),
        when(true, leaf),
        defineTask("d", ({ run }) => run("x", leaf)),
      ]
    ) {
      assertEquals((await assertRejects(() => task.run({ signal: AbortSignal.abort() }), SyncError)).code, "cancelled");
    }
    assertEquals(leaf.begun, 0);
  });

  it("is what leaving the stream is", async () => {
    const leaf = forever("x");
    for await (const event of sequence([leaf]).stream()) if (event.type === "event") break;
    assertEquals([leaf.wasStopped, leaf.ended], [true, 1]);
  });
});

type Shape =
  | "leaf"
  | readonly ["retry" | "when" | "define", Shape]
  | readonly ["sequence" | "parallel", readonly Shape[]];
type Runnable = { run(watch?: { readonly signal?: AbortSignal }): Promise<unknown> };

function build(shape: Shape, leaves: ReturnType<typeof forever>[]): Runnable {
  if (shape === "leaf") {
    const leaf = forever(`l${leaves.length}`);
    leaves.push(leaf);
    return sequence([leaf]);
  }
  const [kind, below] = shape;
  if (kind === "sequence" || kind === "parallel") {
    const steps = Object.fromEntries((below as readonly Shape[]).map((each, at) => [`s${at}`, build(each, leaves)]));
    return kind === "sequence" ? sequence(steps) : parallel(steps);
  }
  const inner = build(below as Shape, leaves);
  if (kind === "retry") return retry(inner, { waitMs: 1 });
  return kind === "when" ? when(true, inner) : defineTask("d", ({ run }) => run("x", inner));
}
