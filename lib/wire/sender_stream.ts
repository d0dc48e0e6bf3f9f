/**
 * What flows from the sender to the receiving side: file lists, items with the content of files, marks that something
 * is done, and statistics. One reader and one writer, of the same parts.
 *
 * @module
 */
import { CHECKSUM_BYTES, type Dialect } from "./dialect.ts";
import { INDEX, IndexReader, IndexWriter } from "./entry_number.ts";
import { EntryReader, type ListEnd } from "./entry_reader.ts";
import { EntryWriter } from "./entry_writer.ts";
import type { FileEntry } from "./file_entry.ts";
import { type FileList, FileLists } from "./file_lists.ts";
import { type IdName, readIdNames, writeIdNames } from "./id_names.ts";
import type { WireInput } from "./input.ts";
import { isTransferred, type Item, readItem, writeItem } from "./item.ts";
import type { WireOutput } from "./output.ts";
import { type Deletions, readDeletions, readStatistics, type Statistics, writeDeletions } from "./statistics.ts";
import { writeStatistics } from "./statistics.ts";
import { readSumHead, type SumHead, writeSumHead } from "./sums.ts";
import { PackedTokenReader, PackedTokenWriter, PlainTokenReader, PlainTokenWriter } from "./tokens.ts";
import type { Token, TokenReader, TokenWriter } from "./tokens.ts";

/** A file list is complete. */
export interface ListPart extends ListEnd {
  /** Tells it from others. */
  readonly kind: "list";
  /** The list. */
  readonly list: FileList;
  /** Its entries in the order in which they came. */
  readonly sent: readonly FileEntry[];
  /** Number of the directory that it lists; `undefined` for the first list. */
  readonly number: number | undefined;
}

/** Names of users and groups, behind a list that is the only one. */
export interface NamesPart {
  /** Tells it from others. */
  readonly kind: "names";
  /** Names of users. */
  readonly users: readonly IdName[];
  /** Names of groups. */
  readonly groups: readonly IdName[];
}

/** An item; when something is transferred, tokens follow, and then the sum of the file. */
export interface ItemPart {
  /** Tells it from others. */
  readonly kind: "item";
  /** The item, as it was asked for. */
  readonly item: Item;
  /** The head of the sums it was asked for with; `undefined` when nothing is transferred. */
  readonly head: SumHead | undefined;
}

/** A part of a file's content. */
export interface ContentPart {
  /** Tells it from others. */
  readonly kind: "content";
  /** The part. */
  readonly token: Token;
}

/** The sum of a whole file, behind its content. */
export interface ChecksumPart {
  /** Tells it from others. */
  readonly kind: "checksum";
  /** The sum. */
  readonly checksum: Uint8Array;
}

/** No more lists come. */
export interface EndOfListsPart {
  /** Tells it from others. */
  readonly kind: "endOfLists";
}

/** Something is done: a list, then a phase. */
export interface DonePart {
  /** Tells it from others. */
  readonly kind: "done";
  /** How many of these marks there have been, this one included. */
  readonly number: number;
}

/** What a server that sends says at the end. */
export interface StatisticsPart {
  /** Tells it from others. */
  readonly kind: "statistics";
  /** The numbers. */
  readonly statistics: Statistics;
}

/** The numbers of deletions that a server repeats. */
export interface DeletionsPart {
  /** Tells it from others. */
  readonly kind: "deletions";
  /** The numbers. */
  readonly deletions: Deletions;
}

/** Any part. */
export type SenderPart =
  | ListPart
  | NamesPart
  | ItemPart
  | ContentPart
  | ChecksumPart
  | EndOfListsPart
  | DonePart
  | StatisticsPart
  | DeletionsPart;

/** What is read next. */
type Expecting = "entries" | "names" | "index" | "content" | "checksum" | "statistics" | "nothing";

/** Marks behind those of the lists, before the statistics. */
const MARKS_BEFORE_STATISTICS = 2;

/** Reads what a sender sends. */
export class SenderReader {
  /** The lists that have come. Whoever reads releases them. */
  readonly lists: FileLists;
  readonly #dialect: Dialect;
  readonly #isServer: boolean;
  readonly #entries: EntryReader;
  readonly #indexes = new IndexReader();
  #expecting: Expecting = "entries";
  /** The directory whose list is read. */
  #directory: number | undefined;
  #tokens: TokenReader = new PlainTokenReader(0);
  #doneCount = 0;

