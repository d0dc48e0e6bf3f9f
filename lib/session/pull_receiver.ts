/**
 * The receiver of a pull: puts files together from what the sender sends, and has them asked for again when they are not
 * right. Nothing is taken that was not asked for.
 *
 * @module
 */
import type { ApplyContext } from "../apply/context.ts";
import { LastDirectory } from "../apply/last_directory.ts";
import { printable } from "../bytes/printable.ts";
import { asSyncError, atPath, SyncError } from "../errors.ts";
import { parentPath, type RelPath } from "../model/rel_path.ts";
import type { WireInput } from "../wire/input.ts";
import type { Item } from "../wire/item.ts";
import type { ChecksumPart, ContentPart, ItemPart } from "../wire/sender_stream.ts";
import type { SumHead } from "../wire/sums.ts";
import type { FileDigest } from "./digests.ts";
import { IncomingFile } from "./incoming_file.ts";
import type { PullGenerator } from "./pull_generator.ts";
import type { FileRequest } from "./request.ts";

const BUFFER_BYTES = 262_144;

/** A file that is received now. */
interface Current {
  readonly index: number;
  readonly request: FileRequest;
  /** The file; `undefined` when it failed here, and what still comes of it is passed over. */
  file: IncomingFile | undefined;
}

/** See the module comment. */
export class PullReceiver {
  readonly #context: ApplyContext;
  readonly #generator: PullGenerator;
  readonly #digest: FileDigest;
  readonly #input: WireInput;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  readonly #directories: LastDirectory;
  #current: Current | undefined;
  #fileCount = 0;

  /**
   * Begins.
   *
   * @param context Where files are put.
   * @param generator Knows what was asked for.
   * @param digest Computes sums of whole files.
   * @param input Where parts come from, for errors.
   */
  constructor(context: ApplyContext, generator: PullGenerator, digest: FileDigest, input: WireInput) {
    this.#context = context;
    this.#generator = generator;
    this.#digest = digest;
    this.#input = input;
    this.#directories = new LastDirectory(context.destination);
  }

  /** How many files have come. */
  get fileCount(): number {
    return this.#fileCount;
  }

  /**
   * Begins a file.
   *
   * @param part What the sender repeats.
   * @throws {SyncError} code `"peer-protocol"` when it was not asked for in this way.
   */
  begin({ item, head }: ItemPart): void {
    const request = this.#generator.requests.get(item.index);
    if (request === undefined || head === undefined || !isSame(item, head, request)) {
      throw this.#input.breach("a file as it was asked for", `number ${item.index} in another way`);
    }
    this.#current = { index: item.index, request, file: undefined };
    this.#guard(this.#current, () => {
      const directory = this.#directories.open(parentPath(request.action.path));
      this.#current!.file = new IncomingFile(this.#context, directory, request, this.#digest, this.#buffer);
    });
  }

  /** Runs something that may fail for one file; the rest of what comes of it is passed over then. */
  #guard(current: Current, run: () => void): void {
    try {
      run();
    } catch (thrown) {
      const error = asSyncError(thrown);
      current.file?.abandon();
      current.file = undefined;
      const { path } = current.request.action;
      if (error.code === "no-space" || error.code === "internal" || error.code === "peer-protocol") throw error;
      this.#fail(path, error);
    }
  }

  #fail(path: RelPath, error: SyncError): void {
    this.#context.failed(path, atPath(error, path));
  }

  /** Takes a part of the file's content. */
  content({ token }: ContentPart): void {
    const current = this.#current;
    if (current?.file === undefined) return;
    const { file } = current;
    if (token.kind === "literal") this.#guard(current, () => file.literal(token.bytes));
    else if (token.kind === "copy") this.#guard(current, () => file.copy(token.first, token.count));
  }

  /** Ends the file with its sum. */
  end({ checksum }: ChecksumPart): void {
    const current = this.#current;
    if (current === undefined) return;
    this.#current = undefined;
    const { index, request, file } = current;
    let isAgain = false;
    let isPlaced = false;
    if (file !== undefined) {
      this.#guard(current, () => {
        const arrival = file.finish(checksum);
        current.file = undefined;
        isPlaced = arrival === "placed";
        isAgain = !isPlaced && !request.isAgain;
        if (!isPlaced && !isAgain) throw isTorn(request.action.path);
      });
    }
    if (isAgain) return this.#generator.askAgain(index, request);
    if (isPlaced) {
      this.#fileCount++;
      this.#context.outcome.applied(request.action);
    }
    this.#generator.finished(index, isPlaced);
  }

  /**
   * A file could not be read by the sender.
   *
   * @param index Its number.
   * @throws {SyncError} code `"peer-protocol"` when it was not asked for.
   */
  notSent(index: number): void {
    const request = this.#generator.requests.get(index);
    if (request === undefined) throw this.#input.breach("the number of a file that was asked for", `${index}`);
    const { path } = request.action;
    const message = `Cannot read "${printable(path)}" on the other machine: it could not be opened there`;
    this.#context.failed(path, new SyncError("permission", message, { path, side: "source" }));
    this.#generator.finished(index, false);
  }

  /** Leaves nothing that is not complete. */
  close(): void {
    this.#current?.file?.abandon();
    this.#current = undefined;
    this.#directories.close();
  }
}

/** The answer must repeat the request literally. */
function isSame(item: Item, head: SumHead, request: FileRequest): boolean {
  const { item: asked, head: sent } = request;
  return item.flags === asked.flags && item.basis === asked.basis && item.name === undefined &&
    head.count === sent.count && head.blockLength === sent.blockLength &&
    head.strongLength === sent.strongLength && head.remainder === sent.remainder;
}

function isTorn(path: RelPath): SyncError {
  return new SyncError("changed-while-read", `Cannot copy "${printable(path)}": its sum was wrong twice`, {
    path,
    side: "source",
    hint: "run again when it is at rest on the other machine",
  });
}
