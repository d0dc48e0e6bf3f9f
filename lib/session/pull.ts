/**
 * A pull: makes a directory here hold what a directory of another machine holds.
 *
 * The marks at the end, in their order: one from here for each list, when it is done, and one back; then one for each
 * phase (what was asked for again, what was delayed, late deletions), and one back; statistics; and a last one.
 *
 * @module
 */
import type { ApplyContext } from "../apply/context.ts";
import { SyncError } from "../errors.ts";
import { ROOT } from "../model/rel_path.ts";
import type { Steps } from "../model/steps.ts";
import { isDirectory } from "../wire/file_entry.ts";
import type { FileList } from "../wire/file_lists.ts";
import { writeFilterRules } from "../wire/filter_rules.ts";
import { decodeName } from "../bytes/name.ts";
import type { Message } from "../wire/message.ts";
import { type ListPart, type SenderPart, SenderReader } from "../wire/sender_stream.ts";
import type { Statistics } from "../wire/statistics.ts";
import { beginSession, type Session } from "./begin.ts";
import type { BlockDigest, FileDigest } from "./digests.ts";
import { Owners } from "./entry_conversion.ts";
import { quoted } from "./link.ts";
import { contextOf, type PullInit, type PullReport } from "./pull_context.ts";
import { PullGenerator } from "./pull_generator.ts";
import { PullReceiver } from "./pull_receiver.ts";

/** Requests are made as long as fewer bytes wait to be sent. */
const MOST_UNSENT = 262_144;
/** Directories, or parts of large files, that are worked on before what has arrived is taken in. */
const STEPS_AT_ONCE = 64;
/** So many bytes are sent at once, as long as there is something else to do. */
const LEAST_SENT = 16_384;
/** What the other side said last is kept for the error, when it ends. */
const KEPT_WORDS = 8;

/**
 * Pulls.
 *
 * @param init What from where to where.
 * @returns What came of it.
 * @throws {SyncError} code `"peer-protocol"` when the other side breaks the protocol, `"connection"` when it ends,
 * `"source-missing"` when there is nothing to pull, `"no-space"` when the destination is full, `"cancelled"` when
 * the signal said so. Every file is the old or the new one then.
 */
export async function pull(init: PullInit): Promise<PullReport> {
  try {
    const { session, ofFiles, ofBlocks } = await beginSession(init);
    return await new Pull(init, session, ofFiles, ofBlocks).run();
  } finally {
    init.duplex.close();
  }
}

/** One pull on its way. */
class Pull {
  readonly #init: PullInit;
  readonly #session: Session;
  readonly #context: ApplyContext;
  readonly #owners: Owners;
  readonly #reader: SenderReader;
  readonly #generator: PullGenerator;
  readonly #receiver: PullReceiver;
  /** A list whose names of users and groups are still to come. */
  #unnamed: FileList | undefined;
  #entryCount = 0;
  #ioError = 0;
  #statistics: Statistics | undefined;
  /** Work on a list that is not finished. */
  #steps: Steps | undefined;
  /** Marks of the other side. */
  #marks = 0;
  #arePhasesTold = false;
  #isFarewellTold = false;
  readonly #words: string[] = [];

