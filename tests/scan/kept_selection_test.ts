import { encodeName } from "../../lib/bytes/name.ts";
import type { Entry } from "../../lib/model/entry.ts";
import { Listing } from "../../lib/model/listing.ts";
import { memoryTree } from "../../lib/model/memory_tree.ts";
import { parseRelPath, ROOT } from "../../lib/model/rel_path.ts";
import { KeptSelection } from "../../lib/scan/kept_selection.ts";
import { walkSubtree } from "../../lib/scan/subtree.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";

const ENTRY: Entry = {
  ...{ kind: "file", mode: 0o644, uid: 0, gid: 0, size: 0, mtimeSeconds: 0, mtimeNanoseconds: 0, allocated: 0 },
};

function listingOf(...names: string[]): Listing {
  const listing = new Listing();
  listing.clear();
  for (const name of names) listing.addEntry(encodeName(name), ENTRY, { device: 1, inode: 1, links: 1 });
  return listing;
}

describe("KeptSelection", () => {
  it("protects what has the suffix at the destination, and hides or spares nothing of it", () => {
    const names = ["a", "a~", "~", "~a", "ä~", "x"];
    const listing = listingOf(...names);
    const selection = new KeptSelection({ suffix: "~", within: undefined }, ROOT);
    assertEquals(names.filter((_, index) => selection.protects(listing, index)), ["a~", "~", "ä~"]);
    assertEquals(names.filter((_, index) => selection.spares(listing, index) || selection.hides(listing, index)), []);
  });

  it("leaves the folder alone on both sides, in its directory only", () => {
    const rules = { suffix: undefined, within: parseRelPath("deep/kept") };
    const listing = listingOf("kept", "kept2", "kep", "deep");
    const atRoot = new KeptSelection(rules, ROOT);
    const atDeep = new KeptSelection(rules, parseRelPath("deep"));
    const left = (selection: KeptSelection) =>
      ["kept", "kept2", "kep", "deep"].filter((_, index) =>
        selection.protects(listing, index) && selection.spares(listing, index)
      );
    assertEquals([left(atRoot), left(atDeep)], [[], ["kept"]]);
  });

  it("keeps directories above the folder, and those in which something stays beside, from going", () => {
    const tree = memoryTree({
      top: { dir: { deep: { dir: { kept: { dir: { x: { file: "" } } }, y: { file: "" } } }, gone: { dir: {} } } },
    });
    const walk = (suffix: string | undefined, within: string | undefined) => {
      const rules = { suffix, within: within === undefined ? undefined : parseRelPath(within) };
      const top = parseRelPath("top");
      const selection = new KeptSelection(rules, ROOT);
      return [...walkSubtree(tree, top, { ...ENTRY, kind: "directory" }, [], selection)].map(({ path }) => path);
    };
    assertEquals(walk(undefined, "top/deep/kept"), ["top/deep/y", "top/gone"]);
    assertEquals(walk("~", undefined), ["top/deep/kept/x", "top/deep/y", "top/gone"]);
  });
});
