/** The contract on making, finding, renaming and removing entries. */
import { assert, assertEquals, assertNotEquals, describe, it } from "../test_api.ts";
import type { Entry } from "../../../lib/model/entry.ts";
import type { Directory } from "../../../lib/model/tree.ts";
import { assertCode, makeDirectory, namesIn, readText, type TreeContract, withRoot, writeFile } from "./fixture.ts";

/** Declares the tests. */
export function describeEntries(contract: TreeContract): void {
  describeMaking(contract);
  describeRenaming(contract);
  describeRemoving(contract);
  describeHardLinks(contract);
  describeSpecials(contract);
}

/** A file `f` and in a directory `d` a file `x`, a symlink `l` to `d`, and one that leads nowhere. */
function furnish(root: Directory): void {
  writeFile(root, "f", "file");
  const d = makeDirectory(root, "d");
  writeFile(d, "x", "below");
  d.close();
  root.makeSymlink("l", "d");
  root.makeSymlink("dangling", "nowhere");
}

function describeMaking(contract: TreeContract): void {
  describe("making", () => {
    it(
      "lookup() tells the kind of each entry, and undefined when there is none",
      withRoot(contract, (root) => {
        furnish(root);
        const kinds = ["f", "d", "l", "dangling", "none"].map((name) => root.lookup(name)?.kind);
        assertEquals(kinds, ["file", "directory", "symlink", "symlink", undefined]);
        assertEquals(root.lookup("f")?.size, 4);
        assertEquals(root.lookup("dangling")?.size, 7);
        assertEquals(root.identityOf("none"), undefined);
        assertNotEquals(root.identityOf("f"), root.identityOf("d"));
      }),
    );

    it(
      "readLink() gives the target as it was written",
      withRoot(contract, (root) => {
        for (const target of ["d", "/abs/../x", "./a//b/", "\u00e4\n", "t".repeat(1000)]) {
          root.makeSymlink("l", target);
          assertEquals(root.readLink("l"), target);
          root.removeFile("l");
        }
        writeFile(root, "f", "");
        assertCode("unsupported", () => root.readLink("f"));
        assertCode("vanished", () => root.readLink("none"));
      }),
    );

    it(
      "making anything fails with exists when the name is taken",
      withRoot(contract, (root) => {
        furnish(root);
        for (const name of ["f", "d", "l", "dangling"]) {
          assertCode("exists", () => root.createFile(name, 0o644));
          assertCode("exists", () => root.makeDirectory(name, 0o755));
          assertCode("exists", () => root.makeSymlink(name, "x"));
        }
        assertEquals(readText(root, "f"), "file");
        assertEquals(root.lookup("nowhere"), undefined);
      }),
    );

    it(
      "openDirectory() refuses what is not a directory",
      withRoot(contract, (root) => {
        furnish(root);
        for (const name of ["l", "dangling"]) assertCode("symlink-refused", () => root.openDirectory(name));
        assertCode("not-directory", () => root.openDirectory("f"));
        assertCode("vanished", () => root.openDirectory("none"));
      }),
    );

    it(
      "openFile() refuses what is not a file",
      withRoot(contract, (root) => {
        furnish(root);
        root.makeSymlink("lf", "f");
        for (const name of ["l", "lf", "dangling"]) assertCode("symlink-refused", () => root.openFile(name));
        assertCode("vanished", () => root.openFile("none"));
        assertCode("is-directory", () => root.openFile("d").read(new Uint8Array(1), 0));
      }),
    );

    it(
      "entry() is the metadata that lookup() gives",
      withRoot(contract, (root) => {
        const d = makeDirectory(root, "d");
        assertEquals(d.entry(), root.lookup("d"));
        assertEquals(d.entry().kind, "directory");
        writeFile(root, "f", "content");
        const reader = root.openFile("f");
        assertEquals(reader.entry(), root.lookup("f"));
        reader.close();
        d.close();
      }),
    );

    it(
      "createFile() fails with vanished when its directory was removed",
      withRoot(contract, (root) => {
        const d = makeDirectory(root, "d");
        root.removeDirectory("d");
        assertCode("vanished", () => d.createFile("x", 0o644));
        assertCode("vanished", () => d.makeDirectory("x", 0o755));
        d.close();
      }),
    );
  });
}

