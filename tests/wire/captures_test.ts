/**
 * Recorded sessions of rsync: each is taken apart to its last byte, in both directions and in pieces of any size; what
 * was understood is what another decoder understood, and written again it is the same bytes.
 */
import { createHash } from "node:crypto";
import { decodeName } from "../../lib/bytes/name.ts";
import { answerBytes, digestFor, formatAnswer, parseDaemonLine } from "../../lib/wire/daemon_text.ts";
import type { FileEntry } from "../../lib/wire/file_entry.ts";
import type { GeneratorPart } from "../../lib/wire/generator_stream.ts";
import type { SenderPart } from "../../lib/wire/sender_stream.ts";
import { assertEquals, assertGreater, describe, it } from "../support/test_api.ts";
import { type Capture, readCapture, SETUPS } from "./captures.ts";
import { demultiplex, dialectOf, remultiplex, replayDaemonText, type Replayed, replayGenerator } from "./replay.ts";
import { replayHandshake, replaySender } from "./replay.ts";

/** A session in its parts. */
interface Decoded {
  readonly client: Replayed;
  readonly server: Replayed;
  readonly sender: ReturnType<typeof replaySender>;
  readonly generator: ReturnType<typeof replayGenerator>;
}

/** Takes a session apart; what was written again must be the same. */
function decode(capture: Capture, piece: number): Decoded {
  const text = capture.isDaemon ? replayDaemonText(capture) : undefined;
  const behindClientText = capture.fromClient.subarray(text?.clientBytes.length ?? 0);
  const behindServerText = capture.fromServer.subarray(text?.serverBytes.length ?? 0);
  if (text !== undefined) {
    assertEquals(text.clientBytes, capture.fromClient.slice(0, text.clientBytes.length));
    assertEquals(text.serverBytes, capture.fromServer.slice(0, text.serverBytes.length));
  }
  const hands = replayHandshake(capture, behindClientText, behindServerText);
  assertEquals(hands.client, { ...hands.server, serverChecksums: hands.client.serverChecksums });
  assertEquals(hands.clientBytes, behindClientText.slice(0, hands.clientBytes.length));
  assertEquals(hands.serverBytes, behindServerText.slice(0, hands.serverBytes.length));
  const clientFrames = behindClientText.subarray(hands.clientBytes.length);
  const serverFrames = behindServerText.subarray(hands.serverBytes.length);
  const client = demultiplex(clientFrames, piece);
  const server = demultiplex(serverFrames, piece);
  assertEquals(remultiplex(clientFrames, client), clientFrames.slice());
  assertEquals(remultiplex(serverFrames, server), serverFrames.slice());
  const isPush = capture.direction === "push";
  const [senderData, generatorData] = isPush ? [client.data, server.data] : [server.data, client.data];
  const dialect = dialectOf(capture, hands.client);
  const sender = replaySender(dialect, capture, senderData, piece, isPush && capture.hasRules);
  assertEquals(sender.bytes.toHex(), senderData.toHex());
  const isEntry = (index: number) => sender.reader.lists.entryAt(index) !== undefined;
  const generator = replayGenerator(
    dialect,
    capture.appends,
    isEntry,
    generatorData,
    piece,
    !isPush && capture.hasRules,
  );
  assertEquals(generator.bytes.toHex(), generatorData.toHex());
  return { client, server, sender, generator };
}

/** One line for each entry, in the words of the listings. */
function entryLine(number: number, entry: FileEntry): string {
  const { path, size, mtimeSeconds, mtimeNanoseconds, mode, uid, gid } = entry;
  const time = `${mtimeSeconds}.${String(mtimeNanoseconds).padStart(9, "0")}`;
  const name = path === "" ? "." : path;
  const target = entry.target === undefined ? "" : ` -> ${entry.target}`;
  return `[${number}] ${name} size=${size} mtime=${time} mode=${mode.toString(8)} uid=${uid} gid=${gid}${target}`;
}

