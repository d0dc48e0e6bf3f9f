import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { SyncError } from "../../lib/errors.ts";
import { type Credentials, type DaemonRequest, listModules, openModule } from "../../lib/session/daemon_client.ts";
import { NUMERIC_IDS } from "../../lib/session/entry_conversion.ts";
import { connectSocket } from "../../lib/transport/socket.ts";
import type { DaemonDigest } from "../../lib/wire/daemon_text.ts";
import type { ProtocolVersion } from "../../lib/wire/dialect.ts";
import { type RsyncDaemon, startRsyncDaemon } from "../support/rsync_daemon.ts";
import {
  assertEquals,
  assertRejects,
  assertStringIncludes,
  describe,
  isRoot,
  it,
  requires,
} from "../support/test_api.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";
import { archiveCommand } from "./peers.ts";
import { pulledFrom } from "./pulled.ts";
import { spokenDuplex } from "./scripted.ts";

const digest = (name: DaemonDigest, bytes: Uint8Array) => new Uint8Array(createHash(name).update(bytes).digest());
const JOE: Credentials = { user: "joe", password: () => Promise.resolve("pw") };

/** A daemon with a module for everyone, and one for those who know the password. */
function withDaemon(body: (at: Workspace, daemon: RsyncDaemon) => Promise<void>): Promise<void> {
  return withWorkspace(async (at) => {
    mkdirSync(at.at("tree/sub[1]"), { recursive: true });
    mkdirSync(at.at("tree/sub1"));
    writeFileSync(at.at("tree/file"), "content");
    writeFileSync(at.at("tree/sub[1]/right"), "");
    writeFileSync(at.at("tree/sub1/wrong"), "");
    at.directory("to");
    const owner = isRoot() ? "uid = root\ngid = root\n" : "";
    const path = `path = ${at.at("tree")}\n${owner}`;
    const daemon = await startRsyncDaemon(
      at,
      `[pub]\ncomment = for everyone\n${path}[closed]\n${path}auth users = joe\nsecrets file = %s\n[hidden]\nlist = no\n${path}`,
    );
    try {
      await body(at, daemon);
    } finally {
      daemon.stop();
    }
  });
}

async function pullFrom(at: Workspace, daemon: RsyncDaemon, path: string, rest: {
  readonly credentials?: Credentials;
  readonly version?: ProtocolVersion;
  readonly onText?: (line: string) => void;
} = {}) {
  const command = archiveCommand({ paths: [`${path}/`] });
  const socket = await connectSocket(daemon);
  const module = path.split("/")[0] ?? "";
  const { duplex, settledVersion } = await openModule({ duplex: socket, module, command, digest, ...rest });
  const { version = 32 } = rest;
  return await pulledFrom(duplex, undefined, {
    to: at.at("to"),
    version,
    checksums: ["xxh128", "md5"],
    ids: NUMERIC_IDS,
    command,
    settledVersion,
  });
}

describe("openModule()", () => {
  for (const version of [30, 31, 32] as const) {
    it(
      `opens modules for everyone, and with a password, in version ${version}`,
      requires("rsync"),
      () =>
        withDaemon(async (at, daemon) => {
          const said: string[] = [];
          const open = await pullFrom(at, daemon, "pub", { version, onText: (line) => said.push(line) });
          assertEquals([open.failures, open.report.files, said[0]], [[], 3, "Welcome"]);
          const closed = await pullFrom(at, daemon, "closed", { version, credentials: JOE });
          assertEquals([closed.failures, closed.report.files, closed.actions], [[], 0, []]);
          assertEquals(readdirSync(at.at("to")).sort(), ["file", "sub1", "sub[1]"]);
        }),
    );
  }

  it("takes paths as they are, wildcards too", requires("rsync"), () =>
    withDaemon(async (at, daemon) => {
      await pullFrom(at, daemon, "pub/sub[1]");
      assertEquals(readdirSync(at.at("to")), ["right"]);
    }));

  it("says what the daemon refuses", requires("rsync"), () =>
    withDaemon(async (at, daemon) => {
      const refusal = async (path: string, credentials?: Credentials) => {
        const run = () => pullFrom(at, daemon, path, credentials === undefined ? {} : { credentials });
        const error = await assertRejects(run, SyncError);
        assertEquals(error.code, "connection");
        return error;
      };
      assertStringIncludes((await refusal("none")).message, "Unknown module 'none'");
      assertStringIncludes((await refusal("closed")).hint ?? "", "RSYNC_PASSWORD");
      const wrong = { user: "joe", password: () => Promise.resolve("other") };
      assertStringIncludes((await refusal("closed", wrong)).message, "auth failed on module closed");
      assertEquals(readdirSync(at.at("to")), []);
    }));

  it("understands no other server", async () => {
    const ssh = spokenDuplex("SSH-2.0-OpenSSH\r\n");
    const request = { duplex: ssh, module: "pub", command: archiveCommand(), digest };
    const error = await assertRejects(() => openModule(request), SyncError, "SSH-2.0-OpenSSH");
    assertEquals(error.code, "peer-protocol");
    const silent = spokenDuplex("");
    const none = await assertRejects(() => openModule({ ...request, duplex: silent }), SyncError);
    assertEquals(none.code, "connection");
    const daemon = spokenDuplex("@RSYNCD: 32.0 md5\n");
    const odd = await assertRejects(() => openModule({ ...request, duplex: daemon, module: "a\nb" }), SyncError);
    assertEquals(odd.code, "usage");
  });
});

describe("listModules()", () => {
  it("lists what the daemon shows", requires("rsync"), () =>
    withDaemon(async (_, daemon) => {
      const said: string[] = [];
      const request: DaemonRequest = { duplex: await connectSocket(daemon), digest, onText: (line) => said.push(line) };
      assertEquals(await listModules(request), [
        { name: "pub", comment: "for everyone" },
        { name: "closed", comment: "" },
      ]);
      assertEquals(said, ["Welcome", ""]);
    }));
});