function describeRenaming(contract: TreeContract): void {
  describe("renaming", () => {
    it(
      "rename() replaces a file, a symlink and a special entry",
      withRoot(contract, (root, tree) => {
        furnish(root);
        for (const name of ["dangling", "l"]) {
          writeFile(root, "new", `for ${name}`);
          root.rename("new", name);
          assertEquals(readText(root, name), `for ${name}`);
        }
        root.makeSymlink("new", "target");
        root.rename("new", "f");
        assertEquals(root.readLink("f"), "target");
        assertEquals(namesIn(tree), ["d", "dangling", "f", "l"]);
      }),
    );

    it(
      "rename() keeps the open content of what it replaces",
      withRoot(contract, (root) => {
        writeFile(root, "f", "old");
        const reader = root.openFile("f");
        writeFile(root, "t", "newer");
        root.rename("t", "f");
        const buffer = new Uint8Array(8);
        assertEquals(reader.read(buffer, 0), 3);
        assertEquals(readText(root, "f"), "newer");
        reader.close();
      }),
    );

    it(
      "rename() says why it cannot replace",
      withRoot(contract, (root) => {
        furnish(root);
        root.makeDirectory("e", 0o755);
        assertCode("is-directory", () => root.rename("f", "e"));
        assertCode("is-directory", () => root.rename("l", "d"));
        assertCode("not-directory", () => root.rename("e", "f"));
        assertCode(["not-empty", "exists"], () => root.rename("e", "d"));
        assertCode("vanished", () => root.rename("none", "f"));
        assertEquals(readText(root, "f"), "file");
      }),
    );

    it(
      "renameNew() takes only a name that nothing has",
      withRoot(contract, (root) => {
        furnish(root);
        writeFile(root, "t", "new");
        for (const taken of ["f", "l", "d"]) assertCode("exists", () => root.renameNew("t", taken));
        assertEquals(readText(root, "f"), "file");
        root.renameNew("t", "free");
        assertEquals([readText(root, "free"), root.lookup("t")], ["new", undefined]);
        assertCode("vanished", () => root.renameNew("none", "other"));
      }),
    );

    it(
      "moveHere() takes an entry of another directory, and only a name that nothing has",
      withRoot(contract, (root, tree) => {
        furnish(root);
        const d = root.openDirectory("d");
        for (const taken of ["f", "l", "d"]) assertCode("exists", () => root.moveHere(taken, d, "x"));
        assertCode("vanished", () => root.moveHere("free", d, "none"));
        assertEquals([readText(root, "f"), readText(d, "x")], ["file", "below"]);
        root.moveHere("free", d, "x");
        d.moveHere("l2", root, "l");
        assertEquals([readText(root, "free"), d.readLink("l2")], ["below", "d"]);
        makeDirectory(root, "e").close();
        d.moveHere("e", root, "e");
        root.moveHere("free2", root, "free");
        assertEquals([namesIn(tree), namesIn(tree, "d")], [["d", "dangling", "f", "free2"], ["e", "l2"]]);
        assertCode(["unsupported", "io"], () => d.moveHere("d", root, "d"));
        d.close();
        assertEquals(namesIn(tree, "d"), ["e", "l2"]);
      }),
    );

    it(
      "rename() leaves both names when they are one file",
      withRoot(contract, (root, tree) => {
        if (!contract.capabilities.hardLinks) return;
        writeFile(root, "a", "x");
        root.link("b", root, "a");
        root.rename("a", "b");
        assertEquals(namesIn(tree), ["a", "b"]);
      }),
    );

    if (contract.exchange) {
      it(
        "exchange() swaps two entries of any kind",
        withRoot(contract, (root, tree) => {
          furnish(root);
          root.exchange("f", "d");
          assertEquals(readText(root, "d"), "file");
          assertEquals(namesIn(tree, "f"), ["x"]);
          assertCode("vanished", () => root.exchange("f", "none"));
          assertCode("vanished", () => root.exchange("none", "f"));
        }),
      );
    } else {
      it(
        "exchange() fails with unsupported and changes nothing",
        withRoot(contract, (root) => {
          furnish(root);
          assertCode("unsupported", () => root.exchange("f", "d"));
          assertEquals(readText(root, "f"), "file");
        }),
      );
    }
  });
}