function entryLines(parts: readonly SenderPart[]): string[] {
  return parts.flatMap((part) =>
    part.kind !== "list" ? [] : part.sent.map((entry, at) => entryLine(part.list.start + at, entry))
  );
}

/** The same lines, from a listing. */
function listedEntries({ listing }: Capture): string[] {
  const pattern =
    /^ +(\[\d+\]) .*? b'([^']*)' (?:ABBREV )?(size=\d+ mtime=\S+ mode=\d+ uid=\d+ gid=\d+)(?:.*?( -> )b'([^']*)')?/;
  return listing.flatMap((line) => {
    const [, number, name, rest, arrow = "", target = ""] = pattern.exec(line) ?? [];
    return number === undefined ? [] : [`${number} ${name} ${rest}${arrow}${target}`];
  });
}

function numberLines(parts: readonly SenderPart[]): string[] {
  return parts.flatMap((part) =>
    part.kind !== "list"
      ? []
      : part.list.entries.map(({ path }, at) => `ndx ${part.list.start + at} b'${path === "" ? "." : path}'`)
  );
}

/** One line for each item, mark and count of a generator. */
function requestLines(parts: readonly GeneratorPart[]): string[] {
  return parts.flatMap((part) => {
    if (part.kind === "sums") return [];
    if (part.kind === "done") return [`NDX_DONE #${part.number}`];
    if (part.kind === "deletions") return [`DEL_STATS [${Object.values(part.deletions).join(", ")}]`];
    const { index, flags, name } = part.item;
    const head = part.head === undefined
      ? ""
      : ` ${part.head.count} ${part.head.blockLength} ${part.head.strongLength} ${part.head.remainder}`;
    const shownName = name === undefined ? "" : ` ${decodeName(name)}`;
    return [`ndx=${index} 0x${flags.toString(16).padStart(4, "0")}${shownName}${head}`];
  });
}

