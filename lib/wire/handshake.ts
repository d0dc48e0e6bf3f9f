/**
 * What both sides say before the first frame: version, what the server says about the session, lists of algorithms, and
 * the seed. Each side is a machine: {@linkcode Handshake.greeting} is sent at once, and what {@linkcode Handshake.push}
 * gives is sent next, until it has {@linkcode Handshake.agreed}.
 *
 * Behind a daemon's text the version has been said already, and is given to the machine.
 *
 * @module
 */
import { SyncError } from "../errors.ts";
import { CHECKSUM_ORDER, choose, COMPRESSION_ORDER, readNames, writeNames } from "./choice.ts";
import { type ChecksumName, COMPAT, type CompressionName, type ProtocolVersion, says } from "./dialect.ts";
import { WireInput } from "./input.ts";
import { readVarint, writeVarint } from "./integers.ts";
import { PEER_LIMITS } from "./limits.ts";
import { WireOutput } from "./output.ts";

/** The newest version that is spoken. */
export const NEWEST_VERSION = 32;
/** The oldest version that is spoken. */
export const OLDEST_VERSION = 30;

/** Bits that are known. */
const KNOWN_COMPAT = Object.values(COMPAT).reduce((all, bit) => all | bit, 0);

/** What one side brings along. */
export interface HandshakeOffer {
  /** Which side it is. */
  readonly role: "client" | "server";
  /** The version that this side speaks at most. */
  readonly version: ProtocolVersion;
  /** The version that the text of a daemon settled; the handshake begins behind it then. @default {said by both} */
  readonly settledVersion?: number;
  /** Checksums to offer, in the order of all peers. */
  readonly checksums: readonly ChecksumName[];
  /** The checksum of blocks and of lists, when an option says it. @default {negotiated} */
  readonly chosenChecksum?: readonly [blocks: ChecksumName, list: ChecksumName];
  /** Compressions to offer, in the order of all peers; empty when nothing is compressed. */
  readonly compressions: readonly CompressionName[];
  /** The compression, when an option says it. @default {negotiated} */
  readonly chosenCompression?: CompressionName;
  /** What the server says, for a server; may depend on the version. */
  readonly compat?: (version: ProtocolVersion) => number;
  /** The seed, for a server. @default {0} */
  readonly seed?: number;
  /** Whether the client offered to take file lists directory by directory, for a client. @default {false} */
  readonly offersIncremental?: boolean;
}

/** What came of it. */
export interface Agreement {
  /** The version of the session. */
  readonly version: ProtocolVersion;
  /** Bits of {@linkcode COMPAT}. */
  readonly compat: number;
  /** The checksum of blocks and whole files. */
  readonly checksum: ChecksumName;
  /** The checksum in file lists. */
  readonly listChecksum: ChecksumName;
  /** The compression. */
  readonly compression: CompressionName;
  /** The seed of block sums. */
  readonly seed: number;
  /** What the server listed, for people. */
  readonly serverChecksums: readonly string[];
}

/** What is read next. */
type Expecting = "version" | "compat" | "checksums" | "compressions" | "seed" | "nothing";

/** One side of the handshake. */
export class Handshake {
  readonly #offer: HandshakeOffer;
  readonly #input: WireInput;
  #expecting: Expecting;
  #version: ProtocolVersion = OLDEST_VERSION;
  #compat = 0;
  #theirChecksums: readonly string[] = [];
  #theirCompressions: readonly string[] = [];
  #seed = 0;
  #agreed: Agreement | undefined;

  /**
   * Begins.
   *
   * @param offer What this side brings along.
   */
  constructor(offer: HandshakeOffer) {
    this.#offer = offer;
    this.#input = new WireInput("the handshake");
    this.#expecting = "version";
  }

  /** What both agreed upon, as soon as they have. */
  get agreed(): Agreement | undefined {
    return this.#agreed;
  }

  /**
   * What is sent first.
   *
   * @returns Bytes; behind a daemon's text they are those of a server, or none.
   */
  greeting(): Uint8Array<ArrayBuffer> {
    const output = new WireOutput();
    const { settledVersion, version } = this.#offer;
    if (settledVersion === undefined) output.i32(version);
    else this.#settle(settledVersion, output);
    return output.take();
  }

  /**
   * Takes what the other side says.
   *
   * @param bytes The next bytes.
   * @returns What is to be sent now. Once both agree, what is left of `bytes` is given by {@linkcode rest}.
   * @throws {SyncError} code `"peer-protocol"` when it cannot be understood.
   */
  push(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    const output = new WireOutput();
    this.#input.push(bytes);
    while (this.#expecting !== "nothing") {
      if (this.#input.attempt((input) => (this.#read(input, output), true)) === undefined) break;
    }
    return output.take();
  }

  /** What came behind the handshake. */
  rest(): Uint8Array {
    return this.#input.some(this.#input.available);
  }

  #read(input: WireInput, output: WireOutput): void {
    switch (this.#expecting) {
      case "version":
        return this.#settle(negotiate(input.i32(), this.#offer.version), output);
      case "compat":
        return this.#takeCompat(input, output);
      case "checksums":
        this.#theirChecksums = readNames(input);
        return this.#expect(this.#negotiatesCompression ? "compressions" : "seed", output);
      case "compressions":
        this.#theirCompressions = readNames(input);
        return this.#expect("seed", output);
      default:
        this.#seed = input.i32();
        this.#finish();
    }
  }

