/** Pushes to the real rsync: what arrives is what was there, in every version of the protocol. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SyncError } from "../../lib/errors.ts";
import { listForTransfer } from "../../lib/session/transfer_list.ts";
import { memoryTree } from "../../lib/model/memory_tree.ts";
import { finish } from "../../lib/model/steps.ts";
import { ITEM } from "../../lib/wire/item.ts";
import { mustRun } from "../support/commands.ts";
import { makeFullTree, type Part } from "../support/full_tree.ts";
import { assert, assertEquals, assertRejects, describe, isRoot, it, requires } from "../support/test_api.ts";
import { differencesOf } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";
import { archiveCommand } from "./peers.ts";
import { pushed } from "./pushed.ts";

const PARTS: readonly Part[] = isRoot()
  ? ["ordinary", "bytes", "specials", "times", "owners", "devices"]
  : ["ordinary", "bytes", "specials"];
/** Without this, times of one second are equal to rsync. */
const EXACT = { longOptions: ["--modify-window=-1"] };
const { carried: ARCHIVE } = archiveCommand();

function makeSource(at: Workspace, parts: readonly Part[] = PARTS): string {
  const from = at.directory("from");
  makeFullTree(from, parts);
  return from;
}

/** Bytes that do not repeat. */
function noise(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0, state = seed; at < length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

describe("push()", () => {
  for (const version of [30, 31, 32] as const) {
    for (const checksum of ["xxh128", "md5"] as const) {
      it(
        `carries a tree in protocol ${version} with ${checksum}`,
        requires("rsync"),
        () =>
          withWorkspace(async (at) => {
            const from = makeSource(at);
            const to = at.directory("to");
            const hardLinks = { carried: { ...ARCHIVE, hardLinks: true } };
            const first = await pushed({ from, to, version, checksums: [checksum], command: hardLinks });
            assertEquals([first.report.failures, first.report.end.exitCode], [[], 0], first.report.end.words);
            const digits = version === 30 ? 0 : 9;
            assertEquals(differencesOf(from, to, { ignore: ["holes"], timeDigits: digits }), []);
            const again = await pushed({ from, to, version, checksums: [checksum], command: hardLinks });
            assertEquals(again.items.filter(({ flags }) => (flags & ITEM.transfer) !== 0), []);
          }),
      );
    }
  }

  it("sends what differs, and nothing that is there", requires("rsync"), () =>
    withWorkspace(async (at) => {
      const [from, to] = [at.directory("from"), at.directory("to")];
      const old = noise(3_000_000);
      writeFileSync(join(to, "large"), old);
      const edited = Uint8Array.from([
        ...noise(1000, 2),
        ...old.subarray(0, 1_500_000),
        1,
        2,
        3,
        ...old.subarray(1_500_000),
      ]);
      writeFileSync(join(from, "large"), edited);
      for (const checksum of ["md5", "xxh128"] as const) {
        const { report } = await pushed({ from, to, checksums: [checksum], command: EXACT });
        assertEquals(report.end.exitCode, 0, report.end.words);
        assertEquals(differencesOf(from, to), []);
        assertEquals(report.sent.literalBytes + report.sent.matchedBytes, edited.length);
        assert(report.sent.literalBytes < 8000, `${report.sent.literalBytes} literal bytes`);
        writeFileSync(join(to, "large"), old);
      }
    }));

  it("finds what rsync finds at the same blocks", requires("rsync"), () =>
    withWorkspace(async (at) => {
      const [from, to] = [at.directory("from"), at.directory("to")];
      const old = noise(1_000_000);
      const edited = old.slice();
      for (let edit = 0; edit < 40; edit++) edited.set(noise(50, edit + 9), edit * 23_456);
      writeFileSync(join(from, "f"), edited);
      for (const length of [700, 2048, 30_000]) {
        writeFileSync(join(to, "f"), old);
        const flags = ["-a", "--stats", "--no-whole-file", "--ignore-times", "--modify-window=-1", `-B${length}`];
        const copy = at.directory(`copy-${length}`);
        writeFileSync(join(copy, "f"), old);
        const said = mustRun("rsync", [...flags, `${from}/`, `${copy}/`]);
        const theirs = Number(/Literal data: ([\d,]+)/.exec(said)![1]!.replaceAll(",", ""));
        const command = { longOptions: ["--ignore-times", ...EXACT.longOptions, `-B${length}`] };
        const { report } = await pushed({ from, to, command });
        assert(theirs > 0);
        assertEquals([report.sent.literalBytes, differencesOf(from, to)], [theirs, []]);
      }
    }));

  it("lets the server delete, but nothing that rules protect", requires("rsync"), () =>
    withWorkspace(async (at) => {
      const from = makeSource(at, ["ordinary"]);
      const to = at.directory("to");
      mkdirSync(join(to, "extra/deep"), { recursive: true });
      for (const name of ["extra/deep/x", "gone", "kept.log"]) writeFileSync(join(to, name), name);
      const { report, deleted } = await pushed({
        ...{ from, to, rules: ["- *.log"] },
        command: { longOptions: ["--delete"], carried: { ...ARCHIVE, hardLinks: true } },
      });
      assertEquals(report.end.exitCode, 0, report.end.words);
      assertEquals(deleted.toSorted(), ["extra", "extra/deep", "extra/deep/x", "gone"]);
      assertEquals(report.deletions, { files: 2, directories: 2, symlinks: 0, devices: 0, specials: 0 });
      assertEquals(
        differencesOf(from, to, { ignore: ["holes"] }),
        [
          '"": time',
          '"kept.log": only in the second',
        ].map((text) => differencesOf(from, to, { ignore: ["holes"] }).find((line) => line.startsWith(text)) ?? text)
          .filter((line) => !line.startsWith('"": time')),
      );
    }));

  it(
    "goes to the directory that was named, not to one that a pattern matches",
    requires("rsync"),
    () =>
      withWorkspace(async (at) => {
        const from = at.directory("from");
        writeFileSync(join(from, "a"), "x");
        for (const [name, other] of [["we[i]rd*", "weird1"], ["a b", "a"], ["q?", "qq"], ["-x'$(id)", "x"]] as const) {
          at.directory(other);
          const to = at.directory(name);
          const { report } = await pushed({ from, to });
          assertEquals([report.end.exitCode, mustRun("ls", [to]), mustRun("ls", [at.at(other)])], [0, "a\n", ""]);
        }
      }),
  );

  it("sends nothing that takes no part", requires("rsync"), () =>
    withWorkspace(async (at) => {
      const [from, to] = [at.directory("from"), at.directory("to")];
      mkdirSync(join(from, "no"));
      for (const name of ["a", "no/b", "c.o"]) writeFileSync(join(from, name), name);
      await pushed({
        ...{ from, to },
        selectionIn: () => ({ hides: (listing, index) => ["no", "c.o"].includes(listing.name(index)) }),
      });
      assertEquals(mustRun("ls", ["-R", to]).replaceAll(to, ""), ":\na\n");
    }));

  it("tells nothing but names in a run that only shows", requires("rsync"), () =>
    withWorkspace(async (at) => {
      const [from, to] = [at.directory("from"), at.directory("to")];
      writeFileSync(join(from, "a"), "x");
      const { report, items } = await pushed({ from, to, command: { isListed: true } });
      assertEquals([report.end.exitCode, report.sent.files], [0, 0]);
      assertEquals(items.map(({ entry }) => entry.path).includes("a" as never), true);
      assertEquals(mustRun("ls", [to]), "");
    }));

  it("goes on when a file cannot be opened", requires("rsync"), () =>
    withWorkspace(async (at) => {
      const [from, to] = [at.directory("from"), at.directory("to")];
      for (const name of ["a", "b", "c"]) writeFileSync(join(from, name), name);
      const { report } = await pushed({
        ...{ from, to },
        // The list is made, then a file goes.
        through: (duplex) => ({
          ...{ ended: duplex.ended, write: (bytes) => duplex.write(bytes), finish: () => duplex.finish() },
          close: (reason) => duplex.close(reason),
          read: async () => {
            const bytes = await duplex.read();
            if ((bytes?.length ?? 0) > 60) rmSync(join(from, "b"), { force: true });
            return bytes;
          },
        }),
      });
      if (report.failures.length > 0) {
        assertEquals(report.failures.map(({ path, error }) => [path, error.code]), [["b", "vanished"]]);
      }
      assertEquals(readFileSync(join(to, "c"), "utf8"), "c");
    }));

  it("says what the other side says, and where it ended", requires("rsync"), () =>
    withWorkspace(async (at) => {
      const from = makeSource(at, ["ordinary"]);
      const error = await assertRejects(() => pushed({ from, to: "/proc/nowhere/at/all" }), SyncError);
      assertEquals(error.code, "connection");
      assert(/No such file|mkdir|failed/.test(error.message), error.message);
    }));

  it("can be stopped", requires("rsync"), () =>
    withWorkspace(async (at) => {
      const [from, to] = [at.directory("from"), at.directory("to")];
      mustRun("truncate", ["-s", "2G", join(from, "large")]);
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 300);
      const error = await assertRejects(() => pushed({ from, to, signal: controller.signal }), SyncError);
      assertEquals(error.code, "cancelled");
    }));
});

describe("listForTransfer()", () => {
  it("tells what cannot be read, and lists the rest", () => {
    const onOperation = (operation: string, path: string) =>
      operation === "open" && path === "closed" ? new SyncError("permission", "Cannot open closed") : undefined;
    const tree = memoryTree({ closed: { dir: { x: { file: "" } } }, open: { dir: { y: { file: "" } } } }, {
      onOperation,
    });
    const { entries, failures } = finish(listForTransfer(tree, { carried: ARCHIVE }));
    assertEquals(entries.map(({ path }) => path), ["", "closed", "open", "open/y"]);
    assertEquals(failures.map(({ path, error }) => [path, error.code]), [["closed", "permission"]]);
  });
});