function listedRequests({ listing }: Capture): string[] {
  const pattern =
    /^ {2}G (?:(NDX_DONE #\d+|DEL_STATS .*)|@\d+ (ndx=\d+) iflags=(0x\w+)\S*(?: xname=b'([^']*)')?(?: xattr-req=\S+)?(?: sums\(count=(\d+) blen=(\d+) s2=(\d+) rem=(\d+)\))?)$/;
  return listing.flatMap((line) => {
    const [, mark, index, flags, name, count, ...rest] = pattern.exec(line) ?? [];
    if (mark !== undefined) return [mark];
    if (index === undefined) return [];
    return [[index, flags, name, count, ...rest].filter((part) => part !== undefined).join(" ")];
  });
}

/** The tokens of each file, in the words of the listings: without what says how they were written. */
function contentLines(parts: readonly SenderPart[]): string[] {
  const lines: string[] = [];
  let tokens: string[] = [];
  for (const part of parts) {
    if (part.kind === "checksum") {
      lines.push(`[${tokens.join(" ")}] ${part.checksum.toHex()}`);
      tokens = [];
    }
    if (part.kind !== "content") continue;
    const { token } = part;
    if (token.kind === "copy") { for (let at = 0; at < token.count; at++) tokens.push(`M${token.first + at}`); }
    else if (token.kind !== "end") tokens.push(`${token.kind === "literal" ? "L" : "Z"}${token.bytes.length}`);
  }
  return lines;
}

function listedContents({ listing }: Capture): string[] {
  return listing.flatMap((line) => {
    const [, tokens = "", checksum] = /tokens=\[([^\]]*)\] filesum=(\w+)/.exec(line) ?? [];
    return checksum === undefined ? [] : [`[${tokens.replace(/(?:r\+\d+|abs\S*) /g, "")}] ${checksum}`];
  });
}

describe("captures", () => {
  for (const setup of SETUPS) {
    const capture = readCapture(setup);
    it(`of ${setup.name} decode to what they hold, and encode to the same bytes`, () => {
      const { sender, generator } = decode(capture, 1 << 20);
      assertGreater(entryLines(sender.parts).length, 9);
      assertEquals(entryLines(sender.parts), listedEntries(capture));
      assertEquals(
        numberLines(sender.parts).map((line) => `      ${line}`),
        capture.listing.filter((line) => /^ {6}ndx/.test(line)),
      );
      assertEquals(requestLines(generator.parts), listedRequests(capture));
      assertEquals(contentLines(sender.parts), listedContents(capture));
      assertEquals(sender.reader.isAtEnd, true);
    });

    it(`of ${setup.name} decode in pieces of any size`, () => {
      for (const piece of [1, 2, 3, 7, 64, 1000]) decode(capture, piece);
    });
  }

  it("of a daemon hold messages, rules and an answer to a challenge", () => {
    const capture = readCapture(SETUPS[2]!);
    const { server, sender } = decode(capture, 100);
    assertEquals(sender.rules, ["- *.tmp", "-r keep*", ": /.rules"]);
    const deleted = server.messages.flatMap((message) => message.kind === "deleted" ? [message] : []);
    assertEquals(deleted.map(({ path, isDirectory }) => `${decodeName(path)}${isDirectory ? "/" : ""}`), [
      "xdir/y/q",
      "xdir/y/",
      "xdir/",
      "extra1",
    ]);
    assertEquals(server.messages[0], { kind: "timeout", value: 45 });
    const text = replayDaemonText(capture);
    const line = parseDaemonLine(text.server[3] ?? "");
    const challenge = line.kind === "authenticate" ? line.challenge : "";
    const digest = digestFor(challenge, ["sha512", "sha256", "sha1", "md5", "md4"]);
    assertEquals(digest, "sha512");
    const bytes = answerBytes(new TextEncoder().encode("pw"), challenge);
    assertEquals(formatAnswer("joe", createHash("sha512").update(bytes).digest()), text.client[2]);
    assertEquals(text.args, ["--server", "-logDtpre.iLsfxCIvu", "--delete", "--checksum-seed=305419896", ".", "fx/"]);
  });

  it("of unreadable files hold what could not be sent", () => {
    const { server, sender } = decode(readCapture(SETUPS[9]!), 100);
    assertEquals(server.messages, [{ kind: "noSend", value: 3 }, { kind: "ioError", value: 1 }]);
    assertEquals(sender.parts.flatMap((part) => part.kind === "list" ? [part.ioError] : []), [0, 0, 0, 1]);
  });

  it("of a pull hold statistics", () => {
    const { sender } = decode(readCapture(SETUPS[1]!), 100);
    assertEquals(sender.parts.flatMap((part) => part.kind === "statistics" ? [part.statistics] : []), [
      { bytesRead: 111, bytesWritten: 1827, totalSize: 4236, listMilliseconds: 1, transferMilliseconds: 0 },
    ]);
  });

  it("of attributes hold what was asked for and what was sent", () => {
    const { sender, generator } = decode(readCapture(SETUPS[6]!), 100);
    const wanted = generator.parts.flatMap((part) =>
      part.kind === "item" && part.item.wanted ? [part.item.wanted] : []
    );
    assertEquals(wanted, [[1], [], [2]]);
    const values = sender.parts.flatMap((part) => part.kind === "item" ? part.item.values ?? [] : []);
    assertEquals(values.map(({ place, value }) => `${place}:${decodeName(value).slice(0, 12)}`), [
      "1:012345678901",
      "2:012345678901",
    ]);
    const entries = sender.parts.flatMap((part) => part.kind === "list" ? part.sent : []);
    const acl = entries.find(({ path }) => path === "acl2")?.acl;
    assertEquals(acl?.named.map(({ id, isUser, permissions, name }) => [id, isUser, permissions, name]), [
      [1, true, 6, "daemon"],
      [60, false, 4, "games"],
    ]);
    assertEquals(entries.find(({ path }) => path === "bdev")?.minor, 300);
    assertEquals(entries.filter(({ group }) => group === 12).map(({ path }) => path), [
      "f1",
      "f1b",
      "d1/f1c",
      "d3/f1d",
    ]);
  });
});