  get #negotiatesChecksum(): boolean {
    return says({ compat: this.#compat }, COMPAT.variableFlags) && this.#offer.chosenChecksum === undefined;
  }

  get #negotiatesCompression(): boolean {
    return says({ compat: this.#compat }, COMPAT.variableFlags) && this.#offer.chosenCompression === undefined &&
      this.#offer.compressions.length > 0;
  }

  #settle(version: number, output: WireOutput): void {
    this.#version = spoken(version);
    if (this.#offer.role === "client") {
      this.#expecting = "compat";
      return;
    }
    this.#compat = this.#offer.compat?.(this.#version) ?? 0;
    writeVarint(output, this.#compat);
    this.#writeNames(output);
    this.#expectNames(output);
  }

  #takeCompat(input: WireInput, output: WireOutput): void {
    const compat = readVarint(input);
    if ((compat & ~KNOWN_COMPAT) !== 0) {
      throw input.breach("what a server says about a session", `0x${(compat >>> 0).toString(16)}`);
    }
    if (says({ compat }, COMPAT.incremental) && this.#offer.offersIncremental !== true) {
      throw input.breach("one file list, since no other was offered", "file lists directory by directory");
    }
    this.#compat = compat;
    this.#writeNames(output);
    this.#expectNames(output);
  }

  #writeNames(output: WireOutput): void {
    const { checksums, compressions } = this.#offer;
    if (this.#negotiatesChecksum) writeNames(output, checksums);
    if (this.#negotiatesCompression) writeNames(output, compressions);
  }

  #expectNames(output: WireOutput): void {
    this.#expect(
      this.#negotiatesChecksum ? "checksums" : this.#negotiatesCompression ? "compressions" : "seed",
      output,
    );
  }

  /** A server says the seed when it has read what the client knows. */
  #expect(next: Expecting, output: WireOutput): void {
    this.#expecting = next;
    if (next !== "seed" || this.#offer.role === "client") return;
    this.#seed = this.#offer.seed ?? 0;
    output.i32(this.#seed);
    this.#finish();
  }

  #finish(): void {
    this.#expecting = "nothing";
    const [checksum, listChecksum] = this.#chooseChecksums();
    this.#agreed = {
      version: this.#version,
      compat: this.#compat,
      checksum,
      listChecksum,
      compression: this.#chooseCompression(),
      seed: this.#seed,
      serverChecksums: this.#offer.role === "server" ? this.#offer.checksums : this.#theirChecksums,
    };
  }

  #chooseChecksums(): readonly [ChecksumName, ChecksumName] {
    const { chosenChecksum, checksums } = this.#offer;
    if (chosenChecksum !== undefined) return chosenChecksum;
    if (!this.#negotiatesChecksum) return ["md5", "md5"];
    const [client, server] = this.#inOrder(checksums, this.#theirChecksums);
    const chosen = choose("checksum", client, server, CHECKSUM_ORDER);
    return [chosen, chosen];
  }

  #chooseCompression(): CompressionName {
    const { chosenCompression, compressions } = this.#offer;
    if (chosenCompression !== undefined) return chosenCompression;
    if (compressions.length === 0) return "none";
    if (!this.#negotiatesCompression) return "zlib";
    const [client, server] = this.#inOrder(compressions, this.#theirCompressions);
    return choose("compression", client, server, COMPRESSION_ORDER);
  }

  #inOrder(ours: readonly string[], theirs: readonly string[]): [readonly string[], readonly string[]] {
    return this.#offer.role === "client" ? [ours, theirs] : [theirs, ours];
  }
}

/** The version of a session, from those of both sides. */
function negotiate(theirs: number, ours: number): number {
  if (theirs >= PEER_LIMITS.leastVersion && theirs <= PEER_LIMITS.mostVersion) return Math.min(theirs, ours);
  const bytes = new WireOutput();
  bytes.i32(theirs);
  const text = String.fromCharCode(...bytes.view());
  const came = /^[\x20-\x7e\r\n\t]{4}$/.test(text) ? `the text ${JSON.stringify(text)}...` : `${theirs}`;
  throw new SyncError(
    "peer-protocol",
    `Cannot begin: at byte 0 expected a protocol version, got ${came}`,
    { hint: "nothing may be printed by the login scripts of the other machine; try: ssh HOST true | od -c" },
  );
}

/** Proves that a version is one that is spoken. */
function spoken(version: number): ProtocolVersion {
  if (version === 30 || version === 31 || version === 32) return version;
  throw new SyncError(
    "peer-protocol",
    `Cannot begin: the other side speaks protocol ${version}, this one ${OLDEST_VERSION} to ${NEWEST_VERSION}`,
    { hint: "the other machine needs rsync 3.0 or newer; openrsync is not enough" },
  );
}
