import { assertEquals, assertStrictEquals, assertThrows, describe, it } from "../support/test_api.ts";
import { SyncError } from "../../lib/errors.ts";
import { Listing } from "../../lib/model/listing.ts";
import { type MemoryHook, memoryTree, type TreeLiteral } from "../../lib/model/memory_tree.ts";
import { ROOT } from "../../lib/model/rel_path.ts";
import { finish } from "../../lib/model/steps.ts";
import { listDirectory, type ListExtras } from "../../lib/scan/list_directory.ts";

const LITERAL: TreeLiteral = {
  "d": { dir: { "x": { file: "" } }, xattrs: { "user.d": "AA==" } },
  "f": { file: "x", xattrs: { "user.f": "AQ==", "system.posix_acl_access": "Ag==" } },
  "l": { link: "to\udcff" },
};
const PLAIN: ListExtras = { targets: false, xattrs: undefined };
const DENIED = new SyncError("permission", "Cannot read");

/** Lists the root of a tree into a listing that was used before. */
function listed(extras: ListExtras, onOperation?: MemoryHook): Listing {
  const directory = memoryTree(LITERAL, onOperation === undefined ? {} : { onOperation }).open(ROOT);
  const listing = new Listing();
  const used = memoryTree({ "old": { link: "gone" }, "older": { file: "" } }).open(ROOT);
  finish(listDirectory(used, listing, { targets: true, xattrs: { attributes: true, lists: true } }));
  finish(listDirectory(directory, listing, extras));
  return listing;
}

function indexOf(listing: Listing, name: string): number {
  const names = Array.from({ length: listing.count }, (_, at) => listing.name(at));
  return names.indexOf(name);
}

describe("listDirectory()", () => {
  it("fills an emptied listing with names and metadata", () => {
    const listing = listed(PLAIN);
    assertEquals(Array.from({ length: listing.count }, (_, at) => [listing.name(at), listing.kind(at)]), [
      ...[["d", "directory"], ["f", "file"], ["l", "symlink"]],
    ]);
    for (let at = 0; at < listing.count; at++) {
      assertEquals([listing.target(at), listing.xattrs(at), listing.error(at)], [undefined, undefined, undefined]);
    }
  });

  it("reads targets of symlinks only, when they are asked for", () => {
    const asked: string[] = [];
    const listing = listed({ targets: true, xattrs: undefined }, (operation, path) => {
      if (operation === "readLink") asked.push(path);
    });
    assertEquals([asked, listing.target(indexOf(listing, "l"))], [["l"], "to\udcff"]);
  });

  it("reads extended attributes of every entry within the scope", () => {
    const listing = listed({ targets: false, xattrs: { attributes: true, lists: false } });
    assertEquals(["d", "f", "l"].map((name) => listing.xattrs(indexOf(listing, name))), [
      ...[{ "user.d": "AA==" }, { "user.f": "AQ==" }, {}],
    ]);
    assertEquals(listing.target(indexOf(listing, "l")), undefined);
  });

  it("marks an entry whose target or attributes cannot be read, and reads the others", () => {
    for (const failing of ["readLink", "xattrs"] as const) {
      const listing = listed({ targets: true, xattrs: { attributes: true, lists: true } }, (operation, path) => {
        return operation === failing && path === "l" ? DENIED : undefined;
      });
      assertStrictEquals(listing.error(indexOf(listing, "l")), DENIED);
      assertEquals(Object.keys(listing.xattrs(indexOf(listing, "f")) ?? {}).length, 2);
    }
  });

  it("does not ask for more of an entry that could not be read", () => {
    const asked: string[] = [];
    listed({ targets: true, xattrs: { attributes: true, lists: true } }, (operation, path) => {
      if (operation === "xattrs") asked.push(path);
      return operation === "lookup" && path === "f" ? DENIED : undefined;
    });
    assertEquals(asked, ["d", "l"]);
  });

  it("throws when the directory cannot be listed to its end", () => {
    const failing: MemoryHook = (operation) => operation === "list" ? DENIED : undefined;
    assertStrictEquals(assertThrows(() => listed(PLAIN, failing)), DENIED);
  });

  it("lists a large directory in steps", () => {
    const many = Object.fromEntries(Array.from({ length: 2500 }, (_, at) => [`f${at}`, { file: "" }] as const));
    const listing = new Listing();
    const steps = listDirectory(memoryTree(many).open(ROOT), listing, PLAIN);
    let count = 0;
    while (steps.next().done !== true) count++;
    assertEquals([count, listing.count], [3, 2500]);
  });
});
