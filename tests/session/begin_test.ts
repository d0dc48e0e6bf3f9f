import { mkdirSync, writeFileSync } from "node:fs";
import { SyncError } from "../../lib/errors.ts";
import { beginClient, type Session } from "../../lib/session/begin.ts";
import type { ProtocolVersion } from "../../lib/wire/dialect.ts";
import { writeFilterRules } from "../../lib/wire/filter_rules.ts";
import { type SenderPart, SenderReader } from "../../lib/wire/sender_stream.ts";
import { startSubprocess } from "../../lib/transport/subprocess.ts";
import { assertEquals, assertRejects, assertStringIncludes, describe, it, requires } from "../support/test_api.ts";
import { withWorkspace } from "../support/workspace.ts";
import { archiveCommand, startServer } from "./peers.ts";

/** All parts until the end of the lists. */
async function readLists({ link, dialect, isIncremental }: Session): Promise<SenderPart[]> {
  const reader = new SenderReader(dialect, isIncremental, true);
  const parts: SenderPart[] = [];
  link.attach({
    data: () => {
      for (let part = reader.next(link.input); part !== undefined; part = reader.next(link.input)) parts.push(part);
    },
    message: () => {},
  });
  const isComplete = () => parts.some(({ kind }) => kind === "endOfLists" || kind === "names");
  while (!isComplete()) if (!link.takeIn()) await link.wait();
  return parts;
}

describe("beginClient()", () => {
  for (const version of [30, 31, 32] as const satisfies ProtocolVersion[]) {
    it(
      `begins with rsync in version ${version}, and lists come behind it`,
      requires("rsync"),
      () =>
        withWorkspace(async (at) => {
          mkdirSync(at.at("tree/sub"), { recursive: true });
          writeFileSync(at.at("tree/$(file) 'x'"), "content");
          writeFileSync(at.at("tree/sub/other"), "");
          for (const offersIncremental of [true, false]) {
            const command = archiveCommand({ paths: [`${at.at("tree")}/`], offersIncremental });
            const { duplex, secluded } = startServer(command);
            const session = await beginClient(duplex, { command, secluded, version, checksums: ["md5"] });
            const { dialect, isIncremental } = session;
            assertEquals([dialect.version, dialect.checksum, isIncremental], [version, "md5", offersIncremental]);
            writeFilterRules(session.link.output, []);
            session.link.send();
            const parts = await readLists(session);
            const paths = parts.flatMap((part) =>
              part.kind === "list" ? part.list.entries.map(({ path }) => path) : []
            );
            assertEquals(paths, ["", "$(file) 'x'", "sub", "sub/other"]);
            const error = await session.link.brokenOff("a test");
            assertStringIncludes(error.message, "expected a test");
          }
        }),
    );
  }

  it("says how a peer ended that is none", async () => {
    const begin = (script: string) =>
      assertRejects(
        () =>
          beginClient(startSubprocess({ command: ["sh", "-c", script] }), {
            command: archiveCommand(),
            checksums: ["md5"],
          }),
        SyncError,
      );
    const silent = await begin("echo no rsync here >&2; exit 127");
    assertEquals(silent.code, "connection");
    assertStringIncludes(silent.message, "ended after 0 bytes of the handshake; it says: no rsync here");
    const chatty = await begin("echo Welcome to the lab");
    assertEquals(chatty.code, "peer-protocol");
  });

  it("lets others put into words that a peer ended", async () => {
    const explain = (_: unknown, received: Uint8Array) => new SyncError("connection", `after ${received.length}`);
    const duplex = startSubprocess({ command: ["printf", "\\040\\000"] });
    const error = await assertRejects(
      () => beginClient(duplex, { command: archiveCommand(), checksums: ["md5"], explain }),
      SyncError,
    );
    assertEquals(error.message, "after 2");
  });
});
