import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { appendText, PendingFile } from "../../lib/os/pending_file.ts";
import { SyncError } from "../../lib/errors.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary_folder.ts";
import { afterEach, assertEquals, assertThrows, beforeEach, describe, it } from "../support/test_api.ts";

let folder: TemporaryFolder;
beforeEach(() => void (folder = temporaryFolder()));
afterEach(() => folder.remove());

describe("PendingFile", () => {
  it("has its name only when it is complete", () => {
    const path = join(folder.path, "a.txt");
    writeFileSync(path, "old");
    const file = new PendingFile(path);
    const text = "é€𝒳".repeat(50_000);
    file.write(text);
    file.write("end");
    assertEquals(readFileSync(path, "utf8"), "old");
    file.finish();
    assertEquals(readFileSync(path, "utf8") === `${text}end`, true);
    assertEquals(readdirSync(folder.path), ["a.txt"]);
  });

  it("leaves nothing when it is discarded, or its place is taken by a directory", () => {
    const path = join(folder.path, "a.txt");
    new PendingFile(path).discard();
    assertEquals(readdirSync(folder.path), []);
    const file = new PendingFile(path);
    mkdirSync(path);
    assertThrows(() => file.finish(), SyncError, "Cannot write");
    assertEquals(readdirSync(folder.path), ["a.txt"]);
  });

  it("refuses a place that is not there", () => {
    assertThrows(() => new PendingFile(join(folder.path, "none", "a")), SyncError, "Cannot write");
  });
});

describe("appendText()", () => {
  it("adds to a file, or makes one", () => {
    const path = join(folder.path, "a");
    appendText(path, "one\n");
    appendText(path, "two\n");
    assertEquals(readFileSync(path, "utf8"), "one\ntwo\n");
    assertThrows(() => appendText(folder.path, "x"), SyncError, "Cannot write");
    assertEquals(existsSync(path), true);
  });
});
