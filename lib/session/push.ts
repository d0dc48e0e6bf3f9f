/**
 * A push: lets a directory of another machine hold what a directory here holds.
 *
 * Requests are taken in as fast as their answers leave: while an answer is on its way nothing more is taken, so what
 * waits here is bounded, and the other side waits for us as we wait for it.
 *
 * @module
 */
import { decodeName } from "../bytes/name.ts";
import { SyncError } from "../errors.ts";
import type { Duplex, PeerEnd } from "../model/duplex.ts";
import { parseRelPath, type RelPath } from "../model/rel_path.ts";
import type { Steps } from "../model/steps.ts";
import type { EntryFailure, Tree } from "../model/tree.ts";
import type { ProtocolVersion } from "../wire/dialect.ts";
import type { FileEntry } from "../wire/file_entry.ts";
import { writeFilterRules } from "../wire/filter_rules.ts";
import type { Message } from "../wire/message.ts";
import type { ServerCommand } from "../wire/server_command.ts";
import type { Deletions } from "../wire/statistics.ts";
import { beginSession, type Session } from "./begin.ts";
import type { SessionDigests } from "./digests.ts";
import { Sender, type SentTotals } from "./sender.ts";
import { listForTransfer, type SelectionIn } from "./transfer_list.ts";

/** Answers are passed on when there are so many bytes of them. */
const MOST_UNSENT = 262_144;
/** After so many steps others have their turn. */
const STEPS_A_TURN = 16;
/** What the other side said last is kept for the error, when it ends. */
const KEPT_WORDS = 8;

/** Hears of a push. */
export interface PushOutcome {
  /** The other side said something. */
  said(message: Message): void;
  /** The other side tells of an entry, or asks for its content; bits of `ITEM`. */
  item?(entry: FileEntry, flags: number, name: Uint8Array | undefined): void;
  /** The other side deleted something. */
  deleted?(path: RelPath, isDirectory: boolean): void;
}

/** What a push is made of. */
export interface PushInit {
  /** The connection to a server that receives. */
  readonly duplex: Duplex;
  /** What the server was told: not to expect lists directory by directory, and one directory, with a slash behind it. */
  readonly command: ServerCommand;
  /** Arguments that are sent before anything else. @default {none: the server has them all} */
  readonly secluded?: Uint8Array<ArrayBuffer> | undefined;
  /** The version to speak at most. @default {32} */
  readonly version?: ProtocolVersion;
  /** The version that the text of a daemon settled. @default {said by both sides} */
  readonly settledVersion?: number;
  /** Puts it into words that the other side ended before the session began. @default {plain words} */
  readonly explain?: (end: PeerEnd, received: Uint8Array) => SyncError;
  /** Computes checksums. */
  readonly digests: SessionDigests;
  /** What is sent. */
  readonly source: Tree;
  /** What takes part. @default {everything} */
  readonly selectionIn?: SelectionIn;
  /**
   * Rules that say what the server must not delete.
   *
   * @default {none are sent, for a server that deletes nothing}
   */
  readonly rules?: readonly string[];
  /** Names of users and groups here; `undefined` for a number without a name. */
  readonly nameOf: (kind: "user" | "group", id: number) => string | undefined;
  /** Hears of it. */
  readonly outcome: PushOutcome;
  /** Lets the event loop have its turn. */
  readonly turn: () => Promise<void>;
  /** Ends the push between two steps. @default {never} */
  readonly signal?: AbortSignal;
}

/** What came of a push. */
export interface PushReport {
  /** Entries in the list. */
  readonly entries: number;
  /** What was sent. */
  readonly sent: Readonly<SentTotals>;
  /** What could not be sent. */
  readonly failures: readonly EntryFailure[];
  /** What was deleted, as the other side counts it. */
  readonly deletions: Deletions | undefined;
  /** Bytes that came over the connection. */
  readonly bytesRead: number;
  /** Bytes that were sent over it. */
  readonly bytesWritten: number;
  /** How the other side ended; a code of 0 says that all is in place there. */
  readonly end: PeerEnd;
}

