import { FileLists } from "../../lib/wire/file_lists.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";
import { entryOf, rootEntry } from "./entry_arbitrary.ts";
import { breachOf } from "./wire.ts";

const DIRECTORY = 0o040755;

/** A session with a root, a file and two directories. */
function begun(): FileLists {
  const lists = new FileLists(true);
  lists.add([entryOf("b", DIRECTORY), entryOf("f"), rootEntry(), entryOf("a", DIRECTORY)]);
  return lists;
}

describe("FileLists", () => {
  it("numbers entries by their order, with a gap before each list for its directory", () => {
    const lists = begun();
    assertEquals([0, 1, 2, 3, 4, 5].map((index) => lists.entryAt(index)?.path), ["", "", "f", "a", "b", undefined]);
    assertEquals(lists.announced(2).path, "b");
    const list = lists.add([entryOf("b/x")], 2);
    assertEquals([list.start, list.directory], [6, "b"]);
    assertEquals([5, 6, 7].map((index) => lists.entryAt(index)?.path), ["b", "b/x", undefined]);
    lists.add([], 1);
    assertEquals(lists.entryAt(7)?.path, "a");
    assertEquals(lists.nextStart, 9);
  });

  it("numbers one list from 0", () => {
    const lists = new FileLists(false);
    lists.add([rootEntry(), entryOf("f")]);
    assertEquals([-1, 0, 1, 2].map((index) => lists.entryAt(index)?.path), [undefined, "", "f", undefined]);
    assertEquals(lists.isComplete, true);
  });

  it("knows the directory of the first list only when it is in it", () => {
    const lists = new FileLists(true);
    lists.add([entryOf("f")]);
    assertEquals(lists.entryAt(0), undefined);
  });

  it("forgets the numbers of lists that are released", () => {
    const lists = begun();
    lists.add([entryOf("a/x")], 1);
    assertEquals(lists.release()?.start, 1);
    assertEquals([2, 5, 6].map((index) => lists.entryAt(index)?.path), [undefined, "a", "a/x"]);
    lists.release();
    assertEquals(lists.release(), undefined);
  });

  it("drops what has the name of another", () => {
    const lists = new FileLists(true);
    const list = lists.add([
      entryOf("a"),
      entryOf("a"),
      entryOf("b", DIRECTORY),
      entryOf("b"),
      entryOf("b", DIRECTORY),
    ]);
    assertEquals(list.entries.map((_, at) => list.dropped.has(at)), [false, true, true, false, true]);
    assertEquals(lists.entryAt(2), undefined);
    assertEquals(lists.announced(0).path, "b");
    breachOf(() => lists.announced(1));
  });

  it("refuses lists of directories that are unknown, were listed, or come after the end", () => {
    const lists = begun();
    for (const number of [0, 3, -1, 1e9]) breachOf(() => lists.announced(number));
    lists.add([], 1);
    breachOf(() => lists.add([], 1));
    lists.complete();
    breachOf(() => lists.announced(2));
    breachOf(() => lists.complete());
    breachOf(() => new FileLists(false).announced(0));
  });

  it("refuses entries that lie elsewhere", () => {
    for (const path of ["x", "a/b/x", "b/x", "ab/x"]) breachOf(() => begun().add([entryOf(path)], 1));
    breachOf(() => begun().add([rootEntry()], 1));
    breachOf(() => new FileLists(true).add([rootEntry(), entryOf("a/x")]));
    breachOf(() => new FileLists(false).add([entryOf("a"), entryOf("a/x")]));
    new FileLists(true).add([entryOf("a", DIRECTORY), entryOf("a/x")]);
  });
});
