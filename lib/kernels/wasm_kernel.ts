/**
 * The kernel in WebAssembly: `assembly/` holds its AssemblyScript, `kernel_wasm.ts` the built module.
 *
 * Which sums are the kernels' own was decided by measurement, over blocks of 32 KiB. XXH128 is 3.5 times as fast as
 * hash-wasm's, which copies every block into a memory of its own; MD5, four blocks at once in vector lanes, 1.5 to 3
 * times as fast as `node:crypto`'s. SHA-1 and SHA-256 stay the library's: it uses instructions of the processor that
 * WebAssembly does not have, and they are last in rsync's order.
 *
 * @module
 */
import {
  type CreateKernel,
  type Digest,
  type Kernel,
  type Seed,
  STRONG_BYTES,
  type StrongSum,
  type WeakSum,
} from "./kernel.ts";
import { KERNEL_WASM } from "./kernel_wasm.ts";
import { seeded } from "./seeded.ts";

const PAGE_BYTES = 65_536;

/** Numbers that the module knows the sums by. */
const WEAK: Readonly<Record<WeakSum, number>> = { rsync: 0, rollsum: 1, rabinkarp: 2 };
const STRONG: Readonly<Record<Exclude<StrongSum, "sha1" | "sha256">, number>> = {
  md4: 0,
  blake2b: 1,
  md5: 2,
  xxh3: 3,
  xxh128: 4,
};
const PLACE: Readonly<Record<Seed["place"], number>> = { before: 1, behind: 2 };

/** What the module exports. Every argument is an integer of 32 bits. */
interface Exports {
  weakSum(weak: number, at: number, length: number): number;
  weakSums(weak: number, at: number, length: number, count: number, into: number): void;
  strongSums(
    ...args: [strong: number, at: number, length: number, count: number, into: number, seed: number, place: number]
  ): void;
  search(weak: number, at: number, window: number, count: number, table: number, sum: number): number;
}

let compiled: WebAssembly.Module | undefined;

/**
 * Makes a kernel.
 *
 * @param bytes Size of its memory, as a layout says.
 * @param digest Hashes for the sums that come from a library; without it, `strongSums` refuses them.
 * @returns The kernel.
 * @throws {RangeError} when that much memory cannot be had; WebAssembly ends at 4 GiB.
 */
export function createWasmKernel(bytes: number, digest?: Digest): Kernel {
  const initial = Math.ceil(bytes / PAGE_BYTES);
  const memory = new WebAssembly.Memory({ initial, maximum: initial });
  compiled ??= new WebAssembly.Module(Uint8Array.fromBase64(KERNEL_WASM));
  const instance = new WebAssembly.Instance(compiled, { env: { memory } });
  return new WasmKernel(memory, instance.exports as unknown as Exports, digest);
}

/**
 * Kernels that know every sum.
 *
 * @param digest Hashes for the sums that come from a library.
 * @returns What makes kernels.
 */
export function wasmKernelsWith(digest: Digest): CreateKernel {
  return (bytes) => createWasmKernel(bytes, digest);
}

class WasmKernel implements Kernel {
  readonly name = "wasm";
  readonly memory: Uint8Array<ArrayBuffer>;
  readonly #module: Exports;
  readonly #digest: Digest | undefined;

  constructor(memory: WebAssembly.Memory, module: Exports, digest: Digest | undefined) {
    this.memory = new Uint8Array(memory.buffer as ArrayBuffer);
    this.#module = module;
    this.#digest = digest;
  }

  weakSum(weak: WeakSum, at: number, length: number): number {
    return this.#module.weakSum(WEAK[weak], at, length) >>> 0;
  }

  weakSums(weak: WeakSum, at: number, length: number, count: number, into: number): void {
    this.#module.weakSums(WEAK[weak], at, length, count, into);
  }

  strongSums(strong: StrongSum, at: number, length: number, count: number, into: number, seed?: Seed): void {
    if (strong === "sha1" || strong === "sha256") return this.#digestBlocks(strong, at, length, count, into, seed);
    if (strong === "blake2b" && seed !== undefined) throw new RangeError("Cannot sum blocks: BLAKE2b takes no seed");
    const place = seed === undefined ? 0 : PLACE[seed.place];
    this.#module.strongSums(STRONG[strong], at, length, count, into, seed?.value ?? 0, place);
  }

  #digestBlocks(...[strong, at, length, count, into, seed]: Parameters<Kernel["strongSums"]>): void {
    if (this.#digest === undefined || (strong !== "sha1" && strong !== "sha256")) {
      throw new RangeError(`Cannot sum blocks: the kernel was made without a library for ${strong}`);
    }
    for (let block = 0; block < count; block++) {
      const bytes = this.memory.subarray(at + block * length, at + (block + 1) * length);
      this.memory.set(this.#digest(strong, seeded(bytes, seed)), into + block * STRONG_BYTES[strong]);
    }
  }

  search(weak: WeakSum, at: number, window: number, count: number, table: number, sum: number): number {
    return this.#module.search(WEAK[weak], at, window, count, table, sum) >>> 0;
  }
}
