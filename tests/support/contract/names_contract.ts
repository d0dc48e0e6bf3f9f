/** The contract on names, depth and paths. */
import { assertEquals, assertInstanceOf, describe, it } from "../test_api.ts";
import { SyncError } from "../../../lib/errors.ts";
import { parseRelPath, ROOT } from "../../../lib/model/rel_path.ts";
import type { Directory, Tree } from "../../../lib/model/tree.ts";
import {
  assertCode,
  listAll,
  makeDirectory,
  nameOf,
  namesIn,
  readText,
  type TreeContract,
  withRoot,
  writeFile,
} from "./fixture.ts";

const LATIN_1 = nameOf(0x66, 0xfc, 0x72);
const CUT_SHORT = nameOf(0xf0, 0x9f, 0x98);

/** Declares the tests. */
export function describeNames(contract: TreeContract): void {
  describe("names", () => {
    for (
      const name of ["a", "n".repeat(255), "new\nline", "\u00e4\u{1f600}", " ", "-x", "\\", "\ufffd", "a:b*?", "\x01"]
    ) {
      it(
        `createFile() keeps the name when it is ${JSON.stringify(name.slice(0, 12))}`,
        withRoot(contract, (root, tree) => {
          writeFile(root, name, "x");
          assertEquals(namesIn(tree), [name]);
          assertEquals(readText(root, name), "x");
          root.removeFile(name);
          assertEquals(namesIn(tree), []);
        }),
      );
    }

    it(
      "createFile() refuses a name of 256 bytes",
      withRoot(contract, (root) => {
        assertCode("name-not-representable", () => root.createFile("n".repeat(256), 0o644));
        assertCode("name-not-representable", () => root.createFile("\u00e4".repeat(128), 0o644));
      }),
    );

    for (const name of ["", ".", "..", "a/b", "/", "../x", "a\0b"]) {
      it(
        `every method refuses to leave by the name ${JSON.stringify(name)}`,
        withRoot(contract, (root, tree) => {
          const directory = makeDirectory(root, "d");
          writeFile(root, "x", "outside");
          for (const call of callsWith(directory, name)) assertCode("path-escape", call);
          assertEquals(namesIn(tree), ["d", "x"]);
        }),
      );
    }

    if (contract.capabilities.byteNames) describeByteNames(contract);
    else describeRefusedByteNames(contract);
  });
  describeDepth(contract);
}

function callsWith(directory: Directory, name: string): (() => unknown)[] {
  return [
    () => directory.lookup(name),
    () => directory.identityOf(name),
    () => directory.openDirectory(name),
    () => directory.openFile(name),
    () => directory.createFile(name, 0o644),
    () => directory.makeDirectory(name, 0o755),
    () => directory.makeSymlink(name, "x"),
    () => directory.readLink(name),
    () => directory.removeFile(name),
    () => directory.removeDirectory(name),
    () => directory.rename(name, "y"),
    () => directory.rename("y", name),
    () => directory.setMetadata(name, { mode: 0o700 }),
    () => directory.link(name, directory, "x"),
  ];
}

function describeByteNames(contract: TreeContract): void {
  it(
    "every kind of entry keeps a name that is not UTF-8",
    withRoot(contract, (root, tree) => {
      writeFile(root, LATIN_1, "x");
      root.makeDirectory(CUT_SHORT, 0o755);
      root.makeSymlink("l", nameOf(0x2f, 0xff));
      root.rename(LATIN_1, nameOf(0x80));
      root.link(LATIN_1, root, nameOf(0x80));
      assertEquals(namesIn(tree), [CUT_SHORT, "l", LATIN_1, nameOf(0x80)].sort());
      assertEquals(root.readLink("l"), nameOf(0x2f, 0xff));
      assertEquals(root.lookup("l")?.size, 2);
      const below = tree.open(parseRelPath(CUT_SHORT));
      writeFile(below, LATIN_1, "deep");
      below.setMetadata(LATIN_1, { mtimeSeconds: 5, mtimeNanoseconds: 0 });
      assertEquals(below.lookup(LATIN_1)?.mtimeSeconds, 5);
      assertEquals(readText(below, LATIN_1), "deep");
      below.removeFile(LATIN_1);
      root.removeDirectory(CUT_SHORT);
    }),
  );

  it(
    "list() tells apart a name that is not UTF-8 and one that looks the same",
    withRoot(contract, (root, tree) => {
      writeFile(root, nameOf(0x61, 0xff), "bytes");
      writeFile(root, "a\ufffd", "text");
      assertEquals(namesIn(tree), [nameOf(0x61, 0xff), "a\ufffd"].sort());
      assertEquals(readText(root, "a\ufffd"), "text");
    }),
  );
}

