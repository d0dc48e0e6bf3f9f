/**
 * Real output against the schema that readers are given. A field that the schema does not name fails here: whoever adds
 * one describes it there.
 */
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeName } from "../../lib/bytes/name.ts";
import { DIFFERENCE } from "../../lib/compare/differences.ts";
import { FINDING_KINDS } from "../../lib/compare/finding.ts";
import type { Kind } from "../../lib/model/entry.ts";
import type { Action, Operation } from "../../lib/plan/action.ts";
import type { Ending } from "../../lib/report/document.ts";
import {
  errorRecord,
  itemRecord,
  ndjsonDocument,
  startRecord,
  statusRecord,
  warningRecord,
} from "../../lib/report/ndjson.ts";
import { KIND_WORDS, OUTCOME_WORDS, REASON_WORDS } from "../../lib/report/words.ts";
import { runFake } from "../cli/fake_io.ts";
import { type Schema, schemaBreaches } from "../support/json_schema.ts";
import { PROJECT_ROOT } from "../support/runtimes.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { after, assertEquals, before, describe, it } from "../support/test_api.ts";
import { action, entry } from "./actions.ts";
import { hostileStory, tellAll } from "./told.ts";

const SCHEMA = JSON.parse(readFileSync(join(PROJECT_ROOT, "lib/report/ndjson.schema.json"), "utf8")) as Schema;

/** Returns the types of the records, when every one fits. */
function typesOf(output: string): string[] {
  const lines = output.trimEnd().split("\n");
  return lines.map((line) => {
    const record = JSON.parse(line) as { type: string };
    assertEquals(schemaBreaches(SCHEMA, record), [], line);
    return record.type;
  });
}

/** Values of an enumeration in the schema. */
function enumAt(...keys: string[]): string[] {
  let at: unknown = SCHEMA["$defs"];
  for (const key of keys) at = (at as Record<string, unknown>)[key];
  return [...(at as { enum: string[] }).enum].sort();
}

/** Complete by its type. */
const OPERATIONS: Readonly<Record<Operation, true>> = {
  "create-directory": true,
  "write-file": true,
  "create-symlink": true,
  "create-special": true,
  "link": true,
  "set-metadata": true,
  "move": true,
  "delete": true,
  "sweep": true,
  "remove-source": true,
};