  /**
   * Begins.
   *
   * @param dialect The session.
   * @param isIncremental Whether lists come directory by directory.
   * @param isServer Whether the sender is the server, which tells statistics.
   */
  constructor(dialect: Dialect, isIncremental: boolean, isServer: boolean) {
    this.#dialect = dialect;
    this.#isServer = isServer;
    this.lists = new FileLists(isIncremental);
    this.#entries = new EntryReader(dialect);
    this.#entries.begin(this.lists.nextStart);
  }

  /** Whether the last part has come. */
  get isAtEnd(): boolean {
    return this.#expecting === "nothing";
  }

  /** Whether names of users and groups come next. */
  get isExpectingNames(): boolean {
    return this.#expecting === "names";
  }

  /** What should come next, for the error of a connection that ends. */
  get expected(): string {
    return this.#expecting === "entries" ? "an entry of a file list" : this.#expecting;
  }

  /**
   * Reads the next part.
   *
   * @param input Where it is.
   * @returns The part; `undefined` when it is not complete.
   * @throws {SyncError} code `"peer-protocol"` when it cannot come from a sender.
   */
  next(input: WireInput): SenderPart | undefined {
    if (this.#expecting === "nothing" && input.available === 0) return undefined;
    if (this.#expecting !== "entries") {
      const indexes = this.#indexes.save();
      const part = input.attempt(this.#readPart);
      if (part === undefined) this.#indexes.restore(indexes);
      if (part !== "list begins") return part;
    }
    return this.#readEntries(input);
  }

  /** Reads entries one after the other: each is an item of its own. */
  #readEntries(input: WireInput): ListPart | undefined {
    for (;;) {
      const read = input.attempt(this.#readEntry);
      if (read === undefined) return undefined;
      if ("path" in read) continue;
      const sent = this.#entries.entries;
      const list = this.lists.add(sent, this.#directory, input);
      this.#expecting = this.#hasNames() && this.#directory === undefined ? "names" : "index";
      return { kind: "list", list, sent, number: this.#directory, ioError: read.ioError };
    }
  }

  readonly #readEntry = (input: WireInput): FileEntry | ListEnd => this.#entries.read(input);

  #hasNames(): boolean {
    const { carried } = this.#dialect;
    return this.lists.isComplete && !carried.numericIds && (carried.owners || carried.groups || carried.acls);
  }

  readonly #readPart = (input: WireInput): SenderPart | "list begins" => {
    switch (this.#expecting) {
      case "names":
        return this.#readNames(input);
      case "content":
        return this.#readContent(input);
      case "checksum": {
        const checksum = input.bytes(CHECKSUM_BYTES[this.#dialect.checksum]).slice();
        this.#expecting = "index";
        return { kind: "checksum", checksum };
      }
      case "statistics": {
        const statistics = readStatistics(input);
        this.#expecting = this.#dialect.version >= 31 ? "index" : "nothing";
        return { kind: "statistics", statistics };
      }
      case "nothing":
        throw input.breach("the end", "more");
      default:
        return this.#readByIndex(input);
    }
  };

  #readNames(input: WireInput): NamesPart {
    const { owners, groups, acls } = this.#dialect.carried;
    const users = owners || acls ? readIdNames(input, this.#dialect) : [];
    const names = { kind: "names", users, groups: groups || acls ? readIdNames(input, this.#dialect) : [] } as const;
    this.#expecting = "index";
    return names;
  }

  #readContent(input: WireInput): ContentPart {
    const token = this.#tokens.read(input);
    if (token.kind === "end") this.#expecting = "checksum";
    return { kind: "content", token };
  }

  #readByIndex(input: WireInput): SenderPart | "list begins" {
    const index = this.#indexes.read(input);
    if (index === INDEX.done) return this.#takeDone(input);
    if (index === INDEX.endOfLists) {
      this.lists.complete(input);
      return { kind: "endOfLists" };
    }
    if (index === INDEX.deletions) return { kind: "deletions", deletions: readDeletions(input) };
    if (index <= INDEX.firstList) return this.#beginList(input, INDEX.firstList - index);
    if (index < 0) throw input.breach("the number of an entry", `${index}`);
    return this.#takeItem(input, index);
  }

  /** A list has begun; its entries are read as soon as they come. */
  #beginList(input: WireInput, directory: number): "list begins" {
    this.lists.announced(directory, input);
    this.#directory = directory;
    this.#entries.begin(this.lists.nextStart);
    this.#expecting = "entries";
    return "list begins";
  }

  #takeItem(input: WireInput, index: number): ItemPart {
    const entry = this.lists.entryAt(index);
    if (entry === undefined) throw input.breach("the number of an entry of a list that is not done", `${index}`);
    const item = readItem(input, this.#dialect, "sender", index);
    if (!isTransferred(this.#dialect, item)) return { kind: "item", item, head: undefined };
    const head = readSumHead(input, CHECKSUM_BYTES[this.#dialect.checksum]);
    this.#tokens = this.#dialect.compression === "none"
      ? new PlainTokenReader(head.count)
      : new PackedTokenReader(head.count);
    this.#expecting = "content";
    return { kind: "item", item, head };
  }

  #takeDone(input: WireInput): DonePart {
    const { count, isComplete } = this.lists;
    const number = this.#doneCount + 1;
    if (number > count && !isComplete) throw input.breach("another file list, or their end", "the end of a phase");
    const phases = number - count;
    const last = this.#dialect.version >= 31 ? MARKS_BEFORE_STATISTICS + 1 : MARKS_BEFORE_STATISTICS;
    this.#doneCount = number;
    if (isComplete && phases === MARKS_BEFORE_STATISTICS && this.#isServer) this.#expecting = "statistics";
    else if (isComplete && phases >= last) this.#expecting = "nothing";
    return { kind: "done", number };
  }
}

/** Writes what a sender sends. */
export class SenderWriter {
  readonly #dialect: Dialect;
  readonly #entries: EntryWriter;
  readonly #indexes = new IndexWriter();
  #tokens: TokenWriter = new PlainTokenWriter();

  /**
   * Begins.
   *
   * @param dialect The session.
   */
  constructor(dialect: Dialect) {
    this.#dialect = dialect;
    this.#entries = new EntryWriter(dialect);
  }

  /**
   * Begins a list.
   *
   * @param output Where to.
   * @param start Number of its first entry.
   * @param directory The directory that it lists. @default {none, for the first list}
   */
  beginList(output: WireOutput, start: number, directory?: number): void {
    if (directory !== undefined) this.#indexes.write(output, INDEX.firstList - directory);
    this.#entries.begin(start);
  }

  /** Writes an entry of a list. */
  entry(output: WireOutput, entry: FileEntry): void {
    this.#entries.write(output, entry);
  }

  /** Ends a list. */
  endList(output: WireOutput, end: ListEnd): void {
    this.#entries.end(output, end);
  }

  /** Writes names of users and groups behind the only list, as far as the session has them. */
  names(output: WireOutput, users: readonly IdName[], groups: readonly IdName[]): void {
    const { carried } = this.#dialect;
    if (carried.numericIds) return;
    if (carried.owners || carried.acls) writeIdNames(output, this.#dialect, users);
    if (carried.groups || carried.acls) writeIdNames(output, this.#dialect, groups);
  }

  /** Says that no more lists come. */
  endOfLists(output: WireOutput): void {
    this.#indexes.write(output, INDEX.endOfLists);
  }

  /** Repeats an item, and the head of its sums when content follows. */
  item(output: WireOutput, item: Item, head: SumHead | undefined): void {
    this.#indexes.write(output, item.index);
    writeItem(output, this.#dialect, item);
    if (head === undefined) return;
    writeSumHead(output, head);
    this.#tokens = this.#dialect.compression === "none" ? new PlainTokenWriter() : new PackedTokenWriter();
  }

  /** Writes a part of a file's content. */
  token(output: WireOutput, token: Token): void {
    this.#tokens.write(output, token);
  }

  /** Writes the sum of a whole file. */
  checksum(output: WireOutput, checksum: Uint8Array): void {
    output.bytes(checksum);
  }

  /** Writes that something is done. */
  done(output: WireOutput): void {
    this.#indexes.write(output, INDEX.done);
  }

  /** Writes statistics, for a server. */
  statistics(output: WireOutput, statistics: Statistics): void {
    writeStatistics(output, statistics);
  }

  /** Repeats the numbers of deletions, for a server. */
  deletions(output: WireOutput, deletions: Deletions): void {
    this.#indexes.write(output, INDEX.deletions);
    writeDeletions(output, deletions);
  }
}