/**
 * Pushes.
 *
 * @param init What from where to where.
 * @returns What came of it.
 * @throws {SyncError} code `"peer-protocol"` when the other side breaks the protocol, `"connection"` when it ends before
 * its time, `"cancelled"` when the signal said so.
 */
export async function push(init: PushInit): Promise<PushReport> {
  try {
    const { session, ofFiles: fileDigest, ofBlocks: blockDigest } = await beginSession(init);
    const { source: tree, nameOf, outcome } = init;
    const { dialect, link: out } = session;
    const onItem = (entry: FileEntry, flags: number, name: Uint8Array | undefined) =>
      outcome.item?.(entry, flags, name);
    const sender = new Sender({ tree, dialect, out, fileDigest, blockDigest, nameOf, onItem });
    return await new Push(init, session, sender).run();
  } finally {
    init.duplex.close();
  }
}

/** One push on its way. */
class Push {
  readonly #init: PushInit;
  readonly #session: Session;
  readonly #sender: Sender;
  #entries = 0;
  #breaths = 0;
  /** Whether the other side said that it ends; what it says of that may come on another way. */
  #hasGivenUp = false;
  readonly #words: string[] = [];

  constructor(init: PushInit, session: Session, sender: Sender) {
    this.#init = init;
    this.#session = session;
    this.#sender = sender;
    session.link.attach({ data: () => {}, message: (message) => this.#hear(message) });
  }

  async run(): Promise<PushReport> {
    const { link } = this.#session;
    if (this.#init.rules !== undefined) writeFilterRules(link.output, this.#init.rules);
    try {
      await this.#drive(this.#offer());
      await this.#answer();
    } finally {
      this.#sender.close();
    }
    const end = await link.finish();
    const { totals: sent, failures, deletions } = this.#sender;
    const { bytesRead, bytesWritten } = link;
    return { entries: this.#entries, sent, failures, deletions, bytesRead, bytesWritten, end };
  }

  *#offer(): Steps {
    const { source, selectionIn } = this.#init;
    const { carried } = this.#session.dialect;
    const list = yield* listForTransfer(source, { carried, selectionIn });
    this.#entries = list.entries.length;
    yield* this.#sender.sendList(list);
  }

  /** Takes what is asked for, and answers it, until both sides have said goodbye. */
  async #answer(): Promise<void> {
    const { link } = this.#session;
    while (!this.#sender.isDone) {
      if (await this.#drive(this.#sender.next(link.input))) continue;
      link.send();
      if (link.takeIn() && !this.#hasGivenUp) continue;
      if (link.isOver || this.#hasGivenUp) throw await link.brokenOff(this.#sender.expected, this.#words);
      await link.wait();
    }
  }

  /** Does all steps of some work, and waits where what it wrote cannot leave. */
  async #drive<Result>(work: Steps<Result>): Promise<Result> {
    const { link } = this.#session;
    for (;;) {
      const step = work.next();
      if (link.output.length > MOST_UNSENT) {
        link.send();
        await link.drained;
      }
      if (step.done === true) return step.value;
      if (this.#init.signal?.aborted === true) throw new SyncError("cancelled", "Cannot go on: the push was cancelled");
      await this.#breathe();
    }
  }

  /** Signals and timers have their turn now and then. */
  async #breathe(): Promise<void> {
    if (++this.#breaths % STEPS_A_TURN === 0) await this.#init.turn();
  }

  #hear(message: Message): void {
    this.#init.outcome.said(message);
    switch (message.kind) {
      case "deleted": {
        // Only told; a name that could not be one here is the other side's.
        const path = decodeName(message.path);
        this.#init.outcome.deleted?.(parseRelPath(path), message.isDirectory);
        return;
      }
      case "errorTransfer":
      case "error":
        this.#words.push(decodeName(message.text));
        if (this.#words.length > KEPT_WORDS) this.#words.shift();
        return;
      case "exit":
        this.#hasGivenUp = true;
        return;
      case "success":
      case "noSend":
        throw this.#session.link.input.breach("a message of a receiver", `the message ${message.kind}`);
      default:
        return;
    }
  }
}
