import { emptySummary } from "../../lib/plan/summary.ts";
import {
  errorRecord,
  itemRecord,
  record,
  startRecord,
  statusRecord,
  summaryRecord,
  warningRecord,
} from "../../lib/report/ndjson.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";
import { action, entry } from "./actions.ts";

describe("itemRecord()", () => {
  it("tells everything of both sides", () => {
    const want = entry("file", { size: 5_000_000_000, uid: 1000, mode: 0o4755 });
    const have = entry("file", { size: 3, mtimeSeconds: -2, mtimeNanoseconds: 500_000_000 });
    assertEquals(
      itemRecord(action("write-file", want, have, ["size", "time"])),
      '{"v":1,"type":"item","op":"write-file","path":"a","reasons":["size","time"],' +
        '"want":{"kind":"file","mode":"4755","uid":1000,"gid":0,"size":5000000000,"mtime":"1577934245.123456789"},' +
        '"have":{"kind":"file","mode":"0644","uid":0,"gid":0,"size":3,"mtime":"-1.500000000"}}\n',
    );
  });

  it("gives exact bytes of what is not UTF-8", () => {
    const want = entry("symlink", { target: "t\udcfe" });
    const parsed = JSON.parse(
      itemRecord(action("create-symlink", want, undefined, ["missing"], { path: "a\udcff" })),
    );
    assertEquals([parsed.path, parsed.pathBytes], ["a\\xff", "Yf8="]);
    assertEquals([parsed.want.target, parsed.want.targetBytes], ["t\\xfe", "dP4="]);
    const linked = action("link", entry(), undefined, ["missing"], { path: "b", to: "c\udc80" });
    assertEquals(JSON.parse(itemRecord(linked)).toBytes, "Y4A=");
  });

  it("keeps devices and attributes", () => {
    const want = entry("block-device", { device: [7, 9], xattrs: { "user.k": "MQ==" } });
    const parsed = JSON.parse(itemRecord(action("create-special", want, undefined, ["missing"])));
    assertEquals([parsed.want.device, parsed.want.xattrs, parsed.have], [[7, 9], { "user.k": "MQ==" }, undefined]);
  });
});

describe("the records", () => {
  it("are one line each, whatever they hold", () => {
    const text = "a\nb\r\u2028c\u2029\u0085";
    for (
      const line of [
        record("x", { text }),
        startRecord({ task: "mirror", source: text, destination: "/b" }),
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
      startRecord({ task: "mirror", source: "a", destination: "b" }),
      '{"v":1,"type":"start","task":"mirror","source":"a","destination":"b"}\n',
    );
    assertEquals(
      statusRecord({ entries: 1, files: 2, bytes: 3, deleted: 4, totalFiles: 5, totalBytes: 6 }),
      '{"v":1,"type":"status","entries":1,"files":2,"bytes":3,"deleted":4,"totalFiles":5,"totalBytes":6}\n',
    );
    assertEquals(
      errorRecord({ path: "p", code: "permission", message: "Cannot", hint: "ask" }),
      '{"v":1,"type":"error","path":"p","code":"permission","cause":"permission","message":"Cannot","hint":"ask"}\n',
    );
  });

  it("end with totals or the reason why there are none", () => {
    const done = JSON.parse(summaryRecord({ outcome: "done", exitCode: 0, totals: emptySummary(), failures: 0 }));
    assertEquals([done.outcome, done.exitCode, done.totals.skipped.devices], ["done", 0, 0]);
    assertEquals(
      summaryRecord({ outcome: "refused", exitCode: 3, failures: 0, error: { code: "overlap", message: "Cannot" } }),
      '{"v":1,"type":"summary","outcome":"refused","exitCode":3,"failures":0,"error":{"code":"overlap","message":"Cannot"}}\n',
    );
  });
});
