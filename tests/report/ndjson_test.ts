import { emptySummary } from "../../lib/plan/summary.ts";
import {
  actionRecord,
  endRecord,
  failureRecord,
  progressRecord,
  record,
  startRecord,
  warningRecord,
} from "../../lib/report/ndjson.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";
import { action, entry } from "./actions.ts";

describe("actionRecord()", () => {
  it("tells everything of both sides", () => {
    const want = entry("file", { size: 5_000_000_000, uid: 1000, mode: 0o4755 });
    const have = entry("file", { size: 3, mtimeSeconds: -2, mtimeNanoseconds: 500_000_000 });
    assertEquals(
      actionRecord(action("write-file", want, have, ["size", "time"])),
      '{"v":1,"type":"action","op":"write-file","path":"a","reasons":["size","time"],' +
        '"want":{"kind":"file","mode":"4755","uid":1000,"gid":0,"size":5000000000,"mtime":"1577934245.123456789"},' +
        '"have":{"kind":"file","mode":"0644","uid":0,"gid":0,"size":3,"mtime":"-1.500000000"}}\n',
    );
  });

  it("gives exact bytes of what is not UTF-8", () => {
    const want = entry("symlink", { target: "t\udcfe" });
    const parsed = JSON.parse(
      actionRecord(action("create-symlink", want, undefined, ["missing"], { path: "a\udcff" })),
    );
    assertEquals([parsed.path, parsed.pathBytes], ["a\\xff", "Yf8="]);
    assertEquals([parsed.want.target, parsed.want.targetBytes], ["t\\xfe", "dP4="]);
    const linked = action("link", entry(), undefined, ["missing"], { path: "b", to: "c\udc80" });
    assertEquals(JSON.parse(actionRecord(linked)).toBytes, "Y4A=");
  });

  it("keeps devices and attributes", () => {
    const want = entry("block-device", { device: [7, 9], xattrs: { "user.k": "MQ==" } });
    const parsed = JSON.parse(actionRecord(action("create-special", want, undefined, ["missing"])));
    assertEquals([parsed.want.device, parsed.want.xattrs, parsed.have], [[7, 9], { "user.k": "MQ==" }, undefined]);
  });
});

describe("the records", () => {
  it("are one line each, whatever they hold", () => {
    const text = "a\nb\r\u2028c\u2029\u0085";
    for (
      const line of [
        record("x", { text }),
        startRecord("mirror", text, "/b"),
        warningRecord({ name: "n", message: text }),
      ]
    ) {
      assertEquals(line.match(/[\n\r\u2028\u2029]/g), ["\n"]);
      assertEquals(line.endsWith("}\n"), true);
    }
    assertEquals(JSON.parse(record("x", { text })).text, text);
  });

  it("have a version and a type first", () => {
    assertEquals(
      startRecord("mirror", "a", "b"),
      '{"v":1,"type":"start","task":"mirror","source":"a","destination":"b"}\n',
    );
    assertEquals(
      progressRecord({ entries: 1, files: 2, bytes: 3, deleted: 4, totalFiles: 5, totalBytes: 6 }),
      '{"v":1,"type":"progress","entries":1,"files":2,"bytes":3,"deleted":4,"totalFiles":5,"totalBytes":6}\n',
    );
    assertEquals(
      failureRecord({ path: "p", code: "permission", message: "Cannot", hint: "ask" }),
      '{"v":1,"type":"failure","path":"p","code":"permission","message":"Cannot","hint":"ask"}\n',
    );
  });

  it("end with totals or the reason why there are none", () => {
    const done = JSON.parse(endRecord({ outcome: "done", exitCode: 0, summary: emptySummary(), failures: 0 }));
    assertEquals([done.outcome, done.exitCode, done.summary.skipped.devices], ["done", 0, 0]);
    assertEquals(
      endRecord({ outcome: "refused", exitCode: 3, failures: 0, error: { code: "overlap", message: "Cannot" } }),
      '{"v":1,"type":"end","outcome":"refused","exitCode":3,"failures":0,"error":{"code":"overlap","message":"Cannot"}}\n',
    );
  });
});
