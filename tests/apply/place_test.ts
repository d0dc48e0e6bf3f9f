import { assertEquals, assertThrows, describe, it } from "../support/test_api.ts";
import { SyncError } from "../../lib/errors.ts";
import { makeInPlace, place, swap } from "../../lib/apply/place.ts";
import { parseRelPath, ROOT } from "../../lib/model/rel_path.ts";
import { entryAt, Pair } from "./fixture.ts";

const F = parseRelPath("f");

describe("place()", () => {
  it("lets a reader see the old or the new entry at every moment", () => {
    const pair = new Pair({}, { "t": { file: "new" }, "f": { dir: { "in": { file: "" } } } });
    const have = entryAt(pair.destination, "f");
    const directory = pair.destination.open(ROOT);
    let moments = 0;
    pair.destination.onOperation = () => {
      moments++;
      const { f } = pair.contents;
      assertEquals(f !== undefined, true);
    };
    place(pair.context, directory, "t", F, have);
    assertEquals([moments > 1, pair.leftBehind], [true, [""]]);
    assertEquals(pair.contents, { "f": { file: "new" }, "t": { dir: { "in": { file: "" } } } });
  });
});

describe("swap()", () => {
  it("puts the old entry back when the new one cannot take its place", () => {
    const pair = new Pair({}, { "t": { file: "new" }, "f": { dir: { "in": { file: "" } } } });
    let renames = 0;
    pair.destination.onOperation = (operation) => {
      if (operation === "exchange") return new SyncError("unsupported", "Cannot exchange");
      return operation === "rename" && ++renames === 2 ? new SyncError("io", "Cannot rename") : undefined;
    };
    const before = pair.contents;
    const error = assertThrows(() => swap(pair.context, pair.destination.open(ROOT), "t", "f"), SyncError);
    assertEquals([error.code, pair.contents], ["io", before]);
  });
});

describe("makeInPlace()", () => {
  it("makes a new entry under its own name", () => {
    const pair = new Pair({}, {});
    const directory = pair.destination.open(ROOT);
    makeInPlace(pair.context, directory, F, undefined, (name) => directory.makeSymlink(name, "x"));
    assertEquals(pair.contents, { "f": { link: "x" } });
  });

  it("leaves no temporary name when both names are one file already", () => {
    const pair = new Pair({}, { "a": { file: "x" }, "f": { hardLinkOf: "a" } });
    const directory = pair.destination.open(ROOT);
    makeInPlace(pair.context, directory, F, entryAt(pair.destination, "f"), (name) => {
      directory.link(name, directory, "a");
    });
    assertEquals(pair.contents, { "a": { file: "x" }, "f": { hardLinkOf: "a" } });
  });
});
