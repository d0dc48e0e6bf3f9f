/**
 * Calling C on both runtimes: one signature table, opened with `Deno.dlopen` or `bun:ffi`. Addresses are plain numbers
 * here; Deno's functions want `bigint` for them (`deno_calls.ts`). The raw functions check nothing (Bun not even their
 * number of arguments), so only `libc.ts` sees them.
 *
 * @module
 */
import { SyncError } from "../errors.ts";

/** Types of arguments and results. `ptr` is an address as a number. */
export type CType = "i32" | "u32" | "i64" | "ptr" | "void";

/** Argument types and the result type of one function. */
export interface Signature {
  /** Types of the arguments. */
  readonly args: readonly CType[];
  /** Type of the result. */
  readonly returns: CType;
}

/** An address in this process. */
export type Address = number;

/** A function as it was looked up. */
export type RawFunction = (...args: number[]) => number;

/** Memory that C may write to: it is never moved or freed while this value is reachable. */
export interface Memory {
  /** The bytes. */
  readonly bytes: Uint8Array;
  /** Where they are. */
  readonly address: Address;
}

/** The runtime's way to call C. */
export interface ForeignInterface {
  /** Whether addresses and 64-bit integers are `bigint` in the functions of {@linkcode open}. */
  readonly wideIsBigint: boolean;
  /** Opens a library. Throws when it or one of the functions is not there. */
  open(library: string, signatures: Readonly<Record<string, Signature>>): Record<string, RawFunction>;
  /** Address of the first byte of a view, valid for the next call. */
  addressOf(bytes: Uint8Array): Address;
  /** A view of memory that C owns. */
  viewOf(address: Address, length: number): ArrayBuffer;
}

interface DenoRuntime {
  readonly permissions: { querySync(descriptor: { name: "ffi" }): { readonly state: string } };
  dlopen(path: string, symbols: object): { readonly symbols: Record<string, (...args: number[]) => unknown> };
  readonly UnsafePointer: {
    of(bytes: Uint8Array): unknown;
    value(pointer: unknown): bigint;
    create(at: bigint): unknown;
  };
  readonly UnsafePointerView: { getArrayBuffer(pointer: unknown, length: number): ArrayBuffer };
}

interface BunFfi {
  dlopen(path: string, symbols: object): { readonly symbols: Record<string, RawFunction> };
  ptr(bytes: Uint8Array): number;
  toArrayBuffer(address: number, offset: number, length: number): ArrayBuffer;
}

const DENO_TYPES: Readonly<Record<CType, string>> = { i32: "i32", u32: "u32", i64: "i64", ptr: "usize", void: "void" };
const BUN_TYPES: Readonly<Record<CType, string>> = {
  i32: "i32",
  u32: "u32",
  i64: "i64_fast",
  ptr: "ptr",
  void: "void",
};

/**
 * The foreign interface of the running runtime.
 *
 * @returns The interface.
 * @throws {SyncError} code `"unsupported"` when there is none or the permission is missing.
 */
export function foreignInterface(): ForeignInterface {
  const globals = globalThis as { Deno?: DenoRuntime; Bun?: unknown };
  // The shim that the @std adapters load on Bun also defines `Deno`, so Bun is asked for first.
  if (globals.Bun !== undefined) return bunInterface();
  if (globals.Deno !== undefined) return denoInterface(globals.Deno);
  throw new SyncError("unsupported", "Cannot call the C library: this runtime offers no foreign functions");
}

function denoInterface(deno: DenoRuntime): ForeignInterface {
  if (deno.permissions.querySync({ name: "ffi" }).state !== "granted") {
    throw new SyncError("unsupported", "Cannot call the C library: the permission is missing", {
      hint: "start Deno with --allow-ffi",
    });
  }
  return {
    wideIsBigint: true,
    open(library, signatures) {
      const { symbols } = deno.dlopen(
        library,
        mapSignatures(signatures, (s) => ({
          parameters: s.args.map((type) => DENO_TYPES[type]),
          result: DENO_TYPES[s.returns],
        })),
      );
      return symbols as Record<string, RawFunction>;
    },
    addressOf: (bytes) => Number(deno.UnsafePointer.value(deno.UnsafePointer.of(bytes))),
    viewOf: (address, length) =>
      deno.UnsafePointerView.getArrayBuffer(deno.UnsafePointer.create(BigInt(address)), length),
  };
}

function bunInterface(): ForeignInterface {
  const ffi = requireBunFfi();
  return {
    wideIsBigint: false,
    open(library, signatures) {
      return ffi.dlopen(
        library,
        mapSignatures(signatures, (s) => ({
          args: s.args.map((type) => BUN_TYPES[type]),
          returns: BUN_TYPES[s.returns],
        })),
      ).symbols;
    },
    addressOf(bytes) {
      // A small typed array moves when its buffer is first touched, so touch it before taking the address.
      void bytes.buffer;
      return ffi.ptr(bytes);
    },
    viewOf: (address, length) => ffi.toArrayBuffer(address, 0, length),
  };
}

function requireBunFfi(): BunFfi {
  const meta = import.meta as unknown as { require?: (name: string) => unknown };
  const loaded = meta.require?.("bun:ffi");
  if (loaded === undefined) throw new SyncError("unsupported", "Cannot call the C library: bun:ffi is not there");
  return loaded as BunFfi;
}

function mapSignatures(
  signatures: Readonly<Record<string, Signature>>,
  map: (signature: Signature) => object,
): Record<string, object> {
  return Object.fromEntries(Object.entries(signatures).map(([name, signature]) => [name, map(signature)]));
}

/**
 * Allocates memory that C may write to.
 *
 * @param ffi The foreign interface.
 * @param size Number of bytes.
 * @returns The bytes and their address.
 */
export function allocateMemory(ffi: ForeignInterface, size: number): Memory {
  // An ArrayBuffer first, then its address: the storage of a buffer does not move.
  const bytes = new Uint8Array(new ArrayBuffer(size));
  return { bytes, address: ffi.addressOf(bytes) };
}
