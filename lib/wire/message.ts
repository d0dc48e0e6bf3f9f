/**
 * What is sent beside the data: texts for people, and short notes. Which of them may come, with which payload, is one
 * table.
 *
 * @module
 */
import { breach } from "./input.ts";
import { PEER_LIMITS } from "./limits.ts";

/** Codes of frames. */
export const CODE = {
  data: 0,
  errorTransfer: 1,
  info: 2,
  error: 3,
  warning: 4,
  ioError: 22,
  timeout: 33,
  noop: 42,
  exit: 86,
  success: 100,
  deleted: 101,
  noSend: 102,
} as const;

/** A text for people. `errorTransfer` is one after which the transfer is incomplete. */
export interface TextMessage {
  /** How serious it is. */
  readonly kind: "errorTransfer" | "info" | "error" | "warning";
  /** The text, as bytes of the peer's choice; not fit to be printed as it is. */
  readonly text: Uint8Array;
}

/** A name that the receiving side deleted. */
export interface DeletedMessage {
  /** Tells it from others. */
  readonly kind: "deleted";
  /** Path from the root of the transfer. */
  readonly path: Uint8Array;
  /** Whether it was a directory. */
  readonly isDirectory: boolean;
}

/**
 * A number: the problems of `ioError` (bits of {@linkcode IO_ERROR}), the seconds of `timeout`, the entry that is in
 * place (`success`) or cannot be sent (`noSend`), or the code with which a side ends (`exit`, absent in the answer).
 */
export interface NumberMessage {
  /** What it is about. */
  readonly kind: "ioError" | "timeout" | "success" | "noSend";
  /** The number. */
  readonly value: number;
}

/** The end of one side after an error that nothing can follow. */
export interface ExitMessage {
  /** Tells it from others. */
  readonly kind: "exit";
  /** Its exit code; absent in the answer to such a message. */
  readonly value: number | undefined;
}

/** A message without content, to be ignored. */
export interface NoopMessage {
  /** Tells it from others. */
  readonly kind: "noop";
}

/** Any message. */
export type Message = TextMessage | DeletedMessage | NumberMessage | ExitMessage | NoopMessage;

/** Bits of what went wrong while a list was made or files were read. */
export const IO_ERROR = { general: 1, vanished: 2, deleteLimit: 4 } as const;

/** All bits that are known; others are ignored. */
export const IO_ERROR_MASK = 7;

const KIND_OF_CODE: ReadonlyMap<number, Message["kind"]> = new Map(
  Object.entries(CODE).filter(([kind]) => kind !== "data").map(([kind, code]) => [code, kind as Message["kind"]]),
);

/** Which payload lengths a kind may have; `undefined` is any up to the limit of texts. */
const LENGTHS: Readonly<Record<Message["kind"], readonly number[] | undefined>> = {
  errorTransfer: undefined,
  info: undefined,
  error: undefined,
  warning: undefined,
  deleted: undefined,
  ioError: [4],
  timeout: [4],
  success: [4],
  noSend: [4],
  exit: [0, 4],
  noop: [0],
};

/**
 * Checks the head of a frame that is no data, before its payload arrives.
 *
 * @param code Its code.
 * @param length Length of its payload.
 * @param name What is read, for the error.
 * @param position Where the frame begins.
 * @returns What it is.
 * @throws {SyncError} code `"peer-protocol"` when it cannot come from a peer.
 */
export function checkHead(code: number, length: number, name: string, position: number): Message["kind"] {
  const kind = KIND_OF_CODE.get(code);
  if (kind === undefined) throw breach(name, position, "a frame of a known kind", `one of kind ${code}`);
  const lengths = LENGTHS[kind];
  if (lengths === undefined ? length <= PEER_LIMITS.messageText : lengths.includes(length)) return kind;
  const expected = lengths === undefined ? `at most ${PEER_LIMITS.messageText}` : lengths.join(" or ");
  throw breach(name, position, `a message ${kind} of ${expected} bytes`, `one of ${length}`);
}

/**
 * Decodes a message whose head was checked.
 *
 * @param kind What it is.
 * @param payload Its payload; it is copied.
 * @returns The message.
 */
export function decodeMessage(kind: Message["kind"], payload: Uint8Array): Message {
  switch (kind) {
    case "noop":
      return { kind };
    case "deleted": {
      const isDirectory = payload.at(-1) === 0;
      return { kind, path: payload.slice(0, payload.length - (isDirectory ? 1 : 0)), isDirectory };
    }
    case "exit":
      return { kind, value: payload.length === 0 ? undefined : numberOf(payload) };
    case "ioError":
      return { kind, value: numberOf(payload) & IO_ERROR_MASK };
    case "timeout":
    case "success":
    case "noSend":
      return { kind, value: numberOf(payload) };
    default:
      return { kind, text: payload.slice() };
  }
}

function numberOf(payload: Uint8Array): number {
  return new DataView(payload.buffer, payload.byteOffset).getInt32(0, true);
}

/**
 * Encodes the payload of a message.
 *
 * @param message The message.
 * @returns Its payload; texts that are too long are cut.
 */
export function encodeMessage(message: Message): Uint8Array {
  switch (message.kind) {
    case "noop":
      return new Uint8Array(0);
    case "deleted":
      return message.isDirectory ? Uint8Array.of(...message.path, 0) : message.path;
    case "exit":
      return message.value === undefined ? new Uint8Array(0) : bytesOf(message.value);
    case "ioError":
    case "timeout":
    case "success":
    case "noSend":
      return bytesOf(message.value);
    default:
      return message.text.subarray(0, PEER_LIMITS.messageText);
  }
}

function bytesOf(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, true);
  return bytes;
}
