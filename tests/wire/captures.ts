/**
 * Recorded sessions, and how each was started. `tests/data/wire/README.md` says what they show.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Carried, ChecksumName, CompressionName, ProtocolVersion } from "../../lib/wire/dialect.ts";
import { PROJECT_ROOT } from "../support/runtimes.ts";

const FOLDER = join(PROJECT_ROOT, "tests/data/wire");

/** What `-a` carries. */
const ARCHIVE: Carried = {
  owners: true,
  groups: true,
  symlinks: true,
  devices: true,
  specials: true,
  hardLinks: false,
  acls: false,
  xattrs: false,
  accessTimes: false,
  creationTimes: false,
  checksums: false,
  numericIds: false,
};

/** How a session was started. */
export interface CaptureSetup {
  /** Name of its files. */
  readonly name: string;
  /** Which way content went. */
  readonly direction: "push" | "pull";
  /** The version that the client was told to speak. */
  readonly version?: ProtocolVersion;
  /** What entries carry, where it is not what `-a` says. */
  readonly carried?: Partial<Carried>;
  /** Whether the client took lists directory by directory. */
  readonly isIncremental?: boolean;
  /** What an option said of checksums and compression. */
  readonly checksum?: ChecksumName;
  readonly chosenCompression?: CompressionName;
  /** Whether compression was negotiated. */
  readonly compresses?: boolean;
  /** What the server said of the session. */
  readonly compat?: number;
  /** Whether it began with the text of a daemon. */
  readonly isDaemon?: boolean;
  /** Whether filter rules came first. */
  readonly hasRules?: boolean;
  /** Whether old files were appended to. */
  readonly appends?: boolean;
}

/** All of them. */
export const SETUPS: readonly CaptureSetup[] = [
  { name: "01-push-inc", direction: "push" },
  { name: "02-pull-delta", direction: "pull" },
  { name: "03-daemon-auth-push-delete", direction: "push", isDaemon: true, hasRules: true },
  {
    name: "04-pull-c-md5-noinc-p31",
    direction: "pull",
    version: 31,
    carried: { checksums: true },
    isIncremental: false,
    checksum: "md5",
    compat: 0x1fe,
  },
  { name: "05-push-zlib", direction: "push", chosenCompression: "zlib" },
  { name: "06-pull-zstd", direction: "pull", compresses: true },
  { name: "07-push-hax", direction: "push", carried: { hardLinks: true, acls: true, xattrs: true } },
  { name: "08-pull-p30-plain", direction: "pull", version: 30, compat: 0x5f },
  { name: "09-push-append-verify-redo", direction: "push", appends: true },
  { name: "10-pull-unreadable", direction: "pull" },
];

/** A session. */
export interface Capture extends Required<Omit<CaptureSetup, "checksum" | "chosenCompression" | "carried">> {
  readonly carried: Carried;
  readonly checksum: ChecksumName | undefined;
  readonly chosenCompression: CompressionName | undefined;
  /** All bytes from the client to the server. */
  readonly fromClient: Uint8Array<ArrayBuffer>;
  /** All bytes from the server to the client. */
  readonly fromServer: Uint8Array<ArrayBuffer>;
  /** What another decoder saw in it, line by line. */
  readonly listing: readonly string[];
}

/** Reads a session. */
export function readCapture(setup: CaptureSetup): Capture {
  const bytes = (suffix: string) => new Uint8Array(readFileSync(join(FOLDER, `${setup.name}.${suffix}`)));
  return {
    version: 32,
    isIncremental: true,
    compresses: false,
    compat: 0x1ff,
    isDaemon: false,
    hasRules: setup.direction === "pull",
    appends: false,
    checksum: undefined,
    chosenCompression: undefined,
    ...setup,
    carried: { ...ARCHIVE, ...setup.carried },
    fromClient: bytes("c2s.bin"),
    fromServer: bytes("s2c.bin"),
    listing: readFileSync(join(FOLDER, `${setup.name}.txt`), "utf8").split("\n"),
  };
}
