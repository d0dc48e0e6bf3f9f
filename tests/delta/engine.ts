/** The engine driven from memory, for any kernel and any way the bytes may arrive. */
import { DeltaDecoder } from "../../lib/delta/delta_decoder.ts";
import { DeltaEncoder } from "../../lib/delta/delta_encoder.ts";
import type { SignatureFormat } from "../../lib/delta/format.ts";
import type { Instruction } from "../../lib/delta/instruction.ts";
import { Matcher } from "../../lib/delta/matcher.ts";
import { type Signature, SignatureReader } from "../../lib/delta/signature.ts";
import { SignatureWriter } from "../../lib/delta/signature_writer.ts";
import { type CreateKernel, type Kernel, Layout, MOST_STRONG_BYTES } from "../../lib/kernels/kernel.ts";
import { KERNEL_NAMES, KERNELS } from "../kernels/kernels.ts";

/** Sizes of the pieces in which bytes arrive, over and over; "whole" is one piece. */
export type Pieces = "whole" | readonly number[];

/** The formats that files have. */
export const FORMATS: readonly { readonly weak: "rabinkarp" | "rollsum"; readonly strong: "blake2b" | "md4" }[] = [
  { weak: "rabinkarp", strong: "blake2b" },
  { weak: "rabinkarp", strong: "md4" },
  { weak: "rollsum", strong: "blake2b" },
  { weak: "rollsum", strong: "md4" },
];

/** Makes kernels that share one memory, so that thousands of short runs do not make thousands of memories. */
export function reusing(create: CreateKernel): CreateKernel {
  let kernel: Kernel | undefined;
  return (bytes) => {
    if (kernel === undefined || kernel.memory.length < bytes) kernel = create(Math.max(bytes, 1 << 21));
    return kernel;
  };
}

/** Kernels by name, each with a memory that is used again. */
export const REUSED: Readonly<Record<Kernel["name"], CreateKernel>> = {
  reference: reusing(KERNELS.reference),
  wasm: reusing(KERNELS.wasm),
};

/** Names of the kernels. */
export { KERNEL_NAMES };

/** Cuts bytes. A size of 0 gives an empty piece. */
export function* cut(bytes: Uint8Array, pieces: Pieces): Generator<Uint8Array> {
  if (pieces === "whole") return yield bytes;
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = pieces[turn % pieces.length] ?? 0;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

/** Puts pieces together; they need not outlive their turn. */
export function joined(pieces: Iterable<Uint8Array>): Uint8Array<ArrayBuffer> {
  const copies = Array.from(pieces, (piece) => piece.slice());
  const whole = new Uint8Array(copies.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const copy of copies) {
    whole.set(copy, at);
    at += copy.length;
  }
  return whole;
}

/** The signature file of some bytes. */
export function signatureFileOf(
  old: Uint8Array,
  format: SignatureFormat,
  create: CreateKernel = REUSED.wasm,
  pieces: Pieces = "whole",
): Uint8Array<ArrayBuffer> {
  const writer = new SignatureWriter(format, create);
  return joined(function* () {
    for (const piece of cut(old, pieces)) yield* writer.push(piece);
    yield writer.finish();
  }());
}

/** The signature of some bytes, with any sums. */
export function signatureOf(
  old: Uint8Array,
  format: SignatureFormat,
  create: CreateKernel = REUSED.wasm,
): Signature {
  const { weak, strong, blockLength, strongLength, seed } = format;
  const count = Math.ceil(old.length / blockLength);
  const layout = new Layout();
  const at = layout.take(old.length);
  const into = layout.take(MOST_STRONG_BYTES);
  const kernel = create(layout.bytes);
  kernel.memory.set(old, at);
  const weakSums = new Uint32Array(count);
  const strongSums = new Uint8Array(count * strongLength);
  for (let block = 0; block < count; block++) {
    const length = Math.min(blockLength, old.length - block * blockLength);
    weakSums[block] = kernel.weakSum(weak, at + block * blockLength, length);
    kernel.strongSums(strong, at + block * blockLength, length, 1, into, seed);
    strongSums.set(kernel.memory.subarray(into, into + strongLength), block * strongLength);
  }
  return { ...format, weakSums, strongSums };
}

/** Reads a signature file. */
export function readSignature(file: Uint8Array, pieces: Pieces = "whole"): Signature {
  const reader = new SignatureReader();
  for (const piece of cut(file, pieces)) reader.push(piece);
  return reader.finish();
}

/** The instructions that make new bytes, literals copied. */
export function instructionsFor(
  signature: Signature,
  bytes: Uint8Array,
  create: CreateKernel = REUSED.wasm,
  pieces: Pieces = "whole",
): Instruction[] {
  const matcher = new Matcher(signature, create);
  const found: Instruction[] = [];
  const keep = (instructions: Iterable<Instruction>) => {
    for (const each of instructions) {
      found.push(each.kind === "copy" ? each : { kind: "literal", bytes: each.bytes.slice() });
    }
  };
  for (const piece of cut(bytes, pieces)) keep(matcher.push(piece));
  keep(matcher.finish());
  return found;
}

/** The delta file of instructions. */
export function deltaFileOf(instructions: Iterable<Instruction>): Uint8Array<ArrayBuffer> {
  const encoder = new DeltaEncoder();
  return joined(function* () {
    yield encoder.begin();
    for (const each of instructions) {
      yield encoder.command(each);
      if (each.kind === "literal") yield each.bytes;
    }
    yield encoder.end();
  }());
}

/** Applies a delta file. */
export function patched(old: Uint8Array, delta: Uint8Array, pieces: Pieces = "whole"): Uint8Array<ArrayBuffer> {
  const decoder = new DeltaDecoder(old.length);
  return joined(function* () {
    for (const piece of cut(delta, pieces)) {
      for (const each of decoder.push(piece)) {
        yield each.kind === "copy" ? old.subarray(each.start, each.start + each.length) : each.bytes;
      }
    }
    decoder.finish();
  }());
}

/** Sums up instructions: `c0+16` copies 16 bytes from 0 on, `l5` are 5 literal bytes. */
export function outline(instructions: readonly Instruction[]): string {
  return instructions.map((each) => each.kind === "copy" ? `c${each.start}+${each.length}` : `l${each.bytes.length}`)
    .join(" ");
}

/** Kernels that count the bytes they hash. */
export function counting(): { readonly create: CreateKernel; hashed: number } {
  const counter = {
    hashed: 0,
    create(bytes: number): Kernel {
      const kernel = KERNELS.wasm(bytes);
      return {
        name: kernel.name,
        memory: kernel.memory,
        weakSum: (...args) => kernel.weakSum(...args),
        weakSums: (...args) => kernel.weakSums(...args),
        search: (...args) => kernel.search(...args),
        strongSums: (strong, at, length, count, into) => {
          counter.hashed += length * count;
          kernel.strongSums(strong, at, length, count, into);
        },
      };
    },
  };
  return counter;
}
