/**
 * The sender of a session: it offers a list of files, and answers what the receiving side asks for. It waits for nothing
 * itself: every method writes to the link's output, and gives a turn to whoever drives it where that may be sent.
 *
 * @module
 */
import { asSyncError, atPath } from "../errors.ts";
import { TYPE_FILE, TYPE_MASK } from "../model/entry.ts";
import { baseName, parentPath, type RelPath } from "../model/rel_path.ts";
import type { Steps } from "../model/steps.ts";
import type { Directory, EntryFailure, FileReader, Tree } from "../model/tree.ts";
import type { Dialect } from "../wire/dialect.ts";
import type { FileEntry } from "../wire/file_entry.ts";
import { type GeneratorPart, GeneratorReader, type RequestPart } from "../wire/generator_stream.ts";
import { asksForContent } from "../wire/item.ts";
import { IO_ERROR, type Message } from "../wire/message.ts";
import type { WireOutput } from "../wire/output.ts";
import { FileLists } from "../wire/file_lists.ts";
import { SenderWriter } from "../wire/sender_stream.ts";
import { NO_SUMS, WEAK_BYTES } from "../wire/sums.ts";
import type { Deletions } from "../wire/statistics.ts";
import type { WireInput } from "../wire/input.ts";
import { ContentSender } from "./content_sender.ts";
import type { BlockDigest, FileDigest } from "./digests.ts";
import type { TransferList } from "./transfer_list.ts";

/** Where a sender's words go. */
export interface SenderOutput {
  /** Data. */
  readonly output: WireOutput;
  /** Sends a message behind all data that was written before it. */
  message(message: Message): void;
}

/** What a sender needs. */
export interface SenderInit {
  /** The files. */
  readonly tree: Tree;
  /** How bytes are laid out. */
  readonly dialect: Dialect;
  /** Where its words go. */
  readonly out: SenderOutput;
  /** Computes the checksums of whole files. */
  readonly fileDigest: FileDigest;
  /** Computes those of blocks. */
  readonly blockDigest: BlockDigest;
  /** Names of users and groups by their numbers; `undefined` for a number without a name. */
  readonly nameOf: (kind: "user" | "group", id: number) => string | undefined;
  /** Hears of every item that the receiving side tells or asks for. @default {nobody} */
  readonly onItem?: (entry: FileEntry, flags: number, name: Uint8Array | undefined) => void;
}

/** What was sent. */
export interface SentTotals {
  /** Files whose content was asked for. */
  files: number;
  /** Bytes of content that went as they are. */
  literalBytes: number;
  /** Bytes of content that the other side has already. */
  matchedBytes: number;
}

/** Bytes after which a list is passed on. */
const FULL = 65_536;
/** Marks behind those of the file lists, up to the one after which no more content is sent. */
const LAST_PHASE = 2;
/** Versions before this one say goodbye with one mark less. */
const LONG_GOODBYE = 31;

/** See the module comment. */
export class Sender {
  /** What was sent. */
  readonly totals: SentTotals = { files: 0, literalBytes: 0, matchedBytes: 0 };
  /** What could not be sent. */
  readonly failures: EntryFailure[] = [];
  /** What the receiving side deleted, as far as it told. */
  deletions: Deletions | undefined;
  readonly #init: SenderInit;
  readonly #writer: SenderWriter;
  readonly #lists = new FileLists(false);
  readonly #reader: GeneratorReader;
  readonly #contents: ContentSender;
  #ioError = 0;
  #toldIoError = 0;
  /** The request whose sums are still to come. */
  #request: { readonly part: RequestPart; readonly sums: Uint8Array; taken: number } | undefined;
  /** The directory that was opened last; requests come in the order of the list. */
  #open: { readonly path: RelPath; readonly directory: Directory } | undefined;
  #isDone = false;
  /** Marks of the receiving side that have come. */
  #marks = 0;

  /** Begins. */
  constructor(init: SenderInit) {
    this.#init = init;
    this.#writer = new SenderWriter(init.dialect);
    this.#contents = new ContentSender(init.fileDigest, init.blockDigest, this.#writer, init.out.output);
    this.#reader = new GeneratorReader(init.dialect, (index) => this.#lists.entryAt(index) !== undefined, false);
  }

  /** Whether both sides have said goodbye. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** What should come next, for the error of a connection that ends. */
  get expected(): string {
    return this.#reader.expected;
  }

  /**
   * Sends the list of files.
   *
   * @param list The list.
   * @returns Steps.
   */
  *sendList({ entries, failures }: TransferList): Steps {
    const { out: { output }, dialect } = this.#init;
    for (const failure of failures) this.#fail(failure);
    this.#writer.beginList(output, this.#lists.nextStart);
    for (const entry of entries) {
      this.#writer.entry(output, entry);
      if (output.length > FULL) yield;
    }
    this.#writer.endList(output, { ioError: this.#ioError });
    this.#toldIoError = this.#ioError;
    this.#lists.add(entries);
    const { carried } = dialect;
    if (carried.numericIds) return;
    this.#writer.names(output, this.#names("user", entries), this.#names("group", entries));
  }

