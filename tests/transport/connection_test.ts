/** Connections to real processes and sockets: what is sent arrives, nothing is lost, nobody waits for ever. */
import { createServer, type Server } from "node:net";
import { SyncError } from "../../lib/errors.ts";
import type { Duplex } from "../../lib/model/duplex.ts";
import { connectSocket } from "../../lib/transport/socket.ts";
import { startSubprocess } from "../../lib/transport/subprocess.ts";
import { watched } from "../../lib/transport/watchdog.ts";
import { freePort } from "../support/ssh_server.ts";
import { assertEquals, assertRejects, assertStringIncludes, describe, it } from "../support/test_api.ts";

const MANY = 24 * 1024 * 1024;

function pattern(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at++) bytes[at] = (at * 31 + (at >> 8)) & 255;
  return bytes;
}

async function readAll(duplex: Duplex): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (let part = await duplex.read(); part !== undefined; part = await duplex.read()) parts.push(part);
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

async function writeAll(duplex: Duplex, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; at += 65_536) await duplex.write(bytes.subarray(at, at + 65_536));
  duplex.finish();
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

async function listening(server: Server): Promise<number> {
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return port;
}

describe("startSubprocess()", () => {
  it("carries many bytes both ways", async () => {
    const cat = startSubprocess({ command: ["cat"] });
    const sent = pattern(MANY);
    const [received] = await Promise.all([readAll(cat), writeAll(cat, sent)]);
    assertEquals(isEqual(received, sent), true);
    assertEquals(await cat.ended, { exitCode: 0, words: "" });
  });

  it("makes a peer wait that nobody reads from, and loses nothing of it", async () => {
    const source = startSubprocess({ command: ["head", "-c", String(MANY), "/dev/zero"] });
    await new Promise((resolve) => setTimeout(resolve, 100));
    let count = 0;
    for (let part = await source.read(); part !== undefined; part = await source.read()) {
      count += part.length;
      if (count < 1_000_000) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    assertEquals(count, MANY);
  });

  it("makes a writer wait for a peer that does not read", async () => {
    const sleeper = startSubprocess({ command: ["sleep", "60"] });
    let pending: Promise<void> | undefined;
    for (let sent = 0; pending === undefined && sent < MANY; sent += 65_536) pending = sleeper.write(pattern(65_536));
    assertEquals(pending === undefined, false);
    sleeper.close();
    await pending;
    assertEquals((await sleeper.ended).signal, "SIGTERM");
  });

  it("keeps what a peer says beside the bytes, line by line", async () => {
    const lines: string[] = [];
    const script = "printf 'one\\ntwo \\374\\nthree' >&2; printf data; exit 12";
    const peer = startSubprocess({ command: ["sh", "-c", script], onWords: (line) => lines.push(line) });
    assertEquals(new TextDecoder().decode(await readAll(peer)), "data");
    assertEquals(await peer.ended, { exitCode: 12, words: "one\ntwo \udcfc\nthree" });
    assertEquals(lines, ["one", "two \udcfc", "three"]);
  });

  it("keeps the last words of a peer that never stops talking", async () => {
    const peer = startSubprocess({ command: ["sh", "-c", "yes talk | head -c 300000 >&2; echo last >&2"] });
    await readAll(peer);
    const { words } = await peer.ended;
    assertEquals([words.endsWith("\nlast"), words.length < 20_000], [true, true]);
  });

  it("goes on when a peer is gone that is written to", async () => {
    const peer = startSubprocess({ command: ["sh", "-c", "exec <&-; printf bye; exit 3"] });
    for (let count = 0; count < 100; count++) await peer.write(pattern(65_536));
    assertEquals(new TextDecoder().decode(await readAll(peer)), "bye");
    assertEquals((await peer.ended).exitCode, 3);
    peer.finish();
  });

  it("tells of a program that cannot be started", async () => {
    const peer = startSubprocess({ command: ["/nowhere/at all"] });
    assertEquals(await readAll(peer), new Uint8Array());
    await peer.write(pattern(10));
    assertStringIncludes((await peer.ended).failure ?? "", "ENOENT");
  });

  it("is ended while somebody reads, with the reason", async () => {
    const peer = startSubprocess({ command: ["sleep", "60"] });
    const reading = peer.read();
    peer.close(new SyncError("cancelled", "Cannot go on: enough"));
    await assertRejects(() => reading, SyncError, "enough");
    assertEquals((await peer.ended).signal, "SIGTERM");
  });

  it("ends a process that does not want to end", { timeout: 20_000 }, async () => {
    const peer = startSubprocess({ command: ["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done"] });
    assertEquals(new TextDecoder().decode(await peer.read()), "ready\n");
    peer.close();
    assertEquals((await peer.ended).signal, "SIGKILL");
  });
});

describe("connectSocket()", () => {
  it("carries many bytes both ways", async () => {
    const server = createServer((socket) => void socket.pipe(socket));
    const port = await listening(server);
    const duplex = await connectSocket({ host: "127.0.0.1", port, timeoutMs: 10_000 });
    const sent = pattern(MANY);
    const [received] = await Promise.all([readAll(duplex), writeAll(duplex, sent)]);
    assertEquals(isEqual(received, sent), true);
    await duplex.ended;
    server.close();
  });

  it("says where nobody listens", async () => {
    const port = await freePort();
    const error = await assertRejects(() => connectSocket({ host: "127.0.0.1", port }), SyncError, `port ${port}`);
    assertEquals(error.code, "connection");
  });

  it("ends when the other side breaks off", async () => {
    const server = createServer((socket) => {
      socket.write("half");
      setTimeout(() => socket.resetAndDestroy(), 50);
    });
    const port = await listening(server);
    const duplex = await connectSocket({ host: "127.0.0.1", port });
    assertEquals(new TextDecoder().decode(await readAll(duplex)), "half");
    await duplex.ended;
    server.close();
  });
});

describe("watched()", () => {
  it("ends a connection on which nothing comes", async () => {
    const peer = watched(startSubprocess({ command: ["sleep", "60"] }), 0.2);
    const error = await assertRejects(() => peer.read(), SyncError, "sent nothing for 0.2 s");
    assertEquals([error.code, (await peer.ended).signal], ["connection", "SIGTERM"]);
  });

  it("ends a connection that takes nothing any more", async () => {
    const peer = watched(startSubprocess({ command: ["sleep", "60"] }), 0.2);
    let pending: Promise<void> | undefined;
    while (pending === undefined) pending = peer.write(pattern(65_536));
    await pending;
    await assertRejects(() => peer.read(), SyncError, "took nothing for 0.2 s");
  });

  it("lets a slow peer go on, and one nobody waits for", async () => {
    const peer = watched(
      startSubprocess({ command: ["sh", "-c", "for i in 1 2 3 4; do sleep 0.1; echo $i; done"] }),
      5,
    );
    assertEquals(new TextDecoder().decode(await readAll(peer)), "1\n2\n3\n4\n");
    const idle = watched(startSubprocess({ command: ["sh", "-c", "sleep 0.3; echo late"] }), 0.1);
    await new Promise((resolve) => setTimeout(resolve, 600));
    assertEquals(new TextDecoder().decode(await idle.read()), "late\n");
  });
});
