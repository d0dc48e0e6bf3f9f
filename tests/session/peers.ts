/** Real rsync servers as peers. */
import type { Duplex } from "../../lib/model/duplex.ts";
import { startSubprocess } from "../../lib/transport/subprocess.ts";
import { secludedArguments, type ServerCommand } from "../../lib/wire/server_command.ts";
import { plainDialect } from "../wire/entry_arbitrary.ts";

const { carried: PLAIN } = plainDialect();

/** What `rsync -a` tells a server. */
export function archiveCommand(rest: Partial<ServerCommand> = {}): ServerCommand {
  return {
    isSender: true,
    carried: { ...PLAIN, owners: true, groups: true, devices: true, specials: true },
    modes: true,
    times: true,
    recursive: true,
    isListed: false,
    offersIncremental: true,
    longOptions: [],
    paths: ["."],
    ...rest,
  };
}

/** Starts rsync as a server for a command; its other arguments are still to be sent. */
export function startServer(command: ServerCommand): { duplex: Duplex; secluded: Uint8Array<ArrayBuffer> | undefined } {
  const { visible, secluded } = secludedArguments(command);
  return { duplex: startSubprocess({ command: ["rsync", ...visible] }), secluded };
}