  #names(kind: "user" | "group", entries: readonly FileEntry[]): { id: number; name: string }[] {
    const ids = new Set(entries.map(({ uid, gid }) => kind === "user" ? uid : gid)).add(0);
    return [...ids].map((id) => ({ id, name: this.#init.nameOf(kind, id) ?? "" }));
  }

  /**
   * Answers the next part of what has arrived.
   *
   * @param input Where it is.
   * @returns Steps; the result is whether there was a whole part.
   * @throws {SyncError} code `"peer-protocol"` when no generator can have sent it.
   */
  *next(input: WireInput): Steps<boolean> {
    const part = this.#reader.next(input);
    if (part === undefined) return false;
    yield* this.#answer(part, input);
    return true;
  }

  *#answer(part: GeneratorPart, input: WireInput): Steps {
    switch (part.kind) {
      case "done":
        return this.#takeDone(part.number);
      case "deletions":
        this.deletions = part.deletions;
        return;
      case "sums":
        return yield* this.#takeSums(part.bytes);
      case "item":
        return yield* this.#takeItem(part, input);
    }
  }

  *#takeItem(part: RequestPart, input: WireInput): Steps {
    const { item, head } = part;
    const entry = this.#lists.entryAt(item.index)!;
    this.#init.onItem?.(entry, item.flags, item.name);
    if (asksForContent(item) && this.#marks > LAST_PHASE) {
      throw input.breach("no more content to be asked for", `entry ${item.index}`);
    }
    if (asksForContent(item) && (entry.mode & TYPE_MASK) !== TYPE_FILE) {
      throw input.breach("content of a regular file to be asked for", `entry ${item.index}, which is none`);
    }
    if (head === undefined) return this.#writer.item(this.#init.out.output, item, undefined);
    const bytes = part.hasSums ? head.count * (WEAK_BYTES + head.strongLength) : 0;
    this.#request = { part, sums: new Uint8Array(bytes), taken: 0 };
    if (bytes === 0) yield* this.#send();
  }

  *#takeSums(bytes: Uint8Array): Steps {
    const request = this.#request!;
    request.sums.set(bytes, request.taken);
    request.taken += bytes.length;
    if (request.taken === request.sums.length) yield* this.#send();
  }

  /** Sends the content that was asked for. */
  *#send(): Steps {
    const { part: { item, head = NO_SUMS }, sums } = this.#request!;
    this.#request = undefined;
    const { out } = this.#init;
    const entry = this.#lists.entryAt(item.index)!;
    let file: FileReader;
    try {
      file = this.#directoryOf(entry.path).openFile(baseName(entry.path));
    } catch (thrown) {
      this.#fail({ path: entry.path, error: atPath(asSyncError(thrown), entry.path) });
      out.message({ kind: "noSend", value: item.index });
      return;
    }
    try {
      this.#writer.item(out.output, item, head);
      const content = yield* this.#contents.send({ file, entry, head, sums });
      this.totals.files++;
      this.totals.literalBytes += content.literalBytes;
      this.totals.matchedBytes += content.matchedBytes;
      if (content.error !== undefined) {
        this.#fail({ path: entry.path, error: atPath(content.error, entry.path) });
      }
    } finally {
      file.close();
    }
  }

  #directoryOf(path: RelPath): Directory {
    const parent = parentPath(path);
    if (this.#open?.path !== parent) {
      this.close();
      this.#open = { path: parent, directory: this.#init.tree.open(parent) };
    }
    return this.#open.directory;
  }

  #fail(failure: EntryFailure): void {
    this.failures.push(failure);
    this.#ioError |= failure.error.code === "vanished" ? IO_ERROR.vanished : IO_ERROR.general;
  }

  /** A list is done, then a phase; a mark is answered by one, and the last of them ends the session. */
  #takeDone(number: number): void {
    const { out, dialect } = this.#init;
    this.#marks = number;
    const phase = number - this.#lists.count;
    const last = dialect.version >= LONG_GOODBYE ? LAST_PHASE + 2 : LAST_PHASE + 1;
    if (phase === LAST_PHASE && this.#ioError !== this.#toldIoError) {
      out.message({ kind: "ioError", value: this.#ioError });
      this.#toldIoError = this.#ioError;
    }
    if (phase < last) this.#writer.done(out.output);
    else this.#isDone = true;
  }

  /** Releases what is open. */
  close(): void {
    this.#open?.directory.close();
    this.#open = undefined;
  }
}
