/** The task as a program sees it: events, streams, signals, and what is refused as misuse. */
import { utimesSync } from "node:fs";
import { mirror, type MirrorEvent, type MirrorOptions, type MirrorReport, SyncError } from "../../mod.ts";
import {
  assert,
  assertEquals,
  assertLess,
  assertRejects,
  assertThrows,
  describe,
  it,
  requires,
} from "../support/test_api.ts";
import { makeTree, type TreeLiteral } from "../support/trees.ts";
import { differencesOf, walkTree } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

const FILE = { file: "x", mtime: "1000000000" };

/** Folders of files, so that a run has something to do for a while. */
function wide(folders: number, files: number, content = "x"): TreeLiteral {
  const file = { file: content, mtime: "1000000000" };
  const folder = { dir: Object.fromEntries(Array.from({ length: files }, (_, at) => [`f${at}`, file])) };
  return Object.fromEntries(Array.from({ length: folders }, (_, at) => [`d${at}`, folder]));
}

function temporariesIn(at: Workspace, name: string): string[] {
  return [...walkTree(at.at(name)).keys()].filter((path) => path.includes(".undrift-"));
}

describe("mirror()", () => {
  it("does nothing before it is told to, and is not awaitable", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("from"), { a: FILE });
      const task = mirror(at.at("from"), at.at("to"));
      assertEquals(await Promise.resolve(task), task);
      assertEquals([task.source, task.destination], [at.at("from"), at.at("to")]);
      task.stream();
      assertEquals([...walkTree(at.path).keys()].sort(), ["", "from", "from/a"]);
    }));

  it("refuses options that make no sense", () => {
    const wrong: readonly MirrorOptions[] = [
      { jobs: 0 },
      { jobs: 1.5 },
      { jobs: NaN },
      { jobs: 100_000 },
      { maxDelete: -1 },
      { maxDelete: 0.5 },
      { maxDelete: Infinity },
      { modifyWindow: -1 },
      { modifyWindow: NaN },
      { modifyWindow: Infinity },
    ];
    for (const options of wrong) {
      const error = assertThrows(() => mirror("a", "b", options), RangeError);
      assert(error.message.includes(Object.keys(options)[0]!), error.message);
    }
    for (const options of [{ jobs: 1, maxDelete: 0, modifyWindow: 0.5 }, {}]) mirror("a", "b", options);
  });
});

describe("MirrorTask.run()", () => {
  for (const options of [{}, { delete: true }] as MirrorOptions[]) {
    it(
      `tells start, actions, and last the end that it returns: ${JSON.stringify(options)}`,
      requires("Linux"),
      () =>
        withWorkspace(async (at) => {
          makeTree(at.at("from"), { a: FILE, d: { dir: { b: FILE, h: { hardLinkOf: "a" } } } });
          makeTree(at.at("to"), { z: FILE, a: { file: "old", mtime: "5" } });
          // Both roots may have been made within one step of the kernel's clock.
          utimesSync(at.at("to"), 5, 5);
          const events: MirrorEvent[] = [];
          const report = await mirror(at.at("from"), at.at("to"), options).run({
            onEvent: (event) => events.push(event),
          });
          assertEquals(events[0], { type: "start", task: "mirror", source: at.at("from"), destination: at.at("to") });
          assertEquals(events.at(-1), { type: "end", report });
          const told = events.flatMap((event) =>
            event.type === "action" ? [`${event.action.op} ${event.action.path}`] : []
          );
          const deleted = options.delete === true ? ["delete z"] : [];
          assertEquals(
            told.toSorted(),
            [
              ...["create-directory d", ...deleted, "link d/h", "set-metadata ", "write-file a", "write-file d/b"],
            ].toSorted(),
          );
          assert(told.indexOf("create-directory d") < told.indexOf("write-file d/b"));
          assert(told.indexOf("write-file a") < told.indexOf("link d/h"));
          const { created, updated, linked, files, bytes } = report.done;
          assertEquals({ created, updated, linked, files, bytes, copied: report.copiedBytes }, {
            ...{ created: 3, updated: 1, linked: 1, files: 2, bytes: 2, copied: 2 },
          });
        }),
    );
  }

  it(
    "tells progress that never runs backwards, with totals when asked",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("from"), wide(20, 50, "some content"));
        const seen: Extract<MirrorEvent, { type: "progress" }>["progress"][] = [];
        const onEvent = (event: MirrorEvent) => {
          if (event.type === "progress") seen.push(event.progress);
        };
        await mirror(at.at("from"), at.at("to"), { jobs: 2 }).run({ onEvent, totals: true });
        for (const [index, { entries, files, bytes }] of seen.entries()) {
          const before = seen[index - 1] ?? { entries: 0, files: 0, bytes: 0 };
          assert(entries >= before.entries && files >= before.files && bytes >= before.bytes, JSON.stringify(seen));
        }
        const last = seen.at(-1);
        assertEquals([last?.files, last?.bytes, last?.totalFiles, last?.totalBytes], [1000, 12_000, 1000, 12_000]);
      }),
  );

  it("tells a refusal as a failure before it throws it", requires("Linux"), () =>
    withWorkspace(async (at) => {
      const events: MirrorEvent[] = [];
      const task = mirror(at.at("none"), at.at("to"));
      const error = await assertRejects(() => task.run({ onEvent: (event) => events.push(event) }), SyncError);
      assertEquals(events.map(({ type }) => type), ["start", "failure", "end"]);
      const end = events.at(-1) as { report: MirrorReport };
      assertEquals([error.code, end.report.outcome, end.report.failures[0]?.code], [
        ...["source-missing", "stopped", "source-missing"],
      ]);
    }));
});

