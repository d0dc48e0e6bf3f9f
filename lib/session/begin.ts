/**
 * The beginning of every session of a client: arguments, handshake, and what both sides know of each other afterwards.
 *
 * @module
 */
import { SyncError } from "../errors.ts";
import type { Duplex, PeerEnd } from "../model/duplex.ts";
import {
  type ChecksumName,
  COMPAT,
  type CompressionName,
  type Dialect,
  type ProtocolVersion,
  says,
} from "../wire/dialect.ts";
import { type Agreement, Handshake } from "../wire/handshake.ts";
import type { ServerCommand } from "../wire/server_command.ts";
import { Link, quoted } from "./link.ts";
import type { BlockDigest, FileDigest, SessionDigests } from "./digests.ts";

/** So much of what came is kept, for words about a session that did not begin. */
const KEPT_BYTES = 1024;

/** How a session begins. */
export interface Beginning {
  /** What the server was told. */
  readonly command: ServerCommand;
  /** Arguments that are sent before anything else. @default {none: the server has them all} */
  readonly secluded?: Uint8Array<ArrayBuffer> | undefined;
  /** The version to speak at most. @default {32} */
  readonly version?: ProtocolVersion;
  /** The version that the text of a daemon settled. @default {said by both sides} */
  readonly settledVersion?: number;
  /** Checksums that can be computed here, in the order of all peers. */
  readonly checksums: readonly ChecksumName[];
  /** Compressions that can be used here, in the order of all peers. @default {none} */
  readonly compressions?: readonly CompressionName[];
  /** Puts it into words that the other side ended, and what came before that. @default {plain words} */
  readonly explain?: (end: PeerEnd, received: Uint8Array) => SyncError;
}

/** A session that has begun. */
export interface Session {
  /** Frames in both directions. */
  readonly link: Link;
  /** How bytes are laid out. */
  readonly dialect: Dialect;
  /** Whether file lists come directory by directory. */
  readonly isIncremental: boolean;
}

/**
 * Begins a session as a client.
 *
 * @param duplex The connection to a server that was started with the command.
 * @param beginning How to begin.
 * @returns The session.
 * @throws {SyncError} code `"peer-protocol"` when the other side is no server that can be understood, code
 * `"connection"` when it ends.
 */
export async function beginClient(duplex: Duplex, beginning: Beginning): Promise<Session> {
  const { command, secluded, version = 32, settledVersion, checksums, compressions = [], explain = endedEarly } =
    beginning;
  const handshake = new Handshake({
    role: "client",
    version,
    ...(settledVersion === undefined ? {} : { settledVersion }),
    checksums,
    compressions,
    offersIncremental: command.offersIncremental,
  });
  let written = 0;
  let read = 0;
  let received: Uint8Array = new Uint8Array(0);
  const write = (bytes: Uint8Array) => {
    written += bytes.length;
    if (bytes.length > 0) duplex.write(bytes); // far less than any connection takes without waiting
  };
  if (secluded !== undefined) write(secluded);
  write(handshake.greeting());
  while (handshake.agreed === undefined) {
    const bytes = await duplex.read();
    if (bytes === undefined) throw explain(await endOf(duplex), received);
    if (received.length < KEPT_BYTES) received = Uint8Array.of(...received, ...bytes.subarray(0, KEPT_BYTES));
    read += bytes.length;
    write(handshake.push(bytes));
  }
  const { agreed } = handshake;
  const link = new Link(duplex, handshake.rest(), { read, written });
  return { link, dialect: dialectOf(command, agreed), isIncremental: says(agreed, COMPAT.incremental) };
}

/** What a client brings along for a whole session. */
export interface ClientInit extends Omit<Beginning, "checksums" | "compressions"> {
  /** The connection to a server that was started with the command. */
  readonly duplex: Duplex;
  /** Computes checksums. */
  readonly digests: SessionDigests;
}

/** A session, and what computes its checksums. */
export interface ClientSession {
  /** The session. */
  readonly session: Session;
  /** Computes the checksums of whole files. */
  readonly ofFiles: FileDigest;
  /** Computes those of blocks. */
  readonly ofBlocks: BlockDigest;
}

/**
 * Begins a session as a client, with the checksums that both sides agreed upon.
 *
 * @param init The connection, and how to begin.
 * @returns The session.
 * @throws {SyncError} as {@linkcode beginClient} does.
 */
export async function beginSession({ duplex, digests, ...beginning }: ClientInit): Promise<ClientSession> {
  const session = await beginClient(duplex, { ...beginning, checksums: digests.names });
  const { checksum, seed } = session.dialect;
  const ofFiles = await digests.ofFiles(checksum);
  const ofBlocks = await digests.ofBlocks(checksum, seed, says(session.dialect, COMPAT.seedFirst));
  return { session, ofFiles, ofBlocks };
}

/** What both sides make of the arguments and of the handshake. */
function dialectOf({ carried, isListed, relative = false }: ServerCommand, agreed: Agreement): Dialect {
  const { version, compat, checksum, listChecksum, compression, seed } = agreed;
  return {
    version,
    compat,
    carried,
    checksum,
    listChecksum,
    compression,
    seed,
    isListed,
    hasAbsoluteNames: relative,
    hasMissing: false,
  };
}

async function endOf(duplex: Duplex): Promise<PeerEnd> {
  duplex.close();
  return await duplex.ended;
}

function endedEarly({ words }: PeerEnd, received: Uint8Array): SyncError {
  const said = quoted([words]);
  const message = `Cannot begin: the other side ended after ${received.length} bytes of the handshake${said}`;
  return new SyncError("connection", message);
}
