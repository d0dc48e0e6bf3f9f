/** A peer that sends what a test wrote down, whatever it is sent. */
import type { Duplex } from "../../lib/model/duplex.ts";
import { COMPAT, type Dialect } from "../../lib/wire/dialect.ts";
import type { FileEntry } from "../../lib/wire/file_entry.ts";
import { Demultiplexer, frameHead } from "../../lib/wire/frames.ts";
import { writeVarint } from "../../lib/wire/integers.ts";
import { writeNames } from "../../lib/wire/choice.ts";
import { WireOutput } from "../../lib/wire/output.ts";
import { SenderWriter } from "../../lib/wire/sender_stream.ts";
import { plainDialect } from "../wire/entry_arbitrary.ts";
import { archiveCommand } from "./peers.ts";

/** Bytes of a client's version and of its one checksum, before the first frame; and of the end of its filters. */
const HANDSHAKE_BYTES = 8;
const FILTER_BYTES = 4;

/**
 * A connection on which some bytes come, and then its end. Each part but the first two comes when something was asked
 * for since the one before.
 */
export function scriptedDuplex([hands, ...parts]: readonly Uint8Array[]): Duplex {
  let skipped = 0;
  let asked = -FILTER_BYTES;
  let answered = 0;
  let wake = () => {};
  const frames = new Demultiplexer("a client", { data: ({ length }) => asked += length, message: () => {} });
  const waiting = [hands, ...parts];
  return {
    read: async () => {
      while (waiting.length < parts.length && waiting.length > 0 && asked <= answered) {
        await new Promise<void>((resolve) => wake = resolve);
      }
      if (waiting.length < parts.length) answered = asked;
      return waiting.shift();
    },
    write: (bytes) => {
      const rest = bytes.subarray(Math.max(0, HANDSHAKE_BYTES - skipped));
      skipped += bytes.length - rest.length;
      frames.push(rest);
      wake();
      return undefined;
    },
    finish: () => {},
    close: () => {},
    ended: Promise.resolve({ words: "", exitCode: 0 }),
  };
}

/** A connection on which some text comes, and then its end. */
export function spokenDuplex(text: string): Duplex {
  const waiting = text === "" ? [] : [new TextEncoder().encode(text)];
  return {
    read: () => Promise.resolve(waiting.shift()),
    write: () => undefined,
    finish: () => {},
    close: () => {},
    ended: Promise.resolve({ words: "" }),
  };
}

/** Writes what a sender sends. */
export interface Script {
  readonly output: WireOutput;
  readonly writer: SenderWriter;
  /** A list as it is, with all that is wrong with it. */
  list(entries: readonly FileEntry[], start: number, directory?: number): void;
  /** What follows comes when something has been asked for. */
  whenAsked(): void;
}

const COMPAT_BITS = COMPAT.variableFlags | COMPAT.safeFileList;

/** The layout of a scripted session. */
function scriptedDialect(isIncremental: boolean): Dialect {
  const { carried } = archiveCommand();
  return plainDialect({ compat: COMPAT_BITS | (isIncremental ? COMPAT.incremental : 0) }, {
    ...carried,
    numericIds: true,
  });
}

/** All that a server sends: the handshake, and data that a test writes; further frames may come behind it. */
export function serverBytes(
  isIncremental: boolean,
  write: (script: Script) => void,
  behind = new Uint8Array(0),
): Uint8Array[] {
  const dialect = scriptedDialect(isIncremental);
  const hands = new WireOutput();
  hands.i32(32);
  writeVarint(hands, dialect.compat);
  writeNames(hands, ["md5"]);
  hands.i32(0);
  const output = new WireOutput();
  const writer = new SenderWriter(dialect);
  const parts = [hands.take()];
  const framed = () => {
    const data = output.take();
    parts.push(Uint8Array.of(...frameHead(0, data.length), ...data));
  };
  write({
    output,
    writer,
    list(entries, start, directory) {
      writer.beginList(output, start, directory);
      for (const entry of entries) writer.entry(output, entry);
      writer.endList(output, { ioError: 0 });
    },
    whenAsked: framed,
  });
  framed();
  return behind.length === 0 ? parts : [...parts, behind];
}
