/** Writing and reading again, for tests of single codecs. */
import { SyncError } from "../../lib/errors.ts";
import { WireInput } from "../../lib/wire/input.ts";
import { WireOutput } from "../../lib/wire/output.ts";
import { assert, assertEquals } from "../support/test_api.ts";

/** What something writes. */
export function written(write: (output: WireOutput) => void): Uint8Array<ArrayBuffer> {
  const output = new WireOutput();
  write(output);
  return output.take();
}

/** An input that holds some bytes. */
export function inputOf(bytes: Uint8Array): WireInput {
  const input = new WireInput("a test");
  input.push(bytes);
  return input;
}

/** Bytes from hexadecimal digits; spaces do not matter. */
export function hex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromHex(text.replace(/\s/g, ""));
}

/** Reads one thing; the bytes must be all of it, and each beginning of them must be too little. */
export function readWhole<T>(bytes: Uint8Array, read: (input: WireInput) => T): T {
  for (let length = 0; length < bytes.length; length++) {
    const part = inputOf(bytes.slice(0, length));
    assertEquals(part.attempt((input) => ({ value: read(input) })), undefined, `${length} of ${bytes.length} bytes`);
    assertEquals(part.available, length);
  }
  const whole = inputOf(bytes);
  const result = whole.attempt((input) => ({ value: read(input) }));
  assert(result !== undefined);
  assertEquals(whole.available, 0);
  return result.value;
}

/** Runs something that a peer causes to fail; gives the error. */
export function breachOf(run: () => unknown): SyncError {
  try {
    run();
  } catch (error) {
    assert(error instanceof SyncError && error.code === "peer-protocol", `${error}`);
    return error;
  }
  throw new Error("nothing was refused");
}
