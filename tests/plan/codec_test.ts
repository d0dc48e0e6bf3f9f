/** Saved plans: what is written is read, and nothing else is. */
import fc from "fast-check";
import { createHash } from "node:crypto";
import { assert, assertEquals, assertMatch, assertThrows, describe, it } from "../support/test_api.ts";
import { SyncError } from "../../lib/errors.ts";
import type { Entry } from "../../lib/model/entry.ts";
import { parseRelPath } from "../../lib/model/rel_path.ts";
import type { Action } from "../../lib/plan/action.ts";
import {
  appliedLine,
  decodePlan,
  encodePlan,
  type IncrementalHash,
  PLAN_LINE_LIMIT,
  PlanDecoder,
  type PlanHeader,
  type PlanPart,
} from "../../lib/plan/codec.ts";
import { addAction, emptySummary } from "../../lib/plan/summary.ts";
import { actions, headersOf } from "./arbitrary.ts";

const encoder = new TextEncoder();

function sha256(): IncrementalHash {
  const hash = createHash("sha256");
  return { update: (bytes) => void hash.update(bytes), digestHex: () => hash.digest("hex") };
}

function headerOf(...of: readonly Action[]): PlanHeader {
  const summary = emptySummary();
  for (const action of of) addAction(summary, action);
  const pair = { source: "dist", destination: "/srv/site" };
  const counts = { warnings: [], failures: [], failureCount: 0, causes: {} };
  return { task: "mirror", ...pair, options: { delete: true }, summary, ...counts };
}

function textOf(header: PlanHeader, list: readonly Action[]): string {
  return [...encodePlan(header, list, sha256())].join("");
}

/** Reads a plan that is there at once, or in chunks. */
function decode(...chunks: readonly Uint8Array[]): PlanPart[] {
  const decoder = new PlanDecoder(sha256());
  const parts = chunks.flatMap((chunk) => [...decoder.push(chunk)]);
  decoder.finish();
  return parts;
}

function refusal(bytes: Uint8Array): SyncError {
  const error = assertThrows(() => decode(bytes), SyncError);
  assertEquals(error.code, "plan-damaged");
  assertMatch(error.message, /^Cannot read plan: line \d+: /);
  return error;
}

const FILE: Entry = {
  ...{ kind: "file", mode: 0o644, uid: 0, gid: 0, size: 5 },
  ...{ mtimeSeconds: 1_700_000_000, mtimeNanoseconds: 1, allocated: 4096 },
};
const WRITE: Action = { op: "write-file", path: parseRelPath("a/b\udcff"), want: FILE, reasons: ["missing"] };
const LINK: Action = {
  ...{ op: "link", path: parseRelPath("b"), to: parseRelPath("a/b\udcff"), want: FILE },
  ...{ have: { ...FILE, kind: "symlink", target: "x\udc80" }, reasons: ["kind"] },
};
const DELETE: Action = { op: "delete", path: parseRelPath("c"), have: FILE, reasons: ["extraneous"] };
const SMALL = [WRITE, LINK, DELETE];
const SMALL_TEXT = textOf(headerOf(...SMALL), SMALL);

/** The small plan with some of its text replaced, and its last line made to fit. */
function forged(change: (text: string) => string): Uint8Array {
  const body = change(SMALL_TEXT.slice(0, SMALL_TEXT.lastIndexOf(`{"end"`)));
  const count = body.split("\n").length - 2;
  const digest = createHash("sha256").update(body).digest("hex");
  return encoder.encode(`${body}{"end":true,"actions":${count},"sha256":"${digest}"}\n`);
}

