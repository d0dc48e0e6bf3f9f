/** What rules are read from, what is refused, and what a list of paths does. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { loadPlan, mirror, type MirrorOptions, SyncError } from "../../mod.ts";
import { mustRun } from "../support/commands.ts";
import { assert, assertEquals, assertRejects, assertThrows, describe, it, requires } from "../support/test_api.ts";
import { expectTree, makeTree, type TreeLiteral } from "../support/trees.ts";
import { walkTree } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

const F = { file: "x", mtime: "1000000000" };

async function refusal(at: Workspace, options: MirrorOptions): Promise<string> {
  const before = walkTree(at.path).size;
  const error = await assertRejects(() => mirror(at.at("from"), at.at("to"), options).run(), SyncError);
  assertEquals([error.code, walkTree(at.path).size], ["filter-invalid", before]);
  return error.message.replaceAll(at.path, "");
}

describe("a rule that cannot be used", () => {
  it("is told with its place, before anything is changed", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("from"), {
        a: F,
        d: { dir: { e: { dir: { ".rules": { file: "- ok\nfrobnicate secret\n" } } } } },
      });
      makeTree(at.at("to"), {});
      writeFileSync(at.at("list"), "*.o\n+ \n");
      writeFileSync(at.at("merged"), "- a\n\nexclude,q secret\n");
      const rule = await refusal(at, { filter: ["- a", "bogus"] });
      assert(rule.includes('"bogus"') && rule.includes("--filter"), rule);
      const listed = await refusal(at, { filter: [{ excludeFrom: at.at("list") }] });
      assert(listed.includes("/list:2"), listed);
      const merged = await refusal(at, { filter: [`. ${at.at("merged")}`] });
      assert(merged.includes("/merged:3") && !merged.includes("secret"), merged);
      const inner = await refusal(at, { filter: [": .rules"] });
      assert(inner.includes("d/e/.rules:2") && !inner.includes("secret"), inner);
    }));

  it(
    "is a rule file that is missing, a directory, too long, or a symlink of the source",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("from"), { d: { dir: { inner: F } }, l: { link: "/etc/hostname" }, ld: { link: "/etc" } });
        makeTree(at.at("to"), {});
        writeFileSync(at.at("large"), new Uint8Array((1 << 20) + 1).fill(0x0a));
        const from = (file: string) => refusal(at, { filter: [{ excludeFrom: at.at(file) }] });
        assertEquals(await from("none"), 'Cannot use the rules of "/none": there is no such file');
        assertEquals(await from("from"), 'Cannot use the rules of "/from": it is a directory');
        assertEquals(await from("large"), 'Cannot use the rules of "/large": it has more than 1048576 bytes');
        assertEquals(await from("from/none"), 'Cannot use the rules of "/from/none": there is no such file');
        assertEquals(await from("from/l"), 'Cannot use the rules of "l": it is a symlink, not a file');
        assertEquals(
          await from("from/ld/hostname"),
          'Cannot use the rules of "/from/ld/hostname": it is reached through a symlink of the source, which is never followed',
        );
        const list = await refusal(at, { filesFrom: at.at("from/d") });
        assertEquals(list, 'Cannot use the rules of "d": it is a directory, not a file');
      }),
  );

  for (
    const [kind, make] of Object.entries<(path: string) => void>({
      symlink: (path) => symlinkSync("/etc/hostname", path),
      directory: (path) => mkdirSync(path),
      fifo: (path) => mustRun("mkfifo", [path]),
    })
  ) {
    for (const side of ["from", "to"] as const) {
      it(
        `is a ${kind} in a directory of the ${side === "from" ? "source" : "destination"}`,
        requires("Linux"),
        () =>
          withWorkspace(async (at) => {
            makeTree(at.at("from"), { a: F, d: { dir: { x: F } } });
            makeTree(at.at("to"), { gone: { dir: { x: F } } });
            const inner = side === "from" ? "d" : "gone";
            make(at.at(`${side}/${inner}/.rules`));
            const message = await refusal(at, { filter: [": .rules"], delete: true });
            const where = side === "from" ? "" : ", in the destination";
            assertEquals(message, `Cannot use the rules of "${inner}/.rules": it is a ${kind}, not a file${where}`);
          }),
      );
    }
  }

  it("is options that make no sense, alone or together", () => {
    const wrong: readonly (readonly [MirrorOptions, ...string[]])[] = [
      [{ deleteExcluded: true }, "--delete-excluded", "--delete"],
      [{ recursive: true }, "--recursive", "--files-from"],
      [{ from0: true, exclude: ["a"] }, "--from0", "--files-from"],
      [{ maxSize: 1, minSize: "2k" }, "--max-size", "--min-size"],
      [{ newerThan: "1d", olderThan: "2d" }, "--newer-than", "--older-than"],
      [{ maxSize: "1x" }, "maxSize"],
      [{ minSize: -1 }, "minSize"],
      [{ newerThan: "soon" }, "newerThan"],
      [{ olderThan: new Date(NaN) }, "olderThan"],
    ];
    for (const [options, ...names] of wrong) {
      const { message } = assertThrows(() => mirror("a", "b", options), RangeError);
      for (const name of names) assert(message.includes(name), message);
    }
    mirror("a", "b", { from0: true, filter: [". rules"] });
    mirror("a", "b", { newerThan: "2d", olderThan: "1d", recursive: true, filesFrom: [] });
  });
});

describe("filesFrom", () => {
  const source: TreeLiteral = {
    a: { dir: { b: { dir: { c: F, d: F } }, e: F }, mtime: "5" },
    f: F,
    g: { dir: { h: { dir: { i: F } } } },
  };

  it(
    "takes what is listed, nothing else, and stays below the source",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("from"), source);
        makeTree(at.at("to"), { own: F, a: { dir: { old: F }, mtime: "7" } });
        const filesFrom = ["../../a/./b//c", "/g/"];
        const report = await mirror(at.at("from"), at.at("to"), { filesFrom, delete: true }).run();
        assertEquals(report.failures, []);
        expectTree(at.at("to"), {
          own: F,
          a: { dir: { old: F, b: { dir: { c: F } } }, mtime: "5" },
          g: { dir: { h: { dir: {} } } },
        });
        await mirror(at.at("from"), at.at("to"), { filesFrom: ["g"], recursive: true }).run();
        assertEquals(walkTree(at.at("to")).has("g/h/i"), true);
      }),
  );

  it(
    "leaves the root itself alone unless it is listed, in a saved plan, too",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("from"), source);
        mustRun("sh", ["-ec", "chmod 700 from; touch -d @1 from; mkdir to saved; chmod 755 to saved"], {
          cwd: at.path,
        });
        const options = { filesFrom: ["f"], delete: true };
        await mirror(at.at("from"), at.at("to"), options).run();
        await (await mirror(at.at("from"), at.at("saved"), options).plan()).save(at.at("plan"));
        await (await loadPlan(at.at("plan"))).apply();
        for (const name of ["to", "saved"]) assertEquals(walkTree(at.at(name)).get("")?.mode, "755", name);
        await mirror(at.at("from"), at.at("to"), { filesFrom: ["."] }).run();
        assertEquals([walkTree(at.at("to")).get("")?.mode, walkTree(at.at("to")).get("")?.time], [
          "700",
          "1.0000000000",
        ]);
      }),
  );

  it(
    "tells what is listed and not there, with its line, and does the rest",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("from"), source);
        writeFileSync(at.at("list"), "# wanted\nf\n\nnope/x\r\na/b/none\n");
        const options = { filesFrom: at.at("list") };
        const plan = await mirror(at.at("from"), at.at("to"), options).plan();
        const report = await mirror(at.at("from"), at.at("to"), options).run();
        for (const { failures } of [plan, report]) {
          assertEquals(failures.map(({ code, path }) => [code, path]), [["listed-missing", "nope/x"], [
            "listed-missing",
            "a/b/none",
          ]]);
          assert(failures[1]!.message.includes(`${at.at("list")}:5`), failures[1]!.message);
        }
        assertEquals([report.outcome, walkTree(at.at("to")).has("f")], ["partial", true]);
        const policy = { "listed-missing": "ignore" } as const;
        assertEquals((await mirror(at.at("from"), at.at("to"), { ...options, policy }).run()).outcome, "done");
        writeFileSync(at.at("list"), "f\0a/b/c\0");
        const { failures } = await mirror(at.at("from"), at.at("to"), { ...options, from0: true }).run();
        assertEquals([failures, walkTree(at.at("to")).has("a/b/c")], [[], true]);
      }),
  );
});

describe("a predicate", () => {
  it(
    "decides before all rules, on both sides, also in a plan that is saved",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("from"), { a: F, big: { file: "xxx", mtime: "1" }, d: { dir: { big: { file: "xxx" }, o: F } } });
        makeTree(at.at("to"), { big2: { file: "xxxx" }, small: F });
        mustRun("cp", ["-a", "to", "saved"], { cwd: at.path });
        const options: MirrorOptions = {
          predicate: ({ kind, size = 0, name }) =>
            kind === "file" && size > 2 ? "exclude" : name === "o" ? "include" : undefined,
          exclude: ["o"],
          delete: true,
          jobs: 4,
        };
        await mirror(at.at("from"), at.at("to"), options).run();
        await (await mirror(at.at("from"), at.at("saved"), options).plan()).save(at.at("plan"));
        await (await loadPlan(at.at("plan"))).apply();
        for (const name of ["to", "saved"]) {
          expectTree(at.at(name), { a: F, big2: { file: "xxxx" }, d: { dir: { o: F } } });
        }
      }),
  );

  it(
    "keeps what it excludes at the source, whatever the destination has of it",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("from"), { big: { file: "xxx" }, a: F });
        makeTree(at.at("to"), { big: { file: "x" } });
        const predicate = ({ size = 0 }) => size > 2 ? "exclude" as const : undefined;
        await mirror(at.at("from"), at.at("to"), { predicate, delete: true }).run();
        expectTree(at.at("to"), { big: { file: "x" }, a: F });
      }),
  );
});

describe("limits of age and size", () => {
  it("leave files alone on both sides", requires("Linux"), () =>
    withWorkspace(async (at) => {
      const now = Math.floor(Date.now() / 1000);
      const old = { file: "old", mtime: String(now - 1000) };
      makeTree(at.at("from"), { old, young: { file: "young" }, d: { dir: { old } } });
      makeTree(at.at("to"), { old: F, gone: F });
      await mirror(at.at("from"), at.at("to"), { newerThan: "10m", delete: true }).run();
      expectTree(at.at("to"), { old: F, young: { file: "young" }, d: { dir: {} } });
      const olderThan = new Date((now - 900) * 1000);
      await mirror(at.at("from"), at.at("to"), { olderThan, maxSize: 3, delete: true }).run();
      expectTree(at.at("to"), { old, young: { file: "young" }, d: { dir: { old } } });
    }));
});

describe("a directory with protected entries", () => {
  it("gives way to nothing, which is told", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("from"), { x: F, y: F, h: { hardLinkOf: "x" } });
      const before: TreeLiteral = {
        x: { dir: { keep: F } },
        h: { dir: { d: { dir: { keep: F } } } },
        y: { dir: { z: F } },
      };
      makeTree(at.at("to"), before);
      mustRun("cp", ["-a", "to", "saved"], { cwd: at.path });
      const options: MirrorOptions = { filter: ["P keep"], delete: true };
      const plan = await mirror(at.at("from"), at.at("saved"), options).plan();
      await plan.apply();
      const { failures } = await mirror(at.at("from"), at.at("to"), options).run();
      for (const found of [failures, plan.failures]) {
        assertEquals(found.map(({ code, path }) => `${code} ${path}`).sort(), ["not-empty h", "not-empty x"]);
      }
      for (const name of ["to", "saved"]) expectTree(at.at(name), { ...before, y: F });
    }));
});

describe("a saved plan with a filter", () => {
  it("says what was selected, and refuses what is no filter", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("from"), { a: F, b: F });
      writeFileSync(at.at("rules"), "- b\n");
      await (await mirror(at.at("from"), at.at("to"), { filter: [`. ${at.at("rules")}`] }).plan()).save(at.at("plan"));
      const text = readFileSync(at.at("plan"), "utf8");
      const { rules } = JSON.parse(text.split("\n")[0]!).options.selection;
      assertEquals([rules[0].pattern, rules[0].place], ["b", { source: at.at("rules"), line: 1 }]);
      writeFileSync(at.at("plan"), text.replace('"pattern":"b"', '"pattern":7'));
      const error = await assertRejects(() => loadPlan(at.at("plan")), SyncError);
      assertEquals(error.code, "plan-damaged");
    }));
});

describe("a filter beside other options", () => {
  it(
    "keeps what is protected where it is when its directory is renamed",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        const files = Object.fromEntries(
          ["a", "b", "c"].map((name) => [name, { file: `content of ${name}`, mtime: "9" }]),
        );
        makeTree(at.at("from"), { new: { dir: files }, hidden: { dir: { d: F } } });
        makeTree(at.at("to"), { old: { dir: { ...files, "x.o": F, d: F } } });
        const options = { exclude: ["*.o", "hidden"], delete: true, detectMoves: true };
        const { done } = await mirror(at.at("from"), at.at("to"), options).run();
        assertEquals([done.files, done.deleted], [0, 1]);
        expectTree(at.at("to"), { new: { dir: files }, old: { dir: { "x.o": F } } });
      }),
  );

  it("leaves in the source what takes no part", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("from"), { a: F, "a.o": F, big: { file: "xxx" }, d: { dir: { b: F, "b.o": F } } });
      await mirror(at.at("from"), at.at("to"), { exclude: ["*.o"], maxSize: 2, removeSourceFiles: true }).run();
      expectTree(at.at("from"), { "a.o": F, big: { file: "xxx" }, d: { dir: { "b.o": F } } });
      expectTree(at.at("to"), { a: F, d: { dir: { b: F } } });
    }));

  it("keeps what it excludes out of the trash", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("from"), { a: F });
      makeTree(at.at("to"), { gone: { dir: { "x.o": F, y: F } }, a: { file: "old" } });
      await mirror(at.at("from"), at.at("to"), { exclude: ["*.o"], trash: at.at("trash"), delete: true }).run();
      expectTree(at.at("to"), { a: F, gone: { dir: { "x.o": F } } });
      const kept = [...walkTree(at.at("trash"))].filter(([, { kind }]) => kind === "f").map(([path]) => path);
      assertEquals(kept.map((path) => path.split("/").slice(1).join("/")).sort(), ["a", "gone/y"]);
    }));
});
