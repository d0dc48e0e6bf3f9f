/**
 * A file that arrives: nobody sees it until it is complete, its sum is right, and its metadata is set.
 *
 * @module
 */
import { compareBytes } from "../bytes/name.ts";
import type { ApplyContext } from "../apply/context.ts";
import { patchForNew, setMetadata } from "../apply/metadata.ts";
import { place, removeQuietly } from "../apply/place.ts";
import { asSyncError, SyncError } from "../errors.ts";
import { baseName } from "../model/rel_path.ts";
import type { Directory, FileReader, FileWriter } from "../model/tree.ts";
import { PEER_LIMITS } from "../wire/limits.ts";
import { basisSize } from "../wire/sums.ts";
import { readFully } from "./block_sums.ts";
import type { FileDigest } from "./digests.ts";
import type { FileRequest } from "./request.ts";

const UNFINISHED_MODE = 0o600;
/** A file may have grown since it was listed: to twice its size, and by this. */
const GROWTH_BYTES = 1 << 30;

/** How a file arrived. */
export type Arrival = "placed" | "other-content" | "cannot-name";

/** One file on its way. */
export class IncomingFile {
  readonly #context: ApplyContext;
  readonly #directory: Directory;
  readonly #request: FileRequest;
  readonly #digest: FileDigest;
  readonly #basis: FileReader | undefined;
  readonly #buffer: Uint8Array;
  readonly #writer: FileWriter;
  readonly #temporary: string | undefined;
  #size = 0;

  /**
   * Begins.
   *
   * @param context Surroundings.
   * @param directory The directory it comes to; must stay open.
   * @param request How it was asked for.
   * @param digest Computes its sum.
   * @param buffer Room for blocks of the old file.
   * @throws {SyncError} what opening or making says.
   */
  constructor(
    context: ApplyContext,
    directory: Directory,
    request: FileRequest,
    digest: FileDigest,
    buffer: Uint8Array,
  ) {
    this.#context = context;
    this.#directory = directory;
    this.#request = request;
    this.#digest = digest;
    this.#buffer = buffer;
    const { action, head } = request;
    const name = baseName(action.path);
    digest.begin();
    this.#basis = head.count > 0 ? directory.openFile(name) : undefined;
    try {
      const mode = context.rules.modes ? UNFINISHED_MODE : action.want.mode & 0o777;
      const unnamed = action.have === undefined && context.naming ? directory.createUnnamedFile(mode, name) : undefined;
      this.#temporary = unnamed === undefined ? context.temporaryName() : undefined;
      this.#writer = unnamed ?? directory.createFile(this.#temporary ?? "", mode, name);
    } catch (thrown) {
      this.#basis?.close();
      throw thrown;
    }
  }

  /**
   * Takes literal bytes.
   *
   * @param bytes The next bytes of the file.
   * @throws {SyncError} code `"peer-protocol"` when the file becomes far larger than was said.
   */
  literal(bytes: Uint8Array): void {
    this.#add(bytes);
  }

  /**
   * Takes blocks of the old file.
   *
   * @param first Number of the first.
   * @param count How many; within the old file, as was checked.
   */
  copy(first: number, count: number): void {
    const { blockLength } = this.#request.head;
    const end = Math.min((first + count) * blockLength, basisSize(this.#request.head));
    for (let at = first * blockLength; at < end;) {
      const piece = this.#buffer.subarray(0, Math.min(this.#buffer.length, end - at));
      // What the old file lost meanwhile is missing in the sum, too, and so it is found out.
      const length = this.#basis === undefined ? 0 : readFully(this.#basis, piece, at);
      this.#add(piece.subarray(0, length));
      if (length < piece.length) return;
      at += length;
    }
  }

  #add(bytes: Uint8Array): void {
    const { want, path } = this.#request.action;
    if (this.#size + bytes.length > Math.min(PEER_LIMITS.exact, 2 * want.size + GROWTH_BYTES)) {
      throw new SyncError("peer-protocol", `Cannot go on: a file of ${want.size} bytes does not end`, { path });
    }
    this.#digest.update(bytes);
    this.#writer.write(bytes, this.#size);
    this.#size += bytes.length;
  }

  /**
   * Ends the file.
   *
   * @param checksum Its sum, as the sender says.
   * @returns How it went. Unless it was placed, nothing is left of it.
   * @throws {SyncError} what setting metadata or placing says; nothing is left then.
   */
  finish(checksum: Uint8Array): Arrival {
    let arrival: Arrival = "other-content";
    try {
      if (compareBytes(this.#digest.digest(), checksum) !== 0) return arrival;
      const { want, have } = this.#request.action;
      const { rules } = this.#context;
      setMetadata(this.#writer, patchForNew(want, have, rules), want, rules);
      return arrival = this.#place();
    } finally {
      if (arrival === "placed") this.#basis?.close();
      else this.abandon();
    }
  }

  #place(): Arrival {
    const { path, have } = this.#request.action;
    if (this.#temporary !== undefined) {
      this.#writer.close();
      place(this.#context, this.#directory, this.#temporary, path, have);
    } else if (!this.#giveName(baseName(path))) return "cannot-name";
    this.#context.outcome.copied(this.#size);
    return "placed";
  }

  #giveName(name: string): boolean {
    try {
      this.#directory.nameFile(this.#writer, name);
    } catch (thrown) {
      if (asSyncError(thrown).code !== "unsupported") throw thrown;
      this.#context.naming = false;
      return false;
    }
    try {
      this.#writer.close();
    } catch (thrown) {
      // A write that fails late must not leave half a file under its name.
      removeQuietly(this.#directory, name);
      throw thrown;
    }
    return true;
  }

  /** Leaves nothing of it. */
  abandon(): void {
    this.#basis?.close();
    try {
      this.#writer.close();
    } catch {
      // It is removed in any case.
    }
    if (this.#temporary !== undefined) removeQuietly(this.#directory, this.#temporary);
  }
}
