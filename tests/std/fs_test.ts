import { copy, emptyDir, ensureDir, ensureFile, ensureLink, ensureSymlink, exists, existsSync, move } from "@std/fs";
import { copySync, emptyDirSync, ensureDirSync, ensureFileSync, expandGlob, expandGlobSync, moveSync } from "@std/fs";
import { ensureLinkSync, ensureSymlinkSync, walk, walkSync } from "@std/fs";
import { lstatSync, mkdtempSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, assertEquals, assertRejects, assertThrows, beforeEach, describe, it } from "../support/test_api.ts";

describe("@std/fs", () => {
  let root = "";
  const at = (...parts: string[]): string => join(root, ...parts);
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "undrift-std-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it("walks a tree with its filters", async () => {
    await ensureFile(at("a", "one.txt"));
    await ensureFile(at("a", "b", "two.md"));
    await ensureSymlink(at("a", "one.txt"), at("link"));
    const names = (entries: { name: string }[]): string[] => entries.map(({ name }) => name).sort();
    const files = await Array.fromAsync(walk(at("a"), { includeDirs: false }));
    assertEquals(names(files), ["one.txt", "two.md"]);
    assertEquals(names([...walkSync(root, { exts: [".md"] })]), ["two.md"]);
    assertEquals(names([...walkSync(root, { maxDepth: 1, includeDirs: false })]), ["link"]);
    const [link] = [...walkSync(root, { match: [/link$/] })];
    assertEquals([link?.isSymlink, link?.isFile, link?.isDirectory], [true, false, false]);
  });

  it("expands globs", async () => {
    for (const name of ["x.ts", "d/y.ts", "d/z.js"]) ensureFileSync(at(name));
    const found = (await Array.fromAsync(expandGlob("**/*.ts", { root }))).map(({ path }) => path);
    assertEquals(found.sort(), [at("d/y.ts"), at("x.ts")]);
    const rest = [...expandGlobSync("**/*.ts", { root, exclude: ["d"] })].map(({ path }) => path);
    assertEquals(rest, [at("x.ts")]);
  });

  it("copies trees and refuses to overwrite", async () => {
    await ensureDir(at("src", "deep"));
    writeFileSync(at("src", "deep", "f"), "text");
    await copy(at("src"), at("dst"));
    assertEquals(readFileSync(at("dst", "deep", "f"), "utf8"), "text");
    await assertRejects(() => copy(at("src"), at("dst")), Error, "already exists");
    writeFileSync(at("src", "deep", "f"), "new");
    copySync(at("src"), at("dst"), { overwrite: true, preserveTimestamps: true });
    assertEquals(readFileSync(at("dst", "deep", "f"), "utf8"), "new");
  });

  it("moves, and overwrites when told to", async () => {
    writeFileSync(at("a"), "a");
    writeFileSync(at("b"), "b");
    await assertRejects(() => move(at("a"), at("b")), Error, "already exists");
    await move(at("a"), at("b"), { overwrite: true });
    moveSync(at("b"), at("c"));
    assertEquals([existsSync(at("a")), existsSync(at("b")), readFileSync(at("c"), "utf8")], [false, false, "a"]);
  });

  it("makes what is missing and leaves what is there", async () => {
    ensureDirSync(at("d", "e"));
    ensureDirSync(at("d", "e"));
    writeFileSync(at("d", "f"), "kept");
    await ensureFile(at("d", "f"));
    assertEquals(readFileSync(at("d", "f"), "utf8"), "kept");
    assertThrows(() => ensureFileSync(at("d")), Error);
    await assertRejects(() => ensureDir(at("d", "f")), Error);
  });

  it("makes links", async () => {
    writeFileSync(at("file"), "");
    await ensureLink(at("file"), at("x", "hard"));
    ensureLinkSync(at("file"), at("y", "hard"));
    assertEquals(statSync(at("x", "hard")).nlink, 3);
    ensureSymlinkSync(at("file"), at("z", "soft"));
    assertEquals(readlinkSync(at("z", "soft")), at("file"));
    assertEquals(lstatSync(at("z", "soft")).isSymbolicLink(), true);
  });

  it("empties directories", async () => {
    await ensureFile(at("d", "e", "f"));
    await emptyDir(at("d"));
    assertEquals([...walkSync(at("d"))].length, 1);
    emptyDirSync(at("new"));
    assertEquals(existsSync(at("new"), { isDirectory: true }), true);
  });

  it("tells what exists", async () => {
    writeFileSync(at("f"), "");
    assertEquals(await exists(at("f"), { isFile: true }), true);
    assertEquals(await exists(at("f"), { isDirectory: true }), false);
    assertEquals(existsSync(at("f"), { isReadable: true }), true);
    assertEquals(await exists(at("g")), false);
  });
});