describe("MirrorTask.stream()", () => {
  it("yields from start to end", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("from"), { a: FILE });
      const types: string[] = [];
      for await (const { type } of mirror(at.at("from"), at.at("to")).stream()) types.push(type);
      assertEquals([types[0], types.at(-1), types.includes("action")], ["start", "end", true]);
      assertEquals(differencesOf(at.at("from"), at.at("to")), []);
    }));

  it(
    "stops the run when the loop is left, and has tidied up by then",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("from"), wide(60, 100));
        const task = mirror(at.at("from"), at.at("to"), { jobs: 2 });
        for await (const { type } of task.stream()) if (type === "action") break;
        const left = walkTree(at.at("to")).size;
        assertLess(left, 6061);
        assertEquals(temporariesIn(at, "to"), []);
        await task.run();
        assertEquals(differencesOf(at.at("from"), at.at("to")), []);
      }),
  );

  it("throws what the run threw, after the events before it", requires("Linux"), () =>
    withWorkspace(async (at) => {
      const types: string[] = [];
      const error = await assertRejects(async () => {
        for await (const { type } of mirror(at.at("none"), at.at("to")).stream()) types.push(type);
      }, SyncError);
      assertEquals([error.code, types], ["source-missing", ["start", "failure", "end"]]);
    }));
});

describe("a signal", () => {
  for (const place of ["task", "run"] as const) {
    it(
      `stops a run at once when it was given to the ${place}, and leaves no temporaries`,
      requires("Linux"),
      () =>
        withWorkspace(async (at) => {
          makeTree(at.at("from"), { ...wide(30, 100), big: { file: new Uint8Array(256 << 20), mtime: "1" } });
          const stop = new AbortController();
          const { signal } = stop;
          const task = mirror(at.at("from"), at.at("to"), place === "task" ? { signal } : {});
          let abortedAt = 0;
          const onEvent = ({ type }: MirrorEvent) => {
            if (type !== "action" || abortedAt !== 0) return;
            abortedAt = performance.now();
            stop.abort();
          };
          const error = await assertRejects(
            () => task.run({ onEvent, ...(place === "run" ? { signal } : {}) }),
            SyncError,
          );
          assertEquals(error.code, "cancelled");
          assertLess(performance.now() - abortedAt, 1000);
          assertEquals(temporariesIn(at, "to"), []);
        }),
    );
  }

  it("that was given before keeps a run from changing anything", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("from"), { a: FILE });
      for (const task of [mirror(at.at("from"), at.at("to"), { signal: AbortSignal.abort() })]) {
        assertEquals((await assertRejects(() => task.run(), SyncError)).code, "cancelled");
        assertEquals([...walkTree(at.path).keys()].sort(), ["", "from", "from/a"]);
      }
    }));
});
