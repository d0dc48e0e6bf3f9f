/** Tasks of tasks with real mirrors, real commands, and their plans as one. */
import $ from "dax";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type CommandEvent,
  defineTask,
  doctor,
  mirror,
  parallel,
  retry,
  sequence,
  StepError,
  type StepEvent,
  SyncError,
  when,
} from "undrift";
import { type TemporaryFolder, temporaryFolder } from "../../support/temporary_folder.ts";
import {
  afterEach,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  beforeEach,
  describe,
  it,
  requires,
} from "../../support/test_api.ts";
import { fake, forever, outlineOf } from "./fake_tasks.ts";

let folder: TemporaryFolder;
const at = (...names: string[]) => join(folder.path, ...names);

beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(at("site", "deep"), { recursive: true });
  writeFileSync(at("site", "a"), "one");
  writeFileSync(at("site", "deep", "b"), "two");
});
afterEach(() => folder.remove());

/** A command that makes a file; not the `touch` that dax has built in. */
const touching = (path: string) => $`sh -c ${`: > ${path}`}`;

describe("mirrors", () => {
  it("are steps, with their reports and events", async () => {
    const events: StepEvent[] = [];
    const task = sequence({
      first: mirror(at("site"), at("copy")),
      more: parallel([mirror(at("copy"), at("x")), retry(mirror(at("copy"), at("y")))]),
    });
    const { reports } = await task.run({ onEvent: (event) => events.push(event) });
    assertEquals([reports.first.done.files, reports.more.reports[1].done.files], [2, 2]);
    assertEquals(readFileSync(at("y", "deep", "b"), "utf8"), "two");
    const actions = events.flatMap((event) =>
      event.type === "event" && (event.event as { type: string }).type === "action" ? [event.step.join("/")] : []
    );
    assertEquals([...new Set(actions)].sort(), ["first", "more/1", "more/2"]);
  });

  it("that are refused say so with their code, and nothing else begins", async () => {
    const task = sequence({ bad: mirror(at("none"), at("copy")), good: mirror(at("site"), at("copy")) });
    const error = await assertRejects(() => task.run(), StepError);
    assertEquals([(error as StepError).code, (error as StepError).step], ["source-missing", ["bad"]]);
    assertEquals(existsSync(at("copy")), false);
  });

  it("are stopped as one, and leave only whole files", async () => {
    mkdirSync(at("large"));
    for (let file = 0; file < 300; file++) writeFileSync(at("large", `f${file}`), new Uint8Array(100_000).fill(file));
    const stop = new AbortController();
    const task = parallel([mirror(at("large"), at("x")), mirror(at("large"), at("y")), forever("z")], { limit: 3 });
    const onEvent = (event: StepEvent) => event.type === "event" && event.step[0] === "1" && stop.abort();
    const error = await assertRejects(() => task.run({ signal: stop.signal, onEvent }), SyncError);
    assertEquals(error.code, "cancelled");
    for (const copy of ["x", "y"].filter((name) => existsSync(at(name)))) {
      for (const file of readdirSync(at(copy))) {
        assertEquals(readFileSync(at(copy, file)), readFileSync(at("large", file)));
      }
    }
  });
});

describe("commands of dax", () => {
  it("are steps: what they write is told line by line, and reported", async () => {
    const told: CommandEvent[] = [];
    const task = sequence({
      say: $`echo one; echo two; printf three`,
      fail: $`sh -c "echo why >&2; exit 3"`.noThrow(),
    });
    const { reports } = await task.run({ onEvent: (event) => event.type === "event" && told.push(event.event) });
    assertEquals([reports.say.code, reports.say.stdout, reports.fail.code], [0, "one\ntwo\nthree", 3]);
    assertEquals(told.map(({ stream, line }) => `${stream} ${line}`), [
      "stdout one",
      "stdout two",
      "stdout three",
      "stderr why",
    ]);
  });

  it("do nothing before they are run, and can be run again", async () => {
    const task = sequence([touching(at("made"))]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    assertEquals(existsSync(at("made")), false);
    await task.run();
    assertEquals(existsSync(at("made")), true);
    assertEquals((await task.run()).outcome, "done");
  });

  it("fail the task with what they said last", async () => {
    const error = await assertRejects(() => sequence({ it: $`sh -c "echo because >&2; exit 4"` }).run(), SyncError);
    assertEquals(error.code, "task-failed");
    assertMatch(error.message, /^Cannot finish "it": The command failed: .*4: because$/);
  });

  it("are killed when the task is stopped, or when another step fails", requires("Linux"), async () => {
    const running = () =>
      readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && commandLine(pid) === "sleep\x0061.5\0");
    const endless = () => $`sleep 61.5`;
    const stopped = sequence([endless()]).run({ signal: AbortSignal.timeout(100) });
    assertEquals((await assertRejects(() => stopped, SyncError)).code, "cancelled");
    assertEquals(running(), []);
    const bad = fake("bad", async () => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      throw new SyncError("io", "Cannot");
    });
    const failed = await assertRejects(() => parallel({ endless: endless(), bad }, { limit: 2 }).run(), SyncError);
    assertEquals([failed.code, running()], ["io", []]);
  });

  it("that do not want to end are made to, with all that they started", requires("Linux"), async () => {
    const stop = new AbortController();
    const task = sequence([$`sh -c ${"trap '' TERM; echo ready; while :; do sleep 0.1; done"}`]);
    const onEvent = (event: StepEvent) => event.type === "event" && stop.abort();
    const error = await assertRejects(() => task.run({ signal: stop.signal, onEvent }), SyncError);
    assertEquals(error.code, "cancelled");
  });

  it("are tried again", async () => {
    const counted = $`sh -c ${`echo x >> ${at("count")}; test $(wc -l < ${at("count")}) -ge 3`}`;
    assertEquals((await retry(counted, { waitMs: 1 }).run()).code, 0);
    assertEquals(readFileSync(at("count"), "utf8"), "x\nx\nx\n");
  });
});

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return ""; // it has ended meanwhile
  }
}

