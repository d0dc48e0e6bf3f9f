/**
 * A pull from a server that lies: it writes, changes and removes nothing outside of the destination, and ends with an
 * error that says what came.
 */
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { env } from "node:process";
import { SyncError } from "../../lib/errors.ts";
import type { Duplex } from "../../lib/model/duplex.ts";
import { NUMERIC_IDS } from "../../lib/session/entry_conversion.ts";
import type { FileEntry } from "../../lib/wire/file_entry.ts";
import { frameHead, messageFrame } from "../../lib/wire/frames.ts";
import { watched } from "../../lib/transport/watchdog.ts";
import { ITEM, type Item } from "../../lib/wire/item.ts";
import { NO_SUMS, type SumHead } from "../../lib/wire/sums.ts";
import { assertEquals, assertRejects, assertStringIncludes, describe, it } from "../support/test_api.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";
import { entryOf, rootEntry } from "../wire/entry_arbitrary.ts";
import { mutated } from "../wire/mutated.ts";
import { archiveCommand } from "./peers.ts";
import { pulledFrom } from "./pulled.ts";
import { type Script, scriptedDuplex, serverBytes } from "./scripted.ts";

const RUNS = Number(env["MUTATIONS"] ?? 400);
const FOLDER = 0o040755;
const ROOT_ENTRY = rootEntry();
const LINK = entryOf("d", 0o120777, { target: "../outside" });

/** Pulls from a script. */
function pullFrom(at: Workspace, isIncremental: boolean, bytes: readonly Uint8Array[]) {
  return pullOver(at, isIncremental, scriptedDuplex(bytes));
}

/** Pulls over a connection. */
async function pullOver(at: Workspace, isIncremental: boolean, duplex: Duplex) {
  const { carried } = archiveCommand();
  const command = archiveCommand({ offersIncremental: isIncremental, carried: { ...carried, numericIds: true } });
  return await pulledFrom(duplex, undefined, {
    to: at.at("to"),
    version: 32,
    checksums: ["md5"],
    ids: NUMERIC_IDS,
    command,
  });
}

/** A destination and a directory beside it, which must stay as it is. */
function prepare(at: Workspace): void {
  for (const name of ["to", "outside"]) mkdirSync(at.at(name));
  writeFileSync(at.at("outside/secret"), "kept");
}

function assertUntouched(at: Workspace): void {
  assertEquals(readdirSync(at.at("outside")), ["secret"]);
  assertEquals(readFileSync(at.at("outside/secret"), "utf8"), "kept");
  assertEquals(readdirSync(at.path).sort(), ["outside", "to"]);
}

/** What a server sends that must be refused. */
interface Attack {
  readonly script: (script: Script) => void;
  readonly behind?: Uint8Array<ArrayBuffer>;
  readonly isIncremental?: boolean;
}

const lists = (...entries: readonly FileEntry[]) => ({ list }: Script) => list([ROOT_ENTRY, ...entries], 0);

function item(index: number, flags: number = ITEM.transfer | ITEM.isNew): Item {
  return { index, flags, basis: 0x80, name: undefined, wanted: undefined, values: undefined };
}

/** One file, and an answer. */
function answers(each: Item, head: SumHead | undefined, rest: (script: Script) => void = () => {}) {
  return (script: Script) => {
    lists(entryOf("f"), entryOf("d", FOLDER))(script);
    script.whenAsked();
    script.writer.item(script.output, each, head);
    rest(script);
  };
}

const ATTACKS: Readonly<Record<string, Attack>> = {
  "a path that leads up": { script: lists(entryOf("../outside/x")) },
  "a path that leads up further in": { script: lists(entryOf("a", FOLDER), entryOf("a/../../outside/x")) },
  "a path from the root of the file system": { script: lists(entryOf("/outside/x")) },
  "a file below a symlink": { script: lists(LINK, entryOf("d/x")) },
  "a file below nothing": { script: lists(entryOf("a/x")) },
  "a list of a directory that was never listed": {
    isIncremental: true,
    script: ({ list }) => {
      list([ROOT_ENTRY, LINK], 1);
      list([entryOf("d/x")], 4, 1);
    },
  },
  "entries of another directory in a list": {
    isIncremental: true,
    script: ({ list }) => {
      list([ROOT_ENTRY, entryOf("d", FOLDER), entryOf("e", FOLDER)], 1);
      list([entryOf("e/x")], 5, 1);
    },
  },
  "a file that is not in a list": { script: answers(item(7), NO_SUMS) },
  "the content of a directory": { script: answers(item(2), NO_SUMS) },
  "a file in another way than it was asked for": { script: answers(item(1, ITEM.transfer), NO_SUMS) },
  "a basis that was not offered": {
    script: answers({ ...item(1, ITEM.transfer | ITEM.isNew | ITEM.basisFollows), basis: 0x83 }, NO_SUMS),
  },
  "sums that were not sent": {
    script: answers(item(1), { count: 1, blockLength: 700, strongLength: 2, remainder: 0 }),
  },
  "a report that nobody asked for": { script: answers(item(1, ITEM.local | ITEM.isNew), undefined) },
  "blocks of a file that is not there": {
    script: answers(item(1), NO_SUMS, ({ output }) => output.i32(-1)),
  },
  "that all is done before it was": {
    script: (script) => {
      lists(entryOf("f"))(script);
      script.writer.done(script.output);
    },
  },
  "that something was deleted": {
    script: lists(),
    behind: messageFrame({ kind: "deleted", path: new TextEncoder().encode("x"), isDirectory: false }),
  },
  "that a file cannot be sent that was not asked for": {
    script: lists(),
    behind: messageFrame({ kind: "noSend", value: 3 }),
  },
  "a message of another kind": { script: lists(), behind: frameHead(9, 0) },
};

