/**
 * Takes a recorded session apart with the codecs and puts it together again, in pieces of a size that the test says.
 */
import { Demultiplexer, frameHead, messageFrame } from "../../lib/wire/frames.ts";
import { encodeArguments, readArguments } from "../../lib/wire/argument_list.ts";
import { CHECKSUM_ORDER, COMPRESSION_ORDER } from "../../lib/wire/choice.ts";
import { formatDaemonLine, formatGreeting, parseDaemonLine, parseGreeting } from "../../lib/wire/daemon_text.ts";
import { encodeLine, readLine } from "../../lib/wire/daemon_text.ts";
import { COMPAT, type Dialect, says } from "../../lib/wire/dialect.ts";
import { FilterRulesReader, writeFilterRules } from "../../lib/wire/filter_rules.ts";
import { type GeneratorPart, GeneratorReader, GeneratorWriter } from "../../lib/wire/generator_stream.ts";
import { type Agreement, Handshake, type HandshakeOffer } from "../../lib/wire/handshake.ts";
import { WireInput } from "../../lib/wire/input.ts";
import type { Message } from "../../lib/wire/message.ts";
import { WireOutput } from "../../lib/wire/output.ts";
import { type SenderPart, SenderReader, SenderWriter } from "../../lib/wire/sender_stream.ts";
import type { Capture } from "./captures.ts";

/** The text before a daemon's session, both directions. */
export interface DaemonText {
  readonly client: readonly string[];
  readonly server: readonly string[];
  readonly args: readonly string[];
  /** The same text, written again. */
  readonly clientBytes: Uint8Array;
  readonly serverBytes: Uint8Array;
}

/** Reads and writes the text before a daemon's session. */
export function replayDaemonText({ fromClient, fromServer }: Capture): DaemonText {
  const server = new WireInput("the daemon's text");
  server.push(fromServer);
  const serverLines = [readLine(server)];
  while (parseDaemonLine(serverLines.at(-1)!).kind !== "ok") serverLines.push(readLine(server));
  const client = new WireInput("the client's text");
  client.push(fromClient);
  const clientLines = [readLine(client), readLine(client), readLine(client)];
  const args = readArguments(client);
  const again = (line: string) =>
    line.startsWith("@RSYNCD: 3")
      ? formatGreeting(parseGreeting(line, client))
      : line.startsWith("@")
      ? formatDaemonLine(parseDaemonLine(line))
      : line;
  return {
    client: clientLines,
    server: serverLines,
    args,
    clientBytes: joined([...clientLines.map(again).map(encodeLine), encodeArguments(args)]),
    serverBytes: joined(serverLines.map(again).map(encodeLine)),
  };
}

/** What both sides say before the first frame. */
export interface ReplayedHandshake {
  readonly client: Agreement;
  readonly server: Agreement;
  /** What each side of ours sent, in answer to the recorded other one. */
  readonly clientBytes: Uint8Array;
  readonly serverBytes: Uint8Array;
}

/** Lets each side of ours answer the recorded other one. */
export function replayHandshake(capture: Capture, fromClient: Uint8Array, fromServer: Uint8Array): ReplayedHandshake {
  const { version, compresses, checksum, chosenCompression, compat, isIncremental, isDaemon } = capture;
  const names = (all: readonly string[]) => all.filter((name) => name !== "none");
  const common = {
    version,
    ...(isDaemon ? { settledVersion: 32 } : {}),
    ...(checksum === undefined ? {} : { chosenChecksum: [checksum, checksum] as const }),
    ...(chosenCompression === undefined ? {} : { chosenCompression }),
  };
  const run = (offer: HandshakeOffer, bytes: Uint8Array) => {
    const side = new Handshake(offer);
    const sent = [side.greeting()];
    for (let at = 0; at < bytes.length && side.agreed === undefined; at++) {
      sent.push(side.push(bytes.slice(at, at + 1)));
    }
    return { agreed: side.agreed!, sent: joined(sent) };
  };
  const client = run({
    ...common,
    role: "client",
    checksums: names(CHECKSUM_ORDER) as typeof CHECKSUM_ORDER,
    compressions: compresses ? names(COMPRESSION_ORDER) as typeof COMPRESSION_ORDER : [],
    offersIncremental: isIncremental,
  }, fromServer);
  const server = run({
    ...common,
    version: 32,
    role: "server",
    checksums: CHECKSUM_ORDER,
    compressions: compresses ? COMPRESSION_ORDER : [],
    compat: () => compat,
    seed: 0x12345678,
  }, fromClient);
  return { client: client.agreed, server: server.agreed, clientBytes: client.sent, serverBytes: server.sent };
}

/** The frames of one direction. */
export interface Replayed {
  readonly data: Uint8Array;
  readonly messages: readonly Message[];
}

/** Takes frames apart. */
export function demultiplex(bytes: Uint8Array, piece: number): Replayed {
  const data: Uint8Array[] = [];
  const messages: Message[] = [];
  const frames = new Demultiplexer("one direction", {
    data: (part) => data.push(part.slice()),
    message: (message) => messages.push(message),
  });
  for (let at = 0; at < bytes.length; at += piece) frames.push(bytes.subarray(at, at + piece));
  frames.finish();
  return { data: joined(data), messages };
}

