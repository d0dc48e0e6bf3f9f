/**
 * A walk of an imaginary tree over a shared frontier: what a thread does in a test. As the module of a worker it joins
 * the walk whose memory it is sent, says that it is there, and at last which paths it took.
 */
import { isMainThread, parentPort } from "node:worker_threads";
import { parseRelPath, type RelPath } from "../../lib/model/rel_path.ts";
import { Frontier } from "../../lib/scan/frontier.ts";

/** What a thread is to do. */
export interface WalkOrder {
  /** Memory of the frontier. */
  readonly memory: SharedArrayBuffer;
  /** Levels of the imaginary tree. */
  readonly levels: number;
  /** Directories after which this thread stops the walk; 0 for never. */
  readonly stopAfter: number;
}

/** Directories below one: none to five, by its path alone; names are not all ASCII. */
export function childrenOf(path: RelPath, levels: number): RelPath[] {
  const parts = path.split("/");
  if (parts.length >= levels) return [];
  let hash = 7;
  for (let at = 0; at < path.length; at++) hash = Math.imul(hash, 31) + path.charCodeAt(at) | 0;
  const count = parts.length < 3 ? 5 : (hash >>> 3) % 6;
  return Array.from({ length: count }, (_, at) => parseRelPath(`${path}/${at === 1 ? "\udcff\u00e9" : `d${at}`}`));
}

/** Flags of a directory; they travel with it. */
export function flagsOf(path: RelPath): number {
  return path.length * 0x1_000_001 >>> 0;
}

/** Visits one directory; returns whether there was one to take. */
function visitNext(frontier: Frontier, { levels, stopAfter }: WalkOrder, taken: string[]): boolean {
  const next = frontier.take();
  if (next === undefined) return false;
  if (next.flags !== flagsOf(next.path)) throw new Error(`${next.path} has flags ${next.flags}`);
  taken.push(next.path);
  for (const child of childrenOf(next.path, levels)) frontier.push(child, flagsOf(child));
  if (taken.length === stopAfter) frontier.stop();
  frontier.done();
  frontier.share();
  return true;
}

/** Walks until all is done or stopped, blocking the thread; returns the paths it took. */
export function walk(frontier: Frontier, order: WalkOrder): string[] {
  const taken: string[] = [];
  while (!frontier.finished && !frontier.stopped) {
    if (!visitNext(frontier, order, taken)) frontier.wait(1000);
  }
  return taken;
}

/** The same without blocking the thread. */
export async function walkAsync(frontier: Frontier, order: WalkOrder): Promise<string[]> {
  const taken: string[] = [];
  while (!frontier.finished && !frontier.stopped) {
    if (!visitNext(frontier, order, taken)) await frontier.waitAsync(1000);
  }
  return taken;
}

if (!isMainThread) {
  parentPort?.on("message", (order: WalkOrder) => {
    parentPort?.postMessage("there");
    parentPort?.postMessage(walk(new Frontier(order.memory), order));
    parentPort?.close();
  });
}
