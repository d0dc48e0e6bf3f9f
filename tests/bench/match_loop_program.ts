/**
 * What the case `match_loop` runs under every runtime: measures the kernels and the matcher over memory that fits into
 * no cache, and prints their speeds in GB/s as JSON. The argument is the WebAssembly that only reads, in base64.
 */
import process from "node:process";
import { Matcher } from "../../lib/delta/matcher.ts";
import type { Signature } from "../../lib/delta/signature.ts";
import { BlockTable } from "../../lib/kernels/block_table.ts";
import { type Kernel, Layout, STRONG_BYTES, type StrongSum, type WeakSum } from "../../lib/kernels/kernel.ts";
import { wasmKernelsWith } from "../../lib/kernels/wasm_kernel.ts";
import { digestParts } from "../../lib/os/digest_parts.ts";

const DATA_BYTES = 2 ** 26;
const BLOCK = 2 ** 15;
const BLOCKS = DATA_BYTES / BLOCK;
/** As many as a file of 1 GiB has. */
const OLD_BLOCKS = 2 ** 15;
/** The first warms up; the median of the others counts. */
const RUNS = 6;
const PAGE = 65_536;

const WEAK_SUMS: readonly WeakSum[] = ["rsync", "rollsum", "rabinkarp"];
const STRONG_SUMS = Object.keys(STRONG_BYTES) as StrongSum[];
const PAIRS: readonly (readonly [WeakSum, StrongSum])[] = [
  ...[["rabinkarp", "blake2b"], ["rabinkarp", "md4"]] as const,
  ...[["rsync", "md5"], ["rsync", "xxh128"]] as const,
];

const create = wasmKernelsWith(digestParts);
const speeds: Record<string, number> = {};

/** Measures what goes through all of the data, without what prepares it. */
function measure(what: string, prepare: () => () => void): void {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const work = prepare();
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before); // not the clock: others may want the core meanwhile
    if (run > 0) times.push(user + system);
  }
  const middle = times.sort((a, b) => a - b)[times.length >> 1] ?? Infinity;
  speeds[what] = DATA_BYTES / 1e3 / middle;
}

function fillWithNoise(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; at += PAGE) crypto.getRandomValues(bytes.subarray(at, at + PAGE));
}

function measureReading(): void {
  const pages = DATA_BYTES / PAGE + 1;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  fillWithNoise(new Uint8Array(memory.buffer, PAGE, DATA_BYTES));
  const module = new WebAssembly.Module(Uint8Array.fromBase64(process.argv[2] ?? ""));
  const { read } = new WebAssembly.Instance(module, { env: { memory } }).exports as {
    read(at: number, n: number): number;
  };
  measure("memory read", () => () => void read(PAGE, DATA_BYTES));
}

/** Weak sums of blocks that the data does not have. */
function foreignSums(): Uint32Array<ArrayBuffer> {
  const sums = new Uint32Array(OLD_BLOCKS);
  fillWithNoise(new Uint8Array(sums.buffer));
  return sums;
}

/** Slides over all windows, also behind false alarms. */
function searchAll(kernel: Kernel, weak: WeakSum, at: number, table: number): void {
  const windows = DATA_BYTES - BLOCK;
  for (let done = 0; done < windows;) {
    const sum = kernel.weakSum(weak, at + done, BLOCK);
    done += kernel.search(weak, at + done, BLOCK, windows - done, table, sum) + 1;
  }
}

function measureKernels(): void {
  const layout = new Layout();
  const data = layout.take(DATA_BYTES);
  const into = layout.take(BLOCKS * 32);
  const tables = WEAK_SUMS.map((weak) => new BlockTable(layout, weak, OLD_BLOCKS));
  const kernel = create(layout.bytes);
  fillWithNoise(kernel.memory.subarray(data, data + DATA_BYTES));
  WEAK_SUMS.forEach((weak, at) => {
    const table = tables[at]!;
    table.fill(kernel, foreignSums());
    measure(`sums of blocks, ${weak}`, () => () => kernel.weakSums(weak, data, BLOCK, BLOCKS, into));
    measure(`search, nothing found, ${weak}`, () => () => searchAll(kernel, weak, data, table.at));
  });
  for (const strong of STRONG_SUMS) {
    measure(`sums of blocks, ${strong}`, () => () => kernel.strongSums(strong, data, BLOCK, BLOCKS, into));
  }
}

/** The signature of some bytes. */
function signatureOf(bytes: Uint8Array, weak: WeakSum, strong: StrongSum): Signature {
  const layout = new Layout();
  const data = layout.take(DATA_BYTES);
  const weakAt = layout.take(BLOCKS * 4);
  const strongAt = layout.take(BLOCKS * STRONG_BYTES[strong]);
  const kernel = create(layout.bytes);
  kernel.memory.set(bytes, data);
  kernel.weakSums(weak, data, BLOCK, BLOCKS, weakAt);
  kernel.strongSums(strong, data, BLOCK, BLOCKS, strongAt);
  return {
    ...{ weak, strong, blockLength: BLOCK, strongLength: STRONG_BYTES[strong] },
    weakSums: new Uint32Array(kernel.memory.buffer, weakAt, BLOCKS),
    strongSums: kernel.memory.subarray(strongAt, strongAt + BLOCKS * STRONG_BYTES[strong]),
  };
}

/** Matches some bytes; returns how many of them were copies. */
function match(matcher: Matcher, bytes: Uint8Array): number {
  let copied = 0;
  const count = (instructions: ReturnType<Matcher["finish"]>) => {
    for (const each of instructions) copied += each.kind === "copy" ? each.length : 0;
  };
  count(matcher.push(bytes));
  count(matcher.finish());
  return copied;
}

function measureMatching(): void {
  const data = new Uint8Array(DATA_BYTES);
  fillWithNoise(data);
  const measureMatch = (what: string, signature: Signature, expected: number) =>
    measure(what, () => {
      const matcher = new Matcher(signature, create);
      return () => {
        const copied = match(matcher, data);
        if (copied !== expected) throw new Error(`Cannot measure: ${copied} bytes were copied, not ${expected}`);
      };
    });
  for (const [weak, strong] of PAIRS) {
    const strongLength = STRONG_BYTES[strong];
    const sums = { weakSums: foreignSums(), strongSums: new Uint8Array(OLD_BLOCKS * strongLength) };
    const foreign = { weak, strong, blockLength: BLOCK, strongLength, ...sums };
    measureMatch(`match loop, nothing matches, ${weak} and ${strong}`, foreign, 0);
  }
  for (const [weak, strong] of PAIRS) {
    measureMatch(`match loop, all matches, ${weak} and ${strong}`, signatureOf(data, weak, strong), DATA_BYTES);
  }
}

measureReading();
measureKernels();
measureMatching();
console.log(JSON.stringify(speeds));