describe("the schema of the NDJSON records", () => {
  const folder = temporaryFolder();
  const [source, destination] = [join(folder.path, "from"), join(folder.path, "to")];

  before(() => {
    mkdirSync(join(source, "d"), { recursive: true });
    mkdirSync(join(destination, "old"), { recursive: true });
    writeFileSync(join(source, "a"), "one");
    linkSync(join(source, "a"), join(source, "d", "b"));
    symlinkSync("a", join(source, "l"));
    writeFileSync(join(source, "c"), "new content");
    writeFileSync(join(destination, "c"), "old");
    writeFileSync(join(source, "m"), "same");
    writeFileSync(join(destination, "m"), "same");
    for (const side of [source, destination]) utimesSync(join(side, "m"), 1e9, 1e9);
    chmodSync(join(destination, "m"), 0o600);
    writeFileSync(join(destination, "old", "x"), "");
  });
  after(() => folder.remove());

  it("names every operation, kind, reason and outcome", () => {
    assertEquals(enumAt("item", "properties", "op"), Object.keys(OPERATIONS).sort());
    assertEquals(enumAt("item", "properties", "reasons", "items"), Object.keys(REASON_WORDS).sort());
    assertEquals(enumAt("finding", "properties", "finding"), [...FINDING_KINDS].sort());
    assertEquals(enumAt("finding", "properties", "differences", "items"), Object.keys(DIFFERENCE).sort());
    assertEquals(enumAt("known", "properties", "kind"), (Object.keys(KIND_WORDS) as Kind[]).sort());
    assertEquals(enumAt("entry", "properties", "kind"), (Object.keys(KIND_WORDS) as Kind[]).sort());
    assertEquals(enumAt("summary", "properties", "outcome"), (Object.keys(OUTCOME_WORDS) as Ending[]).sort());
  });

  it("fits a plan, a refusal, a run with progress, and a second one", async () => {
    const run = (...options: string[]) => runFake(["mirror", "--json", "--delete", ...options, source, destination]);
    const planned = typesOf((await run("-n", "--explain")).out);
    assertEquals([planned[0], planned.at(-1), planned.filter((type) => type === "item").length >= 7], [
      "start",
      "summary",
      true,
    ]);
    assertEquals(typesOf((await run("--max-delete=0")).out), ["start", "summary"]);
    assertEquals(typesOf((await run("--progress")).out).includes("item"), true);
    assertEquals(typesOf((await run()).out), ["start", "summary"]);
    rmSync(join(source, "a"));
    assertEquals(typesOf((await runFake(["apply", "--json", join(source, "c")])).out), ["start", "summary"]);
  });

  it("fits what doctor says", async () => {
    assertEquals(typesOf((await runFake(["doctor", "--json", destination])).out), ["start", "doctor", "summary"]);
  });

  it("fits what explain says", async () => {
    const rules = ["--exclude=a", "--max-size=0", "-F"];
    const { out } = await runFake(["explain", "--json", ...rules, source, "a", "none/", "a/b", "\udcff"]);
    assertEquals(typesOf(out), ["start", ...Array(4).fill("explain"), "summary"]);
  });

  it("fits what delta says of two files", async () => {
    const { out } = await runFake(["delta", "--explain", "--json", join(source, "c"), join(source, "m")]);
    assertEquals(typesOf(out), ["start", "range", "delta", "summary"]);
  });

  it("fits what verify says, of two trees and of a manifest", async () => {
    const trees = await runFake(["verify", "--json", "-v", "--metadata", "--progress", source, destination]);
    const types = typesOf(trees.out);
    assertEquals([types[0], types.at(-1), new Set(types).has("finding")], ["start", "summary", true]);
    assertEquals(typesOf((await runFake(["verify", "--json", source, join(source, "none")])).out), [
      "start",
      "summary",
    ]);
    const manifest = join(folder.path, "SUMS");
    await runFake(["manifest", "--record-times", source, manifest]);
    const { out } = await runFake(["verify", "--json", "--manifest", manifest, destination]);
    assertEquals(typesOf(out).includes("finding"), true);
  });

  it("fits names that are not UTF-8, every field of an entry, and every kind of record", () => {
    const all = entry("block-device", {
      device: [7, 1],
      xattrs: { "user.k": "MQ==" },
      target: "t\udcff",
      mtimeSeconds: -2,
    });
    const output = [
      startRecord({ task: "mirror", source: "s\udcff", destination: "d\udcff" }),
      itemRecord(action("create-special", all, entry("fifo"), ["kind"], { path: "p\udcff" }), true),
      itemRecord({
        ...action("write-file", entry(), undefined, ["missing"]),
        basis: { index: 1, links: true, found: entry() },
      } as Action),
      itemRecord(action("link", entry(), undefined, ["missing"], { path: "p", to: "t\udcff" })),
      itemRecord(action("move", entry(), entry(), ["moved"], { path: "p", from: "t\udcff" })),
      statusRecord({ entries: 1, files: 2, bytes: 3, deleted: 4, totalFiles: 5, totalBytes: 6 }),
      warningRecord({ name: "vanished", message: "m" }, { path: "a\udcff", code: "source-vanished", message: "m" }),
      errorRecord({ path: "a\udcff", code: "permission", message: "m", hint: "h", side: "source" }),
    ];
    assertEquals(typesOf(output.join("")), ["start", "item", "item", "item", "item", "status", "warning", "error"]);
    const bytes = (JSON.parse(output[1]!) as { pathBytes: string }).pathBytes;
    assertEquals(Uint8Array.fromBase64(bytes), encodeName("p\udcff"));
  });

  it("fits hostile names, each record on a line of its own", () => {
    const story = hostileStory();
    const types = typesOf(tellAll(ndjsonDocument(), { ...story, warnings: [] }));
    assertEquals(types.length, 2 + story.actions!.length + story.failures!.length);
  });
});