describe("encodePlan()", () => {
  it("writes the header, a line for each action, and the end", () => {
    const summary =
      `{"sourceEntries":0,"destinationEntries":0,"created":1,"updated":1,"metadata":0,"linked":1,"moved":0,"movedBytes":0,` +
      `"deleted":1,"swept":0,"sourceRemoved":0,"withheld":0,"files":1,"bytes":5,"basisLinked":0,"basisBytes":0,` +
      `"skipped":{"symlinks":0,"specials":0,"devices":0}}`;
    const entry = `"mode":420,"uid":0,"gid":0,"size":5,"mtimeSeconds":1700000000,"mtimeNanoseconds":1,"allocated":4096`;
    const body = `{"undrift":"plan","version":1,"task":"mirror","source":"dist","destination":"/srv/site",` +
      `"options":{"delete":true},"summary":${summary},"warnings":[],"failures":[],"failureCount":0,"causes":{}}\n` +
      `{"op":"write-file","path":"a/b\\\\xff","pathBytes":"YS9i/w==","reasons":["missing"],` +
      `"want":{"kind":"file",${entry}}}\n` +
      `{"op":"link","path":"b","to":"a/b\\\\xff","toBytes":"YS9i/w==","reasons":["kind"],` +
      `"want":{"kind":"file",${entry}},` +
      `"have":{"kind":"symlink",${entry},"target":"x\\\\x80","targetBytes":"eIA="}}\n` +
      `{"op":"delete","path":"c","reasons":["extraneous"],"have":{"kind":"file",${entry}}}\n`;
    const digest = createHash("sha256").update(body).digest("hex");
    assertEquals(SMALL_TEXT, `${body}{"end":true,"actions":3,"sha256":"${digest}"}\n`);
  });

  it("asks for one action at a time", () => {
    let asked = 0;
    const lines = encodePlan(headerOf(DELETE, DELETE), [1, 2].values().map(() => (asked++, DELETE)), sha256());
    lines.next();
    assertEquals(asked, 0);
    lines.next();
    assertEquals(asked, 1);
  });

  it("throws when the header counts other actions", () => {
    const error = assertThrows(() => textOf(headerOf(DELETE, DELETE), [DELETE]), SyncError);
    assertEquals(error.message, `Cannot write plan: "summary.deleted" is 2, but the actions make it 1`);
  });

  it("throws rather than write a line that could not be read", () => {
    const xattrs = { "user.a": new Uint8Array(PLAN_LINE_LIMIT * 3 / 4).toBase64() };
    const action: Action = { ...DELETE, op: "delete", have: { ...FILE, xattrs } };
    const error = assertThrows(() => textOf(headerOf(action), [action]), SyncError);
    assertEquals([error.code, error.path], ["unsupported", "c"]);
  });
});

describe("decodePlan()", () => {
  it("hands out the header, then each action", async () => {
    const parts: PlanPart[] = [];
    for await (const part of decodePlan([encoder.encode(SMALL_TEXT)], sha256())) parts.push(part);
    assertEquals(parts, [
      { type: "header", header: headerOf(...SMALL) },
      ...SMALL.map((action) => ({ type: "action" as const, action })),
    ]);
  });

  it("throws when the bytes end too early", async () => {
    const cut = encoder.encode(SMALL_TEXT).subarray(0, -200);
    const found: string[] = [];
    const error = await (async () => {
      for await (const part of decodePlan([cut], sha256())) found.push(part.type);
    })().catch((thrown: unknown) => thrown);
    assert(error instanceof SyncError);
    assertEquals(error.message, "Cannot read plan: line 4: it breaks off");
    assertEquals(found, ["header", "action", "action"]);
  });
});

describe("PlanDecoder.push()", () => {
  it("hands out when the plan was applied, and where its actions are", () => {
    const decoder = new PlanDecoder(sha256());
    const bytes = encoder.encode(SMALL_TEXT + appliedLine("2026-01-02T03:04:05.678Z"));
    assertEquals([...decoder.push(bytes)].at(-1), { type: "applied", at: "2026-01-02T03:04:05.678Z" });
    decoder.finish();
    const { start, end } = decoder.span;
    const lines = SMALL_TEXT.split("\n");
    assertEquals(new TextDecoder().decode(bytes.subarray(start, end)), `${lines.slice(1, 4).join("\n")}\n`);
  });

  it("reads back what encodePlan() wrote, in chunks of any size", () => {
    const plans = fc.array(actions, { maxLength: 5 })
      .chain((list) => fc.tuple(fc.constant(list), headersOf(list), fc.integer({ min: 1, max: 400 })));
    fc.assert(fc.property(plans, ([list, header, size]) => {
      const bytes = encoder.encode(textOf(header, list));
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.slice(at, at + size));
      const [first, ...rest] = decode(...chunks);
      assertEquals(first, { type: "header", header: JSON.parse(JSON.stringify(header)) });
      assertEquals(rest, list.map((action) => ({ type: "action", action })));
    }));
  });

  it("does not depend on the chunk's buffer after the call", () => {
    const bytes = encoder.encode(SMALL_TEXT);
    const decoder = new PlanDecoder(sha256());
    const buffer = new Uint8Array(7);
    let parts = 0;
    for (let at = 0; at < bytes.length; at += buffer.length) {
      const length = Math.min(buffer.length, bytes.length - at);
      buffer.set(bytes.subarray(at, at + length));
      parts += [...decoder.push(buffer.subarray(0, length))].length;
      buffer.fill(0);
    }
    decoder.finish();
    assertEquals(parts, 4);
  });

  it("refuses every changed, missing or added byte", () => {
    const bytes = encoder.encode(SMALL_TEXT);
    for (let at = 0; at < bytes.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        refusal(bytes.with(at, bytes[at]! ^ (1 << bit)));
      }
      refusal(Uint8Array.of(...bytes.subarray(0, at), ...bytes.subarray(at + 1)));
      for (const added of [0x20, 0x0a, 0x0d, bytes[at]!]) {
        refusal(Uint8Array.of(...bytes.subarray(0, at), added, ...bytes.subarray(at)));
      }
    }
  });

  it("refuses every truncation", () => {
    const bytes = encoder.encode(SMALL_TEXT);
    for (let length = 0; length < bytes.length; length++) refusal(bytes.subarray(0, length));
  });

  it("refuses paths that leave the root", () => {
    for (const path of ["..", "../c", "/c", "c/../../d", "c//d", "./c", "c/", "c\\u0000", "c/.."]) {
      refusal(forged((text) => text.replace(`"path":"c"`, `"path":"${path}"`)));
      refusal(forged((text) => text.replace(`"to":"a/b\\\\xff","toBytes":"YS9i/w=="`, `"to":"${path}"`)));
    }
    const hidden = encoder.encode("../c\xff").toBase64();
    refusal(forged((text) => text.replace(`"pathBytes":"YS9i/w=="`, `"pathBytes":"${hidden}"`)));
  });

  it("refuses text that shows another name than its bytes", () => {
    const other = Uint8Array.of(0x62, 0xff).toBase64();
    const expected = "Cannot read plan: line 2: it is not in the form that plans are written in";
    assertEquals(refusal(forged((text) => text.replace("YS9i/w==", other))).message, expected);
  });
});

