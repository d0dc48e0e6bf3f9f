/**
 * What the roles of a pull share.
 *
 * @module
 */
import { ApplyContext, type ApplyRules, type Outcome } from "../apply/context.ts";
import type { WalkBelow } from "../apply/remove.ts";
import type { SyncError } from "../errors.ts";
import type { Duplex, PeerEnd } from "../model/duplex.ts";
import type { Tree } from "../model/tree.ts";
import type { PlanRules } from "../plan/directory_plan.ts";
import type { Message } from "../wire/message.ts";
import type { Statistics } from "../wire/statistics.ts";
import type { ProtocolVersion } from "../wire/dialect.ts";
import type { ServerCommand } from "../wire/server_command.ts";
import type { SessionDigests } from "./digests.ts";
import type { IdMap } from "./entry_conversion.ts";

/** Hears of a pull. */
export interface PullOutcome extends Outcome {
  /** The other side said something. */
  said(message: Message): void;
}

/** What a pull is made of. */
export interface PullInit {
  /** The connection to a server that sends. */
  readonly duplex: Duplex;
  /** What the server was told: one directory, with a slash behind it, and all below it. */
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
  /** What is changed. */
  readonly destination: Tree;
  /** What is planned; nothing is deleted, and hard links are not told here. */
  readonly plan: PlanRules;
  /** What is set. */
  readonly apply: ApplyRules;
  /** What owners of the other side are here. */
  readonly ids: IdMap;
  /** Twelve hexadecimal digits of this run's own, for temporary names. */
  readonly runId: string;
  /** How a leftover directory is walked when it is swept. */
  readonly walk: WalkBelow;
  /** Hears of it. */
  readonly outcome: PullOutcome;
  /** Lets the event loop have its turn. */
  readonly turn: () => Promise<void>;
  /** Ends the pull between two steps. @default {never} */
  readonly signal?: AbortSignal;
}

/** What came of a pull. */
export interface PullReport {
  /** Entries in the lists. */
  readonly entries: number;
  /** Files that were received. */
  readonly files: number;
  /** Bytes that came over the connection. */
  readonly bytesRead: number;
  /** Bytes that were sent over it. */
  readonly bytesWritten: number;
  /** What went wrong on the other side, bits of `IO_ERROR`. */
  readonly ioError: number;
  /** What the other side says of itself. */
  readonly statistics: Statistics | undefined;
  /** How it ended. */
  readonly end: PeerEnd;
}

/**
 * The surroundings in which changes are carried out.
 *
 * @param init The pull.
 * @returns A context whose source is never read.
 */
export function contextOf({ destination, apply, outcome, runId }: PullInit): ApplyContext {
  return new ApplyContext(destination, destination, apply, outcome, runId);
}
