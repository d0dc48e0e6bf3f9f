/** `undrift prune`, on real stores. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dailyNames, makeStore } from "../prune/store.ts";
import { type Schema, schemaBreaches } from "../support/json_schema.ts";
import { PROJECT_ROOT } from "../support/runtimes.ts";
import { assert, assertEquals, describe, it } from "../support/test_api.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";
import { fakeIo, NO_TASKS, runFake } from "./fake_io.ts";
import { run } from "../../lib/cli/run.ts";

const SCHEMA = JSON.parse(readFileSync(join(PROJECT_ROOT, "lib/report/ndjson.schema.json"), "utf8")) as Schema;

async function withStore(days: number, body: (store: string, at: Workspace) => Promise<void>): Promise<void> {
  await withWorkspace(async (at) => {
    const store = at.at("-store");
    makeStore(store, dailyNames(days).map((name) => ({ name, adds: { [name]: { file: "x" } } })));
    await body(store, at);
  });
}

function recordsOf(output: string): Record<string, unknown>[] {
  return output.trimEnd().split("\n").map((line) => {
    const record = JSON.parse(line) as Record<string, unknown>;
    assertEquals(schemaBreaches(SCHEMA, record), [], line);
    return record;
  });
}

describe("undrift prune", () => {
  it("shows what would be kept and why, and does it then", async () => {
    await withStore(4, async (store) => {
      const names = dailyNames(4);
      const planned = await runFake(["prune", "-n", "--keep-daily", "2", "--time-zone=UTC", "--", store]);
      assertEquals(planned, {
        code: 0,
        out: [
          `keep    ${names[3]}  the newest; latest leads to it; the newest of 2026-11-24 (1 of 2 days)`,
          `keep    ${names[2]}  the newest of 2026-11-23 (2 of 2 days)`,
          `remove  ${names[1]}  2026-11-22 is not among the newest 2 days`,
          `remove  ${names[0]}  2026-11-21 is not among the newest 2 days\n`,
        ].join("\n"),
        err: "plan: keep 2, remove 2 snapshots\n",
      });
      const ran = await runFake(["prune", "--keep-daily=2", "--time-zone=UTC", store]);
      assertEquals([ran.code, ran.out], [0, ""]);
      assert(/^done: kept 2, removed 2 snapshots; 5 entries(?:, .* freed)? in .* ms\n$/.test(ran.err), ran.err);
      assertEquals(readdirSync(store).filter((name) => name.endsWith("Z")).sort(), names.slice(2));
    });
  });

  it("takes every rule", async () => {
    await withStore(3, async (store) => {
      const rules = ["last", "hourly", "daily", "weekly", "monthly", "yearly"].map((rule) => `--keep-${rule}=1`);
      const { out } = await runFake([
        "prune",
        "-n",
        ...rules,
        "--keep-within=1h",
        "--keep-tag=a",
        "--keep-tag=b",
        store,
      ]);
      for (const word of ["1 of 1 of", "hour", "day", "week", "month", "year", "not older than", "none of the tags"]) {
        assertEquals(out.includes(word), true, word);
      }
    });
  });

  it("writes records that fit the schema, for a plan, a run and a refusal", async () => {
    await withStore(3, async (store, at) => {
      const planned = recordsOf((await runFake(["prune", "-n", "--json", "--keep-last=1", "--keep-tag=a", store])).out);
      assertEquals(planned.map(({ type }) => type), ["start", "verdict", "verdict", "verdict", "pruning", "summary"]);
      assertEquals(planned.at(-1)?.["outcome"], "planned");
      const ran = recordsOf((await runFake(["prune", "--json", "--keep-last=1", "--keep-within=1h", store])).out);
      assertEquals([ran.at(-2)?.["removed"], ran.at(-1)?.["outcome"], ran.at(-1)?.["exitCode"]], [2, "done", 0]);
      const refused = await runFake(["prune", "--json", "--keep-last=1", at.at("none")]);
      assertEquals([refused.code, recordsOf(refused.out).map(({ type }) => type)], [3, ["start", "summary"]]);
      assert(refused.err.startsWith("undrift: Cannot use store"), refused.err);
    });
  });

  it("is a mistake without a rule, or with one that says nothing", async () => {
    await withStore(2, async (store) => {
      for (const rules of [[], ["--keep-last=0"], ["--keep-within=5m"], ["--time-zone=x/y", "--keep-last=1"]]) {
        const { code, err } = await runFake(["prune", ...rules, store]);
        assertEquals([code, err.startsWith("undrift: Cannot "), readdirSync(store).length], [2, true, 4], err);
      }
      assertEquals((await runFake(["prune", "--keep-last=x", store], NO_TASKS)).code, 2);
      assertEquals((await runFake(["prune", "--keep-last=1"], NO_TASKS)).code, 2);
    });
  });

  it("exits as the signal asks when it is stopped", async () => {
    await withStore(2, async (store) => {
      const io = fakeIo();
      io.stop(143);
      assertEquals(await run(["prune", "--keep-last=1", store], io), 143);
      assertEquals([io.out(), io.err().startsWith("undrift: Cannot finish: it was interrupted\nhint: ")], ["", true]);
      assertEquals(readdirSync(store).length, 4);
    });
  });

  it("escapes tags from records", async () => {
    await withWorkspace(async (at) => {
      const [name = ""] = dailyNames(1);
      makeStore(at.at("store"), [{ name }]);
      const path = at.at(`store/.undrift/records/${name}.json`);
      writeFileSync(path, readFileSync(path, "utf8").replace('"tags":[]', '"tags":["a\\u202eb"]'));
      const { out } = await runFake(["prune", "-n", "--keep-last=1", at.at("store")]);
      assertEquals(out.includes("\u202e"), false);
    });
  });
});