  constructor(
    init: PullInit,
    session: Session,
    ofFiles: FileDigest,
    ofBlocks: BlockDigest,
  ) {
    this.#init = init;
    this.#session = session;
    this.#context = contextOf(init);
    this.#owners = new Owners(init.ids);
    this.#reader = new SenderReader(session.dialect, session.isIncremental, true);
    this.#generator = new PullGenerator(init, this.#context, session, this.#owners, ofBlocks);
    this.#receiver = new PullReceiver(this.#context, this.#generator, ofFiles, session.link.input);
    session.link.attach({ data: () => this.#drain(), message: (message) => this.#hear(message) });
  }

  async run(): Promise<PullReport> {
    const { link } = this.#session;
    writeFilterRules(link.output, []);
    link.send();
    try {
      await this.#loop();
    } finally {
      this.#receiver.close();
      this.#generator.close();
    }
    const end = await link.finish();
    return {
      entries: this.#entryCount,
      files: this.#receiver.fileCount,
      bytesRead: link.bytesRead,
      bytesWritten: link.bytesWritten,
      ioError: this.#ioError,
      statistics: this.#statistics,
      end,
    };
  }

  /** The one place that waits. */
  async #loop(): Promise<void> {
    const { link } = this.#session;
    while (!this.#isFarewellTold) {
      if (this.#init.signal?.aborted === true) throw new SyncError("cancelled", "Cannot go on: the pull was cancelled");
      const hasArrived = link.takeIn();
      this.#work();
      this.#tellMarks();
      if (this.#isFarewellTold) break;
      if (link.isOver && !hasArrived && !this.#reader.isAtEnd) throw await this.#brokenOff();
      const isBusy = hasArrived || (this.#hasWork && !link.isBlocked);
      if (!isBusy || link.output.length > LEAST_SENT) link.send();
      await (isBusy ? this.#init.turn() : link.wait());
    }
  }

  get #hasWork(): boolean {
    return this.#steps !== undefined || this.#generator.hasWork;
  }

  /** Works on lists until there are none, more is to be sent than should wait, or it is the turn of what arrives. */
  #work(): void {
    const { link } = this.#session;
    for (let left = STEPS_AT_ONCE; left > 0 && this.#hasWork; left--) {
      if (link.isBlocked || link.output.length > MOST_UNSENT) return;
      this.#steps ??= this.#generator.work();
      if (this.#steps.next().done === true) this.#steps = undefined;
    }
  }

  async #brokenOff(): Promise<SyncError> {
    const error = await this.#session.link.brokenOff(this.#reader.expected, this.#words);
    if (this.#entryCount > 0 || this.#reader.lists.count === 0) return error;
    return new SyncError("source-missing", `Cannot pull: there is nothing to pull; ${error.message}`, {
      side: "source",
    });
  }

  /** Takes every part that has arrived. */
  #drain(): void {
    const { input } = this.#session.link;
    for (let part = this.#reader.next(input); part !== undefined; part = this.#reader.next(input)) this.#take(part);
  }

  #take(part: SenderPart): void {
    switch (part.kind) {
      case "list":
        return this.#takeList(part);
      case "names":
        for (const { id, name } of part.users) this.#owners.learnUser(id, name);
        for (const { id, name } of part.groups) this.#owners.learnGroup(id, name);
        if (this.#unnamed !== undefined) this.#generator.add(this.#unnamed);
        this.#unnamed = undefined;
        return;
      case "item":
        return this.#receiver.begin(part);
      case "content":
        return this.#receiver.content(part);
      case "checksum":
        return this.#receiver.end(part);
      case "done":
        return this.#takeMark(part.number);
      case "statistics":
        this.#statistics = part.statistics;
        return;
      case "endOfLists":
      case "deletions":
        return;
    }
  }

  #takeList({ list, number, ioError }: ListPart): void {
    if (number === undefined) this.#checkFirst(list);
    this.#entryCount += list.entries.length;
    this.#ioError |= ioError;
    for (const entry of list.entries) this.#owners.learn(entry);
    if (this.#reader.isExpectingNames) this.#unnamed = list;
    else this.#generator.add(list);
  }

  /** What was asked for is all that is in one directory. */
  #checkFirst({ entries: [first] }: FileList): void {
    if (first === undefined || (first.path === ROOT && isDirectory(first) && first.hasContent)) return;
    throw new SyncError("source-not-directory", "Cannot pull: the source is no directory", { side: "source" });
  }

  #takeMark(number: number): void {
    const { lists } = this.#reader;
    const { input } = this.#session.link;
    if (number <= lists.count) {
      if (number > this.#generator.doneCount) throw input.breach("a file that was asked for", "that all of them came");
      lists.release();
    }
    this.#marks = number;
  }

  /** Tells phases when all lists are done on both sides, and takes leave when the other side has. */
  #tellMarks(): void {
    const { lists } = this.#reader;
    const isListed = lists.isComplete && this.#generator.doneCount === lists.count && this.#marks >= lists.count;
    if (isListed && lists.count > 0 && !this.#arePhasesTold) {
      this.#arePhasesTold = true;
      for (let left = this.#session.dialect.version >= 31 ? 3 : 2; left > 0; left--) this.#generator.mark();
    }
    if (!this.#arePhasesTold || !this.#reader.isAtEnd || this.#isFarewellTold) return;
    this.#isFarewellTold = true;
    this.#generator.mark();
  }

  #hear(message: Message): void {
    this.#init.outcome.said(message);
    switch (message.kind) {
      case "errorTransfer":
      case "error":
        this.#words.push(decodeName(message.text));
        if (this.#words.length > KEPT_WORDS) this.#words.shift();
        return;
      case "ioError":
        this.#ioError |= message.value;
        return;
      case "noSend":
        return this.#receiver.notSent(message.value);
      case "exit":
        throw new SyncError("connection", `Cannot go on: the other side gave up${quoted(this.#words)}`);
      case "deleted":
      case "success":
        throw this.#session.link.input.breach("a message of a sender", `the message ${message.kind}`);
      default:
        return;
    }
  }
}
