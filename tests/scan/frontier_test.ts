/** The frontier: alone, and shared by real threads. */
import { Worker } from "node:worker_threads";
import { assert, assertEquals, assertGreater, assertLess, describe, it } from "../support/test_api.ts";
import { parseRelPath, type RelPath, ROOT } from "../../lib/model/rel_path.ts";
import { Frontier, frontierMemory } from "../../lib/scan/frontier.ts";
import { childrenOf, flagsOf, walk, walkAsync, type WalkOrder } from "./frontier_walk.ts";

const LEVELS = 9;
const TOP = parseRelPath("t");

/** Everything that a walk has to take. */
function allBelow(top: RelPath, levels: number): string[] {
  return [top, ...childrenOf(top, levels).flatMap((child) => allBelow(child, levels))];
}

/** Starts a thread on a walk; it is there when this returns, and then gives what it took once the walk is over. */
async function startWalking(order: WalkOrder): Promise<{ readonly taken: Promise<string[]> }> {
  const worker = new Worker(new URL("./frontier_walk.ts", import.meta.url));
  const there = Promise.withResolvers<void>();
  const taken = new Promise<string[]>((resolve, reject) => {
    worker.on("message", (message: "there" | string[]) => message === "there" ? there.resolve() : resolve(message));
    worker.on("error", reject);
  });
  worker.postMessage(order);
  await Promise.race([there.promise, taken]);
  return { taken: taken.finally(() => worker.terminate()) };
}

/** Walks with several threads, this one among them; returns what each took. */
async function walkTogether(threads: number, levels: number, stopAfter = 0): Promise<string[][]> {
  const memory = frontierMemory();
  const frontier = new Frontier(memory);
  frontier.push(TOP, flagsOf(TOP));
  const starts = Array.from({ length: threads - 1 }, () => startWalking({ memory, levels, stopAfter: 0 }));
  const others = await Promise.all(starts);
  const own = await walkAsync(frontier, { memory, levels, stopAfter });
  return [own, ...await Promise.all(others.map(({ taken }) => taken))];
}

describe("Frontier", () => {
  it("gives every directory once, deepest first", () => {
    const memory = frontierMemory();
    const frontier = new Frontier(memory);
    assertEquals([frontier.finished, frontier.take()], [true, undefined]);
    frontier.push(ROOT, 5);
    frontier.push(parseRelPath("a"), 6);
    assertEquals([frontier.take(), frontier.take(), frontier.take()], [
      { path: parseRelPath("a"), flags: 6 },
      { path: ROOT, flags: 5 },
      undefined,
    ]);
    frontier.done();
    assertEquals(frontier.finished, false);
    frontier.done();
    assertEquals(frontier.finished, true);
  });

  it("hands on where a directory is meanwhile, to this thread and to others", () => {
    const memory = frontierMemory();
    const [rich, poor] = [new Frontier(memory), new Frontier(memory)];
    const moved = { path: parseRelPath("a/b"), flags: 1, at: parseRelPath("a/.undrift-x/\udcff") };
    for (let turn = 0; turn < 2; turn++) rich.push(moved.path, moved.flags, moved.at);
    const waiting = poor.waitAsync(10_000);
    rich.share();
    return waiting.then(() => assertEquals([poor.take(), rich.take()], [moved, moved]));
  });

  it("walks all of a tree alone", () => {
    const frontier = new Frontier(frontierMemory());
    frontier.push(TOP, flagsOf(TOP));
    const taken = walk(frontier, { memory: frontierMemory(), levels: 6, stopAfter: 0 });
    assertEquals(taken.toSorted(), allBelow(TOP, 6).toSorted());
  });

  it("gives the older half away when another is hungry, and only then", () => {
    const memory = frontierMemory();
    const [rich, poor] = [new Frontier(memory), new Frontier(memory)];
    for (const name of ["a", "b", "c", "d"]) rich.push(parseRelPath(name), 0);
    rich.share();
    assertEquals(poor.take(), undefined);
    const waiting = poor.waitAsync(10_000);
    rich.share();
    return waiting.then(() => {
      assertEquals([poor.take()?.path, poor.take()?.path, poor.take()], ["b", "a", undefined]);
      assertEquals([rich.take()?.path, rich.take()?.path, rich.take()], ["d", "c", undefined]);
    });
  });

  it("keeps what the shared memory has no room for", async () => {
    const memory = frontierMemory();
    const [rich, poor] = [new Frontier(memory), new Frontier(memory)];
    const paths = Array.from({ length: 1000 }, (_, at) => parseRelPath(`${at}-${"x".repeat(4000)}`));
    for (const path of paths) rich.push(path, 0);
    const waiting = poor.waitAsync(10_000);
    rich.share();
    await waiting;
    const taken: string[] = [];
    for (const frontier of [poor, rich]) {
      const before = taken.length;
      for (let next = frontier.take(); next !== undefined; next = frontier.take()) taken.push(next.path);
      assertGreater(taken.length - before, 100);
    }
    assertEquals(taken.toSorted(), paths.toSorted());
  });

  it("wakes who waits when all is finished, and when it is stopped", async () => {
    for (const end of ["done", "stop"] as const) {
      const memory = frontierMemory();
      const [working, waiting] = [new Frontier(memory), new Frontier(memory)];
      working.push(ROOT, 0);
      working.take();
      const started = performance.now();
      const woken = waiting.waitAsync(60_000);
      working[end]();
      await woken;
      assertLess(performance.now() - started, 10_000);
      assertEquals([waiting.finished, waiting.stopped], [end === "done", end === "stop"]);
    }
  });

  it("does not wait when there is nothing to wait for", () => {
    const frontier = new Frontier(frontierMemory());
    const started = performance.now();
    frontier.wait(60_000);
    assertLess(performance.now() - started, 10_000);
  });

  it("serves the next walk after a reset", () => {
    const memory = frontierMemory();
    const frontier = new Frontier(memory);
    for (const name of ["a", "b"]) frontier.push(parseRelPath(name), 0);
    frontier.reset();
    assertEquals([frontier.finished, frontier.take()], [true, undefined]);
    frontier.push(TOP, 0);
    assertEquals(frontier.take()?.path, TOP);
  });
});

describe("Frontier in several threads", () => {
  it("gives every directory to exactly one of them, and ends", async () => {
    const parts = await walkTogether(4, LEVELS);
    const expected = allBelow(TOP, LEVELS);
    assertGreater(expected.length, 5000);
    assertEquals(parts.flat().toSorted(), expected.toSorted());
  });

  it("lets others have work when one begins with all of it", async () => {
    const parts = await walkTogether(3, LEVELS + 2);
    assertGreater(parts.filter((part) => part.length > 0).length, 1);
    assertEquals(new Set(parts.flat()).size, parts.flat().length);
  });

  it("ends early when one stops, and gives nothing twice", async () => {
    const all = new Set(allBelow(TOP, LEVELS));
    const parts = await walkTogether(4, LEVELS, 300);
    const taken = parts.flat();
    assertEquals(new Set(taken).size, taken.length);
    assert(taken.every((path) => all.has(path)));
    assertEquals(parts[0]?.length, 300);
  });
});