describe("the messages of PlanDecoder", () => {
  const says = (bytes: Uint8Array, message: string) =>
    assertEquals(refusal(bytes).message, `Cannot read plan: ${message}`);
  const replaced = (old: string, by: string) => {
    assert(SMALL_TEXT.includes(old), old);
    return forged((text) => text.replace(old, by));
  };

  it("say what is no plan", () => {
    says(new Uint8Array(), "line 1: it is empty, so it is not a plan");
    says(encoder.encode("hello\n"), "line 1: it is not a plan");
    says(encoder.encode(`{"type":"start"}\n`), "line 1: it is not a plan");
    says(Uint8Array.of(0xff, 0xd8, 0x0a), "line 1: it is not a plan");
    says(encoder.encode("[]\n"), "line 1: it is not an object");
    says(encoder.encode(`\ufeff${SMALL_TEXT}`), "line 1: it is not a plan");
    says(encoder.encode("[".repeat(1_000_000) + "\n"), "line 1: it is not a plan");
  });

  it("say that it is newer, and what to do", () => {
    const error = refusal(encoder.encode(`{"undrift":"plan","version":2,"steps":[]}\n`));
    assertEquals(error.message, "Cannot read plan: line 1: it is of version 2, this program reads version 1");
    assertEquals(error.hint, "use the version of undrift that made it, or a later one");
    assertEquals(refusal(encoder.encode("x\n")).hint, "make the plan again");
  });

  it("say which field is wrong, and where", () => {
    says(
      replaced(`"size":5`, `"size":-5`),
      'line 2: "want.size" is -5, it must be a whole number from 0 to 18446744073709552000',
    );
    says(
      replaced(`"size":5`, `"size":"5"`),
      'line 2: "want.size" is "5", it must be a whole number from 0 to 18446744073709552000',
    );
    says(replaced(`"mode":420,`, ""), 'line 2: "want.mode" is missing, it must be a whole number from 0 to 4095');
    says(
      replaced(`"have":{"kind":"file"`, `"have":{"kind":"door"`),
      'line 4: "have.kind" is "door", it must be one of ' +
        "file, directory, symlink, fifo, socket, block-device, character-device",
    );
    says(replaced(`"path":"c"`, `"path":"../c"`), 'line 4: "path" is "../c", it must stay below its root');
    says(replaced(`"path":"c"`, `"path":"\\ud800"`), 'line 4: "path" is "\\u{d800}", it must be Unicode text');
    says(replaced("YS9i/w==", "?"), 'line 2: "pathBytes" is "?", it must be base64');
    says(replaced(`["extraneous"]`, `["extraneous","extraneous"]`), 'line 4: "reasons" holds "extraneous" twice');
    says(replaced(`["extraneous"]`, "[]"), 'line 4: "reasons" is a list, it must be a list that is not empty');
    says(replaced(`"task":"mirror"`, `"task":"fly"`), 'line 1: "task" is "fly", it must be one of mirror');
    says(replaced(`"options":{"delete":true}`, `"options":7`), 'line 1: "options" is 7, it must be an object');
    says(replaced(`"failures":[]`, `"failures":[{}]`), 'line 1: "failures[0].path" is missing, it must be a text');
    says(
      replaced(`{"delete":true}`, `${'{"a":'.repeat(9)}1${"}".repeat(9)}`),
      'line 1: "options" is nested deeper than 8 levels',
    );
  });

  it("say which option has a name that is no word", () => {
    for (const [name, shown] of [["__proto__", "__proto__"], ["", ""], ["\\udcff", "\\xff"], ['a\\"', 'a"']]) {
      const message = `line 1: "options" holds the name "${shown}", it must be a word`;
      says(replaced(`{"delete":true}`, `{"all":[{"${name}":1}]}`), message);
    }
  });

  it("say what an action cannot be", () => {
    says(replaced(`"op":"write-file"`, `"op":"create-special"`), 'line 2: "create-special" cannot make a file');
    says(
      replaced(`"op":"write-file"`, `"op":"run"`),
      'line 2: "op" is "run", it must be one of create-directory, ' +
        "write-file, create-symlink, create-special, link, set-metadata, move, delete, sweep, remove-source",
    );
    says(replaced(`"op":"delete"`, `"op":"sweep"`), 'line 4: "path" is not a leftover that could be swept');
    says(replaced(`"path":"c"`, `"path":""`), 'line 4: "path" is the root, which is never removed');
    says(
      replaced(`"path":"a/b\\\\xff","pathBytes":"YS9i/w=="`, `"path":""`),
      'line 2: "path" is the root, which is a directory',
    );
    says(
      replaced(`"to":"a/b\\\\xff","toBytes":"YS9i/w=="`, `"to":"b"`),
      'line 3: "to" must be another entry than "path"',
    );
    for (const [path, from] of [["a", "a"], ["a", "a/b"], ["a/b", "a"]]) {
      const ends = `,"entries":1,"bytes":0,"reasons":["moved"],"want":${JSON.stringify(FILE)}`;
      const line = `{"op":"move","path":"${path}","from":"${from}"${ends},"have":${JSON.stringify(FILE)}}`;
      says(
        forged((text) => text.replace(/\{"op":"delete".*\n/, `${line}\n`)),
        'line 4: "from" must not be "path", nor above or below it',
      );
    }
    says(replaced(`"want":{"kind":"file"`, `"want":{"target":"x","kind":"file"`), "line 2: a file has no target");
    says(
      replaced(`"want":{"kind":"file"`, `"want":{"device":[1,2],"kind":"file"`),
      "line 2: a file has no device numbers",
    );
  });

  it("say that something is there that does not belong there", () => {
    const form = "it is not in the form that plans are written in";
    says(replaced(`"op":"delete"`, `"op":"delete","force":true`), `line 4: ${form}`);
    says(replaced(`"op":"delete"`, `"op":"sweep","op":"delete"`), `line 4: ${form}`);
    says(replaced(`"op":"delete"`, `"op": "delete"`), `line 4: ${form}`);
    says(replaced(`"size":5`, `"size":5.0`), `line 2: ${form}`);
    says(encoder.encode(`${SMALL_TEXT}\n`), "line 6: there is something after the end");
    says(encoder.encode(`${SMALL_TEXT}x`), "line 6: there is something after the end");
    const applied = appliedLine("2026-01-02T03:04:05.678Z");
    for (const line of [`${applied}${applied}`, `${applied}x`]) {
      says(encoder.encode(`${SMALL_TEXT}${line}`), "line 7: there is something after the end");
    }
    for (const line of [applied.slice(0, -1), applied.replace("Z", ""), ` ${applied}`]) {
      says(encoder.encode(`${SMALL_TEXT}${line}`), "line 6: there is something after the end");
    }
  });

  it("say that lines are missing, more, or not those that were written", () => {
    const lines = SMALL_TEXT.trimEnd().split("\n");
    const joined = (...some: (string | undefined)[]) => encoder.encode(some.join("\n") + "\n");
    says(joined(...lines.slice(0, 3), lines[4]), "line 4: the end counts 3 actions, there are 2");
    says(joined(...lines.slice(0, 4)), "line 5: the end is missing after 3 actions");
    says(
      joined(lines[0], lines[2], lines[1], lines[3], lines[4]),
      "line 5: the checksum does not match what is above it",
    );
    says(replaced(`"deleted":1`, `"deleted":0`), 'line 5: "summary.deleted" is 0, but the actions make it 1');
    says(encoder.encode(SMALL_TEXT.slice(0, -1)), "line 5: it breaks off");
  });

  it("say that a line is too long before it is held", () => {
    const decoder = new PlanDecoder(sha256());
    const piece = new Uint8Array(1 << 20).fill(0x20);
    const error = assertThrows(() => {
      for (let count = 0; count < 100; count++) assertEquals([...decoder.push(piece)], []);
    }, SyncError);
    assertEquals(error.message, `Cannot read plan: line 1: it is longer than ${PLAN_LINE_LIMIT} bytes`);
  });
});
