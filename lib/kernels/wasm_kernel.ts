/**
 * The kernel in WebAssembly: `assembly/` holds its AssemblyScript, `kernel_wasm.ts` the built module.
 *
 * @module
 */
import type { Kernel, StrongSum, WeakSum } from "./kernel.ts";
import { KERNEL_WASM } from "./kernel_wasm.ts";

const PAGE_BYTES = 65_536;

/** Numbers that the module knows the sums by. */
const WEAK: Readonly<Record<WeakSum, number>> = { rsync: 0, rollsum: 1, rabinkarp: 2 };
const STRONG: Readonly<Record<StrongSum, number>> = { md4: 0, blake2b: 1 };

/** What the module exports. Every argument is an integer of 32 bits. */
interface Exports {
  weakSum(weak: number, at: number, length: number): number;
  weakSums(weak: number, at: number, length: number, count: number, into: number): void;
  strongSums(strong: number, at: number, length: number, count: number, into: number): void;
  search(weak: number, at: number, window: number, count: number, table: number, sum: number): number;
}

let compiled: WebAssembly.Module | undefined;

/**
 * Makes a kernel.
 *
 * @param bytes Size of its memory, as a layout says.
 * @returns The kernel.
 * @throws {RangeError} when that much memory cannot be had; WebAssembly ends at 4 GiB.
 */
export function createWasmKernel(bytes: number): Kernel {
  const initial = Math.ceil(bytes / PAGE_BYTES);
  const memory = new WebAssembly.Memory({ initial, maximum: initial });
  compiled ??= new WebAssembly.Module(Uint8Array.fromBase64(KERNEL_WASM));
  const instance = new WebAssembly.Instance(compiled, { env: { memory } });
  return new WasmKernel(memory, instance.exports as unknown as Exports);
}

class WasmKernel implements Kernel {
  readonly name = "wasm";
  readonly memory: Uint8Array<ArrayBuffer>;
  readonly #module: Exports;

  constructor(memory: WebAssembly.Memory, module: Exports) {
    this.memory = new Uint8Array(memory.buffer as ArrayBuffer);
    this.#module = module;
  }

  weakSum(weak: WeakSum, at: number, length: number): number {
    return this.#module.weakSum(WEAK[weak], at, length) >>> 0;
  }

  weakSums(weak: WeakSum, at: number, length: number, count: number, into: number): void {
    this.#module.weakSums(WEAK[weak], at, length, count, into);
  }

  strongSums(strong: StrongSum, at: number, length: number, count: number, into: number): void {
    this.#module.strongSums(STRONG[strong], at, length, count, into);
  }

  search(weak: WeakSum, at: number, window: number, count: number, table: number, sum: number): number {
    return this.#module.search(WEAK[weak], at, window, count, table, sum) >>> 0;
  }
}