describe("pull() from a server that lies", () => {
  for (const [what, { script, behind, isIncremental = false }] of Object.entries(ATTACKS)) {
    it(`refuses ${what}`, () =>
      withWorkspace(async (at) => {
        prepare(at);
        const run = () => pullFrom(at, isIncremental, serverBytes(isIncremental, script, behind));
        const error = await assertRejects(run, SyncError);
        assertEquals(error.code, "peer-protocol", error.message);
        assertUntouched(at);
        assertEquals(readdirSync(at.at("to")).filter((name) => name.startsWith(".")), []);
      }));
  }

  it("takes a symlink of the destination for no directory", () =>
    withWorkspace(async (at) => {
      prepare(at);
      symlinkSync("../outside", at.at("to/d"));
      const bytes = serverBytes(
        false,
        lists(entryOf("d", FOLDER), LINK, entryOf("d/secret", 0o120777, { target: "x" })),
      );
      // The script ends before the session does, which is told as such.
      assertEquals((await assertRejects(() => pullFrom(at, false, bytes), SyncError)).code, "connection");
      assertUntouched(at);
      assertEquals(readdirSync(at.at("to/d")), ["secret"]);
    }));

  it("keeps no file whose sum is wrong, and asks once more", () =>
    withWorkspace(async (at) => {
      prepare(at);
      const send = ({ writer, output }: Script) => {
        writer.token(output, { kind: "literal", bytes: new TextEncoder().encode("lies") });
        writer.token(output, { kind: "end" });
        writer.checksum(output, new Uint8Array(16));
      };
      const bytes = serverBytes(false, (script) => {
        answers(item(1), NO_SUMS, send)(script);
        script.whenAsked();
        script.writer.item(script.output, item(1), NO_SUMS);
        send(script);
        script.whenAsked();
        for (let left = 3; left > 0; left--) script.writer.done(script.output);
        const none = { bytesRead: 0, bytesWritten: 0, totalSize: 0, listMilliseconds: 0, transferMilliseconds: 0 };
        script.writer.statistics(script.output, none);
        script.writer.done(script.output);
      });
      const { failures } = await pullFrom(at, false, bytes);
      assertEquals(failures.map(({ path, error }) => [path, error.code]), [["f", "changed-while-read"]]);
      assertEquals(readdirSync(at.at("to")), ["d"]);
    }));

  it("quotes words so that no terminal obeys them", () =>
    withWorkspace(async (at) => {
      prepare(at);
      const text = new TextEncoder().encode("\x1b[2Jgone\nrest\u202e");
      const bytes = serverBytes(false, lists(), messageFrame({ kind: "error", text }));
      const error = await assertRejects(() => pullFrom(at, false, bytes), SyncError);
      assertStringIncludes(error.message, "it says: \\x1b[2Jgone; rest\\u{202e}");
    }));

  it("does not wait forever for one that does not end", () =>
    withWorkspace(async (at) => {
      prepare(at);
      const whole = serverBytes(false, (script) => {
        lists()(script);
        script.whenAsked();
        for (let left = 3; left > 0; left--) script.writer.done(script.output);
        const none = { bytesRead: 0, bytesWritten: 0, totalSize: 0, listMilliseconds: 0, transferMilliseconds: 0 };
        script.writer.statistics(script.output, none);
        script.writer.done(script.output);
      });
      const inner = scriptedDuplex(whole);
      const { promise, reject } = Promise.withResolvers<never>();
      const read = async () => await inner.read() ?? await promise;
      const endless = { ...inner, read, close: reject, ended: promise };
      promise.catch(() => {});
      const run = () => pullOver(at, false, watched(endless, 0.2));
      assertEquals((await assertRejects(run, SyncError, "sent nothing for 0.2 s")).code, "connection");
    }));

  it("leaves nothing outside, whatever bytes come", { timeout: 3_600_000 }, () =>
    withWorkspace(async (at) => {
      prepare(at);
      const [hands = new Uint8Array(0), ...rest] = serverBytes(false, (script) => {
        lists(entryOf("d", FOLDER), entryOf("d/x"), entryOf("f"), LINK, entryOf("e", FOLDER))(script);
        script.whenAsked();
        script.writer.item(script.output, item(1), NO_SUMS);
        script.writer.token(script.output, { kind: "literal", bytes: new TextEncoder().encode("text") });
        script.writer.token(script.output, { kind: "end" });
        script.writer.checksum(script.output, new Uint8Array(16));
      });
      const whole = Uint8Array.of(...rest.flatMap((part) => [...part]));
      for (let seed = 1; seed <= RUNS; seed++) {
        const bytes = mutated(whole, seed);
        const run = () => pullFrom(at, false, [hands, bytes]);
        const error = await assertRejects(run, SyncError);
        assertEquals(
          ["peer-protocol", "connection", "source-missing", "source-not-directory"].includes(error.code),
          true,
          `${seed}: ${error.stack}`,
        );
      }
      assertUntouched(at);
    }));
});