describe("plan()", () => {
  it("is one value and one document, and changes nothing", async () => {
    const task = sequence({
      site: mirror(at("site"), at("copy")),
      rest: parallel([retry(mirror(at("site"), at("other"))), touching(at("made")), when(false, forever("never"))]),
      look: doctor(at("site")),
    });
    const plan = await task.plan();
    assertEquals(plan.plans.site?.summary.files, 2);
    assertEquals(plan.steps.map(({ step, status }) => `${step.join("/")} ${status}`), [
      "site planned",
      "rest/1 planned",
      "rest/2 no plan",
      "rest/3 skipped",
      "look no plan",
    ]);
    const actions = await Array.fromAsync(plan);
    assertEquals(actions.filter(({ step }) => step[0] === "rest").length, actions.length / 2);
    const text = await plan.text();
    assertStringIncludes(text, `site: ${at("site")} -> ${at("copy")}\n`);
    assertStringIncludes(text, "rest/2:\n  run as it is, without a plan\nrest/3:\n  not run\n");
    assertMatch(text, /^ {2}create +file +3 B +deep\/b$/m);
    assertEquals(readdirSync(folder.path), ["site"]);
    plan.close();
  });

  it("is applied as it is, what has no plan is run, and events have the same names", async () => {
    const task = sequence({ site: mirror(at("site"), at("copy")), rest: parallel([retry(touching(at("made")))]) });
    const plan = await task.plan();
    const events: StepEvent[] = [];
    const { reports } = await plan.apply({ onEvent: (event) => events.push(event) });
    assertEquals([reports.site.done.files, reports.rest.reports[0].code], [2, 0]);
    assertEquals([existsSync(at("copy", "a")), existsSync(at("made"))], [true, true]);
    const frame = (each: readonly string[]) => each.filter((line) => /^(?:start|end)/.test(line));
    const ran = await Array.fromAsync(task.stream());
    assertEquals(frame(outlineOf(events)), frame(outlineOf(ran)));
    plan.close();
  });

  it("that an earlier step made unfit is refused as drift", async () => {
    const task = sequence({ one: mirror(at("site"), at("copy")), two: mirror(at("site"), at("copy")) });
    const plan = await task.plan();
    const error = await assertRejects(() => plan.apply(), StepError);
    assertEquals([(error as StepError).code, (error as StepError).step], ["drift", ["two"]]);
    plan.close();
  });

  it("says what cannot be planned yet, and is not applied then", async () => {
    const task = sequence({ one: mirror(at("site"), at("copy")), two: mirror(at("copy"), at("third")) });
    const plan = await task.plan();
    assertEquals(plan.steps.map(({ status }) => status), ["planned", "refused"]);
    assertStringIncludes(await plan.text(), "two:\n  cannot be planned as things are: ");
    const error = await assertRejects(() => plan.apply(), StepError);
    assertEquals([(error as StepError).code, existsSync(at("copy"))], ["source-missing", false]);
    plan.close();
    assertEquals((await task.run()).outcome, "done");
  });

  it("is stopped by its signal", async () => {
    const task = sequence([mirror(at("site"), at("copy"))]);
    const error = await assertRejects(() => task.plan({ signal: AbortSignal.abort() }), SyncError);
    assertEquals(error.code, "cancelled");
  });

  it("shows plans that a program defines, and applies them", async () => {
    const applied: string[] = [];
    const task = defineTask("mine", () => applied.push("run"), {
      plan: () => ({
        source: "here",
        summary: { steps: 2, nothing: 0 },
        apply: () => Promise.resolve(applied.push("apply")),
        async *[Symbol.asyncIterator]() {
          yield { name: "old\n", keep: false, reasons: ["too old"] };
          yield { any: "thing" };
        },
      }),
    });
    const plan = await sequence([task]).plan();
    assertEquals(await plan.text(), 'mine: here\n  remove  old\\n  too old\n  {"any":"thing"}\n  steps 2\n');
    await plan.apply();
    await task.run();
    assertEquals(applied, ["apply", "run"]);
  });
});