function describeRemoving(contract: TreeContract): void {
  describe("removing", () => {
    it(
      "removeFile() removes a symlink and not what it points to",
      withRoot(contract, (root, tree) => {
        furnish(root);
        for (const name of ["l", "dangling", "f"]) root.removeFile(name);
        assertEquals(namesIn(tree), ["d"]);
        assertEquals(namesIn(tree, "d"), ["x"]);
      }),
    );

    it(
      "removeFile() refuses a directory, an empty one too",
      withRoot(contract, (root, tree) => {
        furnish(root);
        root.makeDirectory("e", 0o755);
        assertCode("is-directory", () => root.removeFile("d"));
        assertCode("is-directory", () => root.removeFile("e"));
        assertCode("vanished", () => root.removeFile("none"));
        assertEquals(namesIn(tree), ["d", "dangling", "e", "f", "l"]);
      }),
    );

    it(
      "removeDirectory() removes only an empty directory",
      withRoot(contract, (root, tree) => {
        furnish(root);
        assertCode("not-empty", () => root.removeDirectory("d"));
        assertCode("not-directory", () => root.removeDirectory("f"));
        assertCode(["not-directory", "symlink-refused"], () => root.removeDirectory("l"));
        assertCode("vanished", () => root.removeDirectory("none"));
        const d = root.openDirectory("d");
        d.removeFile("x");
        d.close();
        root.removeDirectory("d");
        assertEquals(namesIn(tree), ["dangling", "f", "l"]);
      }),
    );
  });
}

function describeHardLinks(contract: TreeContract): void {
  if (!contract.capabilities.hardLinks) return;
  describe("hard links", () => {
    it(
      "link() gives a file a second name, in another directory too",
      withRoot(contract, (root) => {
        writeFile(root, "a", "x");
        const d = makeDirectory(root, "d");
        d.link("b", root, "a");
        root.link("c", d, "b");
        assertEquals(d.identityOf("b"), root.identityOf("a"));
        assertEquals(root.identityOf("c"), root.identityOf("a"));
        assertEquals(readText(d, "b"), "x");
        d.close();
      }),
    );

    it(
      "link() gives a symlink a second name",
      withRoot(contract, (root) => {
        root.makeSymlink("l", "nowhere");
        root.link("m", root, "l");
        assertEquals(root.readLink("m"), "nowhere");
        assertEquals(root.identityOf("m"), root.identityOf("l"));
      }),
    );

    it(
      "link() says why it cannot",
      withRoot(contract, (root) => {
        furnish(root);
        assertCode("exists", () => root.link("l", root, "f"));
        assertCode("vanished", () => root.link("new", root, "none"));
        assertCode(["permission", "is-directory"], () => root.link("new", root, "d"));
      }),
    );
  });
}

function describeSpecials(contract: TreeContract): void {
  describe("special entries", () => {
    if (!contract.capabilities.specials) {
      it(
        "makeSpecial() fails with unsupported",
        withRoot(contract, (root) => {
          assertCode("unsupported", () => root.makeSpecial("p", special("fifo")));
        }),
      );
      return;
    }
    it(
      "makeSpecial() makes FIFOs and sockets, which openFile() does not wait for",
      withRoot(contract, (root) => {
        for (const kind of ["fifo", "socket"] as const) {
          root.makeSpecial(kind, special(kind));
          assertEquals(root.lookup(kind)?.kind, kind);
          assertCode("exists", () => root.makeSpecial(kind, special(kind)));
          assertNotAFile(root, kind);
          assertCode("not-directory", () => root.openDirectory(kind));
          root.removeFile(kind);
        }
      }),
    );

    it(
      "makeSpecial() makes devices",
      contract.asRoot,
      withRoot(contract, (root) => {
        for (const kind of ["block-device", "character-device"] as const) {
          for (const device of [[7, 3], [511, 70_000]] as const) {
            root.makeSpecial(kind, { ...special(kind), device });
            const found = root.lookup(kind);
            assertEquals([found?.kind, found?.device], [kind, device]);
            root.removeFile(kind);
          }
        }
      }),
    );
  });
}

function special(kind: Entry["kind"]): Entry {
  return { kind, mode: 0o600, uid: 0, gid: 0, size: 0, mtimeSeconds: 0, mtimeNanoseconds: 0, allocated: 0 };
}

/** Opening it either fails or says what it is. */
function assertNotAFile(root: Directory, name: string): void {
  let kind: string | undefined;
  try {
    const reader = root.openFile(name);
    kind = reader.entry().kind;
    reader.close();
  } catch (thrown) {
    assertCode("unsupported", () => {
      throw thrown;
    });
  }
  assert(kind !== "file");
}