/** Puts frames together again, with the borders that the recorded ones have. */
export function remultiplex(bytes: Uint8Array, { data, messages }: Replayed): Uint8Array {
  const left = [...messages];
  const parts: Uint8Array[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let dataAt = 0;
  for (let at = 0; at < bytes.length;) {
    const head = view.getUint32(at, true);
    const length = head & 0xffffff;
    if (head >>> 24 === 7) {
      parts.push(frameHead(0, length), data.subarray(dataAt, dataAt + length));
      dataAt += length;
    } else parts.push(messageFrame(left.shift()!));
    at += 4 + length;
  }
  return joined(parts);
}

/** The layout of a recorded session. */
export function dialectOf({ carried }: Capture, agreed: Agreement): Dialect {
  const { version, compat, checksum, listChecksum, compression, seed } = agreed;
  return {
    version,
    compat,
    carried,
    checksum,
    listChecksum,
    compression,
    seed,
    isListed: false,
    hasAbsoluteNames: false,
    hasMissing: false,
  };
}

/** One stream, taken apart and put together. */
export interface ReplayedStream<Part> {
  readonly parts: readonly Part[];
  readonly bytes: Uint8Array;
  readonly rules: readonly string[];
}

/** Takes the sender's stream apart and writes it again. */
export function replaySender(
  dialect: Dialect,
  capture: Pick<Capture, "direction">,
  stream: Uint8Array,
  piece: number,
  hasRules: boolean,
): ReplayedStream<SenderPart> & { readonly reader: SenderReader } {
  const input = new WireInput("the sender's stream");
  const isIncremental = says(dialect, COMPAT.incremental);
  const reader = new SenderReader(dialect, isIncremental, capture.direction === "pull");
  const rules = hasRules ? [] as string[] : undefined;
  const parts = wholeLiterals(drain(stream, piece, input, rules, () => reader.next(input)));
  input.finish(reader.expected);
  return { parts, bytes: writeSenderParts(dialect, parts, rules), rules: rules ?? [], reader };
}

/** Writes parts of a sender's stream. */
export function writeSenderParts(
  dialect: Dialect,
  parts: readonly SenderPart[],
  rules: readonly string[] | undefined,
): Uint8Array {
  const output = new WireOutput();
  const writer = new SenderWriter(dialect);
  if (rules !== undefined) writeFilterRules(output, rules);
  for (const part of parts) {
    switch (part.kind) {
      case "list":
        writer.beginList(output, part.list.start, part.number);
        for (const entry of part.sent) writer.entry(output, entry);
        writer.endList(output, part);
        break;
      case "names":
        writer.names(output, part.users, part.groups);
        break;
      case "item":
        writer.item(output, part.item, part.head);
        break;
      case "content":
        writer.token(output, part.token);
        break;
      case "checksum":
        writer.checksum(output, part.checksum);
        break;
      case "endOfLists":
        writer.endOfLists(output);
        break;
      case "done":
        writer.done(output);
        break;
      case "statistics":
        writer.statistics(output, part.statistics);
        break;
      case "deletions":
        writer.deletions(output, part.deletions);
        break;
    }
  }
  return output.take();
}

/** Takes the generator's stream apart and writes it again. */
export function replayGenerator(
  dialect: Dialect,
  appends: boolean,
  isEntry: (index: number) => boolean,
  stream: Uint8Array,
  piece: number,
  hasRules: boolean,
): ReplayedStream<GeneratorPart> {
  const input = new WireInput("the generator's stream");
  const reader = new GeneratorReader(dialect, isEntry, appends);
  const rules = hasRules ? [] as string[] : undefined;
  const parts = drain(stream, piece, input, rules, () => reader.next(input));
  input.finish(reader.expected);
  const output = new WireOutput();
  const writer = new GeneratorWriter(dialect);
  if (rules !== undefined) writeFilterRules(output, rules);
  for (const part of parts) {
    if (part.kind === "item") writer.item(output, part.item, part.head);
    else if (part.kind === "sums") writer.sums(output, part.bytes);
    else if (part.kind === "done") writer.done(output);
    else writer.deletions(output, part.deletions);
  }
  return { parts, bytes: output.take(), rules: rules ?? [] };
}

/** Reads rules, where there are any, and then parts, whose views are copied. */
function drain<Part>(
  stream: Uint8Array,
  piece: number,
  input: WireInput,
  rules: string[] | undefined,
  next: () => Part | undefined,
): Part[] {
  const parts: Part[] = [];
  const rulesReader = new FilterRulesReader();
  let areRulesRead = rules === undefined;
  for (let at = 0; at < stream.length; at += piece) {
    input.push(stream.slice(at, at + piece));
    while (!areRulesRead) {
      const rule = input.attempt((from) => ({ text: rulesReader.read(from) }));
      if (rule === undefined) break;
      if (rule.text === undefined) areRulesRead = true;
      else rules!.push(rule.text);
    }
    for (let part = areRulesRead ? next() : undefined; part !== undefined; part = next()) parts.push(copied(part));
  }
  return parts;
}

/** A part of its own: views are valid for a moment only. */
function copied<Part>(part: Part): Part {
  return structuredClone(part);
}

/** Literals that came in pieces, as wholes. No recorded session has two of them in a row. */
function wholeLiterals(parts: readonly SenderPart[]): SenderPart[] {
  const whole: SenderPart[] = [];
  for (const part of parts) {
    const before = whole.at(-1);
    if (
      part.kind === "content" && part.token.kind === "literal" && before?.kind === "content" &&
      before.token.kind === "literal"
    ) {
      whole[whole.length - 1] = {
        kind: "content",
        token: { kind: "literal", bytes: joined([before.token.bytes, part.token.bytes]) },
      };
    } else whole.push(part);
  }
  return whole;
}

/** Several pieces as one. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
