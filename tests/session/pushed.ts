/** Pushes to real rsync servers. */
import type { Duplex } from "../../lib/model/duplex.ts";
import { environment } from "../../lib/os/env.ts";
import { openTree } from "../../lib/os/open_tree.ts";
import { push, type PushReport } from "../../lib/session/push.ts";
import type { SelectionIn } from "../../lib/session/transfer_list.ts";
import { sessionDigests } from "../../lib/std/session_digests.ts";
import type { ChecksumName, ProtocolVersion } from "../../lib/wire/dialect.ts";
import type { FileEntry } from "../../lib/wire/file_entry.ts";
import type { Message } from "../../lib/wire/message.ts";
import type { ServerCommand } from "../../lib/wire/server_command.ts";
import { archiveCommand, startServer } from "./peers.ts";

/** How a push is made. */
export interface PushSetup {
  /** The directory to push. */
  readonly from: string;
  /** The directory to push into. */
  readonly to: string;
  /** @default {32} */
  readonly version?: ProtocolVersion;
  /** What the server is told, where it is not what `-a` says. */
  readonly command?: Partial<ServerCommand>;
  /** Checksums to offer. @default {all} */
  readonly checksums?: readonly ChecksumName[];
  /** What takes part. @default {everything} */
  readonly selectionIn?: SelectionIn;
  /** Rules for the server. @default {none are sent} */
  readonly rules?: readonly string[];
  /** Changes what flows. @default {nothing} */
  readonly through?: (duplex: Duplex) => Duplex;
  /** Stops it. */
  readonly signal?: AbortSignal;
}

/** What came of a push. */
export interface Pushed {
  readonly report: PushReport;
  readonly items: readonly { readonly entry: FileEntry; readonly flags: number }[];
  readonly deleted: readonly string[];
  readonly messages: readonly Message[];
}

/** Pushes. */
export async function pushed(setup: PushSetup): Promise<Pushed> {
  const { from, to, version = 32, checksums = sessionDigests.names, through, selectionIn, rules, signal } = setup;
  const command = archiveCommand({
    isSender: false,
    offersIncremental: false,
    paths: [`${to}/`],
    ...setup.command,
  });
  const { duplex, secluded } = startServer(command);
  const source = openTree(from);
  const items: { entry: FileEntry; flags: number }[] = [];
  const deleted: string[] = [];
  const messages: Message[] = [];
  try {
    const report = await push({
      duplex: through?.(duplex) ?? duplex,
      command,
      secluded,
      version,
      digests: { ...sessionDigests, names: checksums },
      source,
      ...(selectionIn === undefined ? {} : { selectionIn }),
      ...(rules === undefined ? {} : { rules }),
      ...(signal === undefined ? {} : { signal }),
      nameOf: (_, id) => id === 0 ? "root" : undefined,
      outcome: {
        said: (message) => messages.push(message),
        item: (entry, flags) => items.push({ entry, flags }),
        deleted: (path) => deleted.push(path),
      },
      turn: environment().turn,
    });
    return { report, items, deleted, messages };
  } finally {
    source.close();
  }
}
