import type { ApplyContext } from "../../lib/apply/context.ts";
import { Preserver } from "../../lib/apply/preserver.ts";
import { SyncError } from "../../lib/errors.ts";
import { type MemoryTree, memoryTree } from "../../lib/model/memory_tree.ts";
import { baseName, parentPath, parseRelPath, ROOT } from "../../lib/model/rel_path.ts";
import { finish } from "../../lib/model/steps.ts";
import { walkSubtree } from "../../lib/scan/subtree.ts";
import { assert, assertEquals, assertThrows, describe, it } from "../support/test_api.ts";
import { leftovers, Pair } from "./fixture.ts";

const T = "5";

function beside(context: ApplyContext, suffix = "~"): Preserver {
  return new Preserver({ context, rules: { suffix, store: undefined }, store: undefined, walk: walkSubtree });
}

function into(context: ApplyContext, store: MemoryTree, folder = "", within?: string): Preserver {
  const rules = {
    folder: parseRelPath(folder),
    own: undefined,
    within: within === undefined ? undefined : parseRelPath(within),
  };
  return new Preserver({ context, rules: { suffix: "", store: rules }, store, walk: walkSubtree });
}

function keep(pair: Pair, preserver: Preserver, path: string): void {
  const parsed = parseRelPath(path);
  const directory = pair.destination.open(parentPath(parsed));
  finish(preserver.keepTree(directory, parsed, directory.lookup(baseName(parsed))!));
}

describe("Preserver", () => {
  it("gives an entry a further name in its directory; an older one gives way", () => {
    const pair = new Pair({}, { a: { file: "1" }, "a~": { file: "0" }, l: { link: "x" } });
    for (const path of ["a", "a", "l"]) keep(pair, beside(pair.context), path);
    assertEquals(pair.contents, {
      ...{ a: { file: "1" }, "a~": { hardLinkOf: "a" }, l: { link: "x" }, "l~": { hardLinkOf: "l" } },
    });
  });

  it("takes no name that the source has", () => {
    const pair = new Pair({ "a~": { file: "" }, "a~~": { file: "" } }, { a: { file: "1" }, "a~": { file: "2" } });
    keep(pair, beside(pair.context), "a");
    assertEquals(pair.contents, { a: { file: "1" }, "a~": { file: "2" }, "a~~~": { hardLinkOf: "a" } });
  });

  it("replaces no directory that has the name beside it", () => {
    const pair = new Pair({}, { a: { file: "1" }, "a~": { dir: { x: { file: "" } } } });
    const error = assertThrows(() => keep(pair, beside(pair.context), "a"), SyncError);
    assertEquals([error.code, error.path], ["is-directory", "a"]);
    assert(error.message.startsWith('Cannot keep the old "a", so it stays: '), error.message);
  });

  it("links into a folder of the same tree, with directories as the old ones are", () => {
    const pair = new Pair({}, {
      d: { dir: { e: { dir: { f: { file: "x" } }, mode: 0o750, uid: 7, gid: 8 } }, mode: 0o500 },
    });
    keep(pair, into(pair.context, pair.destination, "store/here"), "d/e/f");
    const { store } = pair.destination.dump();
    const e = { dir: { f: { hardLinkOf: "d/e/f" } } };
    assertEquals(pair.contents["store"], { dir: { here: { dir: { d: { dir: { e } } } } } });
    const text = JSON.stringify(store);
    assert(text.includes('"mode":488,"uid":7,"gid":8'), text); // 0o750
    assert(text.includes('"mode":448'), text); // 0o500, and its owner may add to it
  });

  for (const lacks of ["other file system", "no hard links"]) {
    it(`copies completely where no link is possible: ${lacks}`, () => {
      const pair = new Pair({}, {
        d: {
          dir: {
            f: { file: "content", mode: 0o4751, uid: 3, gid: 4, mtime: T },
            l: { link: "target", mtime: "7" },
            p: { fifo: true, mode: 0o600, mtime: "8" },
            null: { characterDevice: [1, 3], mode: 0o666, mtime: "9" },
          },
        },
      }, { destination: { capabilities: { hardLinks: lacks === "other file system" } } });
      const store = memoryTree({ d: { dir: { f: { file: "older" }, l: { dir: { x: { file: "" } } } } } });
      keep(pair, into(pair.context, store), "d");
      assertEquals(store.dump({ attributes: false }), pair.contents);
      const { mode: _mode, mtime: _time, ...kept } = store.dump()["d"]!;
      const { mode: _mode2, mtime: _time2, ...old } = pair.destination.dump()["d"]!;
      assertEquals(kept, old);
    });
  }

  it("leaves nothing half done when a copy fails, and the old entry alone", () => {
    const pair = new Pair({}, { f: { file: "content" } });
    const store = memoryTree({ f: { file: "older" } });
    store.onOperation = (operation, path) =>
      operation === "rename" ? new SyncError("no-space", "Cannot rename: full", { path }) : undefined;
    assertEquals(assertThrows(() => keep(pair, into(pair.context, store), "f"), SyncError).code, "no-space");
    assertEquals(store.dump({ attributes: false }), { f: { file: "older" } });
    assertEquals([leftovers(pair.contents), pair.contents], [[], { f: { file: "content" } }]);
  });

  it("puts directories in the place of what was kept there before, and the other way round", () => {
    const pair = new Pair({}, { a: { dir: { x: { file: "1" } } }, b: { file: "2" } });
    const store = memoryTree({ a: { link: "elsewhere" }, b: { dir: { deep: { dir: { y: { file: "" } } } } } });
    const preserver = into(pair.context, store);
    for (const path of ["a", "b"]) keep(pair, preserver, path);
    preserver.close();
    assertEquals(store.dump({ attributes: false }), { a: { dir: { x: { file: "1" } } }, b: { file: "2" } });
  });

  it("refuses to let the folder of what is kept go with a directory", () => {
    const pair = new Pair({}, { d: { dir: { kept: { dir: {} } } } });
    const preserver = into(pair.context, pair.destination, "d/kept", "d/kept");
    assertEquals(assertThrows(() => keep(pair, preserver, "d"), SyncError).code, "not-empty");
  });

  it("keeps nothing of what is gone already", () => {
    const pair = new Pair({}, { f: { file: "content" } });
    const directory = pair.destination.open(ROOT);
    const have = directory.lookup("f")!;
    directory.removeFile("f");
    finish(into(pair.context, pair.destination, "kept").keep(directory, parseRelPath("f"), have));
    assertEquals(pair.contents, { kept: { dir: {} } });
  });
});
