/** Pulls from real rsync servers, with the rules of a plain mirror. */
import type { SyncError } from "../../lib/errors.ts";
import type { Duplex } from "../../lib/model/duplex.ts";
import type { Action } from "../../lib/plan/action.ts";
import { environment } from "../../lib/os/env.ts";
import { openTree } from "../../lib/os/open_tree.ts";
import { walkSubtree } from "../../lib/scan/subtree.ts";
import { type IdMap, NUMERIC_IDS } from "../../lib/session/entry_conversion.ts";
import { pull } from "../../lib/session/pull.ts";
import type { PullReport } from "../../lib/session/pull_context.ts";
import { sessionDigests } from "../../lib/std/session_digests.ts";
import type { ChecksumName, ProtocolVersion } from "../../lib/wire/dialect.ts";
import type { Message } from "../../lib/wire/message.ts";
import type { ServerCommand } from "../../lib/wire/server_command.ts";
import { resolveOptions } from "../../tasks/mirror/options/options.ts";
import { mirrorRules } from "../../tasks/mirror/rules.ts";
import { archiveCommand, startServer } from "./peers.ts";

/** How a pull is made. */
export interface PullSetup {
  /** The directory to pull from. */
  readonly from: string;
  /** The directory to pull into, which exists. */
  readonly to: string;
  /** @default {32} */
  readonly version?: ProtocolVersion;
  /** What the server is told, where it is not what `-a` says. */
  readonly command?: Partial<ServerCommand>;
  /** Checksums to offer. @default {all} */
  readonly checksums?: readonly ChecksumName[];
  /** What owners are here. @default {the same numbers} */
  readonly ids?: IdMap;
  /** Changes what flows. @default {nothing} */
  readonly through?: (duplex: Duplex) => Duplex;
  /** Stops it. */
  readonly signal?: AbortSignal;
}

/** What came of a pull. */
export interface Pulled {
  readonly report: PullReport;
  readonly actions: readonly Action[];
  readonly failures: readonly { readonly path: string; readonly error: SyncError }[];
  readonly messages: readonly Message[];
}

/** Pulls. */
export async function pulled(setup: PullSetup): Promise<Pulled> {
  const { from, to, version = 32, checksums = sessionDigests.names, ids = NUMERIC_IDS } = setup;
  const command = archiveCommand({ paths: [`${from}/`], ...setup.command });
  const { duplex, secluded } = startServer(command);
  return await pulledFrom(setup.through?.(duplex) ?? duplex, secluded, {
    ...setup,
    to,
    version,
    checksums,
    ids,
    command,
  });
}

/** Pulls over a connection. */
export async function pulledFrom(
  duplex: Duplex,
  secluded: Uint8Array<ArrayBuffer> | undefined,
  setup: Omit<Required<Pick<PullSetup, "to" | "version" | "checksums" | "ids">>, "command"> & {
    readonly command: ServerCommand;
    readonly signal?: AbortSignal;
    readonly settledVersion?: number;
  },
): Promise<Pulled> {
  const { to, version, checksums, ids, command, signal, settledVersion } = setup;
  const destination = openTree(to);
  const actions: Action[] = [];
  const failures: { path: string; error: SyncError }[] = [];
  const messages: Message[] = [];
  const { turn, randomHex } = environment();
  const options = resolveOptions({ hardLinks: false }, 1);
  const rules = mirrorRules(options, destination.capabilities, destination.capabilities);
  try {
    const report = await pull({
      duplex,
      command,
      secluded,
      version,
      digests: { ...sessionDigests, names: checksums },
      destination,
      plan: rules.plan,
      apply: rules.apply,
      ids,
      runId: randomHex(12),
      walk: walkSubtree,
      turn,
      ...(signal === undefined ? {} : { signal }),
      ...(settledVersion === undefined ? {} : { settledVersion }),
      outcome: {
        applied: (action) => actions.push(action),
        failed: (path, error) => failures.push({ path, error }),
        copied: () => {},
        leftBehind: () => {},
        mayDelete: () => false,
        said: (message) => messages.push(message),
      },
    });
    return { report, actions, failures, messages };
  } finally {
    destination.close();
  }
}

/** What is done before each call of a connection. */
export interface Tap {
  readonly reading?: () => void;
  readonly writing?: () => void;
}

/** The same connection, with something done before each call. */
export function tapped(duplex: Duplex, { reading = () => {}, writing = () => {} }: Tap): Duplex {
  return {
    ended: duplex.ended,
    finish: () => duplex.finish(),
    close: (reason) => duplex.close(reason),
    read: () => (reading(), duplex.read()),
    write: (bytes) => (writing(), duplex.write(bytes)),
  };
}