function describeRefusedByteNames(contract: TreeContract): void {
  it(
    "every method refuses a name that is not UTF-8 when the tree cannot carry it",
    withRoot(contract, (root, tree) => {
      assertCode("name-not-representable", () => root.createFile(LATIN_1, 0o644));
      assertCode("name-not-representable", () => root.makeDirectory(LATIN_1, 0o755));
      assertCode("name-not-representable", () => root.makeSymlink(LATIN_1, "x"));
      assertEquals(namesIn(tree), []);
    }),
  );
}

function describeDepth(contract: TreeContract): void {
  describe("depth", () => {
    it(
      "open() gives a directory at any depth",
      withRoot(contract, (root, tree) => {
        const d = makeDirectory(root, "d");
        const e = makeDirectory(d, "e");
        writeFile(e, "f", "x");
        const opened = tree.open(parseRelPath("d/e"));
        assertEquals(opened.identity(), e.identity());
        assertEquals(opened.identity(), d.identityOf("e"));
        assertEquals(readText(opened, "f"), "x");
        assertEquals(tree.open(ROOT).identity(), root.identity());
        for (const each of [opened, e, d]) each.close();
        opened.close();
      }),
    );

    it(
      "open() says what is in the way when it is not a directory",
      withRoot(contract, (root, tree) => {
        makeDirectory(makeDirectory(root, "d"), "e").makeSymlink("up", "../..");
        writeFile(root, "f", "x");
        root.makeSymlink("l", "d");
        root.makeSymlink("dangling", "nowhere");
        for (const path of ["l", "l/e", "d/e/up", "d/e/up/d", "dangling", "dangling/x"]) {
          assertCode("symlink-refused", () => tree.open(parseRelPath(path)));
        }
        for (const path of ["f", "f/x"]) assertCode("not-directory", () => tree.open(parseRelPath(path)));
        for (const path of ["none", "none/x", "d/none"]) assertCode("vanished", () => tree.open(parseRelPath(path)));
      }),
    );

    it("a handle never leads elsewhere when a symlink takes the place of its directory", withRoot(contract, swapped));

    if (contract.longPaths) {
      it("open() takes a path longer than PATH_MAX", withRoot(contract, deeperThanPathMax));
    } else {
      it(
        "makeDirectory() refuses to go deeper than PATH_MAX",
        withRoot(contract, (root) => {
          const error = descend(root, []);
          assertEquals(error?.code, "name-not-representable");
        }),
      );
    }
  });
}

/** Works in `d/in` through handles while `d` becomes a symlink to `other`. */
function swapped(root: Directory, tree: Tree): void {
  const d = makeDirectory(root, "d");
  const inner = makeDirectory(d, "in");
  const other = makeDirectory(root, "other");
  makeDirectory(other, "in");
  root.rename("d", "moved");
  root.makeSymlink("d", "other");
  for (const directory of [d, inner]) {
    for (const act of [() => writeFile(directory, "x", "x"), () => directory.makeDirectory("y", 0o755)]) {
      try {
        act();
      } catch (thrown) {
        assertInstanceOf(thrown, SyncError);
        assertEquals(["symlink-refused", "vanished"].includes(thrown.code), true, thrown.message);
      }
    }
  }
  assertEquals(namesIn(tree, "other"), ["in"]);
  assertEquals(listAll(tree, "other/in").count, 0);
}

const LONG = "n".repeat(250);

function deeperThanPathMax(root: Directory, tree: Tree): void {
  const handles: Directory[] = [];
  assertEquals(descend(root, handles), undefined);
  const path = parseRelPath(handles.map(() => LONG).join("/"));
  const deepest = tree.open(path);
  writeFile(deepest, "f", "deep");
  assertEquals(namesIn(tree, path), ["f"]);
  deepest.removeFile("f");
  deepest.close();
  // What removes the fixture could not follow.
  for (let at = handles.length - 1; at >= 0; at--) {
    handles[at]?.close();
    (handles[at - 1] ?? root).removeDirectory(LONG);
  }
}

function descend(root: Directory, handles: Directory[]): SyncError | undefined {
  try {
    for (let depth = 0; depth < 20; depth++) handles.push(makeDirectory(handles.at(-1) ?? root, LONG));
    return undefined;
  } catch (thrown) {
    assertInstanceOf(thrown, SyncError);
    return thrown;
  }
}
