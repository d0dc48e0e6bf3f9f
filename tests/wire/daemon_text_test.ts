import fc from "fast-check";
import { encodeArguments, readArguments } from "../../lib/wire/argument_list.ts";
import { answerBytes, DAEMON_DIGESTS, digestFor, encodeLine, formatAnswer } from "../../lib/wire/daemon_text.ts";
import { formatDaemonLine, formatGreeting, parseDaemonLine, parseGreeting } from "../../lib/wire/daemon_text.ts";
import { readLine, settledVersion } from "../../lib/wire/daemon_text.ts";
import { PEER_LIMITS } from "../../lib/wire/limits.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";
import { breachOf, hex, inputOf, readWhole } from "./wire.ts";

const NOWHERE = inputOf(new Uint8Array(0));
const greeting = (version: number, subversion = 0) => ({ version, subversion, digests: ["md5"] });

describe("readLine()", () => {
  it("reads what encodeLine() wrote", () => {
    const text = fc.string({ unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)) });
    fc.assert(fc.property(text.filter((line) => !/[\r\n]/.test(line)), (line) => {
      assertEquals(readWhole(encodeLine(line), readLine), line);
    }));
    assertEquals(inputOf(hex("61 0d 0a")).attempt(readLine), "a");
  });

  it("refuses NUL, and lines that are too long, before they end", () => {
    breachOf(() => inputOf(hex("61 00")).attempt(readLine));
    inputOf(new Uint8Array(PEER_LIMITS.daemonLine).fill(0x61)).attempt(readLine);
    breachOf(() => inputOf(new Uint8Array(PEER_LIMITS.daemonLine + 1).fill(0x61)).attempt(readLine));
  });
});

describe("parseGreeting()", () => {
  it("reads what formatGreeting() wrote", () => {
    const line = "@RSYNCD: 32.0 sha512 sha256 sha1 md5 md4";
    assertEquals(parseGreeting(line, NOWHERE), { version: 32, subversion: 0, digests: [...DAEMON_DIGESTS] });
    assertEquals(formatGreeting(parseGreeting(line, NOWHERE)), line);
    assertEquals(parseGreeting("@RSYNCD: 31.0", NOWHERE).digests, []);
    assertEquals(parseGreeting("@RSYNCD: 29", NOWHERE).version, 29);
  });

  it("refuses what is none, or lacks what its version must say", () => {
    for (const line of ["", "SSH-2.0-x", "@RSYNCD: x", "@RSYNCD: 30", "@RSYNCD: 32.0", "@RSYNCD: 99999.0 md5"]) {
      breachOf(() => parseGreeting(line, NOWHERE));
    }
  });
});

describe("settledVersion()", () => {
  it("takes the lower one, and one less when it is not released", () => {
    assertEquals(settledVersion(greeting(32), greeting(31)), 31);
    assertEquals(settledVersion(greeting(32), greeting(40, 3)), 32);
    assertEquals(settledVersion(greeting(32), greeting(31, 5)), 30);
    assertEquals(settledVersion(greeting(32), greeting(32, 1)), 31);
  });
});

describe("parseDaemonLine()", () => {
  it("reads what formatDaemonLine() wrote", () => {
    const lines = [
      { kind: "authenticate", challenge: "abc" },
      { kind: "ok" },
      { kind: "exit" },
      { kind: "error", text: "auth failed on module x" },
      { kind: "text", text: "Welcome" },
    ] as const;
    for (const line of lines) assertEquals(parseDaemonLine(formatDaemonLine(line)), line);
  });
});

describe("answers to a challenge", () => {
  it("take the digest that the daemon chose", () => {
    for (const [length, digest] of [[86, "sha512"], [43, "sha256"], [27, "sha1"]] as const) {
      assertEquals(digestFor("x".repeat(length), []), digest);
    }
    assertEquals(digestFor("x".repeat(22), ["md4"]), "md4");
    assertEquals(digestFor("x".repeat(22), ["sha512", "md5", "md4"]), "md5");
    assertEquals(digestFor("1234", []), "md5");
    assertEquals(digestFor("1234", ["new"]), undefined);
  });

  it("are made of the password and the challenge", () => {
    assertEquals(answerBytes(hex("ff61"), "b/+"), hex("ff61 622f2b"));
    assertEquals(formatAnswer("joe", hex("0001ff")), "joe AAH/");
    assertEquals(formatAnswer("joe", hex("00")), "joe AA");
  });
});

describe("arguments", () => {
  it("are read as they were written, whatever they hold", () => {
    const argument = fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom("\udcff$(x)", "a b\n'\"")).filter((text) =>
      !text.includes("\0") && text.isWellFormed() || text.startsWith("\udcff")
    );
    fc.assert(fc.property(fc.array(argument, { maxLength: 5 }), (list) => {
      assertEquals(readWhole(encodeArguments(list), readArguments), list);
    }));
    assertEquals(readWhole(encodeArguments(["", "b"]), readArguments), [".", "b"]);
  });

  it("are refused when they are too many or too long", () => {
    const long = new Uint8Array(PEER_LIMITS.argument + 1).fill(0x61);
    breachOf(() => inputOf(long).attempt(readArguments));
    const many = new Uint8Array(2 * PEER_LIMITS.arguments + 2).map((_, at) => at % 2 === 0 ? 0x61 : 0);
    breachOf(() => inputOf(many).attempt(readArguments));
  });
});
